"""What a start does to memory: much is made that stays for good, and as much that is thrown away."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def built() -> Iterator[None]:
    """Build a line without looking for garbage in between; afterwards what is left stays, and the rest is given back.

    The collector would go through half a million things again and again, all of which stay: while the line starts, and
    later in the middle of an answer.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
        give_back()


def give_back() -> None:
    """Give memory that is free back to the system, where the C library can: glibc keeps it for later."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
