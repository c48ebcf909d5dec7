"""Being told to stop, once or many times, without ever dying of it."""

from __future__ import annotations

import asyncio
import atexit
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` at SIGINT and SIGTERM; call it in the main thread, with a loop that runs.

    A loop's own handlers go with the loop: a host that says SIGTERM once more while the process closes would kill it,
    with an exit status of -15. These stay until the interpreter ends, which puts the deadly ones back unless the
    signals are ignored by then.
    """
    loop = asyncio.get_running_loop()

    def told(_number: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: the process is about to end anyway
            loop.call_soon_threadsafe(stop.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
        atexit.register(signal.signal, number, signal.SIG_IGN)
