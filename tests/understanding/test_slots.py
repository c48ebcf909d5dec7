from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.examples import finder_of, said_in, vocabulary
from bot.understanding.normalise import normalise
from bot.understanding.slots import marked, marker, slips_allowed

if TYPE_CHECKING:
    from bot.catalog.model import Catalog
    from bot.understanding.slots import SlotFinder

FOUND = [
    ("how did dawn get out", ["dawn-jackson"]),
    ("how did dawn jackson get out", ["dawn-jackson"]),
    ("Dawn's lawyer", ["dawn-jackson"]),
    ("alices lawyer", ["alice-johnson"]),
    ("alice jonhson", ["alice-johnson"]),
    ("is momollu free", ["momolu-stewart"]),
    ("la señora johnson", ["alice-johnson"]),
    ("tell me about la de nueva jersey", ["dawn-jackson"]),
    ("the new jersey lady", ["dawn-jackson"]),
    ("dawn and alice", ["dawn-jackson", "alice-johnson"]),
    ("i live in new jersey", ["NJ"]),
    ("vote in ohoi", []),
    ("vote in pensylvania", ["PA"]),
    ("vivo en oregon", ["OR"]),
    ("advice about a slice", []),
    ("i moved jersy", ["NJ"]),
]

ABBREVIATED = [
    ("can i vote in OR", ["OR"]),
    ("can i vote in or", ["OR"]),
    ("in or out of prison", []),
    ("come in", []),
    ("vote in nj please", ["NJ"]),
    ("portland, or", ["OR"]),
    ("parole or probation", []),
    ("vivo en PA", ["PA"]),
    ("voting PA", ["PA"]),
    ("how do i get my ID", []),
    ("nj", ["NJ"]),
    ("or", []),
    ("OR", ["OR"]),
    ("PAROLE OR PROBATION", []),
    ("OH no", []),
    ("parole OR probation", []),
    ("he is IN prison", []),
    ("what about nj", ["NJ"]),
    ("NJ and NJ", ["NJ", "NJ"]),
    ("ms johnson in NJ", ["alice-johnson", "NJ"]),
]


@pytest.fixture(scope="module")
def finder(catalog: Catalog) -> SlotFinder:
    """The finder of the fixture's names and states."""
    return finder_of(catalog, vocabulary(said_in(catalog)))


def test_markers_are_single_words() -> None:
    """A slot's marker is one word that no one types."""
    assert marker("case") == "xcasex"
    assert marker("my-state_2").isalnum()


@pytest.mark.parametrize(("text", "values"), [*FOUND, *ABBREVIATED])
def test_table(finder: SlotFinder, text: str, values: list[str]) -> None:
    """Names are found in either language, misspelt, possessive or short, and words are left alone."""
    assert [hit.value for hit in finder.find(normalise(text))] == values


def test_the_longest_name_wins(finder: SlotFinder) -> None:
    """A name that holds another one is read whole."""
    normal = normalise("so dawn jackson, is she home")
    (hit,) = finder.find(normal)
    assert normal.text[hit.start : hit.end] == "dawn jackson"
    assert marked(normal, [hit]) == "so xcasex is she home"


def test_only_slots_that_are_needed_are_marked(finder: SlotFinder) -> None:
    """A value of a slot that no intent needs stays a word, for it may tell intents apart."""
    normal = normalise("dawn in new jersey")
    hits = finder.find(normal)
    assert marked(normal, hits) == "xcasex in xstatex"
    assert marked(normal, hits, frozenset({"case"})) == "xcasex in new jersey"
    assert marked(normal, hits, frozenset()) == normal.text


def test_misspelt_names_are_less_sure(finder: SlotFinder) -> None:
    """A slip lowers the score, and exact names have score 1."""
    (right,), (wrong,) = finder.find(normalise("momolu")), finder.find(normalise("momollu"))
    assert right.score == 1.0
    assert 0.5 < wrong.score < 1.0


def test_an_asked_for_abbreviation_counts_alone(finder: SlotFinder) -> None:
    """After "which state?" the answer "or" is Oregon; after nothing it is a word."""
    normal = normalise("or")
    assert [hit.value for hit in finder.find(normal, wants="state")] == ["OR"]
    assert finder.find(normal, wants="case") == ()


@pytest.mark.parametrize(("letters", "slips"), [(4, 0), (5, 1), (7, 1), (8, 2), (12, 2)])
def test_slips(letters: int, slips: int) -> None:
    """Longer words may have more slips."""
    assert slips_allowed(letters) == slips


NAMES = st.sampled_from(
    ["dawn", "Alice", "momolu stewart", "NJ", "oregon", "in", "or", "la", ",", "out", "nueva jersey"]
)


@given(st.lists(st.one_of(NAMES, st.text(max_size=8)), max_size=25))
def test_hits_lie_inside_the_text(finder: SlotFinder, pieces: list[str]) -> None:
    """Whatever is typed, hits have offsets inside the text, in order, with scores from 0 to 1."""
    normal = normalise(" ".join(pieces))
    hits = finder.find(normal)
    assert all(0 <= hit.start < hit.end <= len(normal.text) and 0 < hit.score <= 1 for hit in hits)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
