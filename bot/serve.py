"""Starting the line: the store, the catalog, and the channels that the settings ask for, until told to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from bot.catalog.findings import Level
from bot.channels.telegram.bot import TelegramChannel
from bot.channels.web.server import serve as serve_web
from bot.counting import Book
from bot.line import Line, open_line
from bot.reload import Reloader, Sources, logged, wanted
from bot.store.conversations import SqlStore
from bot.tallies import MemoryTallies
from bot.understanding.encoding import load_encoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from bot.catalog.findings import Finding
    from bot.reload import News
    from bot.settings import Settings
    from bot.store.conversations import ConversationStore
    from bot.tallies import Tallies

WEB_PORT = 8080
"""Port of the web chat when the line runs without Telegram and PORT is not set."""

PURGE_SECONDS = 3600
"""Time between two clean-ups of the store."""

log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        CatalogError: no intent with an answer could be read.
        SettingsError: Telegram refused the token.
        StoreError: the database cannot be opened.

    """
    stop = asyncio.Event()
    _listen_for_signals(stop)
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(SqlStore(settings.database_url))
        tallies = await stack.enter_async_context(open_tallies(settings))
        line, findings = _opened(settings, store, Book(tallies, settings.gap_log))
        await stack.enter_async_context(kept_fresh(line, settings, findings))
        stack.push_async_callback(_ended, asyncio.create_task(_purge(store, line)))
        if settings.telegram_bot_token is None or settings.port is not None:
            runner = await serve_web(line, settings.host, settings.port or WEB_PORT)
            stack.push_async_callback(runner.cleanup)
            print(f"The line is open: http://{settings.host}:{settings.port or WEB_PORT}", flush=True)  # noqa: T201  # the address is what a newcomer waits for
        if settings.telegram_bot_token is not None:
            token = settings.telegram_bot_token.get_secret_value()
            await TelegramChannel(line, token, settings.telegram_api_url).run(stop)
        await stop.wait()


def _opened(settings: Settings, store: SqlStore, book: Book) -> tuple[Line, tuple[Finding, ...]]:
    line, findings = open_with(settings, store, book)
    for finding in findings:
        if finding.level is Level.ERROR:
            log.error("a part of the content was set aside", finding=str(finding))
    log.info("the line is ready", intents=len(line.catalog.intents), pages=len(line.catalog.pages))
    return line, findings


def open_with(
    settings: Settings, store: ConversationStore | None = None, book: Book | None = None
) -> tuple[Line, tuple[Finding, ...]]:
    """Return the line that the settings ask for, with what is wrong in the files of staff.

    Raises:
        CatalogError: no intent with an answer could be read.
        SettingsError: the encoder asked for cannot be used.

    """
    encoder = load_encoder(settings.encoder)
    folders = settings.intents_dir, settings.content_dir
    return open_line(*folders, store, encoder=encoder, cache=settings.cache_dir, book=book)


def sources_of(line: Line, settings: Settings) -> Sources:
    """Return where a line that `open_with` opened comes from."""
    return Sources(settings.intents_dir, settings.content_dir, line.understanding.encoder, settings.cache_dir)


@asynccontextmanager
async def open_tallies(_settings: Settings) -> AsyncIterator[Tallies]:
    """Open what keeps the counts and the questions without an answer; for now they end with the process."""
    yield MemoryTallies()


@asynccontextmanager
async def kept_fresh(
    line: Line, settings: Settings, known: Iterable[Finding] = (), tell: Callable[[News], None] = logged
) -> AsyncIterator[None]:
    """Let changed files of staff go live while the context is open, unless RELOAD says no; `tell` hears of each."""
    reloader = Reloader(line, sources_of(line, settings), known, tell)
    watching = asyncio.create_task(reloader.run()) if wanted(settings) else None
    try:
        yield
    finally:
        if watching:
            await _ended(watching)


async def _purge(store: SqlStore, line: Line) -> None:
    while True:
        gone = await store.purge(line.now())
        if gone:
            log.info("conversations that lapsed were deleted", count=gone)
        await asyncio.sleep(PURGE_SECONDS)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _listen_for_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
