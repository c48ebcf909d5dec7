"""An encoder that reads words it knows: for the markers of slots, and English for Spanish."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.understanding.gloss import edition, glossed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

_NO_MARKERS: Mapping[str, str] = MappingProxyType({})


class SpokenEncoder:
    """An encoder that reads a word it knows where a text has the marker of a slot ("xcasex"), and a gloss of Spanish.

    An encoder that was made for Spanish reads it as it is.
    """

    def __init__(self, encoder: Encoder, spoken: Mapping[str, str] = _NO_MARKERS) -> None:
        """Wrap an encoder; `spoken` gives the words for each marker."""
        self._encoder, self._spoken = encoder, dict(spoken)
        self._glosses = bool(encoder.languages) and "es" not in encoder.languages
        read = [*sorted(self._spoken.values()), *([edition()] if self._glosses else [])]
        self.name = "+".join([encoder.name, *read])
        self.dimensions, self.blocks, self.languages = encoder.dimensions, encoder.blocks, encoder.languages

    @property
    def words(self) -> frozenset[str]:
        """Return the words that the encoder knows as a whole."""
        return self._encoder.words

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions)."""
        return self._encoder.encode([said(text, self._spoken, gloss=self._glosses) for text in texts])


def said(text: str, spoken: Mapping[str, str] = _NO_MARKERS, *, gloss: bool = True) -> str:
    """Return what an encoder reads: words for markers, and where `gloss` says so English for Spanish."""
    named = " ".join(spoken.get(word, word) for word in text.split())
    return glossed(named) if gloss else named
