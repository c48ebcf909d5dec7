"""An encoder cut down to its last layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

MARK = "-last"
"""What the name of an encoder ends in of which only the last layer is kept."""

_PORTION = 1024  # texts that are encoded at a time


class LastLayer:
    """An encoder of which only the last layer is kept: all that `Votes` look at, in a third of the memory."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap an encoder."""
        self._encoder, self.blocks = encoder, encoder.blocks[-1:]
        self.folder: Path | None = getattr(encoder, "folder", None)
        self.name, self.languages, self.dimensions = f"{encoder.name}{MARK}", encoder.languages, self.blocks[0]

    @property
    def words(self) -> frozenset[str]:
        """Return the words that the encoder knows as a whole."""
        return self._encoder.words

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions)."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at in range(0, len(texts), _PORTION):
            some = texts[at : at + _PORTION]
            rows[at : at + len(some)] = self._encoder.encode(some)[:, -self.dimensions :]
        return rows
