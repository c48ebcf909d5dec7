"""Conversations that outlive a restart: a keyed hash of who, a few ids, and when they lapse. Never words."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StoreError

if TYPE_CHECKING:
    from types import TracebackType

KEEP_DAYS = 30
"""Days after the last message until a conversation (by then only a language choice) is deleted."""

_SECONDS_A_DAY = 86_400

_metadata = sa.MetaData()
_conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
_secrets = sa.Table(
    "secrets",
    _metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)


class ConversationStore(Protocol):
    """Where states of conversations are kept, by (channel, sender)."""

    async def get(self, channel: str, sender: str) -> str | None:
        """Return the state, or None when there is none."""

    async def put(self, channel: str, sender: str, state: str, at: float) -> None:
        """Keep a state; `at` is seconds since 1970."""

    async def delete(self, channel: str, sender: str) -> None:
        """Delete what is kept about a sender."""

    async def move(self, channel: str, sender: str, new_sender: str) -> None:
        """Give a sender's state to its new id (Telegram groups change theirs)."""


class MemoryStore:
    """A store for one process and its tests; gone when it ends."""

    def __init__(self) -> None:
        """Start empty."""
        self._states: dict[tuple[str, str], str] = {}

    async def get(self, channel: str, sender: str) -> str | None:
        """Return the state, or None."""
        return self._states.get((channel, sender))

    async def put(self, channel: str, sender: str, state: str, at: float) -> None:  # noqa: ARG002  # nothing lapses here
        """Keep the state."""
        self._states[channel, sender] = state

    async def delete(self, channel: str, sender: str) -> None:
        """Delete the state."""
        self._states.pop((channel, sender), None)

    async def move(self, channel: str, sender: str, new_sender: str) -> None:
        """Give the state to the new id."""
        if (state := self._states.pop((channel, sender), None)) is not None:
            self._states[channel, new_sender] = state


class SqlStore:
    """Conversations in SQLite (write-ahead log, one writer) by way of SQLAlchemy Core."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened before `async with`.

        Raises:
            StoreError: the address is not one of a database we know.

        """
        self._file = _file(url)
        self._engine = _engine(self._file)
        self._key = b""
        self._writing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Open the database, make its tables and read its secret key."""
        try:
            if self._file not in {"", ":memory:"}:
                Path(self._file).parent.mkdir(parents=True, exist_ok=True)
            async with self._engine.begin() as connection:
                await connection.run_sync(_metadata.create_all)
            self._key = await self._secret("who")
        except (SQLAlchemyError, OSError) as error:
            message = f"the database cannot be opened ({type(error).__name__}); check DATABASE_URL and its folder"
            raise StoreError(message) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._engine.dispose()

    async def get(self, channel: str, sender: str) -> str | None:
        """Return the state, or None."""
        query = sa.select(_conversations.c.state).where(_conversations.c.who == self._who(channel, sender))
        async with self._engine.connect() as connection:
            state: str | None = await connection.scalar(query)
            return state

    async def put(self, channel: str, sender: str, state: str, at: float) -> None:
        """Keep the state, in place of an earlier one."""
        who = self._who(channel, sender)
        async with self._writing, self._engine.begin() as connection:
            await connection.execute(sa.delete(_conversations).where(_conversations.c.who == who))
            await connection.execute(sa.insert(_conversations).values(who=who, state=state, at=at))

    async def delete(self, channel: str, sender: str) -> None:
        """Delete the state at once."""
        who = self._who(channel, sender)
        async with self._writing, self._engine.begin() as connection:
            await connection.execute(sa.delete(_conversations).where(_conversations.c.who == who))

    async def move(self, channel: str, sender: str, new_sender: str) -> None:
        """Give the state to the new id; what the new id had is replaced."""
        old, new = self._who(channel, sender), self._who(channel, new_sender)
        async with self._writing, self._engine.begin() as connection:
            await connection.execute(sa.delete(_conversations).where(_conversations.c.who == new))
            await connection.execute(sa.update(_conversations).where(_conversations.c.who == old).values(who=new))

    async def purge(self, now: float) -> int:
        """Delete what nobody has touched for KEEP_DAYS; return how many rows went."""
        old = _conversations.c.at < now - KEEP_DAYS * _SECONDS_A_DAY
        async with self._writing, self._engine.begin() as connection:
            result = await connection.execute(sa.delete(_conversations).where(old))
            return result.rowcount

    def _who(self, channel: str, sender: str) -> str:
        # a keyed hash: whoever finds the table cannot try out chat ids without the key
        return hmac.new(self._key, f"{channel}\0{sender}".encode(), hashlib.sha256).hexdigest()

    async def _secret(self, name: str) -> bytes:
        async with self._engine.begin() as connection:
            found = await connection.scalar(sa.select(_secrets.c.value).where(_secrets.c.name == name))
            if found is None:
                found = secrets.token_hex(32)
                await connection.execute(sa.insert(_secrets).values(name=name, value=found))
            return bytes.fromhex(found)


def _file(url: str) -> str:
    if not url.startswith("sqlite:///"):
        message = "DATABASE_URL must begin with sqlite:/// (three slashes, then the file's path)"
        raise StoreError(message)
    return url.removeprefix("sqlite:///")


def _engine(file: str) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    sa.event.listen(engine.sync_engine, "connect", _prepare)
    return engine


def _prepare(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's connection has no common type
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
