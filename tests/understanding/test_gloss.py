from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.understanding import gloss
from bot.understanding.fold import fold
from bot.understanding.gloss import glossed
from bot.understanding.spoken import SpokenEncoder
from tests.understanding.bags import Bags

_LINES = (Path(gloss.__file__).parent / "words" / "glossary.txt").read_text(encoding="utf-8").splitlines()
_PAIRS = [line for line in _LINES if "=" in line and not line.startswith("#")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("no me dejan ver a mi hijo", "will not let me see my son"),
        ("quiero votar en texas", "i want vote in texas"),
        ("cuanto cuesta", "how much does it cost"),
        ("hola", "hello"),
    ],
)
def test_spanish_is_read_as_english(text: str, read: str) -> None:
    """The encoder is given English words in the order of the Spanish ones, groups of words first."""
    assert glossed(text) == read


@pytest.mark.parametrize(
    "text", ["can i vote in texas", "my son is in jail", "how do i make bail come home", "no", "red", "", "xcasex"]
)
def test_english_stays(text: str) -> None:
    """Words that are Spanish too ("son", "come", "red") are not read so in an English message."""
    assert glossed(text) == text


def test_words_that_nobody_listed_stay() -> None:
    """Names, slips and English words in a Spanish sentence are left as they are."""
    assert glossed("quiero ver a wzxqy en el parking") == "i want visit wzxqy in the parking"


def test_every_line_of_the_glossary_can_be_found() -> None:
    """Each left side is folded words, at most four, listed once; each right side is plain English words or nothing."""
    left = [line.partition("=")[0].strip() for line in _PAIRS]
    right = [line.partition("=")[2].strip() for line in _PAIRS]

    assert len(_PAIRS) > 10_000
    assert [said for said in left if said != fold(said) or not 1 <= len(said.split()) <= 4] == []
    assert len(set(left)) == len(left)
    assert [read for read in right if re.search(r"[^a-z ]", read)] == []


def test_an_encoder_made_for_spanish_reads_spanish() -> None:
    """Another encoder that says it knows Spanish is given no gloss."""
    ours, theirs = Bags(), Bags()
    ours.languages, theirs.languages = frozenset({"en"}), frozenset({"en", "es"})

    assert (SpokenEncoder(ours).encode(["hola"]) == ours.encode(["hello"])).all()
    assert (SpokenEncoder(theirs).encode(["hola"]) == theirs.encode(["hola"])).all()
