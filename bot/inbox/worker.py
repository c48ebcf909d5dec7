"""Works off the inbox: one chat at a time in each lane, lanes side by side, a failing one waits alone.

    claim lanes ─► a task for each lane ─► answer ─► done ─► … ─► give the lane back

An update is done when its answer went out; what fails is tried again, later each time, and at last set aside.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from bot import metrics
from bot.errors import StoreError, UpdateError
from bot.inbox.faults import locate
from bot.store.inbox import LEASE_SECONDS
from bot.store.unit import Unit, current

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.store.inbox import Inbox, Lane, Waiting

AT_ONCE = 64
"""Lanes worked on at the same time, those that only wait left out."""

MOST_WAITING = 2_000
"""Lanes that may wait (for a flood limit, or for Telegram to come back) before no more are begun."""

MOST_TRIES = 5
FIRST_PAUSE = 0.5
"""Seconds after the first failure; after each further one twice as long."""

LOOK_SECONDS = 0.5
"""How often the inbox is looked at for what other processes put into it, or what became due."""

GATHER_SECONDS = 0.004
"""While many lanes are busy, how long places are gathered before chats are claimed for them, many at once."""

log = structlog.get_logger(__name__)


class Worker:
    """Works off one inbox in this process."""

    def __init__(  # noqa: PLR0913  # what is done with an update are three things
        self,
        inbox: Inbox,
        answer: Callable[[Waiting], Awaitable[None]],
        urgent: Callable[[Waiting], bool],
        apologise: Callable[[Waiting], Awaitable[None]],
        *,
        at_once: int = AT_ONCE,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """Take the inbox and what is done with an update: answer it, tell whether it passes ahead, apologise for it."""
        self._inbox = inbox
        self._answer = answer
        self._urgent = urgent
        self._apologise = apologise
        self._at_once = at_once
        self._first_pause = first_pause
        self._lanes: dict[asyncio.Task[None], str] = {}
        self._resting = 0
        self._news = asyncio.Event()
        self._look_again = False
        self._stopping = False

    def wake(self) -> None:
        """Say that there is something new in the inbox."""
        self._look_again = self._look_again or bool(self._lanes)  # it may be for a chat that is being worked on
        self._news.set()

    async def rest(self, seconds: float) -> None:
        """Wait inside a lane without taking another lane's place."""
        self._resting += 1
        self._news.set()
        try:
            await asyncio.sleep(seconds)
        finally:
            self._resting -= 1

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; lanes already begun go on, see `drain`."""
        renewing = asyncio.create_task(self._renew())
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._news.clear()
                if not await self._begin():
                    await self._idle(stopping)
        finally:
            self._stopping = True
            stopping.cancel()
            renewing.cancel()
            await asyncio.gather(stopping, renewing, return_exceptions=True)

    async def drain(self, seconds: float) -> None:
        """Let the answers in hand end, for so long; the rest stays in the inbox for whoever comes next."""
        self._stopping = True
        if self._lanes:
            await asyncio.wait(self._lanes, timeout=seconds)
        left = dict(self._lanes)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        if left:
            log.warning("answers under way were left in the inbox", count=len(left))

    async def _begin(self) -> bool:
        """Begin as many lanes as there are places; say whether it is worth looking again at once."""
        busy = len(self._lanes) - self._resting
        places = min(self._at_once - busy, MOST_WAITING - len(self._lanes))
        if places <= 0:
            self._look_again = True
            return False
        try:
            claimed = await self._inbox.claim(places)
        except Exception as error:  # noqa: BLE001  # whatever it is, the line must look again
            log.error("the inbox could not be read", error=locate(error))  # noqa: TRY400  # a traceback could hold words
            return False
        for lane in claimed:
            task = asyncio.create_task(self._work(lane))
            self._lanes[task] = lane.chat
            task.add_done_callback(self._ended)
        return len(claimed) == places

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Look at the inbox again, but only where something may have been left in it: looking costs a transaction."""
        del self._lanes[task]
        if self._look_again:
            self._news.set()
            self._look_again = bool(self._lanes)

    async def _idle(self, stopping: asyncio.Task[object]) -> None:
        news = asyncio.create_task(self._news.wait())
        await asyncio.wait({news, stopping}, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        if len(self._lanes) - self._resting > self._at_once // 2:
            await asyncio.sleep(GATHER_SECONDS)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            with suppress(StoreError):
                await self._inbox.renew()

    async def _work(self, lane: Lane) -> None:
        """Answer the lane's updates in order, those that cannot wait first."""
        given_back = False
        try:
            waiting = list(self._ordered(lane.updates))
            for one in waiting:
                if self._stopping:
                    return
                given_back = await self._one(lane.chat, one, last=one is waiting[-1])
                if given_back:
                    return
        finally:
            if not given_back:
                await asyncio.shield(self._give_back(lane.chat))

    async def _one(self, chat: str, one: Waiting, *, last: bool) -> bool:
        """Answer one update; say whether its chat was given back."""
        unit = Unit()
        current.set(unit)  # a task has a context of its own
        metrics.waited(time.time() - one.at)
        try:
            with metrics.timed("answer"):
                await self._answer(one)
        except UpdateError as error:
            return await self._put_aside(chat, one, error, last=last)
        except Exception as error:  # noqa: BLE001  # whatever it is, only this chat waits for it
            return await self._failed(chat, one, error, last=last)
        metrics.UPDATES.labels("answered").inc()
        await self._insist(lambda: self._inbox.done(chat, one.number, unit.states, release=last))
        return last

    async def _failed(self, chat: str, one: Waiting, error: Exception, *, last: bool) -> bool:
        if one.tries + 1 >= MOST_TRIES:
            with suppress(Exception):  # the fault itself is told below; an apology that fails too is no news
                await self._apologise(one)
            return await self._put_aside(chat, one, error, last=last)
        metrics.UPDATES.labels("retried").inc()
        log.warning("an update could not be answered yet", error=locate(error), tries=one.tries + 1)
        pause = self._first_pause * 2**one.tries * random.uniform(0.8, 1.2)  # noqa: S311  # spreads load, guards nothing
        await self._insist(lambda: self._inbox.postpone(chat, one.number, pause))
        return True

    async def _put_aside(self, chat: str, one: Waiting, error: Exception, *, last: bool) -> bool:
        metrics.UPDATES.labels("set_aside").inc()
        log.error("an update was set aside", error=locate(error), number=one.number, tries=one.tries + 1)
        await self._insist(lambda: self._inbox.put_aside(chat, one.number, locate(error), release=last))
        return last

    async def _insist(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write until it is written: an answer that went out must not go out again."""
        pause = self._first_pause
        while True:
            try:
                return await asyncio.shield(write())
            except StoreError as error:
                log.error("the inbox could not be written", error=str(error))  # noqa: TRY400  # as above
                await asyncio.sleep(pause)
                pause = min(pause * 2, LEASE_SECONDS)

    async def _give_back(self, chat: str) -> None:
        with suppress(StoreError):
            await self._inbox.release([chat])

    def _ordered(self, updates: Sequence[Waiting]) -> Sequence[Waiting]:
        """Put what cannot wait ahead of what the chat sent before it."""
        if len(updates) == 1:
            return updates
        return sorted(updates, key=lambda one: (not self._urgent(one), one.number))
