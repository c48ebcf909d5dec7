"""Slips of the keyboard, made on purpose: to measure how much of a message's meaning survives them."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_WORD = re.compile(r"[^\W\d_]{2,}")


def slipped(texts: Sequence[str], every: int, seed: int) -> list[str]:
    """Return the texts with one slip in every `every`-th word of at least two letters, counted across all texts.

    A slip is, with equal chance: a letter replaced by its neighbour on the keyboard, left out, typed twice, or swapped
    with the next one. The same seed makes the same slips.
    """
    chance = random.Random(seed)  # noqa: S311  # a measurement, not a secret
    count = 0

    def slip(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return _slip(match.group(), chance) if count % every == 0 else match.group()

    return [_WORD.sub(slip, text) for text in texts]


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + chance.choice(_NEIGHBOURS.get(word[at].lower(), word[at])) + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:  # noqa: PLR2004  # the third of four kinds
        return word[: at + 1] + word[at:]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _neighbours() -> dict[str, str]:
    """Return for each letter those beside it, and those above and below it on a keyboard whose rows are staggered."""
    place = {letter: (row, at) for row, letters in enumerate(_ROWS) for at, letter in enumerate(letters)}
    near: dict[str, str] = {}
    for letter, (row, at) in place.items():
        around = {(row, at - 1), (row, at + 1), (row - 1, at), (row - 1, at + 1), (row + 1, at), (row + 1, at - 1)}
        near[letter] = "".join(other for other, where in place.items() if where in around)
    return near


_NEIGHBOURS = _neighbours()
