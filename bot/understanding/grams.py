"""Texts as TF-IDF rows of hashed grams: words and word pairs beside the letter n-grams of each word.

Weights are sublinear tf (1 + ln tf) times smoothed idf (ln((1 + n) / (1 + df)) + 1), as in Salton and Buckley (1988).
Grams are hashed into a fixed number of columns (Weinberger et al. 2009), so that nothing but numbers has to be kept.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LETTERS = (3, 4, 5)
"""Lengths of letter n-grams, within a word and the spaces around it; pairs of letters tell nothing more."""

WORD_SHARE = 0.4
"""Share of the similarity of two texts that words and pairs have; letter n-grams have the rest."""

COLUMNS = 1 << 18
"""Grams of 12,000 phrases collide rarely in so many columns; their idf takes 1 MB."""

_WORD = re.compile(r"\w+")


class Grams:
    """What was learned of some texts' grams; turns any text into a row of length 1 (for words and letters together)."""

    def __init__(self, idf: NDArray[np.float32], unseen: float) -> None:
        """Take the weight of each column (0 for one no text had) and of a gram never seen."""
        self.idf, self.unseen = idf, unseen

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Grams:
        """Learn the weights of grams from `texts`."""
        seen: Counter[int] = Counter()
        for text in texts:
            words, letters = _counts(text)
            seen.update(words.keys() | letters.keys())
        idf = np.zeros(COLUMNS, dtype=np.float32)
        places = np.fromiter(seen.keys(), dtype=np.intp, count=len(seen))
        frequency = np.fromiter(seen.values(), dtype=np.float32, count=len(seen))
        idf[places] = np.log((1 + len(texts)) / (1 + frequency)) + 1
        return cls(idf, math.log((1 + len(texts)) / 2) + 1)

    @classmethod
    def of(cls, columns: NDArray[np.int32], weights: NDArray[np.float32], unseen: float) -> Grams:
        """Return grams of which only the columns that were learned were kept."""
        idf = np.zeros(COLUMNS, dtype=np.float32)
        idf[columns] = weights
        return cls(idf, unseen)

    def rows(self, texts: Sequence[str]) -> Any:  # noqa: ANN401  # a scipy csr matrix
        """Return the rows of `texts`, a sparse matrix of shape (texts, COLUMNS)."""
        from scipy import sparse  # type: ignore[import-untyped]  # noqa: PLC0415  # 16 MB that one message does not need

        parts = [self._row(text) for text in texts]
        columns = np.concatenate([row[0] for row in parts] or [np.zeros(0, dtype=np.int32)])
        values = np.concatenate([row[1] for row in parts] or [np.zeros(0, dtype=np.float32)])
        ends = np.cumsum([0, *(len(row[0]) for row in parts)], dtype=np.int32)
        return sparse.csr_matrix((values, columns, ends), shape=(len(texts), COLUMNS))

    def _row(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the columns and weights of one text."""
        words, letters = (self._weigh(counts) for counts in _counts(text))
        values = (words[1] * np.float32(math.sqrt(WORD_SHARE)), letters[1] * np.float32(math.sqrt(1 - WORD_SHARE)))
        return np.concatenate([words[0], letters[0]]), np.concatenate(values)

    def _weigh(self, counts: Counter[int]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the known columns and their weights. Grams never seen count in the length alone."""
        columns = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        idf = self.idf[columns]
        known = idf > 0
        weights: NDArray[np.float32] = (1 + np.log(often)) * np.where(known, idf, np.float32(self.unseen))
        length = np.float32(math.sqrt(float(weights @ weights)) or 1.0)
        return columns[known], (weights[known] / length).astype(np.float32)


def _counts(text: str) -> tuple[Counter[int], Counter[int]]:
    """Return how often each column is met in a text: by words and pairs, and by letters."""
    words = _WORD.findall(text.lower())
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    letters: Counter[int] = Counter()
    for word in words:
        letters.update(_letters(word))
    return Counter(zlib.crc32(gram.encode()) % COLUMNS for gram in (*words, *pairs)), letters


@lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[int, ...]:
    """Return the columns of a word's letter n-grams."""
    padded = f" {word} ".encode()
    return tuple(
        zlib.crc32(padded[at : at + size], 1) % COLUMNS for size in LETTERS for at in range(len(padded) - size + 1)
    )
