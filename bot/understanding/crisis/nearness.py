"""What families of words near each other say, looked up for a whole message at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.crisis.grams import NEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_ROOM = 64  # groups by which the tables grow


class Nearness:
    """Knows the groups of families that a word can have, and what each group says after each other group."""

    def __init__(self, shares: Mapping[str, tuple[float, float]]) -> None:
        """Take the pull and the size of each pair of families, by the names with a space between."""
        names = sorted({name for pair in shares for name in pair.split(" ", 1)})
        self._places = {name: place for place, name in enumerate(names)}
        self._says = np.zeros((2, len(names), len(names)))  # pulls, then sizes
        for pair, share in shares.items():
            before, here = pair.split(" ", 1)
            self._says[:, self._places[before], self._places[here]] = share
        self._groups: dict[tuple[str, ...], int] = {}
        self._members = np.zeros((0, len(names)))  # which families each group has
        self._table = np.zeros((2, 0, 0))
        self.group(())

    def group(self, families: tuple[str, ...]) -> int:
        """Return the number of a group of families; a word of no family is of group 0."""
        known = self._groups.get(families)
        return self._added(families) if known is None else known

    def along(self, groups: Sequence[int]) -> tuple[Numbers, Numbers]:
        """Return for each word of a message, by its group, the pull and size of its pairs with the words before it."""
        places = np.array(groups, dtype=np.intp)
        sums = np.zeros((2, len(places)))
        for back in range(1, min(NEAR + 1, len(places))):
            sums[:, back:] += self._table[:, places[:-back], places[back:]]
        return sums[0], sums[1]

    def _added(self, families: tuple[str, ...]) -> int:
        number = self._groups[families] = len(self._groups)
        if number >= len(self._members):
            self._members = np.pad(self._members, ((0, _ROOM), (0, 0)))
            self._table = np.pad(self._table, ((0, 0), (0, _ROOM), (0, _ROOM)))
        own = [self._places[name] for name in families if name in self._places]
        if own:
            self._members[number, own] = 1.0
            self._table[:, number] = self._says[:, own].sum(axis=1) @ self._members.T
            self._table[:, :, number] = self._says[:, :, own].sum(axis=2) @ self._members.T
        return number
