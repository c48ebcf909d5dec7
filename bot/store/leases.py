"""What only one process does at a time, such as polling: it holds a lease while it does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.inbox import LEASE_SECONDS
from bot.store.tables import leases

if TYPE_CHECKING:
    from bot.store.database import Database


class Lease:
    """A named lease. Taking it again renews it; whoever stops renewing loses it."""

    def __init__(self, database: Database, name: str) -> None:
        """Take the database and the lease's name."""
        self._database = database
        self._name = name

    async def take(self) -> bool:
        """Take or renew the lease; False if another process holds it."""
        async with self._database.writing() as connection:
            now = await self._database.now(connection)
            row = {"name": self._name, "owner": self._database.owner, "until": now + LEASE_SECONDS}
            new = self._database.insert(leases).values(row)
            mine_or_lapsed = sa.or_(leases.c.owner == self._database.owner, leases.c.until <= now)
            values = {"owner": new.excluded.owner, "until": new.excluded.until}
            wanted = new.on_conflict_do_update(index_elements=["name"], set_=values, where=mine_or_lapsed)
            return await connection.scalar(wanted.returning(leases.c.owner)) is not None

    async def give_back(self) -> None:
        """End the lease, if it is this process's own."""
        mine = sa.and_(leases.c.name == self._name, leases.c.owner == self._database.owner)
        async with self._database.writing() as connection:
            await connection.execute(sa.delete(leases).where(mine))
