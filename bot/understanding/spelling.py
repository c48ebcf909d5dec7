"""Words read as other words: slips of the keyboard set right against what the examples use."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIN_LETTERS = 4
"""Shorter words are left as they are: too many others are one slip away."""

_TWO_SLIPS = 9


class Speller:
    """Corrects the words of one language against its vocabulary, the more frequent word first."""

    def __init__(self, texts: Iterable[str], common: Iterable[str], known: Iterable[str]) -> None:
        """Learn the vocabulary of normalised `texts` and `common`; `known` words (names, other languages) are kept."""
        self._counts = Counter(word for text in texts for word in text.split() if word.isalpha())
        self._counts.update(dict.fromkeys(common, 1))
        self._known = frozenset(known) | frozenset(self._counts)
        self._by_length: dict[int, list[str]] = {}
        for word in sorted(self._counts):
            self._by_length.setdefault(len(word), []).append(word)

    def read(self, word: str) -> str:
        """Return the word that was meant: `word` itself when it is known, short, a number, or like no other."""
        if len(word) < MIN_LETTERS or word in self._known or not word.isalpha():
            return word
        allowed = 2 if len(word) >= _TWO_SLIPS else 1
        near = self._near(word, allowed)
        return min(near, key=lambda found: (found[0], -self._counts[found[1]], found[1]))[1] if near else word

    def _near(self, word: str, allowed: int) -> Sequence[tuple[int, str]]:
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        candidates = [candidate for length in lengths for candidate in self._by_length.get(length, ())]
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        return [(int(slips), candidate) for candidate, slips, _ in found if candidate[0] == word[0]]
