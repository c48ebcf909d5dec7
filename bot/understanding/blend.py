"""How alike two texts are, from 0 to 1: what they mean (the encoder's layers) and how they are written (grams)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.grams import Grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

LAST_LAYER = 4.0
"""How much the last layer weighs when each other layer weighs 1; chosen on `val` of three public sets."""

DIRECTIONS = 256
"""Principal directions of the layers that are kept: a quarter of the numbers, for 0.1 points at most."""

_FLAT = 1e-6  # directions shorter than this share of the longest are noise


@dataclass(frozen=True, slots=True)
class Seen:
    """Texts as rows: `meaning` (texts, dimensions) and `grams` (texts, columns; sparse), weighted and of length 1."""

    meaning: Matrix
    grams: Any

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.meaning)

    def __getitem__(self, places: NDArray[np.intp] | slice) -> Seen:
        """Return some of the texts."""
        return Seen(self.meaning[places], self.grams[places])


class Blend:
    """Learns the centre of each layer and the weight of each gram; then sees any text.

    Layers are moved to the centre of the phrases learned: the lower ones point all in nearly one direction otherwise,
    and would say of any two texts that they are alike.
    """

    def __init__(
        self, encoder: Encoder | None, centre: Matrix, grams: Grams, share: float, directions: Matrix | None = None
    ) -> None:
        """Take an encoder with the centre of its rows, and the grams with their share of the similarity (0 to 1).

        `directions` (dimensions, kept) are what the rows are projected on; None keeps them as they are.
        """
        self.encoder, self.centre, self.grams, self.directions = encoder, centre, grams, directions
        self.share = share if encoder else 1.0

    @classmethod
    def learn(cls, texts: Sequence[str], encoder: Encoder | None, share: float) -> tuple[Blend, Seen]:
        """Learn from `texts`; return the blend and how it sees them."""
        encoded = encoder.encode(texts) if encoder else np.zeros((len(texts), 0), dtype=np.float32)
        blend = cls(encoder, encoded.mean(axis=0), Grams.learn(texts), share)
        seen = blend._seen(texts, encoded)
        if seen.meaning.shape[1] > DIRECTIONS:
            blend.directions = _principal(seen.meaning)
            seen = Seen(seen.meaning @ blend.directions, seen.grams)
        return blend, seen

    def see(self, texts: Sequence[str]) -> Seen:
        """Return the rows of `texts`."""
        encoded = self.encoder.encode(texts) if self.encoder else np.zeros((len(texts), 0), dtype=np.float32)
        return self._seen(texts, encoded)

    def _seen(self, texts: Sequence[str], encoded: Matrix) -> Seen:
        rows = self.grams.rows(texts)
        rows.data *= np.float32(np.sqrt(self.share))
        if self.encoder:
            encoded -= self.centre
            weights = np.array([1.0] * (len(self.encoder.blocks) - 1) + [LAST_LAYER])
            for block, weight in zip(blocks_of(encoded, self.encoder.blocks), weights / weights.sum(), strict=True):
                length = np.maximum(np.linalg.norm(block, axis=1, keepdims=True), np.float32(1e-9))
                np.multiply(block, np.float32(np.sqrt(weight * (1 - self.share))) / length, out=block)
        return Seen(encoded if self.directions is None else encoded @ self.directions, rows)


class Against:
    """Texts that others are held against."""

    def __init__(self, meaning: Matrix, grams: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]) -> None:
        """Take their meaning, and who has each gram: data, indices and indptr of a sparse matrix (columns, texts)."""
        self._meaning, self._grams = meaning, grams

    @classmethod
    def of(cls, seen: Seen) -> Against:
        """Return texts that were seen, to hold others against."""
        turned = seen.grams.T.tocsr()
        return cls(seen.meaning, (turned.data, turned.indices, turned.indptr))

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that all this is made of, as the constructor takes them."""
        data, indices, indptr = self._grams
        return {"meaning": self._meaning, "data": data, "indices": indices, "indptr": indptr}

    def likeness(self, seen: Seen) -> Matrix:
        """Return how like each text is to each of these: shape (texts, these), about 1 for a text and itself."""
        from scipy import sparse  # type: ignore[import-untyped]  # noqa: PLC0415  # 16 MB that one message does not need

        likeness: Matrix = seen.meaning @ self._meaning.T
        own = sparse.csr_matrix(self._grams, shape=(seen.grams.shape[1], len(self._meaning)), copy=False)
        likeness += (seen.grams @ own).toarray()
        return likeness

    def among(self, some: slice) -> Matrix:
        """Return how like some of these are to each of these, shape (some, these)."""
        from scipy import sparse  # noqa: PLC0415  # 16 MB that one message does not need

        likeness: Matrix = self._meaning[some] @ self._meaning.T
        data, indices, indptr = self._grams
        own = sparse.csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, len(self._meaning)), copy=False)
        likeness += (own[:, some].T.tocsr() @ own).toarray()
        return likeness

    def likeness_of_one(self, seen: Seen) -> Matrix:
        """Return the same for one text, shape (these,), without what scipy needs to get ready."""
        likeness: Matrix = self._meaning @ seen.meaning[0]
        data, indices, indptr = self._grams
        for column, weight in zip(seen.grams.indices.tolist(), seen.grams.data, strict=True):
            who = slice(indptr[column], indptr[column + 1])
            likeness[indices[who]] += weight * data[who]  # nobody has a gram twice
        return likeness


def blocks_of(rows: Matrix, blocks: Sequence[int]) -> list[Matrix]:
    """Return the parts of `rows`, one for each of the encoder's `blocks`."""
    ends = np.cumsum([0, *blocks])
    return [rows[:, start:end] for start, end in pairwise(ends)]


def _principal(rows: Matrix) -> Matrix:
    """Return at most `DIRECTIONS` along which rows differ most, shape (columns, directions)."""
    lengths, directions = np.linalg.eigh((rows.T @ rows).astype(np.float64))
    kept = np.flatnonzero(lengths > _FLAT * lengths[-1])[-DIRECTIONS:]
    return np.ascontiguousarray(directions[:, kept], dtype=np.float32)
