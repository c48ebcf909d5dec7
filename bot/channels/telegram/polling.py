"""Fetching updates, raw: each is handed on by itself, so that a bad one cannot stop the others."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.redact import describe, locate
from bot.channels.telegram.updates import ALLOWED_UPDATES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram.request import BaseRequest

    from bot.channels.telegram.trouble import Trouble

MOST_UNDER_WAY = 5_000
"""Updates worked on at the same time; beyond that Telegram keeps them (about 2 KiB each here)."""
MOST_REFUSALS = 3
"""How often in a row the token may be refused while running: Telegram has done so in passing."""
CONFIRM_SECONDS = 5.0

log = structlog.get_logger(__name__)
JSONDict = dict[str, Any]


class Fetcher:
    """getUpdates over a transport of its own, so that a long poll never waits for an answer on its way out."""

    def __init__(self, request: BaseRequest, base_url: str, wait: float = 25.0) -> None:
        """Take the transport, the address that ends in the token, and the seconds that a poll waits for news."""
        self._request = request
        self._base_url = base_url
        self._wait = wait

    async def fetch(self, offset: int, *, wait: float | None = None, limit: int = 100) -> list[Any]:
        """Return the updates from `offset` on; asking for them confirms all earlier ones.

        Raises:
            TelegramError: Telegram cannot be reached, refuses, or answers in another form.

        """
        seconds = self._wait if wait is None else wait
        kinds = "[" + ",".join(f'"{kind}"' for kind in ALLOWED_UPDATES) + "]"
        query = urlencode({"offset": offset, "limit": limit, "timeout": int(seconds), "allowed_updates": kinds})
        found = await self._request.post(f"{self._base_url}/getUpdates?{query}", read_timeout=seconds + 10)
        if not isinstance(found, list):
            message = "getUpdates did not answer with a list"
            raise TelegramError(message)
        return found


class Poller:
    """Polls until told to stop, and hands every update to `take` in the order they came."""

    def __init__(self, fetcher: Fetcher, take: Callable[[JSONDict], Awaitable[None]], trouble: Trouble) -> None:
        """Take where updates come from, where they go, and how to wait when Telegram is in trouble."""
        self._fetcher = fetcher
        self._take = take
        self._trouble = trouble
        self._offset = 0
        self._confirmed = 0
        self._refusals = 0
        self._under_way: dict[asyncio.Task[None], int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`; work already begun goes on, see `drain`.

        Raises:
            InvalidToken: the token was refused several times in a row.

        """
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                if len(self._under_way) >= MOST_UNDER_WAY:
                    await asyncio.wait({stopping, *self._under_way}, return_when=asyncio.FIRST_COMPLETED)
                    continue
                self._begin(await self._fetch(stopping))
        finally:
            stopping.cancel()

    async def drain(self, seconds: float) -> None:
        """Let work that has begun end, for so long; then confirm what is done and leave the rest to Telegram."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        done_up_to = min(self._under_way.values(), default=self._offset)
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if done_up_to > self._confirmed:
            with suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(CONFIRM_SECONDS):
                    await self._fetcher.fetch(done_up_to, wait=0, limit=1)

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
        self._confirmed, self._refusals = self._offset, 0
        self._trouble.over()
        return found

    async def _recover(self, error: TelegramError, stopping: asyncio.Task[Any]) -> None:
        if isinstance(error, InvalidToken):
            self._refusals += 1
            if self._refusals >= MOST_REFUSALS:
                raise error
        words = "another process polls with this bot's token" if isinstance(error, Conflict) else describe(error)
        await self._trouble.wait(words, stopping, at_least=error if isinstance(error, RetryAfter) else None)

    def _begin(self, updates: list[Any]) -> None:
        before = self._offset
        for update in updates:
            number = update.get("update_id") if isinstance(update, dict) else None
            if not isinstance(number, int):
                log.error("an update without a number was left out")
                continue
            self._offset = max(self._offset, number + 1)
            task = asyncio.create_task(self._take_one(update))
            self._under_way[task] = number
            task.add_done_callback(self._under_way.pop)
        if updates and self._offset == before:
            self._offset += 1  # nothing in it can be confirmed by number: step over it rather than ask again for ever

    async def _take_one(self, update: JSONDict) -> None:
        try:
            await self._take(update)
        except Exception as error:  # noqa: BLE001  # one update must never stop the others
            log.error("an update could not be worked off", error=locate(error))  # noqa: TRY400  # no text in tracebacks
