"""The database behind the store: SQLite in a file (write-ahead log, one writer) or PostgreSQL."""

from __future__ import annotations

import asyncio
import fcntl
import secrets as random
import time
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.errors import StoreError
from bot.store.address import Address, read_address
from bot.store.migrate import bring_up_to_date
from bot.store.tables import lanes, leases, secrets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import TracebackType

CONNECTIONS = 5
"""Connections of one process to PostgreSQL; small hosts allow twenty in all."""

PRAGMAS = ("journal_mode=WAL", "busy_timeout=10000", "secure_delete=ON")


_READING = "line_reading"


class Database:
    """One open database; `async with` opens it, brings its schema up to date, and closes it."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened yet.

        Raises:
            StoreError: the address is not one of a database we know.

        """
        self.address = read_address(url)
        self.owner = random.token_hex(8)
        """The name of this process where leases are held."""
        self._engine = _engine(self.address, "NORMAL")
        self._durable = _engine(self.address, "FULL") if self.address.file else self._engine
        self._writing = asyncio.Lock()
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Open the database and bring it up to date.

        Raises:
            StoreError: it cannot be opened.

        """
        try:
            alone = self._alone() if self.address.file else False
            async with self.writing() as connection:
                await connection.run_sync(bring_up_to_date)
                if alone:  # whoever held a lease here is gone: nobody needs to wait until it lapses
                    await connection.execute(sa.update(lanes).values(until=0.0))
                    await connection.execute(sa.delete(leases))
        except (StoreError, OSError) as error:
            await self._close()
            kind = error if isinstance(error, StoreError) else type(error).__name__
            message = f"the database cannot be opened ({kind}); check DATABASE_URL and its folder"
            raise StoreError(message) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        await self._close()

    @asynccontextmanager
    async def writing(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """Give a connection in a transaction; with SQLite one at a time.

        What is `durable` survives a power cut as soon as the transaction has ended; the rest of SQLite's writing
        survives that of the process, and costs no wait for the disk.

        Raises:
            StoreError: the database refused or could not be reached; its words, which quote values, are left out.

        """
        async with AsyncExitStack() as stack:
            stack.enter_context(_plain_errors())
            if self.address.embedded:
                await stack.enter_async_context(self._writing)
            yield await stack.enter_async_context((self._durable if durable else self._engine).begin())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for looking things up.

        Raises:
            StoreError: as when writing.

        """
        async with AsyncExitStack() as stack:
            stack.enter_context(_plain_errors())
            if self.address.file == "":
                await stack.enter_async_context(self._writing)  # in memory there is one connection for all
            yield await stack.enter_async_context(self._engine.execution_options(**{_READING: True}).connect())

    async def now(self, connection: AsyncConnection) -> float:
        """Return the time that leases go by, in seconds since 1970: the database's, since hosts' clocks differ."""
        if self.address.embedded:
            return time.time()
        return float(await connection.scalar(sa.select(sa.extract("epoch", sa.func.clock_timestamp()))))  # type: ignore[arg-type]  # never NULL

    async def secret(self, name: str) -> bytes:
        """Return a key that all processes share; it is made at the first need."""
        async with self.writing() as connection:
            fresh = {"name": name, "value": random.token_hex(32)}
            await connection.execute(self.insert(secrets).values(fresh).on_conflict_do_nothing())
            found = await connection.scalar(sa.select(secrets.c.value).where(secrets.c.name == name))
        return bytes.fromhex(str(found))

    async def tidy(self) -> None:
        """Empty SQLite's write-ahead log, in which deleted words would otherwise stay until it is written over."""
        if self.address.file:
            async with self.reading() as connection:
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def insert(self, table: sa.Table) -> Any:  # noqa: ANN401  # two classes without a common base, the same methods
        """Return an INSERT that knows ON CONFLICT, in this database's dialect."""
        return getattr(sa.dialects, self._engine.dialect.name).insert(table)

    def _alone(self) -> bool:
        """Take the file's lock and say whether nobody else had it; the lock ends when the process does."""
        file = Path(self.address.file or "")
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = self._open.enter_context(Path(f"{file}.lock").open("w"))  # noqa: SIM115  # it stays open until the end
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_SH)
            return False
        fcntl.flock(lock, fcntl.LOCK_SH)
        return True

    async def _close(self) -> None:
        await self._durable.dispose()
        await self._engine.dispose()
        await self._open.aclose()


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        cause = getattr(error, "orig", None)
        kind = type(error).__name__ if cause is None else f"{type(error).__name__}, {type(cause).__name__}"
        raise StoreError(kind) from None


def _engine(address: Address, synchronous: str) -> AsyncEngine:
    if not address.embedded:
        return create_async_engine(
            address.url, pool_size=CONNECTIONS, max_overflow=0, pool_pre_ping=True, hide_parameters=True
        )
    engine = create_async_engine(
        address.url, hide_parameters=True, **({"poolclass": StaticPool} if not address.file else {})
    )
    sa.event.listen(engine.sync_engine, "connect", partial(_prepare, synchronous))
    sa.event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(synchronous: str, connection: Any, _record: object) -> None:  # noqa: ANN401  # no common type
    connection.isolation_level = None  # the driver would begin transactions late, and leave tables out of them
    cursor = connection.cursor()
    for pragma in (*PRAGMAS, f"synchronous={synchronous}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    if not connection.get_execution_options().get(_READING):
        # what begins by reading and goes on to write fails at once when another process wrote in between
        connection.exec_driver_sql("BEGIN IMMEDIATE")
