"""Sending, with every refusal of Telegram dealt with."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot import metrics
from bot.channels.telegram.answering import CHANNEL
from bot.channels.telegram.pacing import Pacer
from bot.channels.telegram.redact import describe
from bot.channels.telegram.transport import NotSentError, Parameters, ServerTroubleError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from telegram import Bot
    from telegram.request import RequestData

    from bot.channels.telegram.answering import Answering
    from bot.channels.telegram.render import Part
    from bot.channels.telegram.updates import Place

LONGEST_WAIT_SECONDS = 1800.0
"""How long in all one message waits for Telegram's flood limit before it is given up."""
LONGEST_OUTAGE_SECONDS = 86_400.0
"""How long one message waits for a Telegram that cannot be reached."""
MOST_DOUBTS = 1
MOST_URGENT_DOUBTS = 3
"""How often a message is repeated whose answer was lost, so that it may be there already. A crisis card had better
come twice than not at all."""
MOST_SERVER_TROUBLES = 8
"""How often a message is repeated that met 5xx: Telegram was asked before whether it is well again."""
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

_HARMLESS: Final = ("message is not modified", "query is too old", "query id is invalid")
_DECORATION: Final = ("parse entities", "entit", "button", "reply markup", "inline keyboard")
"""Words of refusals that are about entities or buttons: the words of the message are still good."""
_NO_PREVIEW: Final = '{"is_disabled": true}'
_UNSENT: Final = "*not* sent"
"""python-telegram-bot's words for a request that found no connection in the pool."""

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """How sending ended: GONE is a chat that may not be written to, UNSURE an answer of Telegram that never came."""

    SENT = "sent"
    GONE = "gone"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(slots=True)
class _Delivery:
    """One message on its way, changed by what Telegram says to it."""

    chat: int
    thread: int | None
    reply_to: int | None
    part: Part
    urgent: bool = False
    plain: bool = False
    moved: bool = False
    doubts: int = 0
    troubles: int = 0
    pause: float = FIRST_PAUSE_SECONDS
    waited: float = 0.0
    outage: float = 0.0


class Sender:
    """Sends the parts of an answer, in order, stopping at the first that cannot be delivered."""

    def __init__(
        self,
        bot: Bot,
        line: Answering,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        pacer: Pacer | None = None,
    ) -> None:
        """Take the bot to send through, and the line that must know of chats that are gone or moved."""
        self._bot = bot
        self._line = line
        self._sleep = sleep
        self._pacer = pacer or Pacer(sleep)

    async def send(self, place: Place, parts: Iterable[Part], *, urgent: bool = False) -> Outcome:
        """Send all parts to a place, the first as a reply if the place says so; what is urgent is not paced."""
        chat, thread, reply_to = place.chat, place.thread, place.reply_to
        for part in parts:
            delivery = _Delivery(chat, thread, reply_to, part, urgent)
            await self._pacer.wait(chat, urgent=urgent)
            outcome = await self._deliver(delivery)
            metrics.SENDS.labels(outcome.value).inc()
            if outcome is not Outcome.SENT:
                return outcome
            chat, thread, reply_to = delivery.chat, delivery.thread, None
        return Outcome.SENT

    async def acknowledge(self, query: str) -> None:
        """Stop the clock on a tapped button; a tap that is too old for that is no harm."""
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            if not _says(error, _HARMLESS):
                log.warning("a tap could not be acknowledged", error=describe(error))

    async def _deliver(self, delivery: _Delivery) -> Outcome:
        while True:
            try:
                await self._send(delivery)
            except TelegramError as error:
                outcome = await self._mend(delivery, error)
                if outcome is not None:
                    return outcome
            else:
                return Outcome.SENT

    async def _send(self, delivery: _Delivery) -> None:
        """Send one message. What Telegram says of it is not made into objects again: that costs as much as sending."""
        part, to = delivery.part, delivery.reply_to
        params = {"chat_id": str(delivery.chat), "text": part.text, "link_preview_options": _NO_PREVIEW}
        if part.entities and not delivery.plain:
            params["entities"] = json.dumps([entity.to_dict() for entity in part.entities])
        if part.keyboard is not None and not delivery.plain:
            params["reply_markup"] = part.keyboard.to_json()
        if delivery.thread is not None:
            params["message_thread_id"] = str(delivery.thread)
        if to is not None:
            params["reply_parameters"] = json.dumps({"message_id": to, "allow_sending_without_reply": True})
        await self._bot.request.post(f"{self._bot.base_url}/sendMessage", cast("RequestData", Parameters(params)))

    async def _mend(self, delivery: _Delivery, error: TelegramError) -> Outcome | None:
        """Return how sending ends, or None when the delivery was changed and is worth another try."""
        match error:
            case RetryAfter():
                return await self._wait(delivery, seconds_of(error))
            case ChatMigrated() if not delivery.moved:
                await self._move(delivery, error.new_chat_id)
                return None
            case Forbidden():
                await self._line.forget(CHANNEL, str(delivery.chat))
                return Outcome.GONE
            case BadRequest():
                return _refused(delivery, error)
            case _:
                return await self._repeat(delivery, error)

    async def _wait(self, delivery: _Delivery, seconds: float) -> Outcome | None:
        """Wait out a flood limit. Only this chat waits: its lane is held, no other."""
        metrics.SENDS.labels("flood").inc()
        delivery.waited += seconds
        if delivery.waited > LONGEST_WAIT_SECONDS:
            log.error("a message was given up: Telegram asks to wait too long", seconds=seconds)
            return Outcome.REFUSED
        await self._sleep(seconds)
        return None

    async def _move(self, delivery: _Delivery, new_chat: int) -> None:
        await self._line.moved(CHANNEL, str(delivery.chat), str(new_chat))
        delivery.chat, delivery.moved = new_chat, True
        delivery.thread = delivery.reply_to = None  # the new group counts its messages anew

    async def _repeat(self, delivery: _Delivery, error: TelegramError) -> Outcome | None:
        """Wait until Telegram is well, then repeat the message, unless that could make it arrive again and again."""
        if isinstance(error, ServerTroubleError):
            delivery.troubles += 1
        elif not _unsent(error):
            delivery.doubts += 1
        most = MOST_URGENT_DOUBTS if delivery.urgent else MOST_DOUBTS
        if delivery.doubts > most or delivery.troubles > MOST_SERVER_TROUBLES:
            log.error("it is not certain that a message was sent", error=describe(error))
            return Outcome.UNSURE
        metrics.SENDS.labels("repeated").inc()
        while delivery.outage < LONGEST_OUTAGE_SECONDS:
            pause = delivery.pause * random.uniform(0.75, 1.25)  # noqa: S311  # spreads load, guards nothing
            delivery.outage += pause
            delivery.pause = min(delivery.pause * 2, LONGEST_PAUSE_SECONDS)
            await self._sleep(pause)
            if _unsent(error) or await self._well():
                return None
        return Outcome.UNSURE

    async def _well(self) -> bool:
        """Ask Telegram something harmless: a message repeated before it can answer would be in doubt again."""
        try:
            await self._bot.get_me()
        except TelegramError:
            return False
        return True


def _unsent(error: TelegramError) -> bool:
    return isinstance(error, NotSentError) or (isinstance(error, TimedOut) and _UNSENT in str(error))


def _refused(delivery: _Delivery, error: BadRequest) -> Outcome | None:
    """Send again plain when only the decoration was refused; anything else is a mistake of ours, for the log."""
    if _says(error, _HARMLESS):
        return Outcome.SENT
    log.error("Telegram refused a message", error=describe(error))
    if delivery.plain or not _says(error, _DECORATION):
        return Outcome.REFUSED
    delivery.plain = True
    return None


def _says(error: TelegramError, words: Iterable[str]) -> bool:
    text = str(error).lower().replace("_", " ")
    return any(word in text for word in words)


def seconds_of(error: RetryAfter) -> float:
    """Return how long Telegram asks to wait."""
    wanted = error.retry_after
    return wanted.total_seconds() if isinstance(wanted, timedelta) else float(wanted)
