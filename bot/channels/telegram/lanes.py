"""One chat at a time, chats side by side: the order in which updates are worked off."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

if TYPE_CHECKING:
    from collections.abc import Awaitable

MOST_AT_ONCE = 10_000
"""Far above what is ever under way, because a chat that waits (flood limit) must not hold a place that others need."""


@dataclass(slots=True)
class _Lane:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    inside: int = 0


class ChatLanes(BaseUpdateProcessor):
    """Works off the updates of a chat in the order they came (asyncio.Lock is fair), chats independently."""

    def __init__(self) -> None:
        """Start with no lanes; a lane lives as long as an update is in it."""
        super().__init__(MOST_AT_ONCE)
        self._lanes: dict[int | None, _Lane] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await the work on an update when its chat's earlier updates are done."""
        key = _chat(update)
        lane = self._lanes.setdefault(key, _Lane())
        lane.inside += 1
        try:
            async with lane.lock:
                await coroutine
        finally:
            if inspect.iscoroutine(coroutine):
                coroutine.close()  # cancelled before its turn: it will not be awaited
            lane.inside -= 1
            if not lane.inside:
                del self._lanes[key]

    async def initialize(self) -> None:
        """Do nothing: lanes need no preparation."""

    async def shutdown(self) -> None:
        """Do nothing: lanes are gone when their work is."""


def _chat(update: object) -> int | None:
    chat = update.effective_chat if isinstance(update, Update) else None
    return chat.id if chat is not None else None
