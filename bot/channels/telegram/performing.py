"""Working off one update: read it, ask the line, send its turn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import structlog
from telegram import Update

from bot import metrics
from bot.channels.limits import Limit
from bot.channels.telegram.answering import CHANNEL
from bot.channels.telegram.arrivals import chat_of, text_of
from bot.channels.telegram.recent import Recent
from bot.channels.telegram.render import plain, render
from bot.channels.telegram.updates import Ask, Forget, Move, Place, Tapped, Task, Tell, read_update
from bot.dialog.turn import Kind
from bot.errors import UpdateError

if TYPE_CHECKING:
    from collections.abc import Collection

    from telegram import Bot

    from bot.channels.telegram.answering import Answering
    from bot.channels.telegram.sending import Sender
    from bot.store.inbox import Waiting

DOUBLE_TAP_SECONDS = 2.0
ALBUM_SECONDS = 60.0
MESSAGES_A_MINUTE = 30
"""Questions of one chat that are answered; those beyond are told once to slow down. Never a crisis message."""

log = structlog.get_logger(__name__)


class Performer:
    """Carries out what updates ask for. The bot must have been initialised, since only then it knows its own name."""

    def __init__(self, bot: Bot, line: Answering, sender: Sender) -> None:
        """Take the bot, what answers, and what sends."""
        self._bot = bot
        self._line = line
        self._sender = sender
        self._taps = Recent(DOUBLE_TAP_SECONDS)
        self._albums = Recent(ALBUM_SECONDS)
        self._limit = Limit(MESSAGES_A_MINUTE, 60.0)

    async def perform(self, waiting: Waiting) -> None:
        """Work off an update of the inbox.

        Raises:
            UpdateError: it cannot be read.

        """
        task = _read(self._bot, waiting, self._line.languages)
        if isinstance(task, Tapped):
            await self._sender.acknowledge(task.query)
            again = waiting.tries > 0 or not task.key or self._taps.first(task.key)
            task = task.then if again else None
        if task is not None:
            await self._carry_out(task)

    def urgent(self, waiting: Waiting) -> bool:
        """Say whether an update that waits is about a crisis."""
        try:
            return self._line.urgent(text_of(json.loads(waiting.content)))
        except ValueError:
            return False

    async def apologise(self, waiting: Waiting) -> None:
        """Tell whoever sent an update that it could not be answered; nothing but its chat is read."""
        chat = chat_of(json.loads(waiting.content))
        if chat.lstrip("-").isdigit():
            await self._tell(Tell(Place(int(chat)), "error_sorry"))

    async def _carry_out(self, task: Task) -> None:
        match task:
            case Ask():
                await self._ask(task)
            case Tell():
                await self._tell(task)
            case Forget():
                await self._line.forget(CHANNEL, str(task.chat))
            case Move():
                await self._line.moved(CHANNEL, str(task.chat), str(task.new_chat))

    async def _ask(self, ask: Ask) -> None:
        if not self._limit.allows(ask.question.sender) and not self._line.urgent(ask.question.text):
            metrics.LIMITED.labels(CHANNEL).inc()
            if self._limit.first_over(ask.question.sender):
                await self._tell(Tell(ask.place, "slow_down", ask.question.language_hint))
            return
        if ask.album is not None:
            self._albums.first(ask.album)  # the album was answered: its other pictures need no word
        with metrics.timed("reply"):
            turn = await self._line.reply(ask.question)
        metrics.TURNS.labels(CHANNEL, turn.kind.value, turn.language).inc()
        parts = render(turn)
        if not parts:
            log.error("the line's turn has no words in it")
        with metrics.timed("send"):
            await self._sender.send(ask.place, parts, urgent=turn.kind is Kind.CRISIS)

    async def _tell(self, tell: Tell) -> None:
        if tell.album is not None and not self._albums.first(tell.album):
            return
        language = await self._language(str(tell.place.chat), tell.hint)
        await self._sender.send(tell.place, plain(self._line.phrase(tell.phrase, language)))

    async def _language(self, sender: str, hint: str | None) -> str:
        known = await self._line.language_of(CHANNEL, sender) or (hint or "").partition("-")[0].lower()
        return known if known in self._line.languages else self._line.languages[0]


def _read(bot: Bot, waiting: Waiting, languages: Collection[str]) -> Task | None:
    """Return what an update asks for; whatever is odd in it, trying again would not help."""
    try:
        update = Update.de_json(json.loads(waiting.content), bot)
        return read_update(update, bot.bot, languages)
    except Exception as error:
        kind = type(error).__name__
        raise UpdateError(kind) from error
