from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalog.model import Phrase
from bot.understanding import teaching
from bot.understanding.calibration import Calibration
from bot.understanding.encoding import BUILT_IN, OnnxEncoder
from bot.understanding.learned import learned_before
from bot.understanding.teaching import fingerprint
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.model import Catalog
    from bot.understanding.reading import Reading

relaxed = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def first(reading: Reading) -> str | None:
    """Return the likeliest intent."""
    return reading.candidates[0].intent if reading.candidates else None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what got Momolu released?", "case-release"),
        ("how did alice johnson get out", "case-release"),
        ("how did she get out of there", "case-release"),
        ("cómo fue que salió dawn", "case-release"),
        ("quien libero a momolu", "case-release"),
        ("alicia johnson indulto", "alice-pardon"),
        ("can i vote in ohio", "vote"),
        ("puedo votar en nueva jersey", "vote"),
        ("i need an apartmnt", "housing"),
        ("nesecito donde vivir", "housing"),
        ("hola", "greeting"),
        ("thx", "thanks"),
    ],
)
def test_intents(understanding: Understanding, text: str, intent: str) -> None:
    """Questions in either language, also misspelt, reach their intent."""
    assert first(understanding.read(text)) == intent


@pytest.mark.parametrize(
    ("text", "group"),
    [("whats the weather today", "everyday"), ("qué pastilla es", "medicine"), ("a joke", "everyday")],
)
def test_out_of_scope(understanding: Understanding, text: str, group: str) -> None:
    """What is like a group of out-of-scope phrases is more likely out of scope than any intent, and names the group."""
    reading = understanding.read(text)
    assert reading.group == group
    assert reading.out_of_scope > reading.candidates[0].confidence


@pytest.mark.parametrize("text", ["", "   ", "\N{GRINNING FACE}", "ζζζ ωωω", "ابحث عن", "\u202e\u200b", "\ud83d"])
def test_nothing_known_is_out_of_scope(understanding: Understanding, text: str) -> None:
    """A message without one known word is surely out of scope, and of no group."""
    reading = understanding.read(text)
    assert reading.out_of_scope > 0.9
    assert reading.group is None


def test_an_intent_gets_no_support_from_another_slot(understanding: Understanding) -> None:
    """An intent that needs a person is not meant where only a state is named."""
    reading = understanding.read("who freed ohio")
    assert {candidate.intent for candidate in reading.candidates}.isdisjoint({"case-release", "case-who"})


def test_an_intent_about_one_person_is_not_meant_of_another(understanding: Understanding) -> None:
    """A question about Dawn never reaches an answer about Alice."""
    assert first(understanding.read("did alice get a pardon")) == "alice-pardon"
    reading = understanding.read("did dawn get a pardon")
    assert "alice-pardon" not in [candidate.intent for candidate in reading.candidates]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("and dawn?", True),
        ("alice", True),
        ("what about him", True),
        ("y ella?", True),
        ("y qué tal momolu", True),
        ("ohio", True),
        ("", True),
        ("how did dawn get out", False),
        ("hello", False),
        ("what", False),
        ("can he vote", False),
    ],
)
def test_bare(understanding: Understanding, text: str, bare: bool) -> None:  # noqa: FBT001  # a table's column
    """Messages that only name or point are told from those that ask."""
    assert understanding.read(text).bare is bare


def test_a_chosen_language_stays(understanding: Understanding) -> None:
    """When the person chose English, a Spanish question stays English and is understood all the same."""
    reading = understanding.read("cómo salió dawn de la cárcel", current="en", chosen=True)
    assert (reading.language.code, reading.language.certain) == ("en", True)
    assert first(reading) == "case-release"


def test_spelling_is_told(understanding: Understanding) -> None:
    """A word that was read as another is reported as typed and read."""
    assert ("apartmnt", "apartment") in understanding.read("help with an apartmnt").spelling


def test_names_are_not_corrected(understanding: Understanding) -> None:
    """A word written like a name is left alone."""
    assert understanding.read("did Prisan Brown get out").spelling == ()


def test_nearest_and_words_explain(understanding: Understanding) -> None:
    """A reading names staff's own phrase that it resembles, and the words that counted."""
    reading = understanding.read("where can i sleep tonight")
    assert reading.nearest[0].text == "where can i sleep tonight"
    assert reading.nearest[0].intent == "housing"
    assert "sleep" in understanding.words_for(reading)


def test_what_was_learned_is_kept(catalog: Catalog, tmp_path: Path) -> None:
    """A second start reads what the first learned, and understands the same; a damaged file is learned anew."""
    first = Understanding(catalog, cache=tmp_path).read("how did alice get out")
    (kept,) = tmp_path.glob("learned-*.arrays")
    again = Understanding(catalog, cache=tmp_path).read("how did alice get out")
    assert again.candidates == first.candidates

    kept.write_bytes(kept.read_bytes()[:-1])
    assert Understanding(catalog, cache=tmp_path).read("how did alice get out").candidates == first.candidates


@pytest.mark.parametrize("encoder", [None, BUILT_IN], ids=["words alone", "encoder"])
def test_learning_apart_is_learning(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Path | None
) -> None:
    """What a process of its own learns is what would be learned here, and leaves nothing to do for the next start."""
    reader, calibration = OnnxEncoder(encoder) if encoder else None, Calibration()
    here = Understanding(catalog, reader, tmp_path / "here", calibration)
    monkeypatch.setattr(teaching, "MANY", 1)
    apart = Understanding(catalog, reader, tmp_path / "apart", calibration)
    monkeypatch.setattr(teaching, "learn_apart", lambda _: pytest.fail("learned again"))
    again = Understanding(catalog, reader, tmp_path / "apart", calibration)
    for text in ("how did alice get out", "puedo votar en ohio"):
        assert apart.read(text) == again.read(text)
        for one, other in zip(apart.read(text).candidates, here.read(text).candidates, strict=True):
            assert one.intent == other.intent
            assert one.confidence == pytest.approx(other.confidence, abs=1e-4)


def test_a_language_that_did_not_change_is_not_learned_again(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an English example was edited, Spanish is taken from the file and English is learned."""
    monkeypatch.setattr(teaching, "MANY", 1)
    vote = catalog.intents["vote"]
    more = replace(vote, examples=(*vote.examples, Phrase("ballot", "en", vote.mark)))
    Understanding(catalog, None, tmp_path, Calibration())
    before = learned_before(tmp_path, None)
    again = Understanding(replace(catalog, intents={**catalog.intents, "vote": more}), None, tmp_path, Calibration())
    assert len(before.keys() & learned_before(tmp_path, None).keys()) == 1
    assert first(again.read("ballot")) == "vote"


def test_learning_apart_that_fails_is_done_here(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the other process fails, the line learns by itself."""
    monkeypatch.setattr(teaching, "MANY", 1)
    monkeypatch.setattr(teaching, "learn_apart", lambda _: False)
    assert first(Understanding(catalog, None, tmp_path, Calibration()).read("hello")) == "greeting"


def test_files_of_long_ago_are_deleted(catalog: Catalog, tmp_path: Path) -> None:
    """However often staff edit, the cache holds a few files."""
    vote = catalog.intents["vote"]
    for number in range(5):
        more = replace(vote, examples=(*vote.examples, Phrase(f"ballot {number}", "en", vote.mark)))
        Understanding(replace(catalog, intents={**catalog.intents, "vote": more}), cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


WORDS = st.sampled_from(
    ["dawn", "vote", "in", "OR", "cómo", "salió", "NJ", "how", "apartmnt", ",", "pizza", "her", "n't"]
)
MESSAGES = st.one_of(
    st.text(st.characters(codec=None), max_size=120),
    st.lists(WORDS, max_size=12).map(" ".join),
    st.text("آبپמ😀é\u0301\u200f ", max_size=40),
)


@relaxed
@given(MESSAGES, st.sampled_from([None, "en", "es", "xx"]), st.booleans())
def test_any_message_is_read(understanding: Understanding, text: str, current: str | None, chosen: bool) -> None:  # noqa: FBT001  # drawn
    """Any message is read without an error, with offsets inside its text and probabilities that are probabilities."""
    reading = understanding.read(text, current=current, chosen=chosen)
    shares = [reading.out_of_scope, *(candidate.confidence for candidate in reading.candidates)]
    assert all(math.isfinite(share) and 0 <= share <= 1 for share in shares)
    assert sum(shares) <= 1 + 1e-6
    assert all(0 <= hit.start < hit.end <= len(reading.normal) for hit in reading.slots)
    assert all(0 <= nearest.similarity <= 1 for nearest in reading.nearest)
    assert len(reading.candidates) <= 5
    assert len(reading.nearest) <= 3
    assert reading.text == text


@pytest.mark.parametrize(
    "piece", ["a", "how did dawn get out ", "xq ", "\U0001f600", "é́", "qzxw vkjp ", "\ud800", "نص "]
)
def test_huge_messages_are_read(understanding: Understanding, piece: str) -> None:
    """A message of 100,000 characters is read like any other."""
    reading = understanding.read((piece * 100_000)[:100_000])
    assert 0 <= reading.out_of_scope <= 1


def test_learning_twice_reads_alike(catalog: Catalog, understanding: Understanding) -> None:
    """The same catalog always gives the same readings."""
    again = Understanding(catalog)
    for text in ("how did dawn get out", "votar en ohio", "pizza", "zzz"):
        assert again.read(text) == understanding.read(text)


def test_a_catalog_without_phrases_can_be_learned(catalog: Catalog) -> None:
    """With nothing to learn every message is out of scope, and nothing breaks."""
    reading = Understanding(replace(catalog, intents={}, slots={}, out_of_scope=())).read("hello")
    assert reading.candidates == ()
    assert reading.out_of_scope == 1.0


def test_fingerprint_follows_what_is_learned(catalog: Catalog) -> None:
    """The fingerprint changes with a phrase or synonym, and with nothing else."""
    vote = catalog.intents["vote"]
    more = replace(vote, examples=(*vote.examples, Phrase("ballot", "en", vote.mark)))
    assert fingerprint(catalog) == fingerprint(replace(catalog, version="other", pages={}))
    assert fingerprint(catalog) != fingerprint(replace(catalog, intents={**catalog.intents, "vote": more}))
    assert fingerprint(catalog) != fingerprint(replace(catalog, slots={"case": catalog.slots["case"]}))
