"""Conversations that outlive a restart: a keyed hash of who, a few ids, and when they lapse. Never words."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from bot.store.batch import Batches
from bot.store.tables import conversations
from bot.store.unit import current

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database

KEEP_DAYS = 30
"""Days after the last message until a conversation (by then only a language choice) is deleted."""

SECONDS_A_DAY = 86_400

States = dict[str, tuple[str, float] | None]


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


class Conversations:
    """Conversations in the database. While an update is worked on, its state waits in the unit (see `unit`)."""

    def __init__(self, database: Database, key: bytes) -> None:
        """Take the database and the key of the hashes."""
        self._database = database
        self._key = key
        self._reads = Batches(self._read)
        self._writes = Batches(self._write)

    async def get(self, channel: str, sender: str) -> str | None:
        """Return the state, or None."""
        who = self.who(channel, sender)
        unit = current.get()
        if unit is not None and who in unit.states:
            held = unit.states[who]
            return held[0] if held else None
        return await self._reads.add(who)

    async def put(self, channel: str, sender: str, state: str, at: float) -> None:
        """Keep the state, in place of an earlier one."""
        who, unit = self.who(channel, sender), current.get()
        if unit is not None:
            unit.states[who] = (state, at)
        else:
            await self._writes.add({who: (state, at)})

    async def delete(self, channel: str, sender: str) -> None:
        """Delete the state at once, whatever becomes of the rest of the unit."""
        who, unit = self.who(channel, sender), current.get()
        if unit is not None:
            unit.states[who] = None
        await self._writes.add({who: None})

    async def move(self, channel: str, sender: str, new_sender: str) -> None:
        """Give the state to the new id; what the new id had is replaced."""
        old, new = self.who(channel, sender), self.who(channel, new_sender)
        unit = current.get()
        if unit is not None and old in unit.states:
            unit.states[new] = unit.states.pop(old)
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(conversations).where(conversations.c.who == new))
            await connection.execute(sa.update(conversations).where(conversations.c.who == old).values(who=new))

    async def purge(self, now: float) -> int:
        """Delete what nobody has touched for KEEP_DAYS; return how many rows went."""
        old = conversations.c.at < now - KEEP_DAYS * SECONDS_A_DAY
        async with self._database.writing() as connection:
            result = await connection.execute(sa.delete(conversations).where(old))
            return result.rowcount

    def who(self, channel: str, sender: str) -> str:
        """Return the keyed hash of a sender: whoever finds the table cannot try out chat ids without the key."""
        return hmac.new(self._key, f"{channel}\0{sender}".encode(errors="replace"), hashlib.sha256).hexdigest()

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await self._reads.settled()
        await self._writes.settled()

    async def _read(self, whos: Sequence[str]) -> Sequence[str | None]:
        query = sa.select(conversations.c.who, conversations.c.state).where(conversations.c.who.in_(set(whos)))
        async with self._database.reading() as connection:
            found: dict[str, str] = {row.who: row.state for row in await connection.execute(query)}
        return [found.get(who) for who in whos]

    async def _write(self, changes: Sequence[States]) -> Sequence[None]:
        async with self._database.writing() as connection:
            await write_states(
                self._database, connection, {who: state for one in changes for who, state in one.items()}
            )
        return [None] * len(changes)


async def write_states(
    database: Database, connection: AsyncConnection, states: Mapping[str, tuple[str, float] | None]
) -> None:
    """Write states in the caller's transaction, in the same order in every process so that none waits in a ring."""
    gone = sorted(who for who, state in states.items() if state is None)
    rows = [{"who": who, "state": one[0], "at": one[1]} for who, one in sorted(states.items()) if one is not None]
    if gone:
        await connection.execute(sa.delete(conversations).where(conversations.c.who.in_(gone)))
    if rows:
        new = database.insert(conversations)
        values = {"state": new.excluded.state, "at": new.excluded.at}
        await connection.execute(new.on_conflict_do_update(index_elements=["who"], set_=values), rows)
