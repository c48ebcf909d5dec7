"""Delivery by webhook: updates are posted in order, and again until they are taken."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from tests.fake_telegram.world import World

PAUSE_SECONDS = 0.05
"""Before an update that was not taken is posted again; the real server begins with no pause and doubles it."""


class Deliveries:
    """Posts waiting updates to the webhook, while one is set."""

    def __init__(self, world: World) -> None:
        """Take the world whose updates are delivered."""
        self._world = world
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop delivering."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
            while True:
                if not (self._world.webhook["url"] and self._world.updates):
                    await self._world.bell.wait(3600)
                elif not await self._deliver(session, self._world.updates[0]):
                    await asyncio.sleep(PAUSE_SECONDS)

    async def _deliver(self, session: aiohttp.ClientSession, update: object) -> bool:
        secret = self._world.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with session.post(self._world.webhook["url"], json=update, headers=headers) as answer:
                taken = answer.ok
        except aiohttp.ClientError:
            return False
        if taken and update in self._world.updates:
            self._world.updates.remove(update)
            self._world.bell.ring()
        return taken
