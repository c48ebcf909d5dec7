from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.catalog.answers import Answers
from bot.catalog.load import load
from bot.dialog.conversation import Conversation
from bot.dialog.dialog import Dialog
from bot.dialog.turn import Kind
from tests.catalog.trees import make_tree, swap
from tests.dialog.conftest import Talk

if TYPE_CHECKING:
    from pathlib import Path

ALICE, DAWN = "alice-johnson", "dawn-jackson"
PEOPLE, SERVICE = "intents/cases/people.yaml", "intents/service/line.yaml"


@pytest.fixture
def placed(tmp_path: Path) -> Talk:
    """Return a talk in which `pardon` speaks of nobody in particular, and `case-now` of whoever is named."""
    make_tree(tmp_path)
    swap(tmp_path, PEOPLE, "about: {case: alice-johnson}", "when_named: {case: case-now}")
    swap(tmp_path, PEOPLE, "  - id: case-release\n", "  - id: case-release\n    in_general: pardon\n")
    catalog = load(tmp_path / "intents", tmp_path / "content").catalog
    return Talk(Dialog(catalog, Answers(catalog)), Conversation())


def test_a_named_value_leads_to_the_answer_for_it(placed: Talk) -> None:
    """An intent that says nothing of the value named gives way to the one that does, with its share."""
    assert placed.says("a pardon", ("pardon", 0.9)).intents == ("pardon",)

    turn = placed.says("a pardon for dawn", ("pardon", 0.5), ("case-now", 0.4), case=(DAWN,))

    assert turn.intents == ("case-now",)
    assert turn.slots == {"case": DAWN}
    assert turn.confidence == pytest.approx(0.9)


def test_a_value_alone_after_a_general_answer(placed: Talk) -> None:
    """After a general answer a value alone asks the same of that value."""
    assert placed.says("how do people get out", ("case-release", 0.9)).intents == ("pardon",)

    turn = placed.says("dawn", case=(DAWN,), bare=True)

    assert (turn.intents, turn.slots) == (("case-release",), {"case": DAWN})


def test_a_question_back_has_more_than_one_choice(placed: Talk) -> None:
    """Less likely readings are shown beside a single one that is not sure enough; unlikely ones are not."""
    turn = placed.says("alice", ("case-release", 0.45), ("case-now", 0.08), ("privacy", 0.01), case=(ALICE,))

    assert turn.kind is Kind.CLARIFY
    assert turn.intents == ("case-release", "case-now")


def test_a_way_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    """`when_named` with an unknown slot or intent is a finding, and the intent still answers."""
    intents, content = make_tree(tmp_path)
    swap(tmp_path, PEOPLE, "about: {case: alice-johnson}", "when_named: {case: case-nww}")
    loaded = load(intents, content)

    told = [str(finding) for finding in loaded.findings if finding.code == "unknown-intent"]

    assert any("did you mean `case-now`?" in line for line in told)
    assert loaded.catalog.intents["pardon"].when_named == {}
