"""A second look at messages that no sign decided: what they mean, by the sentence encoder, beside the scorer's odds.

The check needs none of this: without an encoder, or when it fails, the scorer decides alone. With it, fewer oblique
messages are missed and fewer ordinary ones alarm. The numbers lie beside the encoder in `second.npz`, written by
`tools/build_second_look.py`: they are of that encoder and no other.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.understanding.crisis.scorer import Heard
    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

FILE = "second.npz"

WORDS, LONG = 32, 40
"""A message of more than LONG words is looked at in stretches of WORDS: its worst one, its begin and its end."""

_FIELDS = ("weights", "bias", "classes", "class_weights", "class_bias", "blend", "bar")
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Looked:
    """The log odds that a message is of a crisis, and the class that it is likeliest of if it is one."""

    odds: float
    likely: str


class SecondLook:
    """Looks at what a message means; made by `load_second_look`."""

    def __init__(self, encoder: Encoder, parts: dict[str, NDArray[np.float64]], classes: tuple[str, ...]) -> None:
        """Take the encoder and what was learned of it; see `tools/build_second_look.py` for the parts."""
        self._encoder, self._classes = encoder, classes
        self._weights, self._bias = parts["weights"].astype(np.float32), float(parts["bias"])
        self._class_weights = parts["class_weights"].astype(np.float32)
        self._class_bias = parts["class_bias"].astype(np.float32)
        self._meaning, self._words, self._level = (float(one) for one in parts["blend"])
        self.bar = float(parts["bar"])

    def look(self, words: Sequence[str], heard: Heard) -> Looked:
        """Return what a message means; `heard` is what the scorer says of it."""
        rows = self._encoder.encode(stretches(words, heard))[:, -self._encoder.blocks[-1] :]
        odds = rows @ self._weights + self._bias
        worst = int(odds.argmax())
        shares = self._class_weights @ rows[worst] + self._class_bias
        blended = self._meaning * float(odds[worst]) + self._words * log_odds(heard.chance) + self._level
        return Looked(blended, self._classes[int(shares.argmax())])


def stretches(words: Sequence[str], heard: Heard) -> list[str]:
    """Return the texts that stand for a message: all of it, or three stretches of a long one."""
    if len(words) <= LONG:
        return [" ".join(words)]
    middle = max(0, (heard.start + heard.end - WORDS) // 2)
    return [" ".join(part) for part in (words[:WORDS], words[middle : middle + WORDS], words[-WORDS:])]


def log_odds(chance: float) -> float:
    """Return a probability as log odds."""
    bounded = min(max(chance, _TINY), 1 - _TINY)
    return float(np.log(bounded / (1 - bounded)))


def load_second_look(encoder: Encoder | None) -> SecondLook | None:
    """Return the second look that was built for an encoder, or None where there is none that is whole."""
    folder = getattr(encoder, "folder", None)
    if encoder is None or folder is None:
        return None
    path = Path(folder) / FILE
    try:
        expected = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))["sha256"][FILE]
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            return None
        with np.load(path, allow_pickle=False) as file:
            parts = {name: file[name] for name in _FIELDS}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return SecondLook(encoder, parts, tuple(str(name) for name in parts.pop("classes")))
