"""The durable inbox: what was taken over from Telegram stays here until its answer went out.

A chat with updates that wait has one lane. Whoever holds the lane's lease works on the chat, in the order of its
updates; a lease that is not renewed lapses, and another process goes on. PostgreSQL hands lanes out with FOR UPDATE
SKIP LOCKED; with SQLite every transaction is alone anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.batch import Batches
from bot.store.conversations import SECONDS_A_DAY, write_states
from bot.store.tables import inbox, lanes, seen, set_aside

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.conversations import States
    from bot.store.database import Database

LEASE_SECONDS = 15.0
"""After so long without a sign of life a process counts as gone, and its chats are taken over."""

MOST_AT_ONCE = 500
"""Updates read in one go."""

WAIT_DAYS = 2
"""After so long an answer is of no use; also the time that numbers are kept, since Telegram repeats for one day."""

SET_ASIDE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update on its way in: Telegram's number, the keyed hash of its chat, and the update as JSON."""

    number: int
    chat: str
    content: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that waits for its answer; `tries` have failed already, `at` is when it came (seconds since 1970)."""

    number: int
    content: str
    tries: int
    at: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A chat that this process works on, with its updates in order."""

    chat: str
    updates: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    chat: str
    number: int
    states: States = field(default_factory=dict)
    error: str = ""
    release: bool = False


class Inbox:
    """The inbox of one bot."""

    def __init__(self, database: Database, bot: int) -> None:
        """Take the database and the bot's id: numbers of updates are counted for each bot by itself."""
        self._database = database
        self._bot = bot
        self._arriving = Batches(self._add)
        self._finishing = Batches(self._finish)

    async def add(self, arrivals: Sequence[Arrival]) -> int:
        """Take updates over and return how many were new; when this returns they are on disk.

        Raises:
            StoreError: they could not be written, so they must not be confirmed.

        """
        return await self._arriving.add(arrivals) if arrivals else 0

    async def claim(self, most: int) -> list[Lane]:
        """Lease up to so many chats whose updates are due, those that wait longest first."""
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            due = sa.and_(lanes.c.bot == self._bot, lanes.c.due <= now, lanes.c.until <= now)
            query = sa.select(lanes.c.chat).where(due).order_by(lanes.c.due).limit(most)
            chats = list(await connection.scalars(query.with_for_update(skip_locked=True)))
            if not chats:
                return []
            lease = {"owner": self._database.owner, "until": now + LEASE_SECONDS}
            await connection.execute(sa.update(lanes).where(lanes.c.chat.in_(chats)).values(lease))
            found = await self._waiting(connection, chats)
            await self._free(connection, [chat for chat in chats if not found[chat]])
        return [Lane(chat, tuple(updates)) for chat, updates in found.items() if updates]

    async def done(self, chat: str, number: int, states: States, *, release: bool) -> None:
        """Delete an update that was answered and write what it changed; `release` gives its chat back as well."""
        await self._finishing.add(_Done(chat, number, states, release=release))

    async def put_aside(self, chat: str, number: int, error: str, *, release: bool) -> None:
        """Give an update up: keep its number and the kind of fault, delete what it said."""
        await self._finishing.add(_Done(chat, number, {}, error[:120] or "unknown", release=release))

    async def postpone(self, chat: str, number: int, seconds: float) -> None:
        """Count a failed try and give the chat back, due again after a while."""
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            mine = sa.and_(inbox.c.bot == self._bot, inbox.c.number == number)
            await connection.execute(sa.update(inbox).where(mine).values(tries=inbox.c.tries + 1))
            lease = {"owner": "", "until": 0.0, "due": now + seconds}
            await connection.execute(sa.update(lanes).where(self._held([chat])).values(lease))

    async def release(self, chats: Collection[str]) -> None:
        """Give chats back as they are."""
        async with self._database.writing() as connection:
            await self._free(connection, chats)

    async def renew(self) -> None:
        """Say that this process is alive, so that its chats stay its own."""
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            mine = sa.and_(lanes.c.owner == self._database.owner, lanes.c.until > now)
            await connection.execute(sa.update(lanes).where(mine).values(until=now + LEASE_SECONDS))

    async def depth(self) -> tuple[int, int]:
        """Return how many updates wait, and how many were set aside."""
        async with self._database.reading() as connection:
            counted = [sa.select(sa.func.count()).where(table.c.bot == self._bot) for table in (inbox, set_aside)]
            waiting, aside = [await connection.scalar(query) for query in counted]
            return waiting or 0, aside or 0

    async def purge(self, now: float) -> int:
        """Delete what waited too long, old numbers and old notes of faults; return how many updates were lost so."""
        async with self._database.writing() as connection:
            late = await connection.execute(sa.delete(inbox).where(inbox.c.at < now - WAIT_DAYS * SECONDS_A_DAY))
            await connection.execute(sa.delete(seen).where(seen.c.at < now - WAIT_DAYS * SECONDS_A_DAY))
            await connection.execute(sa.delete(set_aside).where(set_aside.c.at < now - SET_ASIDE_DAYS * SECONDS_A_DAY))
            return late.rowcount

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await self._arriving.settled()
        await self._finishing.settled()

    # ---- one transaction for many

    async def _add(self, batches: Sequence[Sequence[Arrival]]) -> Sequence[int]:
        unique = {one.number: one for batch in batches for one in batch}
        async with self._database.writing(durable=True) as connection:
            now = await self._database.now(connection)
            rows = [{"bot": self._bot, "number": number, "at": now} for number in sorted(unique)]
            fresh_only = self._database.insert(seen).values(rows).on_conflict_do_nothing().returning(seen.c.number)
            fresh = set(await connection.scalars(fresh_only))
            await self._put([one for one in unique.values() if one.number in fresh], connection, now)
        return [sum(one.number in fresh for one in batch) for batch in batches]

    async def _put(self, arrivals: Sequence[Arrival], connection: AsyncConnection, now: float) -> None:
        if not arrivals:
            return
        rows = [
            {"bot": self._bot, "number": one.number, "chat": one.chat, "content": one.content, "tries": 0, "at": now}
            for one in arrivals
        ]
        await connection.execute(sa.insert(inbox), rows)
        free = {"bot": self._bot, "due": now, "owner": "", "until": 0.0}
        chats = [{"chat": chat, **free} for chat in sorted({one.chat for one in arrivals})]
        new = self._database.insert(lanes)
        # changes nothing, but locks the lane: whoever is about to delete it as empty must look again
        await connection.execute(new.on_conflict_do_update(index_elements=["chat"], set_={"bot": self._bot}), chats)

    async def _finish(self, wishes: Sequence[_Done]) -> Sequence[None]:
        states = {who: state for wish in wishes for who, state in wish.states.items()}
        faults = [wish for wish in wishes if wish.error]
        async with self._database.writing() as connection:
            await write_states(self._database, connection, states)
            numbers = sorted(wish.number for wish in wishes)
            await connection.execute(sa.delete(inbox).where(inbox.c.bot == self._bot, inbox.c.number.in_(numbers)))
            if faults:
                now = await self._database.now(connection)
                rows = [{"bot": self._bot, "number": one.number, "error": one.error, "at": now} for one in faults]
                await connection.execute(self._database.insert(set_aside).on_conflict_do_nothing(), rows)
            await self._free(connection, [wish.chat for wish in wishes if wish.release])
        return [None] * len(wishes)

    async def _waiting(self, connection: AsyncConnection, chats: Sequence[str]) -> dict[str, list[Waiting]]:
        found: dict[str, list[Waiting]] = {chat: [] for chat in chats}
        columns = (inbox.c.chat, inbox.c.number, inbox.c.content, inbox.c.tries, inbox.c.at)
        mine = sa.and_(inbox.c.bot == self._bot, inbox.c.chat.in_(chats))
        query = sa.select(*columns).where(mine).order_by(inbox.c.number).limit(MOST_AT_ONCE)
        for row in await connection.execute(query):
            found[row.chat].append(Waiting(row.number, row.content, row.tries, row.at))
        return found

    async def _free(self, connection: AsyncConnection, chats: Collection[str]) -> None:
        """End leases; a lane without updates goes."""
        if not chats:
            return
        held = self._held(chats)
        if not self._database.address.embedded:  # a statement after the lock sees what was added before it
            await connection.execute(sa.select(lanes.c.chat).where(held).order_by(lanes.c.chat).with_for_update())
        empty = ~sa.exists().where(inbox.c.chat == lanes.c.chat)
        gone = await connection.execute(sa.delete(lanes).where(held, empty))
        if gone.rowcount < len(set(chats)):
            await connection.execute(sa.update(lanes).where(held).values(owner="", until=0.0))

    def _held(self, chats: Collection[str]) -> sa.ColumnElement[bool]:
        """Select those chats whose lease is still this process's own."""
        return sa.and_(lanes.c.chat.in_(sorted(chats)), lanes.c.owner == self._database.owner)
