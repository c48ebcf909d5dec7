"""A line that answers by saying back what it was asked, and keeps a diary."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.catalog.richtext import Block, Shape, Span
from bot.channels.telegram.bot import TelegramChannel
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice, Kind, Turn
from bot.store.store import Store
from tests.databases import fresh_sqlite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.line import Message
    from tests.fake_telegram import FakeTelegram

PHRASES: dict[str, dict[str, str | None]] = {
    "reads_text_only": {"en": "I read text only.", "es": "Solo leo texto."},
    "old_button": {"en": "An old button.", "es": "Un botón viejo."},
}


def said(text: str) -> Block:
    """Return a paragraph of plain words."""
    return Block(Shape.PARAGRAPH, ((Span(text),),))


def turn(*blocks: Block, choices: tuple[Choice, ...] = ()) -> Turn:
    """Return an answer of these blocks."""
    return Turn(Kind.ANSWER, "en", blocks, choices)


class StubLine:
    """The line as the channel sees it."""

    languages = ("en", "es")

    def __init__(self) -> None:
        """Start with an empty diary."""
        self.heard: list[Message] = []
        self.forgotten: list[str] = []
        self.moves: list[tuple[str, str]] = []
        self.known_language: str | None = None
        self.turns: dict[str, Turn] = {}
        self.holds: dict[str, asyncio.Event] = {}
        self.entered = asyncio.Event()

    async def reply(self, message: Message) -> Turn:
        """Say the words or the pick back, under one button; wait first where the test holds that text."""
        self.heard.append(message)
        self.entered.set()
        if message.text in self.holds:
            await self.holds[message.text].wait()
        words = message.pick.encode() if message.pick else message.text
        return self.turns.get(words) or turn(said(f"<{words}>"), choices=(Choice("Menu", Pick(Verb.MENU)),))

    def urgent(self, text: str) -> bool:
        """Take one word for a crisis."""
        return "crisis" in text

    async def forget(self, channel: str, sender: str) -> None:
        """Note who is forgotten."""
        assert channel == "telegram"
        self.forgotten.append(sender)

    async def moved(self, channel: str, sender: str, new_sender: str) -> None:
        """Note who moved."""
        assert channel == "telegram"
        self.moves.append((sender, new_sender))

    async def language_of(self, channel: str, sender: str) -> str | None:
        """Return the language that the test set."""
        assert channel == "telegram"
        assert sender
        return self.known_language

    def phrase(self, phrase: str, language: str, /, **_values: str) -> str:
        """Return a phrase, or its id and language; one that is None is missing, as in an incomplete file."""
        words = PHRASES.get(phrase, {}).get(language, f"{phrase} in {language}")
        if words is None:
            raise KeyError(phrase)
        return words


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so; fails after ten seconds."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # whatever the condition looks at rings no bell
            await asyncio.sleep(0.005)


async def until_async(question: Callable[[], Awaitable[object]], answer: object) -> None:
    """Wait until a question has an answer; fails after ten seconds."""
    async with asyncio.timeout(10):
        while await question() != answer:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.005)


@asynccontextmanager
async def opened() -> AsyncIterator[Store]:
    """Give a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        async with Store(await fresh_sqlite(Path(folder))) as store:
            yield store


@asynccontextmanager
async def running(
    server: FakeTelegram,
    line: StubLine,
    store: Store | None = None,
    **options: Any,  # noqa: ANN401  # the channel's own options
) -> AsyncIterator[TelegramChannel]:
    """Run the channel against the fake Telegram; stops it in the end, and raises what it raised."""
    async with AsyncExitStack() as stack:
        used = store if store is not None else await stack.enter_async_context(opened())
        quick: dict[str, Any] = {"first_pause": 0.01, "retry_pause": 0.01, "drain_seconds": 5, **options}
        channel = TelegramChannel(line, server.token, used, server.url, **quick)
        stop = asyncio.Event()
        task = asyncio.create_task(channel.run(stop))
        try:
            yield channel
        finally:
            stop.set()
            await task
