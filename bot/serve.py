"""Starting the line: the store, the catalog, and the channels that the settings ask for, until told to stop."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from bot import metrics
from bot.catalog.findings import Level
from bot.channels.health import Health
from bot.channels.monitoring import build_monitoring, serve_monitoring
from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.webhook import Deliveries, Webhook, secret_for
from bot.channels.web.server import build_app
from bot.channels.web.server import serve as serve_web
from bot.counting import Book
from bot.errors import SettingsError, StoreError
from bot.heap import built
from bot.line import Line, open_line
from bot.reload import Reloader, Sources, logged, wanted
from bot.sentry import set_up_sentry
from bot.signals import stop_on_signals
from bot.store.store import Store
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
    """Serve until SIGINT or SIGTERM, however many of them come.

    Raises:
        CatalogError: no intent with an answer could be read.
        SettingsError: Telegram refused the token, or a port cannot be listened on.
        StoreError: the database cannot be opened.

    """
    stop = asyncio.Event()
    stop_on_signals(stop)
    if settings.sentry_dsn is not None:
        set_up_sentry(settings.sentry_dsn.get_secret_value())
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(settings.database_url.get_secret_value()))
        line, findings = _opened(settings, store.conversations, Book(store.tallies, settings.gap_log))
        await stack.enter_async_context(kept_fresh(line, settings, findings))
        webhook = _webhook(settings)
        channel = _telegram(settings, line, store, webhook)
        health = _health(line, store, channel)
        stack.push_async_callback(_ended, asyncio.create_task(_purge(store, line)))
        await _open_web(settings, stack, line, health, channel, webhook)
        await _open_monitoring(settings, stack, health, channel)
        if channel is not None:
            await channel.run(stop)
        await stop.wait()
    log.info("the line has stopped")


async def migrate(settings: Settings) -> None:
    """Bring the database up to date and stop: for a host's release phase.

    Raises:
        StoreError: the database cannot be opened.

    """
    async with Store(settings.database_url.get_secret_value()) as store:
        log.info("the database is up to date", tables=len(await store.tables()))


def open_with(
    settings: Settings, store: ConversationStore | None = None, book: Book | None = None
) -> tuple[Line, tuple[Finding, ...]]:
    """Return the line that the settings ask for, with what is wrong in the files of staff.

    Raises:
        CatalogError: no intent with an answer could be read.
        SettingsError: the encoder asked for cannot be used.

    """
    folders = settings.intents_dir, settings.content_dir
    with built():
        encoder = load_encoder(settings.encoder)
        return open_line(*folders, store, encoder=encoder, cache=settings.cache_dir, book=book)


def sources_of(line: Line, settings: Settings) -> Sources:
    """Return where a line that `open_with` opened comes from."""
    return Sources(settings.intents_dir, settings.content_dir, line.understanding.encoder, settings.cache_dir)


@asynccontextmanager
async def open_tallies(settings: Settings) -> AsyncIterator[Tallies]:
    """Open what keeps the counts and the questions without an answer.

    Raises:
        StoreError: the database cannot be opened.

    """
    async with Store(settings.database_url.get_secret_value()) as store:
        yield store.tallies


@asynccontextmanager
async def kept_fresh(
    line: Line, settings: Settings, known: Iterable[Finding] = (), tell: Callable[[News], None] = logged
) -> AsyncIterator[None]:
    """Let changed files of staff go live while the context is open, unless RELOAD says no; `tell` hears of each."""
    if not wanted(settings):
        yield
        return
    watching = asyncio.create_task(Reloader(line, sources_of(line, settings), known, tell).run())
    try:
        yield
    finally:
        await _ended(watching)


def _opened(settings: Settings, store: ConversationStore, book: Book) -> tuple[Line, tuple[Finding, ...]]:
    line, findings = open_with(settings, store, book)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    for finding in errors:
        log.error("a part of the content was set aside", finding=str(finding))
    metrics.CATALOG_FINDINGS.set(len(errors))
    metrics.CATALOG_LOADED.set_to_current_time()
    log.info("the line is ready", intents=len(line.catalog.intents), pages=len(line.catalog.pages))
    return line, findings


def _telegram(settings: Settings, line: Line, store: Store, webhook: Webhook | None) -> TelegramChannel | None:
    if settings.telegram_bot_token is None:
        return None
    token = settings.telegram_bot_token.get_secret_value()
    return TelegramChannel(line, token, store, settings.telegram_api_url, webhook=webhook)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.webhook_url is None or settings.telegram_bot_token is None:
        return None
    chosen = settings.webhook_secret
    secret = chosen.get_secret_value() if chosen else secret_for(settings.telegram_bot_token.get_secret_value())
    return Webhook(settings.webhook_url, secret)


def _health(line: Line, store: Store, channel: TelegramChannel | None) -> Health:
    async def catalog() -> bool:
        return line.ready

    async def updates() -> bool:
        return channel is None or channel.fresh

    return Health(catalog=catalog, store=store.writable, updates=updates)


async def _open_web(  # noqa: PLR0913, PLR0917  # everything that the web chat leads to
    settings: Settings,
    stack: AsyncExitStack,
    line: Line,
    health: Health,
    channel: TelegramChannel | None,
    webhook: Webhook | None,
) -> None:
    if settings.telegram_bot_token is not None and settings.port is None and webhook is None:
        return
    taken = {webhook.path: Deliveries(webhook, channel.take).deliver} if webhook and channel else {}
    app = build_app(line, health, taken, trust_proxy=settings.trust_proxy)
    port = settings.port or WEB_PORT
    try:
        runner = await serve_web(app, settings.host, port)
    except OSError as error:
        message = f"HOST and PORT cannot be listened on: {settings.host}:{port} ({error.strerror})"
        raise SettingsError(message) from None
    stack.push_async_callback(runner.cleanup)
    print(f"The line is open: http://{settings.host}:{port}", flush=True)  # noqa: T201  # the address is what a newcomer waits for


async def _open_monitoring(
    settings: Settings, stack: AsyncExitStack, health: Health, channel: TelegramChannel | None
) -> None:
    if settings.metrics_port is None:
        return

    async def refresh() -> None:
        if channel is not None:
            waiting, aside = await channel.depth()
            metrics.INBOX_DEPTH.set(waiting)
            metrics.SET_ASIDE.set(aside)

    app = build_monitoring(health, refresh)
    try:
        runner = await serve_monitoring(app, settings.metrics_host, settings.metrics_port)
    except OSError as error:
        message = f"METRICS_PORT cannot be listened on: {settings.metrics_port} ({error.strerror})"
        raise SettingsError(message) from None
    stack.push_async_callback(runner.cleanup)


async def _purge(store: Store, line: Line) -> None:
    while True:
        try:
            gone = await store.purge(line.now())
        except StoreError as error:
            log.error("what lapsed could not be deleted", error=str(error))  # noqa: TRY400  # a traceback says no more
        else:
            if gone:
                log.info("what lapsed was deleted", **{name.replace(" ", "_"): count for name, count in gone.items()})
        await asyncio.sleep(PURGE_SECONDS)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
