from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.catalog.model import Mark
from bot.dialog.turn import Kind
from bot.errors import RequestError
from bot.line import open_line
from bot.staff.overmatch import (
    RELEASE,
    neighbour_findings,
    outcome_findings,
    phrase_findings,
    read_release,
)
from bot.staff.tried import Outcome, Trial
from bot.understanding.matcher import Neighbours
from bot.understanding.reading import Candidate, Nearest
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.findings import Finding
    from bot.catalog.model import Catalog

PEOPLE = "intents/cases/people.yaml"


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Return the tiny catalog."""
    return open_line(*make_tree(tmp_path))[0].catalog


def _outcome(kind: Kind, *pairs: tuple[str, float], source: str = "test", owner: str | None = "pardon") -> Outcome:
    trial = Trial("was it a pardon", owner, source, "en", Mark(PEOPLE, 7))
    near = (Nearest("where is {case} now", "case-now", 0.8),)
    named = (pairs[0][0],) if pairs else ()
    return Outcome(trial, kind, named, tuple(Candidate(*pair) for pair in pairs), near)


def _one(catalog: Catalog, outcome: Outcome, release: dict[str, dict[str, float]] | None = None) -> list[Finding]:
    return list(outcome_findings([outcome], catalog, release or {}))


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [
        (_outcome(Kind.ANSWER, ("case-now", 0.8), ("pardon", 0.1)), "stolen", "an answer to another question"),
        (_outcome(Kind.ANSWER, ("pardon", 0.5), ("case-now", 0.45)), "near-tie", "0.50 to 0.45"),
        (_outcome(Kind.CLARIFY, ("pardon", 0.4), ("case-now", 0.3)), "asked-back", "tap once more"),
        (_outcome(Kind.CLARIFY, ("case-now", 0.4)), "not-offered", "does not find it"),
        (_outcome(Kind.FALLBACK), "not-found", "does not know, although it does"),
        (_outcome(Kind.CRISIS), "alarm", "taken for somebody in danger"),
        (
            _outcome(Kind.ANSWER, ("case-now", 0.8), source="out-of-scope", owner=None),
            "overmatch",
            "belongs to no intent",
        ),
        (_outcome(Kind.CRISIS, source="near-miss", owner=None), "near-miss-card", "only sounds like a crisis"),
    ],
)
def test_each_way_to_go_wrong_is_told(catalog: Catalog, outcome: Outcome, code: str, words: str) -> None:
    """Each finding stands at its phrase, says what a person meets, and what to write."""
    (found,) = _one(catalog, outcome)

    assert found.code == code
    assert words in found.what
    assert str(found.mark) == f"{PEOPLE}:7:1"
    assert found.write


def test_a_stolen_phrase_names_the_thief(catalog: Catalog) -> None:
    """The example that drew the phrase away is quoted with its own file and line."""
    (found,) = _one(catalog, _outcome(Kind.ANSWER, ("case-now", 0.8)))

    assert "“where is {case} now” (intents/cases/people.yaml:" in found.what


def test_what_is_right_is_not_told(catalog: Catalog) -> None:
    """A clear right answer, silence for what belongs to nobody, and no card for a near-miss give no finding."""
    fine = [
        _outcome(Kind.ANSWER, ("pardon", 0.9), ("case-now", 0.05)),
        _outcome(Kind.FALLBACK, source="out-of-scope", owner=None),
        _outcome(Kind.ANSWER, ("case-now", 0.9), source="near-miss", owner=None),
    ]

    assert list(outcome_findings(fine, catalog, {})) == []


def test_a_loss_since_the_release_is_told(catalog: Catalog) -> None:
    """A test of which the line is much less sure than at the release is told with both figures."""
    outcome = _outcome(Kind.ANSWER, ("pardon", 0.6), ("case-now", 0.1))

    (found,) = _one(catalog, outcome, {"pardon": {"was it a pardon": 0.95}})
    assert found.code == "less-sure"
    assert "0.95, now 0.60" in found.what
    assert _one(catalog, outcome, {"pardon": {"was it a pardon": 0.7}}) == []


def test_an_example_among_strangers_is_told(catalog: Catalog) -> None:
    """An example whose nearest phrases all belong to one other intent is told; one among its own is not."""
    strangers = tuple(Nearest("where is {case} now", "case-now", 0.9) for _ in range(3))
    astray = Neighbours("did alice get a pardon", "pardon", "en", strangers)
    at_home = Neighbours("did alice get a pardon", "pardon", "en", (Nearest("x", "pardon", 0.9), *strangers[:2]))

    (found,) = neighbour_findings([astray, at_home], catalog)
    assert found.code == "example-astray"
    assert found.mark.file == PEOPLE


def test_a_release_is_written_and_read(tmp_path: Path) -> None:
    """How sure the line is of every test is kept with the date, and the next check holds itself against it."""
    intents, content = make_tree(tmp_path)
    line = open_line(intents, content)[0]

    phrase_findings(line, intents, release_on="2026-11-27")

    assert json.loads((intents / RELEASE).read_text(encoding="utf-8"))["date"] == "2026-11-27"
    assert set(read_release(intents / RELEASE)) == {"case-release", "case-now"}


def test_a_damaged_release_is_told(tmp_path: Path) -> None:
    """A release file that cannot be read stops the check with the command that writes it anew."""
    (tmp_path / RELEASE).write_text("{", encoding="utf-8")

    with pytest.raises(RequestError, match="check --phrases --release"):
        read_release(tmp_path / RELEASE)


def test_a_phrase_that_is_drawn_away_is_found(tmp_path: Path) -> None:
    """Through the whole line: a test that another intent's example repeats nearly word for word is stolen or tied."""
    intents, content = make_tree(tmp_path)
    swap(tmp_path, PEOPLE, "        - who freed {case}\n", "        - who freed {case}\n        - alice now please\n")
    found = phrase_findings(open_line(intents, content)[0], intents)

    assert any("alice now" in one.what and one.code in {"stolen", "near-tie", "asked-back"} for one in found)
    assert all(one.mark.file.startswith("intents/") for one in found)
