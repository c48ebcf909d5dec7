"""Processes for fault tests: started, killed and stopped; what they said is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fake_telegram import FakeTelegram

ROOT = Path(__file__).parent.parent


class Running:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Take the process."""
        self.process = process
        self.said = ""

    def kill(self) -> None:
        """End it with SIGKILL, as a host does that has run out of patience."""
        if self.process.returncode is None:
            self.process.kill()

    def terminate(self) -> None:
        """Ask it to stop."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)

    async def ended(self, patience: float = 60.0) -> int:
        """Wait for its end and return its exit status."""
        _, errors = await asyncio.wait_for(self.process.communicate(), patience)
        self.said += errors.decode()
        return int(self.process.returncode or 0)


@asynccontextmanager
async def stub_process(server: FakeTelegram, database: str, **env: str) -> AsyncIterator[Running]:
    """Run `tests.stub_process` against a fake Telegram; killed in the end if it still runs."""
    own = {"TOKEN": server.token, "API_URL": server.url, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.stub_process",
        env={**kept, **own, **env},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    running = Running(process)
    try:
        yield running
    finally:
        running.kill()
        if not running.said:
            await running.ended()
