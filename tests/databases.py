"""Databases for tests: a new one each time, on the server that TEST_POSTGRES names or in a file.

Migrating takes longer than most tests; those that do not test it get a copy of a database that was migrated once.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import secrets
import shutil
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg  # type: ignore[import-untyped]  # it has no annotations

from bot.store.store import Store
from bot.store.tables import metadata
from tests.conftest import missing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SERVER = os.environ.get("TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432")
"""Address of a server on which databases may be made."""

_MIGRATED: dict[str, str] = {}


async def connected(database: str = "postgres") -> Any:  # noqa: ANN401  # asyncpg has no types
    """Return a connection of one's own; skips the test (or fails it, see `missing`) where no server answers."""
    try:
        return await asyncpg.connect(f"{SERVER}/{database}", timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        missing(f"no PostgreSQL at TEST_POSTGRES ({type(error).__name__})")


async def fresh_sqlite(folder: Path) -> str:
    """Return the address of a file with today's tables and nothing in them."""
    if "sqlite" not in _MIGRATED:
        kept = Path(tempfile.mkdtemp()) / "line.sqlite3"
        async with Store(f"sqlite:///{kept}"):
            pass
        _MIGRATED["sqlite"] = str(kept)
    shutil.copy(_MIGRATED["sqlite"], folder / "line.sqlite3")
    return f"sqlite:///{folder}/line.sqlite3"


@asynccontextmanager
async def fresh_postgres(*, migrated: bool = False) -> AsyncIterator[str]:
    """Give the address of a database, in the form that hosts hand out: empty, or with today's tables, emptied."""
    if migrated:
        yield await _emptied()
        return
    name = f"line_{secrets.token_hex(6)}"
    await _made(name)
    yield _address(name)
    await _dropped(name)


async def _emptied() -> str:
    """Return the database that this run keeps for itself, since making one takes seconds."""
    if "postgresql" not in _MIGRATED:
        name = _MIGRATED["postgresql"] = f"line_{os.getpid()}_{secrets.token_hex(3)}"
        await _made(name)
        atexit.register(lambda: asyncio.run(_dropped(name)))
        async with Store(_address(name)):
            pass
    name = _MIGRATED["postgresql"]
    connection = await connected(name)
    await connection.execute("truncate " + ", ".join(metadata.tables))
    await connection.close()
    return _address(name)


async def _made(name: str) -> None:
    server = await connected()
    await server.execute(f"create database {name}")
    await server.execute(f"alter database {name} set synchronous_commit = off")
    await server.close()


async def _dropped(name: str) -> None:
    server = await connected()
    await server.execute(f"drop database if exists {name} with (force)")
    await server.close()


def _address(name: str) -> str:
    return f"{SERVER.replace('postgresql://', 'postgres://')}/{name}"
