"""Bringing a database to today's schema, whatever it was before: empty, of an earlier release, or of today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0003"
"""The newest migration; a test keeps this true. Alembic is loaded only where there is something to do."""

_LOCK = 7_305_811
"""Any number that is the same in every process: PostgreSQL's lock for those that start at the same time."""


def bring_up_to_date(connection: sa.Connection) -> bool:
    """Run the migrations that are missing, in the caller's transaction; say whether there were any.

    A database from before the migrations, which has conversations and no history, is taken over as it is.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    tables = sa.inspect(connection).get_table_names()
    if "alembic_version" in tables:
        if connection.scalar(sa.text("select version_num from alembic_version")) == HEAD:
            return False
    elif "conversations" in tables:
        _run("stamp", "0001", connection)
    _run("upgrade", "head", connection)
    return True


def configured(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration for the migrations beside this file."""
    from alembic.config import Config  # noqa: PLC0415  # a third of a second that most starts do not need

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _run(command: str, revision: str, connection: sa.Connection) -> None:
    from alembic import command as alembic  # noqa: PLC0415  # as above

    getattr(alembic, command)(configured(connection), revision)
