from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.understanding.following import Following, leans
from bot.understanding.understand import Understanding
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("and if they say no", True),
        ("y cuanto cuesta", True),
        ("how long does it take", True),
        ("can i vote in ohio", False),
        ("so my brother got out last week and nobody will rent us a place to live in", False),
        ("", False),
    ],
)
def test_few_words_that_point_back_lean(text: str, leaning: bool) -> None:  # noqa: FBT001  # a table of cases
    """A message leans on what was said before when it is short and opens or points so."""
    assert leans(text) is leaning


def test_what_is_near_the_last_question_gains(tmp_path: Path) -> None:
    """After an answer its neighbours gain, other topics gain nothing, and the same question loses."""
    make_tree(tmp_path)
    intents = load(tmp_path / "intents", tmp_path / "content").catalog.intents
    asked = next(intent for intent in intents.values() if intent.next)
    labels = [*intents, "out_of_scope/other"]
    following = Following(labels, intents)

    gains = dict(zip(labels, following.gains(asked.id, together=False), strict=True))

    assert gains[asked.next[0]] > 0
    assert gains[asked.id] < gains[asked.next[0]]
    assert gains["out_of_scope/other"] == 0
    assert following.knows(asked.id)
    assert not following.knows("out_of_scope/other")


def test_a_reading_after_an_answer_is_another(tmp_path: Path) -> None:
    """The intent answered last counts for a message that leans, and one that is gone counts for nothing."""
    make_tree(tmp_path)
    catalog = load(tmp_path / "intents", tmp_path / "content").catalog
    understanding = Understanding(catalog)
    name, *_ = catalog.intents

    alone = understanding.read("and then?")
    after = understanding.read("and then?", after=name)

    assert [one.confidence for one in after.candidates] != [one.confidence for one in alone.candidates]
    assert understanding.read("and then?", after="gone").candidates == alone.candidates
