"""The small word lists that come with the line: function words and common words of each language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.understanding.fold import fold

_FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class WordList:
    """Words of one language, folded (lower case, no accents).

    Attributes:
        function: words that hold a sentence together; they tell a message's language.
        common: frequent words with a meaning of their own.
        all: both kinds together.

    """

    function: frozenset[str]
    common: frozenset[str]
    all: frozenset[str]


@cache
def word_list(language: str) -> WordList:
    """Return the list of a language; an empty one when none comes with the line."""
    file = _FOLDER / f"{language}.txt"
    if not language.isalpha() or not file.is_file():
        return WordList(frozenset(), frozenset(), frozenset())
    function, _, common = file.read_text(encoding="utf-8").partition("# common words")
    functional, others = _words(function), _words(common)
    return WordList(functional, others - functional, functional | others)


def word_pairs(text: str) -> list[tuple[str, str]]:
    """Return the two sides of each line `one = other` of a list; lines that begin with # are for people."""
    lines = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return [(one.strip(), other.strip()) for one, _, other in lines]


def _words(block: str) -> frozenset[str]:
    lines = (line for line in block.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in fold(line).split())


ORDINARY = word_list("en").all | word_list("es").all
"""The listed words of both languages: never a name by themselves when misspelt."""
