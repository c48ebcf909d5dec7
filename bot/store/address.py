"""DATABASE_URL, as hosts hand it out, as the address of a driver."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError

_POSTGRES = {"postgres", "postgresql", "postgresql+asyncpg"}
_EXPECTED = "DATABASE_URL must begin with sqlite:/// (three slashes, then the file's path) or postgresql://"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: `file` is the SQLite file, empty in memory, or None for PostgreSQL."""

    url: URL
    file: str | None

    @property
    def embedded(self) -> bool:
        """Say whether the database is a file of this machine."""
        return self.file is not None


def read_address(text: str) -> Address:
    """Return the address behind DATABASE_URL.

    Raises:
        StoreError: it is not one of a database we know; its text is not quoted, since it may hold a password.

    """
    if text.startswith("sqlite:///"):
        file = text.removeprefix("sqlite:///")
        file = "" if file == ":memory:" else file
        return Address(URL.create("sqlite+aiosqlite", database=file or None), file)
    try:
        url = make_url(text)
    except ArgumentError:
        raise StoreError(_EXPECTED) from None
    if url.drivername not in _POSTGRES:
        raise StoreError(_EXPECTED)
    # hosts write libpq's words; asyncpg takes the same values under its own name, and nothing else of them
    mode = url.query.get("sslmode") or url.query.get("ssl")
    query = {"ssl": mode} if mode else {}
    return Address(url.set(drivername="postgresql+asyncpg", query=query), None)
