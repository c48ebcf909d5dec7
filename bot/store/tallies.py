"""Counts without people: turns given, taps of feedback, and (only where it is switched on) questions not answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.batch import Batches
from bot.store.conversations import SECONDS_A_DAY
from bot.store.tables import counts, gaps, taps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.database import Database

GAP_DAYS = 30
"""Days that a question which could not be answered is kept."""

COUNT_DAYS = 400
"""Days that counts are kept: long enough to compare a month with that of the year before."""

Key = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that could not be answered: redacted words, and the intent that came nearest; `at` since 1970."""

    id: int
    text: str
    language: str
    nearest: str
    at: float


class Tallies:
    """The counts. Days are those of UTC, written 2026-11-27."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database
        self._adding = Batches(self._add)

    async def bump(self, kind: str, intent: str, language: str, channel: str, at: float) -> None:
        """Count one turn; `at` is seconds since 1970."""
        await self._adding.add(("counts", (day_of(at), kind, intent, language, channel)))

    async def tap(self, intent: str, language: str, at: float, *, helpful: bool) -> None:
        """Count one tap that says whether an answer helped."""
        await self._adding.add(("taps", (day_of(at), intent, language, helpful)))

    async def counted(self, since: str) -> list[tuple[str, str, str, str, str, int]]:
        """Return (day, kind, intent, language, channel, n) from a day on."""
        return await self._rows(counts, since)

    async def tapped(self, since: str) -> list[tuple[str, str, str, bool, int]]:
        """Return (day, intent, language, helpful, n) from a day on."""
        return await self._rows(taps, since)

    async def add_gap(self, text: str, language: str, nearest: str, at: float) -> None:
        """Keep a question; whoever calls this has redacted it, and has asked whether GAP_LOG is on."""
        row = {"text": text.replace("\0", ""), "language": language, "nearest": nearest, "at": at}
        async with self._database.writing() as connection:
            await connection.execute(sa.insert(gaps).values(row))

    async def list_gaps(self, most: int = 1000) -> list[Gap]:
        """Return the newest questions."""
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(gaps).order_by(gaps.c.at.desc(), gaps.c.id.desc()).limit(most))
            return [Gap(row.id, row.text, row.language, row.nearest, row.at) for row in rows]

    async def delete_gap(self, number: int) -> bool:
        """Delete one question; say whether it was there."""
        async with self._database.writing() as connection:
            result = await connection.execute(sa.delete(gaps).where(gaps.c.id == number))
            return result.rowcount > 0

    async def purge(self, now: float) -> int:
        """Delete questions older than GAP_DAYS, and old counts; return how many questions went."""
        async with self._database.writing() as connection:
            for table in (counts, taps):
                await connection.execute(sa.delete(table).where(table.c.day < day_of(now - COUNT_DAYS * SECONDS_A_DAY)))
            result = await connection.execute(sa.delete(gaps).where(gaps.c.at < now - GAP_DAYS * SECONDS_A_DAY))
            return result.rowcount

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await self._adding.settled()

    async def _add(self, keys: Sequence[Key]) -> Sequence[None]:
        async with self._database.writing() as connection:
            for (name, key), n in sorted(Counter(keys).items(), key=repr):
                table = counts if name == "counts" else taps
                new = self._database.insert(table).values((*key, n))
                more = {"n": table.c.n + new.excluded.n}
                await connection.execute(new.on_conflict_do_update(index_elements=table.primary_key, set_=more))
        return [None] * len(keys)

    async def _rows(self, table: sa.Table, since: str) -> list[tuple]:  # type: ignore[type-arg]  # two tables, two shapes
        async with self._database.reading() as connection:
            rows = await connection.execute(sa.select(table).where(table.c.day >= since).order_by(*table.primary_key))
            return [tuple(row) for row in rows]


def day_of(at: float) -> str:
    """Return the day of a time in seconds since 1970."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()
