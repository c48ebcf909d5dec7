"""Waiting out troubles of Telegram: longer each time, said once at the beginning and once at the end."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels.telegram.sending import seconds_of

if TYPE_CHECKING:
    from telegram.error import RetryAfter

GROWTH = 1.5
LONGEST_SECONDS = 30.0

log = structlog.get_logger(__name__)


class Trouble:
    """One stretch of failures: the pause grows from `first` seconds by half each time, up to 30 seconds."""

    def __init__(self, first: float = 1.0) -> None:
        """Start without trouble."""
        self._first = first
        self._next = first
        self._said = ""

    async def wait(self, words: str, stopping: asyncio.Task[Any], at_least: RetryAfter | None = None) -> None:
        """Wait before the next attempt, or until `stopping` is done; `words` are logged when they are new."""
        if words != self._said:
            log.warning("waiting for Telegram", error=words)
            self._said = words
        pause = max(self._next * random.uniform(0.75, 1.25), seconds_of(at_least) if at_least is not None else 0.0)  # noqa: S311  # many lines must not come back at the same moment
        self._next = min(self._next * GROWTH, LONGEST_SECONDS)
        await asyncio.wait({stopping}, timeout=pause)

    def over(self) -> None:
        """Note that an attempt succeeded."""
        if self._said:
            log.info("Telegram answers again")
        self._next, self._said = self._first, ""
