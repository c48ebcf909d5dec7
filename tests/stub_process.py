"""The Telegram channel with its inbox as a process of its own, over a line that says back what it hears.

    TOKEN=… API_URL=… DATABASE_URL=… python -m tests.stub_process

Everything is real but the line itself, so that tests and benchmarks of the plumbing start quickly.
"""

from __future__ import annotations

import asyncio
import os

from bot.channels.telegram.bot import TelegramChannel
from bot.logs import set_up_logs
from bot.signals import stop_on_signals
from bot.store.store import Store
from tests.echo_line import EchoLine


async def run() -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with Store(os.environ["DATABASE_URL"]) as store:
        at_once = int(os.environ.get("AT_ONCE", "64"))
        channel = TelegramChannel(
            EchoLine(), os.environ["TOKEN"], store, os.environ["API_URL"], at_once=at_once, first_pause=0.2
        )
        await channel.run(stop)


if __name__ == "__main__":
    set_up_logs("INFO", "json")
    asyncio.run(run())
