from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.store.tallies import GAP_DAYS

if TYPE_CHECKING:
    from bot.store.store import Store

NOON = 1_795_780_800.0
"""2026-11-27 12:00 UTC."""


async def test_turns_are_counted(store: Store) -> None:
    """Turns are summed by day, kind, intent, language and channel."""
    for _ in range(2):
        await asyncio.gather(*(store.tallies.bump("answer", "hi", "en", "web", NOON) for _ in range(3)))
    await store.tallies.bump("answer", "hi", "es", "web", NOON + 86_400)
    assert await store.tallies.counted("2026-11-27") == [
        ("2026-11-27", "answer", "hi", "en", "web", 6),
        ("2026-11-28", "answer", "hi", "es", "web", 1),
    ]
    assert len(await store.tallies.counted("2026-11-28")) == 1


async def test_taps_are_counted(store: Store) -> None:
    """Yes and no are counted apart."""
    for helpful in (True, True, False):
        await store.tallies.tap("hi", "en", NOON, helpful=helpful)
    assert await store.tallies.tapped("2026-11-27") == [
        ("2026-11-27", "hi", "en", False, 1),
        ("2026-11-27", "hi", "en", True, 2),
    ]


async def test_gaps(store: Store) -> None:
    """Gaps are listed newest first, can be deleted one by one, and lapse."""
    await store.tallies.add_gap("old\0", "en", "hi", NOON)
    await store.tallies.add_gap("new", "es", "", NOON + 5)
    newest, oldest = await store.tallies.list_gaps()
    assert (newest.text, newest.language, newest.nearest, oldest.text) == ("new", "es", "", "old")
    assert await store.tallies.delete_gap(newest.id)
    assert not await store.tallies.delete_gap(newest.id)
    assert await store.purge(NOON + GAP_DAYS * 86_400 - 1) == {}
    assert await store.purge(NOON + GAP_DAYS * 86_400 + 1) == {"gaps": 1}
