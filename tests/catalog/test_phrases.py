import pickle
from pathlib import Path

from bot.catalog.load import load
from bot.catalog.model import Mark, Phrase
from bot.catalog.phrases import Phrases, said
from tests.catalog.trees import make_tree

GIVEN = tuple(Phrase(f"phrase {n}", "en" if n % 2 else "es", Mark("intents/a.yaml", n + 1, 9)) for n in range(5))


def test_columns_are_the_phrases_that_were_given() -> None:
    """Nothing is lost: each phrase with its language and its place, one by one, some, and all of them."""
    phrases = Phrases.of(GIVEN)

    assert len(phrases) == 5
    assert tuple(phrases) == GIVEN
    assert (phrases[2], phrases[-1], phrases[1:4:2]) == (GIVEN[2], GIVEN[-1], GIVEN[1:4:2])
    assert [*said(phrases)] == [*said(GIVEN)] == [(one.language, one.text) for one in GIVEN]


def test_equal_phrases_are_equal() -> None:
    """They compare as tuples do, with tuples too, and come back from a file the same."""
    phrases = Phrases.of(GIVEN)

    assert phrases == Phrases.of(GIVEN) == GIVEN
    assert hash(phrases) == hash(Phrases.of(GIVEN)) == hash(GIVEN)
    assert phrases != Phrases.of(GIVEN[1:])
    assert phrases != GIVEN[0]
    assert pickle.loads(pickle.dumps(phrases)) == phrases  # noqa: S301  # what was just written
    assert tuple(Phrases.of(())) == ()


def test_a_catalog_holds_its_phrases_as_columns(tmp_path: Path) -> None:
    """What is loaded knows where each example stands, as the finding about it will say."""
    examples = load(*make_tree(tmp_path)).catalog.intents["case-release"].examples

    assert isinstance(examples, Phrases)
    assert str(examples[0].mark) == "intents/cases/people.yaml:11:11"
