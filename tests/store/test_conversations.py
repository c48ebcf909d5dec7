from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.store.address import read_address
from bot.store.conversations import KEEP_DAYS, ConversationStore, MemoryStore
from bot.store.store import Store
from bot.store.tables import conversations
from bot.store.unit import Unit, current

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


async def test_sql_store(store: Store) -> None:
    """The store in a database keeps, moves and deletes."""
    await _works(store.conversations)


async def test_outlives_a_restart(url: str) -> None:
    """What was kept is found again by another process with the same database."""
    async with Store(url) as store:
        await store.conversations.put("web", "a", "one", 1.0)
    async with Store(url) as store:
        assert await store.conversations.get("web", "a") == "one"


async def test_ids_are_hashed(store: Store) -> None:
    """No chat id stands in the table."""
    await store.conversations.put("telegram", "987654321", "state", 1.0)
    async with store.database.reading() as connection:
        ((who, state, _),) = await connection.execute(sa.select(conversations))
    assert state == "state"
    assert "987654321" not in who


async def test_purge(store: Store) -> None:
    """What nobody touched for the time declared is deleted, the rest stays."""
    await store.conversations.put("web", "old", "x", 0.0)
    await store.conversations.put("web", "new", "y", KEEP_DAYS * _DAY + 10.0)

    assert await store.purge(KEEP_DAYS * _DAY + 5.0) == {"conversations": 1}
    assert await store.conversations.get("web", "old") is None
    assert await store.conversations.get("web", "new") == "y"


async def test_a_unit_is_held_back(store: Store) -> None:
    """While an update is worked on, its talk is seen by nobody else; only forgetting takes effect at once."""
    talks = store.conversations
    await talks.put("telegram", "a", "before", 1.0)
    unit = Unit()
    token = current.set(unit)
    await talks.put("telegram", "a", "after", 2.0)
    assert await talks.get("telegram", "a") == "after"
    current.reset(token)
    assert await talks.get("telegram", "a") == "before"

    token = current.set(unit)
    await talks.delete("telegram", "a")
    assert await talks.get("telegram", "a") is None
    current.reset(token)
    assert await talks.get("telegram", "a") is None


@pytest.mark.parametrize("address", ["oracle://x", "mysql://a:secret@b/c", "sqlite:x", "nonsense secret"])
def test_unknown_database(address: str) -> None:
    """Another kind of address is refused with what to write, and without the password in it."""
    with pytest.raises(StoreError, match="sqlite:///") as caught:
        Store(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_addresses_of_hosts(scheme: str) -> None:
    """Both spellings of PostgreSQL are taken, and libpq's word for TLS; what asyncpg does not know is left out."""
    read = read_address(f"{scheme}://ana:p%40ss@db.example:5433/line?sslmode=require&channel_binding=require")
    shown = read.url.render_as_string(hide_password=False)
    assert shown == "postgresql+asyncpg://ana:p%40ss@db.example:5433/line?ssl=require"
    assert not read.embedded


@pytest.mark.parametrize("address", ["sqlite:////proc/nowhere/line.sqlite3", "postgres://a:secret@127.0.0.1:1/x"])
async def test_a_database_that_is_not_there(address: str) -> None:
    """A database that cannot be opened is an error that names the setting and no password."""
    with pytest.raises(StoreError, match="DATABASE_URL") as caught:
        async with Store(address):
            pass
    assert "secret" not in str(caught.value)
