from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.staff.check import Checked, checked
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = "intents/cases/people.yaml"


@pytest.fixture
def seen(tmp_path: Path) -> Checked:
    """Return what the check says of a tree with one mistake and one weakness."""
    intents, content = make_tree(tmp_path)
    swap(tmp_path, PEOPLE, "answer: cases/{case}#now", "answer: cases/{case}#noww")
    swap(tmp_path, "content/en/cases/alice-johnson.md", "She works for others.", "The inmates: 100% home.")
    return checked(intents, content, date(2026, 11, 27))


def test_json_holds_every_finding(seen: Checked) -> None:
    """`check --json` is one object with the place of each finding, what is wrong, and what to write."""
    fields = json.loads(seen.json())

    assert fields["errors"] == seen.errors >= 1
    assert len(fields["findings"]) == len(seen.findings)
    words = next(one for one in fields["findings"] if one["code"] == "word-inmates")
    assert (words["file"], words["level"]) == ("content/en/cases/alice-johnson.md", "warning")
    assert words["line"] > 1
    assert "people in prison" in words["expected"]


def test_annotations_stand_beside_their_lines(seen: Checked) -> None:
    """Each finding is one workflow command with file, line and column; signs of the command's own are escaped."""
    lines = list(seen.annotations())

    assert len(lines) == len(seen.findings) > 1
    assert any(line.startswith(f"::error file={PEOPLE},line=") for line in lines)
    assert all("\n" not in line for line in lines)
    assert not any("100% " in line for line in lines)


def test_the_last_line_sums_up(seen: Checked) -> None:
    """The text ends with how much there is and how much is wrong with it."""
    last = list(seen.text())[-1]

    assert f"{seen.errors} errors" in last
    assert f"{len(seen.findings) - seen.errors} warnings" in last
