"""Which part a value plays ("i live in ohio", "convicted in ohio"), going by the words around it.

The words are staff's (`roles` and `points` in a slot's file). Words before a value count from the value before it on;
those nearest to it win. A value that only "and" joins to another plays the same part.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from bot.understanding.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.catalog.model import Slot
    from bot.understanding.normalise import Normal
    from bot.understanding.reading import SlotHit

    Words = tuple[str, ...]

_LONG = 6  # letters of a word that may have a slip, and of each further one

REACH = 8
"""Words before a value that may say what it is."""

_JOINING = frozenset({"and", "or", "y", "e", "o", "u", "plus", "also", "tambien", "in", "en"})
_NOT, _NO = frozenset({"not", "aint", "isnt"}), frozenset({"no"})
_LINKING = frozenset({"in", "from", "en", "de", "the", "about"})


class Roles:
    """The words that tell the roles of all slots."""

    def __init__(self, slots: Mapping[str, Slot]) -> None:
        """Read the words of every slot."""
        self._before = {slot.id: list(_words(slot, behind=False)) for slot in slots.values()}
        self._behind = {slot.id: list(_words(slot, behind=True)) for slot in slots.values()}
        self._points = [
            ((slot.id, role), _plain(text))
            for slot in slots.values()
            for role, texts in slot.points.items()
            for text in texts
        ]

    def told(self, normal: Normal, hits: Sequence[SlotHit]) -> tuple[SlotHit, ...]:
        """Return the hits with their roles; those that the message takes back ("not ohio, georgia") are denied."""
        words = [word.text for word in normal.words]
        places = [_place(normal, hit) for hit in hits]
        found: list[SlotHit] = []
        for hit, (first, last) in zip(hits, places, strict=True):
            start = max((end for begin, end in places if end <= first), default=0)
            role = self._role(hit.slot, words, start, first, last)
            joined = start and all(word in _JOINING for word in words[start:first])
            earlier = next((one.role for one in reversed(found) if one.slot == hit.slot and one.end <= hit.start), None)
            found.append(replace(hit, role=role or (earlier if joined else None)))
        return _denied(words, found, places)

    def pointed(self, normal: Normal) -> tuple[tuple[str, str], ...]:
        """Return the slots and roles that a message points at without naming a value ("can i vote here")."""
        words = [word.text for word in normal.words]
        return tuple(
            dict.fromkeys(what for what, said in self._points if _find(words, said, 0, len(words)) is not None)
        )

    def _role(self, slot: str, words: Sequence[str], start: int, first: int, last: int) -> str | None:
        ends = [
            (end, len(said), role)
            for role, said in self._before[slot]
            if (end := _find(words, said, max(start, first - REACH), first)) is not None
        ]
        nearest = max(ends, default=None)
        if nearest is not None and nearest[0] == first:
            return nearest[2]
        behind = [
            (len(said), role) for role, said in self._behind[slot] if tuple(words[last : last + len(said)]) == said
        ]
        return max(behind)[1] if behind else nearest[2] if nearest else None


def _words(slot: Slot, *, behind: bool) -> list[tuple[str, Words]]:
    blank = f"{{{slot.id}}}"
    return [
        (role, _plain(text.removeprefix(blank)))
        for role, texts in slot.roles.items()
        for text in texts
        if text.startswith(blank) is behind
    ]


def _plain(text: str) -> Words:
    return tuple(word.text for word in normalise(text).words)


def _find(words: Sequence[str], said: Words, start: int, stop: int) -> int | None:
    """Return where the last `said` between two places ends, or None."""
    for at in range(stop - len(said), start - 1, -1):
        if _same(words[at : at + len(said)], said):
            return at + len(said)
    return None


def _same(words: Sequence[str], said: Words) -> bool:
    """Return whether words are these, slips of the keyboard in long ones allowed ("conviceted in")."""
    return len(words) == len(said) and all(
        word == meant
        or (len(meant) >= _LONG and word[:1] == meant[:1] and OSA.distance(word, meant) <= len(meant) // _LONG)
        for word, meant in zip(words, said, strict=True)
    )


def _place(normal: Normal, hit: SlotHit) -> tuple[int, int]:
    """Return the places of a hit's words, from and up to."""
    inside = [at for at, word in enumerate(normal.words) if hit.start <= word.start < hit.end]
    return inside[0], inside[-1] + 1


def _denied(words: Sequence[str], hits: list[SlotHit], places: Sequence[tuple[int, int]]) -> tuple[SlotHit, ...]:
    told = []
    for hit, (first, _) in zip(hits, places, strict=True):
        at = first - 1
        while at > 0 and words[at] in _LINKING:
            at -= 1
        before = words[at] if at >= 0 else ""
        others = [one for one in hits if one.slot == hit.slot and one.value != hit.value]
        later = any(one.start > hit.start for one in others)
        told.append(replace(hit, denied=bool((before in _NOT and others) or (before in _NO and later))))
    return tuple(told)
