"""How much one chat or address may ask for within a time."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST_KEPT = 10_000


@dataclass(slots=True)
class _Count:
    left: float
    at: float
    over: bool = False


class Limit:
    """A bucket of `most` for each key that fills again within `seconds`; in memory only, and never more than 10,000."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with every bucket full."""
        self._most = most
        self._rate = most / seconds
        self._clock = clock
        self._counts: OrderedDict[Hashable, _Count] = OrderedDict()

    def allows(self, key: Hashable) -> bool:
        """Count one wish of a key and say whether it is within the limit; what is over it costs nothing more."""
        now = self._clock()
        count = self._counts.pop(key, None) or _Count(self._most, now)
        count.left = min(self._most, count.left + (now - count.at) * self._rate)
        count.at = now
        allowed = count.left >= 1
        if allowed:
            count.left -= 1
            count.over = False
        self._counts[key] = count
        while len(self._counts) > MOST_KEPT:
            self._counts.popitem(last=False)
        return allowed

    def first_over(self, key: Hashable) -> bool:
        """Say whether this is the first refusal since a key was last within its limit, and note that it was said."""
        count = self._counts.get(key)
        if count is None or count.over:
            return False
        count.over = True
        return True
