"""The Telegram channel: Telegram ─► inbox ─► line ─► Telegram."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot import metrics
from bot.channels.telegram.arrivals import arrivals
from bot.channels.telegram.performing import Performer
from bot.channels.telegram.polling import Fetcher, Poller
from bot.channels.telegram.profile import publish
from bot.channels.telegram.redact import describe, quiet_loggers
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.transport import AiohttpTransport
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.errors import SettingsError, StoreError
from bot.inbox.worker import AT_ONCE, FIRST_PAUSE, Worker
from bot.store.inbox import LEASE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.telegram.answering import Answering
    from bot.channels.telegram.webhook import Webhook
    from bot.store.store import Store

TELEGRAM_API = "https://api.telegram.org"
DRAIN_SECONDS = 10.0
"""For answers under way at a stop: hosts kill after 30 seconds, and closing takes some of them."""
LEASE_TAKING_SECONDS = 1.0
"""How often a process that does not poll asks whether it is its turn."""
STALE_POLL_SECONDS = 90.0
"""After so long without a good poll the line is not ready."""

log = structlog.get_logger(__name__)


class TelegramChannel:
    """One bot. `run` takes updates over, answers them, and goes on until it is told to stop."""

    def __init__(  # noqa: PLR0913  # the last ones are for tests and self-hosted servers
        self,
        line: Answering,
        token: str,
        store: Store,
        api_url: str | None = None,
        *,
        webhook: Webhook | None = None,
        poll_seconds: float = 25.0,
        first_pause: float = 1.0,
        retry_pause: float = FIRST_PAUSE,
        drain_seconds: float = DRAIN_SECONDS,
        at_once: int = AT_ONCE,
    ) -> None:
        """Prepare the bot; nothing is sent yet.

        Args:
            line: what answers.
            token: the bot's token. It is never logged.
            store: where the inbox is.
            api_url: root of a Bot API server of one's own, or None for Telegram's.
            webhook: where Telegram delivers updates; None to poll.
            poll_seconds: how long one poll waits for news.
            first_pause: the first pause when Telegram is in trouble, in seconds; later ones are longer.
            retry_pause: the first pause after an update could not be answered.
            drain_seconds: how long answers under way may take at a stop.
            at_once: chats answered at the same time.

        """
        self._line = line
        self._api_url = api_url
        self._webhook = webhook
        self._drain_seconds = drain_seconds
        self._trouble = Trouble(first_pause)
        polling = AiohttpTransport(connections=2)
        self._bot = _bot(token, (api_url or TELEGRAM_API).rstrip("/"), polling)
        number = int(token.partition(":")[0])
        self._inbox = store.inbox(number)
        self._who = store.conversations.who
        does = (self._perform, self._urgent, self._apologise)
        self._worker = Worker(self._inbox, *does, at_once=at_once, first_pause=retry_pause)
        self._performer = Performer(self._bot, line, Sender(self._bot, line, self._worker.rest))
        self._lease = store.lease(f"poll {number}")
        self._my_turn = False
        fetcher = Fetcher(polling, self._bot.base_url, poll_seconds)
        self._poller = Poller(fetcher, self.take, self._trouble, lambda: self._my_turn)
        self._connected = False

    @property
    def fresh(self) -> bool:
        """Say whether updates are being taken over: by this process, or by another that holds the lease."""
        return self._connected and (self._webhook is not None or self._poller.silent_for < STALE_POLL_SECONDS)

    async def depth(self) -> tuple[int, int]:
        """Return how many updates wait, and how many were set aside."""
        return await self._inbox.depth()

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; waits for Telegram as long as it cannot be reached.

        Raises:
            SettingsError: Telegram refuses the token.

        """
        quiet_loggers()
        try:
            if await self._connect(stop):
                self._connected = True
                await self._serve(stop)
        except InvalidToken:
            raise SettingsError(self._token_help()) from None  # the original has the token in its text
        finally:
            await self._bot.shutdown()
            for request in self._bot._request:  # noqa: SLF001  # when the start failed halfway, the bot leaves these open
                await request.shutdown()

    async def take(self, updates: Sequence[Any]) -> None:
        """Put updates into the inbox, as Telegram sent them; when this returns they are on disk.

        Raises:
            StoreError: they are not, and must not be confirmed.

        """
        found = arrivals(updates, self._who)
        fresh = await self._inbox.add(found)
        metrics.UPDATES.labels("taken").inc(fresh)
        metrics.UPDATES.labels("repeated").inc(len(found) - fresh)
        self._worker.wake()

    async def _perform(self, waiting: Any) -> None:  # noqa: ANN401  # the worker is made before what performs
        await self._performer.perform(waiting)

    def _urgent(self, waiting: Any) -> bool:  # noqa: ANN401  # as above
        return self._performer.urgent(waiting)

    async def _apologise(self, waiting: Any) -> None:  # noqa: ANN401  # as above
        await self._performer.apologise(waiting)

    async def _connect(self, stop: asyncio.Event) -> bool:
        """Make sure of the token and of how updates come; False if it is time to stop."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self._bot.initialize()
                    await self._choose_delivery()
                except InvalidToken:
                    raise
                except TelegramError as error:
                    await self._trouble.wait(describe(error), stopping)
                else:
                    self._trouble.over()
                    return True
        finally:
            stopping.cancel()
        return False

    async def _choose_delivery(self) -> None:
        if self._webhook is None:
            await self._bot.delete_webhook()
            return
        await self._bot.set_webhook(
            self._webhook.url, secret_token=self._webhook.secret, allowed_updates=list(ALLOWED_UPDATES)
        )

    async def _serve(self, stop: asyncio.Event) -> None:
        beside = [asyncio.create_task(publish(self._bot, self._line)), asyncio.create_task(self._hold_lease())]
        working = asyncio.create_task(self._worker.run(stop))
        try:
            await (self._poller.run(stop) if self._webhook is None else stop.wait())
        finally:
            stop.set()
            for task in beside:
                task.cancel()
            await asyncio.gather(working, *beside, return_exceptions=True)
            await self._give_back()
            await self._worker.drain(self._drain_seconds)

    async def _hold_lease(self) -> None:
        """Poll only while no other process does; each look also renews the lease."""
        while self._webhook is None:
            with suppress(StoreError):
                self._my_turn = await self._lease.take()
            await asyncio.sleep(LEASE_SECONDS / 3 if self._my_turn else LEASE_TAKING_SECONDS)

    async def _give_back(self) -> None:
        if self._my_turn:
            with suppress(StoreError):
                await self._lease.give_back()

    def _token_help(self) -> str:
        message = "TELEGRAM_BOT_TOKEN was refused by Telegram; expected: the token that @BotFather shows for this bot"
        return f"{message}, or another TELEGRAM_API_URL than {self._api_url}" if self._api_url else message


def _bot(token: str, root: str, polling: AiohttpTransport) -> Bot:
    if not token:
        message = "TELEGRAM_BOT_TOKEN is empty; expected: the token that @BotFather shows for this bot"
        raise SettingsError(message)
    return Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpTransport(),
        get_updates_request=polling,
    )
