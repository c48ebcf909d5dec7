from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.catalog.load import load
from bot.errors import RequestError
from bot.line import Line
from bot.staff.batch import Unreadable, answer_all, read_question
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {"id", "kind", "intents", "slots", "confidence", "language", "reply", "options", "option_answers", "ms"}


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """Return a line over the tiny catalog."""
    return Line(load(*make_tree(tmp_path)).catalog)


def _records(line: Line, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    replies = list(answer_all(line, [json.dumps(question) for question in questions]))
    assert all(isinstance(reply, dict) for reply in replies)
    return [reply for reply in replies if isinstance(reply, dict)]


def test_fields(line: Line) -> None:
    """A reply has every field that was promised, and the answers behind its options."""
    [record] = _records(line, {"id": 7, "text": "how did alice get out"})

    assert set(record) == FIELDS
    assert (record["id"], record["kind"], record["intents"]) == (7, "answer", ["case-release"])
    assert record["slots"] == {"case": "alice-johnson"}
    assert 0 < record["confidence"] <= 1
    assert "Source: NPR" in record["reply"]
    assert len(record["options"]) == len(record["option_answers"]) > 1
    assert record["option_answers"][0].startswith("1. First the letter.")


def test_conversations_and_fresh_lines(line: Line) -> None:
    """Lines of one conversation lean on each other, lines without one do not, and the order is kept."""
    records = _records(
        line,
        {"id": "a1", "conversation": "a", "turn": 1, "text": "how did alice get out"},
        {"id": "x", "text": "where is she now"},
        {"id": "a2", "conversation": "a", "turn": 2, "text": "where is she now"},
        {"id": "b1", "conversation": "b", "text": "where is she now"},
    )

    assert [record["id"] for record in records] == ["a1", "x", "a2", "b1"]
    assert [record["kind"] for record in records] == ["answer", "clarify", "answer", "clarify"]
    assert records[0]["turn"] == 1
    assert "turn" not in records[1]


def test_language(line: Line) -> None:
    """A language that is given is the person's choice."""
    [record] = _records(line, {"id": 1, "text": "how did alice get out", "language": "es"})

    assert record["language"] == "es"
    assert record["reply"].startswith("Salió")


def test_bad_lines_are_named_and_the_rest_is_answered(line: Line) -> None:
    """A line that cannot be read is reported with its number; blank lines are passed over."""
    lines = ['{"id": 1, "text": "menu"}', "", "{broken", '{"id": 3}', "[1]", '{"id": 4, "text": "menu"}']
    replies = list(answer_all(line, lines))

    assert [reply.number for reply in replies if isinstance(reply, Unreadable)] == [3, 4, 5]
    assert [reply["id"] for reply in replies if isinstance(reply, dict)] == [1, 4]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "not JSON"),
        ('{"text": 5}', 'no "text"'),
        ('{"text": "x", "language": "fr"}', "expected one of en, es"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    """Each kind of bad line says what to write instead."""
    with pytest.raises(RequestError, match=said):
        read_question(text, ("en", "es"))
