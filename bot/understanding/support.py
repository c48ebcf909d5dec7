"""Which intents a message can be about at all, going by the slot values in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.catalog.model import Intent
    from bot.understanding.examples import Example

_REFERRING = "he she him her his hers they them their ella ellos ellas le les su sus"
REFERRING = frozenset(_REFERRING.split())
"""Words that stand for a person named earlier."""


class Support:
    """Tells labels that fit the values in a message from those that cannot be meant.

    An intent that needs `{case}` is out when only other slots are named and no pronoun stands for one, unless staff
    gave it an example with just those slots. An intent about one value is out when only others of its slot are named.
    """

    def __init__(self, labels: Sequence[str], intents: Mapping[str, Intent], examples: Iterable[Example]) -> None:
        """Note what every label needs; labels that are not intents need nothing."""
        self._needs = [frozenset(intents[label].slots) if label in intents else frozenset() for label in labels]
        self._about = [dict(intents[label].about) if label in intents else {} for label in labels]
        self._shown: dict[str, set[frozenset[str]]] = {}
        for example in examples:
            self._shown.setdefault(example.label, set()).add(frozenset(example.found))
        self._labels = tuple(labels)
        self._choosy = [place for place in range(len(labels)) if self._needs[place] or self._about[place]]

    def fits(self, text: str, found: Mapping[str, frozenset[str]]) -> NDArray[np.bool_]:
        """Return for each label whether it can be meant by a message with the values `found`."""
        if not found:
            return np.ones(len(self._labels), dtype=np.bool_)
        named = frozenset(found)
        referring = not REFERRING.isdisjoint(text.split())
        fits = np.ones(len(self._labels), dtype=np.bool_)
        for place in self._choosy:
            fits[place] = self._fit(place, named, found, referring=referring)
        return fits

    def takes(self, slots: Iterable[str]) -> NDArray[np.bool_]:
        """Return for each label whether it needs one of these slots, or is about a value of one."""
        wanted = frozenset(slots)
        needs = zip(self._needs, self._about, strict=True)
        return np.array([bool(wanted & need or wanted & about.keys()) for need, about in needs], dtype=np.bool_)

    def _fit(self, place: int, named: frozenset[str], found: Mapping[str, frozenset[str]], *, referring: bool) -> bool:
        for slot, value in self._about[place].items():
            if found.get(slot) and value not in found[slot]:
                return False
        needs = self._needs[place]
        if not needs or needs & named or referring:
            return True
        return named in self._shown.get(self._labels[place], ())
