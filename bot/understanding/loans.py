"""Words of one language in a sentence of the other, read as its own: "quiero vote" is "quiero votar"."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.understanding.wordlist import word_pairs

_FILE = Path(__file__).parent / "words" / "loans.txt"
_LANGUAGES = ("en", "es")
"""The languages of the two columns of the list."""


def native(word: str, language: str) -> str:
    """Return a folded word as a sentence of `language` has it: itself, unless it is listed as a loan."""
    return _loans(language).get(word, word)


@cache
def _loans(language: str) -> dict[str, str]:
    """Return the loans of a language, with the words they are read as; the first line of a word counts."""
    if language not in _LANGUAGES:
        return {}
    own = _LANGUAGES.index(language)
    found: dict[str, str] = {}
    for pair in word_pairs(_FILE.read_text(encoding="utf-8")):
        found.setdefault(pair[1 - own], pair[own])
    return found
