from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import sentry_sdk
import structlog

from bot.logs import set_up_logs
from bot.sentry import set_up_sentry

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "123456789:" + "A" * 35


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _broken(words: str) -> None:
    raise ValueError(words)


def test_every_line_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Our lines and those of libraries are one JSON object each, with level and time; a traceback gives its place."""
    set_up_logs("INFO", "json")
    structlog.get_logger("bot").info("the line is ready", intents=3)
    try:
        _broken("my secret words")
    except ValueError:
        logging.getLogger("some.library").exception("it broke")
    ours, theirs = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (ours["event"], ours["intents"], ours["level"]) == ("the line is ready", 3, "info")
    assert theirs["error"].startswith("ValueError at test_logs.py:")
    assert "secret" not in str(theirs)
    assert ours["timestamp"] <= theirs["timestamp"]


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_token_in_any_line(capsys: pytest.CaptureFixture[str], form: str) -> None:
    """A token in a library's line or in ours is put out of sight; chatter that names addresses is not shown at all."""
    set_up_logs("DEBUG", form)
    structlog.get_logger("bot").warning("odd", url=f"https://x/bot{TOKEN}/getMe")
    logging.getLogger("elsewhere").warning("POST https://x/bot%s/getMe", TOKEN)
    logging.getLogger("httpx").info("POST https://x/bot%s/getMe", TOKEN)
    logging.getLogger("aiohttp.server").error("Error handling request: marker")
    said = capsys.readouterr().err
    assert said.count("<token>") == 2
    assert "AAAA" not in said
    assert "marker" not in said


def test_sentry_hears_kind_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    """A report has what happened, kind and place; no words, ids, local variables, host name or breadcrumbs."""
    sent: list[Any] = []

    class Kept(sentry_sdk.transport.Transport):
        def capture_envelope(self, envelope: Any) -> None:  # noqa: ANN401  # Sentry's own type
            sent.append(envelope)

    set_up_sentry("https://key@sentry.example/1", transport=Kept)
    set_up_logs("INFO", "json")
    log = structlog.get_logger("bot")
    log.info("nothing to report")
    log.error("an update was set aside", error="KeyError at x.py:1", text="my secret words", number=4242424242)
    sentry_sdk.get_client().close()
    sentry_sdk.init()
    (envelope,) = sent
    report = envelope.get_event()
    assert report["extra"] == {"error": "KeyError at x.py:1"}
    assert "an update was set aside" in str(report)
    assert not any(hidden in str(report) for hidden in ("secret", "4242424242"))
    assert not {"breadcrumbs", "server_name", "user", "contexts", "modules"} & set(report)
    assert "secret" in capsys.readouterr().err  # what a line is given it shows: nothing in the line gives it words
