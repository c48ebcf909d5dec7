from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.understanding.examples import finder_of, said_in, vocabulary
from bot.understanding.normalise import normalise
from bot.understanding.slots import without

if TYPE_CHECKING:
    from bot.understanding.slots import SlotFinder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def finder() -> SlotFinder:
    """The finder over the line's own slots."""
    catalog = load(ROOT / "intents", ROOT / "content").catalog
    return finder_of(catalog, vocabulary(said_in(catalog)))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("i was convicted in ohio and live in texas", "oh:case tx:home"),
        ("i live in texas but caught a case in georgia, can i vote", "tx:home ga:case"),
        ("can i vote in ohio with a felony from texas", "oh:- tx:case"),
        ("my texas conviction, i moved to georgia", "tx:case ga:home"),
        ("resident of Florida with a New York record", "fl:home ny:case"),
        ("on probation in michigan", "mi:home"),
        ("my brother is locked up in texas", "tx:case"),
        ("i live in ohio and texas", "oh:home tx:home"),
        ("vivo en texas y me condenaron en georgia", "tx:home ga:case"),
        ("mi caso es de florida y me mudé a nevada", "fl:case nv:home"),
        ("estoy preso en california", "ca:case"),
        ("i live en texas pero mi record es de ohio", "tx:- oh:case"),
        ("convicted of theft in nevada, now living in Portland, OR", "nv:case or:home"),
        ("im conviceted in ohio and livve in texas", "oh:case tx:-"),
        ("can i vote in texas", "tx:-"),
        ("can felons vote in ohio", "oh:-"),
    ],
)
def test_the_words_before_a_state_tell_its_role(finder: SlotFinder, text: str, roles: str) -> None:
    """A state is the person's home or where their case is, as the words nearest to it say; else neither."""
    hits = [hit for hit in finder.find(normalise(text)) if hit.slot == "state"]
    assert " ".join(f"{hit.value}:{hit.role or '-'}" for hit in hits) == roles


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("not ohio, georgia", "ga"),
        ("no, georgia", "ga"),
        ("no i meant georgia", "ga"),
        ("no ohio, georgia", "ga"),
        ("georgia not ohio", "ga"),
        ("no en ohio, en georgia", "ga"),
        ("not in texas", "tx"),
        ("ohio and georgia", "oh ga"),
    ],
)
def test_a_state_can_be_taken_back(finder: SlotFinder, text: str, meant: str) -> None:
    """With "not ohio, georgia" Georgia is meant; a state that stands alone is never taken back."""
    assert " ".join(hit.value for hit in finder.find(normalise(text)) if not hit.denied) == meant


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("can i vote here", [("state", "home")]),
        ("can i vote where i live", [("state", "home")]),
        ("puedo votar aquí", [("state", "home")]),
        ("can i clear it where i was convicted", [("state", "case")]),
        ("can i vote", []),
    ],
)
def test_words_point_at_a_state(finder: SlotFinder, text: str, points: list[tuple[str, str]]) -> None:
    """Words such as "here" and "where i live" stand for the state last said for the person's home."""
    assert list(finder.pointed(normalise(text))) == points


@pytest.mark.parametrize("text", ["martin luther king", "did martin luther king get out", "michael jackson", "mlk"])
def test_other_people_are_nobody_of_ours(finder: SlotFinder, text: str) -> None:
    """Somebody who shares a name with one of ours is not taken for them."""
    assert finder.find(normalise(text)) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dawnn jaksn", "dawn-jackson"),
        ("where is dawnn jaksn now", "dawn-jackson"),
        ("alexiss martn", "alexis-martin"),
        ("alyss jonson", "alice-johnson"),
    ],
)
def test_names_with_slips_in_both_words(finder: SlotFinder, text: str, value: str) -> None:
    """First and last name may both be misspelt."""
    assert [hit.value for hit in finder.find(normalise(text))] == [value]


def test_a_place_is_left_out_with_the_word_before_it() -> None:
    """Without its place a question is what it would be anywhere."""
    assert without("how do i get food stamps in xstatex", frozenset({"xstatex"})) == "how do i get food stamps"
    assert without("xstatex voting", frozenset({"xstatex"})) == "voting"
