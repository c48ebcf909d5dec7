"""The whole store, opened once: conversations, inbox, counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

from bot.errors import StoreError
from bot.store.conversations import Conversations
from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.store.leases import Lease
from bot.store.tables import leases
from bot.store.tallies import Tallies

if TYPE_CHECKING:
    from types import TracebackType


class Store:
    """What must outlive a restart; for use as `async with Store(url) as store`."""

    conversations: Conversations
    tallies: Tallies

    def __init__(self, url: str) -> None:
        """Take DATABASE_URL.

        Raises:
            StoreError: it is not of a database we know.

        """
        self.database = Database(url)
        self._inboxes: list[Inbox] = []

    async def __aenter__(self) -> Self:
        """Open the database and bring its schema up to date.

        Raises:
            StoreError: it cannot be opened.

        """
        await self.database.__aenter__()
        self.conversations = Conversations(self.database, await self.database.secret("who"))
        self.tallies = Tallies(self.database)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish what is being written and close."""
        await self.conversations.settled()
        await self.tallies.settled()
        for inbox in self._inboxes:
            await inbox.settled()
        await self.database.__aexit__(kind, error, trace)

    def inbox(self, bot: int) -> Inbox:
        """Return the inbox of a bot."""
        opened = Inbox(self.database, bot)
        self._inboxes.append(opened)
        return opened

    def lease(self, name: str) -> Lease:
        """Return a lease by its name."""
        return Lease(self.database, name)

    async def writable(self) -> bool:
        """Say whether something can be written, by writing it."""
        row = {"name": "writable", "owner": self.database.owner, "until": time.time()}
        new = self.database.insert(leases).values(row)
        values = {"owner": new.excluded.owner, "until": new.excluded.until}
        try:
            async with self.database.writing() as connection:
                await connection.execute(new.on_conflict_do_update(index_elements=["name"], set_=values))
        except StoreError:
            return False
        return True

    async def purge(self, now: float) -> dict[str, int]:
        """Delete everything whose time is over; return how much of what, where there was any."""
        gone = {"conversations": await self.conversations.purge(now), "gaps": await self.tallies.purge(now)}
        for one in self._inboxes:
            gone["updates too late to answer"] = await one.purge(now)
        await self.database.tidy()
        return {name: count for name, count in gone.items() if count}

    async def tables(self) -> list[str]:
        """Return the names of the tables that the database has."""
        async with self.database.reading() as connection:
            return await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
