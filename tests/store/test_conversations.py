import sqlite3
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.store.conversations import KEEP_DAYS, ConversationStore, MemoryStore, SqlStore

_DAY = 86_400


async def _works(store: ConversationStore) -> None:
    await store.put("web", "a", "one", 1.0)
    await store.put("web", "a", "two", 2.0)
    await store.put("telegram", "a", "three", 2.0)
    assert await store.get("web", "a") == "two"

    await store.move("telegram", "a", "b")
    assert await store.get("telegram", "a") is None
    assert await store.get("telegram", "b") == "three"

    await store.delete("web", "a")
    assert await store.get("web", "a") is None


async def test_memory_store() -> None:
    """The store in memory keeps, moves and deletes."""
    await _works(MemoryStore())


async def test_sql_store(tmp_path: Path) -> None:
    """The store in SQLite keeps, moves and deletes."""
    async with SqlStore(f"sqlite:///{tmp_path}/new/line.sqlite3") as store:
        await _works(store)


async def test_outlives_a_restart(tmp_path: Path) -> None:
    """What was kept is found again by another process with the same file."""
    url = f"sqlite:///{tmp_path}/line.sqlite3"
    async with SqlStore(url) as store:
        await store.put("web", "a", "one", 1.0)
    async with SqlStore(url) as store:
        assert await store.get("web", "a") == "one"


async def test_ids_are_hashed(tmp_path: Path) -> None:
    """No chat id stands in the file."""
    async with SqlStore(f"sqlite:///{tmp_path}/line.sqlite3") as store:
        await store.put("telegram", "987654321", "state", 1.0)
    with sqlite3.connect(tmp_path / "line.sqlite3") as connection:
        rows = connection.execute("select who, state from conversations").fetchall()
    connection.close()

    assert [state for _, state in rows] == ["state"]
    assert "987654321" not in rows[0][0]


async def test_purge(tmp_path: Path) -> None:
    """What nobody touched for the time declared is deleted, the rest stays."""
    async with SqlStore(f"sqlite:///{tmp_path}/line.sqlite3") as store:
        await store.put("web", "old", "x", 0.0)
        await store.put("web", "new", "y", KEEP_DAYS * _DAY + 10.0)

        assert await store.purge(KEEP_DAYS * _DAY + 5.0) == 1
        assert await store.get("web", "old") is None
        assert await store.get("web", "new") == "y"


def test_unknown_database() -> None:
    """Another kind of address is refused with what to write."""
    with pytest.raises(StoreError, match="sqlite:///"):
        SqlStore("oracle://x")


async def test_unwritable_folder() -> None:
    """A database that cannot be opened is an error that names the setting."""
    with pytest.raises(StoreError, match="DATABASE_URL"):
        async with SqlStore("sqlite:////proc/nowhere/line.sqlite3"):
            pass
