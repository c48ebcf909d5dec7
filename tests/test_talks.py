"""Whole talks over the real content, as readable tables in tests/talks/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.plain import plain
from bot.line import Line, Message, open_line
from bot.understanding.encoding import load_encoder

ROOT = Path(__file__).parent.parent
TALKS = [
    pytest.param(talk["steps"], id=talk["name"])
    for file in sorted((ROOT / "tests" / "talks").glob("*.yaml"))
    for talk in yaml.safe_load(file.read_text(encoding="utf-8"))
]
FIRST_RIGHT = 0.55
"""Share of the held-out tests whose first candidate must be the right intent; the figure itself is in docs/staff.md."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Return the line as it is served, with its encoder."""
    cache = tmp_path_factory.mktemp("cache")
    return open_line(ROOT / "intents", ROOT / "content", encoder=load_encoder(None), cache=cache)[0]


def test_there_are_talks() -> None:
    """The tables were found."""
    assert len(TALKS) > 8


@pytest.mark.parametrize("steps", TALKS)
async def test_talk(line: Line, steps: list[dict[str, Any]], request: pytest.FixtureRequest) -> None:
    """Each step of the talk brings what its row says."""
    for number, step in enumerate(steps, start=1):
        turn = await line.reply(Message("test", request.node.name, str(step["say"])))
        told = f"step {number}: {turn.kind.value} {turn.intents} {dict(turn.slots)} {turn.confidence:.2f} {turn.reason}"
        assert turn.kind.value == step.get("kind", turn.kind.value), told
        assert step.get("intent", "") in ("", *turn.intents), told
        assert turn.slots.get("case") == step.get("case", turn.slots.get("case")), told
        assert turn.language == step.get("language", turn.language), told
        assert step.get("has", "") in plain(turn), told


def test_held_out_phrases_are_understood(line: Line) -> None:
    """Of the phrases that the matcher never learns, most reach their intent first."""
    tests = [(intent.id, test.say) for intent in line.catalog.intents.values() for test in intent.tests]
    first = [(name, line.understanding.read(say).candidates[:1]) for name, say in tests]
    right = sum(bool(best) and best[0].intent == name for name, best in first)

    assert len(tests) > 500
    assert right / len(tests) > FIRST_RIGHT
