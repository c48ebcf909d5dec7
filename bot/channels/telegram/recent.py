"""What just happened, so that it is not done twice: double taps, the many pictures of one album."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_KEPT = 10_000


class Recent:
    """Keys of the last `seconds`, in memory only: a restart forgets them, and a repeat then does no harm."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember each key for so many seconds from when it was first seen."""
        self._seconds = seconds
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str) -> bool:
        """Note a key and say whether it was not seen within the time."""
        now = self._clock()
        while self._seen and (len(self._seen) > MOST_KEPT or now - next(iter(self._seen.values())) > self._seconds):
            self._seen.popitem(last=False)
        if key in self._seen:
            return False
        self._seen[key] = now
        return True
