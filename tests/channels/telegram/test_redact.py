from __future__ import annotations

import io
import logging

import pytest

from bot.channels.telegram.redact import TokenFilter, describe, quiet_loggers, redact
from bot.inbox.faults import locate
from tests.fake_telegram.server import TOKEN


def logged(log_it: object, *args: object, **options: bool) -> str:
    """Return what a handler with the filter writes for one log call."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(TokenFilter())
    logger = logging.getLogger("redact.test")
    logger.propagate = False
    logger.handlers[:] = [handler]
    logger.error(log_it, *args, **options)  # type: ignore[arg-type]  # exc_info only
    return stream.getvalue()


def test_no_token_reaches_the_log() -> None:
    """In a message, its arguments, a mapping, an address or a traceback: the token is never written."""
    url = f"https://api.telegram.org/bot{TOKEN}/getMe"
    try:
        int(url)
    except ValueError:
        traced = logged("failed", exc_info=True)
    quoted = url.replace(":AA", "%3AAA")
    texts = [
        logged(url),
        logged("HTTP %s", url),
        logged({"url": [url]}),
        logged("%s %d", url, "x"),
        logged(quoted),
        traced,
    ]
    assert all("fake-token" not in text for text in texts)
    assert all("<token>" in text for text in texts)
    assert "ValueError" in traced


def test_other_records_pass_unchanged() -> None:
    """Numbers and names that only look a little like a token are left as they are."""
    assert logged("%d messages, 12:34:56", 3) == "3 messages, 12:34:56\n"
    assert redact("123456:short") == "123456:short"


def test_errors_are_told_without_what_they_quote() -> None:
    """An error's own words are enough to act on; what it quotes could be a person's."""
    assert describe(ValueError("bad 'my secret' in \"my letter\" at 3, can't")) == "ValueError: bad … in … at 3, can't"
    with pytest.raises(ValueError, match="secret") as caught:
        int("my secret")
    assert locate(caught.value).startswith("ValueError at test_redact.py:")
    assert locate(None) == "NoneType at ?"


def test_libraries_that_name_addresses_are_quiet() -> None:
    """Httpx would log every address, token included, at INFO; every root handler has the filter, once."""
    handler = logging.NullHandler()
    logging.getLogger().addHandler(handler)
    try:
        quiet_loggers()
        quiet_loggers()
    finally:
        logging.getLogger().removeHandler(handler)
    assert not any(logging.getLogger(name).isEnabledFor(logging.INFO) for name in ("httpx", "httpcore", "telegram.ext"))
    assert len(handler.filters) == 1
