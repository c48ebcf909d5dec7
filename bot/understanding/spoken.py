"""An encoder that reads words it knows where a text has markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]


class SpokenEncoder:
    """An encoder that reads a word it knows where a text has the marker of a slot ("xcasex")."""

    def __init__(self, encoder: Encoder, spoken: Mapping[str, str]) -> None:
        """Wrap an encoder; `spoken` gives the words for each marker."""
        self._encoder, self._spoken = encoder, dict(spoken)
        self.name = f"{encoder.name}+{'+'.join(sorted(self._spoken.values()))}" if spoken else encoder.name
        self.dimensions, self.blocks, self.languages = encoder.dimensions, encoder.blocks, encoder.languages

    @property
    def words(self) -> frozenset[str]:
        """Return the words that the encoder knows as a whole."""
        return self._encoder.words

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions)."""
        return self._encoder.encode([self._said(text) for text in texts])

    def _said(self, text: str) -> str:
        return " ".join(self._spoken.get(word, word) for word in text.split())
