"""Sending, with every refusal of Telegram dealt with."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import structlog
from telegram import LinkPreviewOptions, ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.answering import CHANNEL
from bot.channels.telegram.redact import describe
from bot.channels.telegram.transport import NotSentError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from telegram import Bot

    from bot.channels.telegram.answering import Answering
    from bot.channels.telegram.render import Part
    from bot.channels.telegram.updates import Place

MOST_WAITS = 5
LONGEST_WAIT_SECONDS = 300.0
"""How often, and how long in all, one message waits for Telegram's flood limit before it is given up."""
PAUSE_SECONDS = 1.0
"""Before the one repeat of a message that certainly did not arrive."""

_HARMLESS: Final = ("message is not modified", "query is too old", "query id is invalid")
_DECORATION: Final = ("parse entities", "entit", "button", "reply markup", "inline keyboard")
"""Words of refusals that are about entities or buttons: the words of the message are still good."""
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
    plain: bool = False
    moved: bool = False
    repeated: bool = False
    waits: int = 0
    waited: float = 0.0


class Sender:
    """Sends the parts of an answer, in order, stopping at the first that cannot be delivered."""

    def __init__(self, bot: Bot, line: Answering, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Take the bot to send through, and the line that must know of chats that are gone or moved."""
        self._bot = bot
        self._line = line
        self._sleep = sleep

    async def send(self, place: Place, parts: Iterable[Part]) -> Outcome:
        """Send all parts to a place, the first as a reply if the place says so."""
        chat, thread, reply_to = place.chat, place.thread, place.reply_to
        for part in parts:
            delivery = _Delivery(chat, thread, reply_to, part)
            outcome = await self._deliver(delivery)
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
        part, to = delivery.part, delivery.reply_to
        await self._bot.send_message(
            delivery.chat,
            part.text,
            entities=part.entities if part.entities and not delivery.plain else None,
            reply_markup=None if delivery.plain else part.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            message_thread_id=delivery.thread,
            reply_parameters=ReplyParameters(to, allow_sending_without_reply=True) if to is not None else None,
        )

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
        delivery.waits += 1
        delivery.waited += seconds
        if delivery.waits > MOST_WAITS or delivery.waited > LONGEST_WAIT_SECONDS:
            log.error("a message was given up: Telegram asks to wait too long", seconds=seconds)
            return Outcome.REFUSED
        await self._sleep(seconds)
        return None

    async def _move(self, delivery: _Delivery, new_chat: int) -> None:
        await self._line.moved(CHANNEL, str(delivery.chat), str(new_chat))
        delivery.chat, delivery.moved = new_chat, True
        delivery.thread = delivery.reply_to = None  # the new group counts its messages anew

    async def _repeat(self, delivery: _Delivery, error: TelegramError) -> Outcome | None:
        """Repeat once what certainly was not sent. What may have been sent is not: it could arrive twice."""
        unsent = isinstance(error, NotSentError) or (isinstance(error, TimedOut) and _UNSENT in str(error))
        if unsent and not delivery.repeated:
            delivery.repeated = True
            await self._sleep(PAUSE_SECONDS)
            return None
        log.error("it is not certain that a message was sent", error=describe(error))
        return Outcome.UNSURE


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
