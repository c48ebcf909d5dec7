"""Both databases, fresh for each test: SQLite in a folder, PostgreSQL in a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store.store import Store
from tests.databases import fresh_postgres, fresh_sqlite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/line.sqlite3"
    else:
        async with fresh_postgres() as address:
            yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Return the address of a database with today's tables and nothing in them."""
    if request.param == "sqlite":
        yield await fresh_sqlite(tmp_path)
    else:
        async with fresh_postgres(migrated=True) as address:
            yield address


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """Return an open store."""
    async with Store(url) as opened:
        yield opened
