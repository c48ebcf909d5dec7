"""Log lines that say what happened, never what was written: for people, or as JSON for machines."""

from __future__ import annotations

import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from bot.sentry import report

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

QUIET = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "aiosqlite", "sqlalchemy", "alembic", "urllib3")
"""Libraries whose own chatter could carry addresses with the token, or texts: warnings only."""

MUTE = ("aiohttp.access", "aiohttp.server", "aiohttp.web", "sentry_sdk.errors")
"""Loggers that quote what a browser sent: they say nothing below critical. Faults in our handlers are logged by us."""

_TOKEN: Final = re.compile(r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")


def set_up_logs(level: str, form: str) -> None:
    """Set up structlog and every library's logging on stderr.

    `level` is a name of `logging`, `form` is "text" or "json": then every line is one JSON object.
    """
    last: Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if form == "json":
        last = structlog.processors.JSONRenderer()
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    _set_up_libraries(level, [*before, without_words, without_tokens, last])
    structlog.configure(
        processors=[*before, report, without_tokens, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


def _to_stderr(*_arguments: object) -> structlog.PrintLogger:
    """Return a logger to what stderr is now: one that was bound to a stream closed since would raise at every line."""
    return structlog.PrintLogger(sys.stderr)


def _set_up_libraries(level: str, processors: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *processors],
        foreign_pre_chain=[structlog.stdlib.add_logger_name],
    )
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in MUTE:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Put kind and place in place of a library's traceback, which could quote a message or an address."""
    found = event.pop("exc_info", None)
    event.pop("exc_text", None)
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "?"
        event["error"] = f"{type(error).__name__} at {place}"
    return event


def without_tokens(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Put `<token>` in place of every bot token."""
    return {name: _TOKEN.sub("<token>", value) if isinstance(value, str) else value for name, value in event.items()}
