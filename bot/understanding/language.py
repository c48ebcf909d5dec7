"""Which language a message is in: function words first, then the look of its words, then ñ and ¿.

Words shared by both languages, names and one or two unclear words decide nothing: the talk goes on in its language.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.normalise import normalise
from bot.understanding.reading import LanguageGuess
from bot.understanding.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.understanding.normalise import Normal

FUNCTION, COMMON, LEARNED, LOOK = 2.0, 1.5, 1.2, 0.8
"""Weight of one word that only one language uses: function word, common word, word of examples, look of its letters."""

MARK, ACCENT = 3.0, 0.7
"""Weight of ñ, ¿ or ¡ and of an accented vowel, for Spanish."""

SURE = 1.5
"""Lead in weight from which a guess is certain."""

SHORT = 2
"""A message of at most this many words is certain only by words that just one language uses."""

_CLEAR_LETTERS = 4  # "hola" is clear, "no", "me" and "son" are not
_SWITCH = 3.0  # lead needed by a message without one clear word of either language
_GRAMS = (2, 3, 4)
_SEEN_OFTEN = 2
_MIN_LOOK = 0.25


class LanguageGuesser:
    """Tells the language of a message, having learned from the examples of every language."""

    def __init__(self, examples: Mapping[str, Sequence[str]], neutral: Iterable[str] = ()) -> None:
        """Learn from normalised `examples` by language; `neutral` words (names, markers) say nothing."""
        self._languages = tuple(examples)
        self._neutral = frozenset(neutral)
        counts = {code: Counter(word for text in texts for word in text.split()) for code, texts in examples.items()}
        self._shared = _shared_pairs(tuple(examples.values()))
        self._lists = {code: word_list(code) for code in examples}
        self._learned = {code: frozenset(self._own(code, counts)) for code in examples}
        self._looks = {code: _Look({*counts[code], *self._lists[code].all} - self._neutral) for code in examples}

    def guess(self, text: str, *, current: str | None) -> LanguageGuess:
        """Return the language of a message, given the conversation's language (None before the first turn)."""
        return self.weigh(normalise(text), (), current=current)

    def weigh(self, normal: Normal, slotted: Iterable[tuple[int, int]], *, current: str | None) -> LanguageGuess:
        """Return the language of a normalised message without the words in `slotted` (start, end), which are names."""
        spans = tuple(slotted)
        inside = [w for w in normal.words if not any(start <= w.start < end for start, end in spans)]
        words = self._telling([word.text for word in inside if not word.text.isdigit()])
        scores = self._scores(words)
        if "es" in scores:
            scores["es"] += MARK * min(normal.spanish, 2) + ACCENT * min(normal.accents, 3)
        return self._decided(scores, words, marked=normal.spanish > 0, current=current)

    def _telling(self, words: Sequence[str]) -> list[str]:
        """Return the words that may tell a language: not names, nor pairs that all languages have ("van jones")."""
        pairs = [pair in self._shared for pair in pairwise(words)]
        named = [before or after for before, after in zip([False, *pairs], [*pairs, False], strict=True)]
        return [word for word, name in zip(words, named, strict=False) if not name and word not in self._neutral]

    def _own(self, code: str, counts: Mapping[str, Counter[str]]) -> set[str]:
        """Return the words that examples of this language use often and no other language uses."""
        others = {word for other in counts if other != code for word in {*counts[other], *self._lists[other].all}}
        return {word for word, count in counts[code].items() if count >= _SEEN_OFTEN and word not in others}

    def _scores(self, words: Sequence[str]) -> dict[str, float]:
        functional = {code: sum(self._is_function(word, code) for word in words) for code in self._languages}
        ranked = sorted(functional.values(), reverse=True)
        if len(ranked) > 1 and ranked[0] >= ranked[1] + 2:  # Spanglish goes to the language that holds it together
            return {code: FUNCTION * count for code, count in functional.items()}
        return {code: sum(self._weight(word, code) for word in words) for code in self._languages}

    def _only(self, word: str, code: str) -> bool:
        """Return whether, going by the lists, this language alone uses the word."""
        return word in self._lists[code].all and not any(
            word in self._lists[other].all for other in self._languages if other != code
        )

    def _is_function(self, word: str, code: str) -> bool:
        return word in self._lists[code].function and self._only(word, code)

    def _weight(self, word: str, code: str) -> float:
        if self._only(word, code):
            return FUNCTION if word in self._lists[code].function else COMMON
        if word in self._learned[code] and not any(self._only(word, other) for other in self._languages):
            return LEARNED
        if any(word in self._lists[other].all or word in self._learned[other] for other in self._languages):
            return 0.0
        return self._look(word, code)

    def _look(self, word: str, code: str) -> float:
        others = [self._looks[other].likelihood(word) for other in self._languages if other != code]
        lead = self._looks[code].likelihood(word) - max(others, default=0.0)
        return LOOK * min(lead, 1.0) if lead > _MIN_LOOK else 0.0

    def _decided(
        self, scores: dict[str, float], words: Sequence[str], *, marked: bool, current: str | None
    ) -> LanguageGuess:
        ranked = sorted(self._languages, key=lambda code: (-scores[code], code != current))
        lead = scores[ranked[0]] - (scores[ranked[1]] if len(ranked) > 1 else 0.0)
        clear = marked or self._has_clear(words, ranked[0])
        certain = lead >= SURE and (clear or (len(words) > SHORT and lead >= _SWITCH))
        if certain or (current not in scores and lead > 0):
            return LanguageGuess(ranked[0], certain, scores)
        return LanguageGuess(current if current in scores else self._languages[0], certain=False, scores=scores)

    def _has_clear(self, words: Sequence[str], code: str) -> bool:
        """Return whether a word settles it: any word that is this language's only, in a short message a long one."""
        shortest = _CLEAR_LETTERS if len(words) <= SHORT else 1
        return any(len(word) >= shortest and self._only(word, code) for word in words)


def _shared_pairs(languages: Sequence[Sequence[str]]) -> frozenset[tuple[str, str]]:
    """Return the pairs of neighbouring words that all languages have; of the others only hashes are ever held."""
    if not languages:
        return frozenset()
    hashes = [np.fromiter(map(hash, _pairs(texts)), dtype=np.int64) for texts in languages]
    shared = frozenset(functools.reduce(np.intersect1d, hashes).tolist())
    found = ({pair for pair in _pairs(texts) if hash(pair) in shared} for texts in languages)
    return frozenset(set.intersection(*found))


def _pairs(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    return (pair for text in texts for pair in pairwise(text.split()))


class _Look:
    """How much a word looks like those of one language: mean log likelihood of its letter n-grams."""

    def __init__(self, words: Iterable[str]) -> None:
        self._counts = Counter(gram for word in sorted(words) for gram in _grams(word))
        self._total = sum(self._counts.values()) + len(self._counts) + 1

    def likelihood(self, word: str) -> float:
        grams = _grams(word)
        return sum(math.log((self._counts[gram] + 0.5) / self._total) for gram in grams) / len(grams)


def _grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[at : at + size] for size in _GRAMS for at in range(len(padded) - size + 1)]
