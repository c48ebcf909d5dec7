"""Keeps the bot's token out of every log line, traceback included."""

from __future__ import annotations

import logging
import re
from typing import Final

_TOKEN: Final = re.compile(r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
_QUOTED: Final = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'")
_LOUD: Final = ("httpx", "httpcore", "telegram", "aiohttp", "aiosqlite", "sqlalchemy", "asyncpg")
_LONGEST: Final = 160


def redact(text: str) -> str:
    """Return the text with every bot token replaced by `<token>`."""
    return _TOKEN.sub("<token>", text)


def describe(error: BaseException) -> str:
    """Return an error's type and its own words, without token and without anything that it quotes."""
    words = _QUOTED.sub("…", redact(str(error)))[:_LONGEST]
    return f"{type(error).__name__}: {words}"


def quiet_loggers() -> None:
    """Raise the loggers that name addresses (and so the token) at INFO to WARNING, and guard every root handler."""
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    for handler in logging.getLogger().handlers:
        if not any(isinstance(present, TokenFilter) for present in handler.filters):
            handler.addFilter(TokenFilter())


class TokenFilter(logging.Filter):
    """Lets every record pass, without tokens. Belongs on handlers: a logger's filter does not see its children."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact message, arguments and traceback of a record in place; return True."""
        record.msg = _clean(record.msg)
        if record.args:
            self._freeze(record)
        self._traceback(record)
        return True

    @staticmethod
    def _freeze(record: logging.LogRecord) -> None:
        """Put the finished text in place of template and arguments when a token would show in it."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit: logging would print them raw to stderr
            text = f"{record.msg} {record.args!r}"
        if _TOKEN.search(text) or _TOKEN.search(repr(record.args)):
            record.msg, record.args = redact(text), None

    @staticmethod
    def _traceback(record: logging.LogRecord) -> None:
        if record.exc_info and not record.exc_text:
            text = logging.Formatter().formatException(record.exc_info)
            if _TOKEN.search(text):
                record.exc_text, record.exc_info = redact(text), None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)


def _clean(value: object) -> object:
    """Redact a message that may be a mapping or list, as structured loggers pass it."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value
