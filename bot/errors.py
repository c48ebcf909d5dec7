"""Everything that can go wrong, as one tree.

    LineError                     anything this project raises on purpose
    ├── SettingsError             a setting has a bad value: name, value, what was expected
    ├── CatalogError              the files of staff cannot be served at all (none could be read)
    ├── PickError                 a button's data is not one of ours (old, cut or made up)
    ├── RequestError              a line of `ask --batch` or a web request is not of the expected form
    ├── UpdateError               an update of Telegram cannot be read, however often it is tried
    └── StoreError                the store cannot be opened or written

Mistakes in single staff files are not exceptions: they are `Finding` values (see `bot.catalog.findings`), because
one broken file must never silence the line.
"""

from __future__ import annotations


class LineError(Exception):
    """Base of all errors raised on purpose; its text is written for the person who reads it."""


class SettingsError(LineError):
    """A setting has a value that cannot be used."""


class CatalogError(LineError):
    """Not one intent with an answer could be read, so there is nothing to serve."""


class PickError(LineError):
    """The data behind a button cannot be read as one of our picks."""


class RequestError(LineError):
    """A request from outside does not have the expected form."""


class UpdateError(LineError):
    """An update of Telegram cannot be read, so that trying again is of no use."""


class StoreError(LineError):
    """The store cannot be opened, read or written."""
