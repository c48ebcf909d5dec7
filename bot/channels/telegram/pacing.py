"""How fast one chat is written to. Telegram takes about one message a second, and twenty a minute in a group."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOST_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """A bucket of `burst` messages that fills again at `rate` a second."""

    burst: float
    rate: float


PRIVATE: Final = Pace(burst=5, rate=1)
GROUP: Final = Pace(burst=6, rate=14 / 60)
"""Never more than twenty within a minute: the burst and what is filled again meanwhile."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Pacer:
    """One bucket for each chat; there is none for all together, since answers to people are not limited so."""

    def __init__(
        self, sleep: Callable[[float], Awaitable[object]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take how to wait."""
        self._sleep = sleep
        self._clock = clock
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    async def wait(self, chat: int, *, urgent: bool = False) -> None:
        """Wait until a message may go to a chat (groups have negative ids); what is urgent goes at once."""
        pause = self._take(chat)
        if pause > 0 and not urgent:
            await self._sleep(pause)

    def _take(self, chat: int) -> float:
        """Take a message out of the bucket and return the seconds until it was really there."""
        pace, now = GROUP if chat < 0 else PRIVATE, self._clock()
        bucket = self._buckets.pop(chat, None) or _Bucket(pace.burst, now)
        bucket.left = min(pace.burst, bucket.left + (now - bucket.at) * pace.rate) - 1
        bucket.at = now
        self._buckets[chat] = bucket
        while len(self._buckets) > MOST_KEPT:
            self._buckets.popitem(last=False)
        return max(0.0, -bucket.left / pace.rate)
