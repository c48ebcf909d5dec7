"""Counts without people, and the questions that could not be answered: what is kept of them, and by whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP_DAYS = 30
"""Days that a question which could not be answered is kept."""


class Gap(Protocol):
    """A question that could not be answered: redacted words, and the intent that came nearest; `at` since 1970."""

    @property
    def id(self) -> int:
        """Return its number."""

    @property
    def text(self) -> str:
        """Return its words, redacted."""

    @property
    def language(self) -> str:
        """Return its language."""

    @property
    def nearest(self) -> str:
        """Return the intent that came nearest, or nothing."""

    @property
    def at(self) -> float:
        """Return when it was asked, in seconds since 1970."""


class Tallies(Protocol):
    """What keeps the counts; days are those of UTC, written 2026-11-27."""

    async def bump(self, kind: str, intent: str, language: str, channel: str, at: float) -> None:
        """Count one turn."""

    async def tap(self, intent: str, language: str, at: float, *, helpful: bool) -> None:
        """Count one tap that says whether an answer helped."""

    async def counted(self, since: str) -> Sequence[tuple[str, str, str, str, str, int]]:
        """Return (day, kind, intent, language, channel, n) from a day on."""

    async def tapped(self, since: str) -> Sequence[tuple[str, str, str, bool, int]]:
        """Return (day, intent, language, helpful, n) from a day on."""

    async def add_gap(self, text: str, language: str, nearest: str, at: float) -> None:
        """Keep a question; whoever calls this has redacted it."""

    async def list_gaps(self, most: int = 1000) -> Sequence[Gap]:
        """Return the newest questions."""

    async def delete_gap(self, number: int) -> bool:
        """Delete one question; say whether it was there."""


@dataclass(frozen=True, slots=True)
class MemoryGap:
    """A question, kept in memory."""

    id: int
    text: str
    language: str
    nearest: str
    at: float


class MemoryTallies:
    """Counts that end with the process."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts: Counter[tuple[str, str, str, str, str]] = Counter()
        self._taps: Counter[tuple[str, str, str, bool]] = Counter()
        self._gaps: dict[int, MemoryGap] = {}

    async def bump(self, kind: str, intent: str, language: str, channel: str, at: float) -> None:
        """Count one turn."""
        self._counts[day_of(at), kind, intent, language, channel] += 1

    async def tap(self, intent: str, language: str, at: float, *, helpful: bool) -> None:
        """Count one tap."""
        self._taps[day_of(at), intent, language, helpful] += 1

    async def counted(self, since: str) -> list[tuple[str, str, str, str, str, int]]:
        """Return the turns from a day on."""
        return [(*key, n) for key, n in sorted(self._counts.items()) if key[0] >= since]

    async def tapped(self, since: str) -> list[tuple[str, str, str, bool, int]]:
        """Return the taps from a day on."""
        return [(*key, n) for key, n in sorted(self._taps.items()) if key[0] >= since]

    async def add_gap(self, text: str, language: str, nearest: str, at: float) -> None:
        """Keep a question, and forget those that are older than `GAP_DAYS`."""
        number = max(self._gaps, default=0) + 1
        self._gaps[number] = MemoryGap(number, text, language, nearest, at)
        self._gaps = {one.id: one for one in self._gaps.values() if at - one.at <= GAP_DAYS * 86_400}

    async def list_gaps(self, most: int = 1000) -> list[MemoryGap]:
        """Return the newest questions."""
        return sorted(self._gaps.values(), key=lambda one: (-one.at, -one.id))[:most]

    async def delete_gap(self, number: int) -> bool:
        """Delete one question."""
        return self._gaps.pop(number, None) is not None


def day_of(at: float) -> str:
    """Return the day of a time in seconds since 1970."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()
