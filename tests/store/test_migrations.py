from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.database import Database
from bot.store.migrate import HEAD, bring_up_to_date, configured
from bot.store.store import Store
from bot.store.tables import metadata

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

OLD = (
    "create table conversations (who varchar(64) not null, state text not null, at float not null, primary key (who))",
    "create index ix_conversations_at on conversations (at)",
    "create table secrets (name varchar(32) not null, value varchar(64) not null, primary key (name))",
    "insert into secrets values ('who', 'aa')",
    "insert into conversations values ('w', 's', 1.5)",
)
"""A database as the first releases made it."""


def _shape(connection: sa.Connection) -> dict[str, object]:
    """Return all that tells schemas apart."""
    looked = sa.inspect(connection)
    return {
        table: (
            [(one["name"], str(one["type"]), one["nullable"], one["default"]) for one in looked.get_columns(table)],
            looked.get_pk_constraint(table)["constrained_columns"],
            sorted((str(one["name"]), str(one["column_names"])) for one in looked.get_indexes(table)),
        )
        for table in sorted(looked.get_table_names())
        if table != "alembic_version"
    }


async def test_migrated_and_fresh_are_equal(empty: str) -> None:
    """The migrations make exactly the tables that the code declares, seen by Alembic and by the database itself."""
    async with Store(empty) as store, store.database.writing() as connection:
        context = await connection.run_sync(MigrationContext.configure)
        assert await connection.run_sync(lambda _: compare_metadata(context, metadata)) == []
        migrated = await connection.run_sync(_shape)
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        assert await connection.run_sync(_shape) == migrated
    assert len(migrated) == len(metadata.tables)


async def test_a_database_of_the_first_releases_is_taken_over(empty: str) -> None:
    """A database made before there were migrations keeps every row and gets today's schema."""
    database = Database(empty)
    engine: AsyncEngine = database._engine
    if database.address.file:
        Path(database.address.file).parent.mkdir(parents=True)
    async with engine.begin() as connection:
        for statement in OLD:
            await connection.execute(sa.text(statement))
    await engine.dispose()

    async with Store(empty) as store:
        assert await store.database.secret("who") == b"\xaa"
        async with store.database.writing() as connection:
            assert list(await connection.execute(sa.text("select who, state, at from conversations"))) == [
                ("w", "s", 1.5)
            ]
            context = await connection.run_sync(MigrationContext.configure)
            assert await connection.run_sync(lambda _: compare_metadata(context, metadata)) == []


async def test_a_second_start_changes_nothing(empty: str) -> None:
    """A database that is up to date is left alone."""
    async with Store(empty):
        pass
    async with Store(empty) as store, store.database.writing() as connection:
        assert await connection.run_sync(bring_up_to_date) is False


def test_the_newest_migration_is_known() -> None:
    """HEAD names the newest migration, and the history is one line."""
    script = ScriptDirectory.from_config(configured())
    assert script.get_heads() == [HEAD]
