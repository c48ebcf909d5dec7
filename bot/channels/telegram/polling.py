"""Fetching updates, raw: they are confirmed to Telegram when the inbox has them, never before."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot import metrics
from bot.channels.telegram.arrivals import number_of
from bot.channels.telegram.redact import describe
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.channels.telegram.transport import AiohttpTransport
    from bot.channels.telegram.trouble import Trouble

MOST_REFUSALS = 3
"""How often in a row the token may be refused while running: Telegram has done so in passing."""

WATCHDOG_SECONDS = 90.0
"""After so long without a good poll the connections are made anew: they have been seen to hang for hours."""

log = structlog.get_logger(__name__)
JSONDict = dict[str, Any]


class Fetcher:
    """getUpdates over a transport of its own, so that a long poll never waits for an answer on its way out."""

    def __init__(self, request: AiohttpTransport, base_url: str, wait: float = 25.0) -> None:
        """Take the transport, the address that ends in the token, and the seconds that a poll waits for news."""
        self._request = request
        self._base_url = base_url
        self._wait = wait

    async def fetch(self, offset: int) -> list[Any]:
        """Return the updates from `offset` on; asking for them confirms all earlier ones.

        Raises:
            TelegramError: Telegram cannot be reached, refuses, or answers in another form.

        """
        kinds = "[" + ",".join(f'"{kind}"' for kind in ALLOWED_UPDATES) + "]"
        query = urlencode({"offset": offset, "limit": 100, "timeout": int(self._wait), "allowed_updates": kinds})
        found = await self._request.post(f"{self._base_url}/getUpdates?{query}", read_timeout=self._wait + 10)
        if not isinstance(found, list):
            message = "getUpdates did not answer with a list"
            raise TelegramError(message)
        return found

    async def rebuild(self) -> None:
        """Make new connections."""
        await self._request.rebuild()


class Poller:
    """Polls until told to stop, and confirms what `take` has put into the inbox."""

    def __init__(  # noqa: PLR0913, PLR0917  # the parts that meet here
        self,
        fetcher: Fetcher,
        take: Callable[[list[Any]], Awaitable[None]],
        trouble: Trouble,
        may_poll: Callable[[], bool] = lambda: True,
        watchdog: float = WATCHDOG_SECONDS,
        turn_seconds: float = 0.5,
    ) -> None:
        """Take where updates come from, where they go, how to wait in trouble, and whose turn it is to poll.

        `take` returns when the updates are on disk. While `may_poll` is false another process polls; it is asked
        again after `turn_seconds`.
        """
        self._fetcher = fetcher
        self._take = take
        self._trouble = trouble
        self._may_poll = may_poll
        self._watchdog = watchdog
        self._turn_seconds = turn_seconds
        self._offset = 0
        self._refusals = 0
        self._good = self._rebuilt = time.monotonic()

    @property
    def silent_for(self) -> float:
        """Return the seconds since Telegram last answered a poll, or since another process polls."""
        return time.monotonic() - self._good

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`.

        Raises:
            InvalidToken: the token was refused several times in a row.

        """
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                if self._may_poll():
                    await self._step(stopping)
                else:
                    self._good = time.monotonic()
                    await asyncio.wait({stopping}, timeout=self._turn_seconds)
        finally:
            stopping.cancel()

    async def _step(self, stopping: asyncio.Task[Any]) -> None:
        updates = await self._fetch(stopping)
        if not updates:
            return
        try:
            with metrics.timed("take"):
                await self._take(updates)
        except StoreError as error:
            await self._trouble.wait(f"the inbox cannot be written: {error}", stopping)
            return
        before = self._offset
        numbers = [number for number in map(number_of, updates) if number is not None]
        self._offset = max([self._offset, *(number + 1 for number in numbers)])
        if self._offset == before:
            self._offset += 1  # nothing in it can be confirmed by number: step over it rather than ask again for ever

    async def _fetch(self, stopping: asyncio.Task[Any]) -> list[Any]:
        """Return the next updates, or none when it is time to stop or Telegram is in trouble."""
        fetching = asyncio.create_task(self._fetcher.fetch(self._offset))
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not fetching.done():
                fetching.cancel()
        if stopping.done():
            await asyncio.gather(fetching, return_exceptions=True)
            return []
        try:
            found = fetching.result()
        except TelegramError as error:
            await self._recover(error, stopping)
            return []
        self._refusals, self._good = 0, time.monotonic()
        metrics.POLLS.labels("good").inc()
        metrics.LAST_POLL.set_to_current_time()
        self._trouble.over()
        return found

    async def _recover(self, error: TelegramError, stopping: asyncio.Task[Any]) -> None:
        if isinstance(error, InvalidToken):
            self._refusals += 1
            if self._refusals >= MOST_REFUSALS:
                raise error
        conflict = isinstance(error, Conflict)
        metrics.POLLS.labels("conflict" if conflict else "failed").inc()
        words = "another process polls with this bot's token" if conflict else describe(error)
        await self._trouble.wait(words, stopping, at_least=error if isinstance(error, RetryAfter) else None)
        if min(self.silent_for, time.monotonic() - self._rebuilt) > self._watchdog and not conflict:
            log.warning("no good poll for long: connections are made anew", seconds=round(self.silent_for))
            metrics.POLLS.labels("rebuilt").inc()
            await self._fetcher.rebuild()
            self._rebuilt = time.monotonic()
