"""An encoder for tests that needs no file."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Bags:
    """An encoder for tests: two blocks of hashed words."""

    name = "bags"
    dimensions = 96
    blocks: tuple[int, ...] = (32, 64)
    words: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return counts of words, hashed."""
        rows = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[zlib.crc32(word.encode()) % 32] += 1
                row[32 + zlib.crc32(word.encode(), 7) % 64] += 1
        for start, end in ((0, 32), (32, 96)):
            rows[:, start:end] /= np.linalg.norm(rows[:, start:end], axis=1, keepdims=True)
        return rows
