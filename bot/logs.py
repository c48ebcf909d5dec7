"""Log lines that say what happened, never what was written: for people, or as JSON for machines."""

from __future__ import annotations

import logging
import sys

import structlog

QUIET = ("httpx", "httpcore", "telegram", "aiohttp.access", "asyncio", "aiosqlite", "sqlalchemy")
"""Libraries whose own chatter could carry addresses with the token, or texts: warnings only."""


def set_up_logs(level: str, form: str) -> None:
    """Set up structlog on stderr; `level` is a name of `logging`, `form` is "text" or "json"."""
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s", force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    last: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if form == "json":
        last = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
