"""How alike two texts are, from 0 to 1: what they mean (the encoder's layers) and how they are written (grams)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]  # scipy ships no types

from bot.understanding.encoding import blocks_of
from bot.understanding.grams import Grams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

LAST_LAYER = 4.0
"""How much the last layer weighs when each other layer weighs 1; chosen on `val` of three public sets."""

_BLOCK = 512


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

    def __init__(self, encoder: Encoder | None, centre: Matrix, grams: Grams, share: float) -> None:
        """Take an encoder with the centre of its rows, and the grams with their share of the similarity (0 to 1)."""
        self.encoder, self.centre, self.grams = encoder, centre, grams
        self.share = share if encoder else 1.0

    @classmethod
    def learn(cls, texts: Sequence[str], encoder: Encoder | None, share: float) -> tuple[Blend, Seen]:
        """Learn from `texts`; return the blend and how it sees them."""
        encoded = encoder.encode(texts) if encoder else np.zeros((len(texts), 0), dtype=np.float32)
        blend = cls(encoder, encoded.mean(axis=0), Grams.learn(texts), share)
        return blend, blend._seen(texts, encoded)

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
        return Seen(encoded, rows)


class Against:
    """Texts that others are held against."""

    def __init__(self, seen: Seen) -> None:
        """Keep the rows, turned for the products."""
        self.seen = seen
        self._grams = seen.grams.T.tocsr()

    def likeness(self, seen: Seen) -> Matrix:
        """Return how like each text is to each of these: shape (texts, these), 1 for a text and itself."""
        likeness: Matrix = seen.meaning @ self.seen.meaning.T
        for start in range(0, len(seen), _BLOCK):
            likeness[start : start + _BLOCK] += (seen.grams[start : start + _BLOCK] @ self._grams).toarray()
        return likeness


def sparse_parts(rows: Any) -> dict[str, NDArray[Any]]:  # noqa: ANN401  # a scipy csr matrix
    """Return the arrays a sparse matrix is made of."""
    return {"data": rows.data, "indices": rows.indices, "indptr": rows.indptr, "shape": np.array(rows.shape)}


def sparse_from(parts: dict[str, NDArray[Any]]) -> Any:  # noqa: ANN401  # a scipy csr matrix
    """Return the sparse matrix made of these arrays."""
    return sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"]))
