"""Finds many sequences of words at once, in time linear in the message.

Shift-And with optional places, simulated on the bits of one integer (Navarro and Raffinot, Flexible Pattern Matching
in Strings, 2002, section 4.4): every word costs the same few operations, whatever was typed. Nothing backtracks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.understanding.crisis.pattern import Chain

_MOST_CACHED = 20_000
_UNKNOWN = 0  # the kind of a word that only gaps take


@dataclass(frozen=True, slots=True)
class Hit:
    """A sequence found: its owner's number, and where its last word stands in the message."""

    owner: int
    end: int
    chain: Chain

    def start(self, words: Sequence[str]) -> int:
        """Return where its first word stands in `words`, the message it was found in; the shortest match counts."""
        return _start(self.chain, words, self.end)


class Machine:
    """All sequences of a set of patterns, compiled once; each knows its owner, a number of the caller."""

    def __init__(self, owned: Sequence[tuple[int, Chain]]) -> None:
        """Lay all sequences side by side in one row of bits."""
        exact: defaultdict[str, int] = defaultdict(int)
        prefixes: defaultdict[str, int] = defaultdict(int)
        self._first = self._gaps = self._skips = self._before = self._ends = 0
        self._finals: dict[int, tuple[int, Chain]] = {}
        place = 0
        for owner, chain in owned:
            self._first |= 1 << place
            for nth, atom in enumerate(chain):
                bit = 1 << place
                for word in atom.words:
                    exact[word] |= bit
                for prefix in atom.prefixes:
                    prefixes[prefix] |= bit
                self._gaps |= bit if atom.gap else 0
                self._lay_optional(chain, nth, bit)
                place += 1
            self._finals[place - 1] = (owner, chain)
        self._all = (1 << place) - 1
        self._final = sum(1 << final for final in self._finals)
        self._exact = dict(exact)
        self._prefixes = dict(prefixes)
        self._sizes = sorted({len(prefix) for prefix in prefixes})
        self._shortest = min(self._sizes, default=0)
        self._starts = frozenset(prefix[: self._shortest] for prefix in prefixes)
        self._near_optional = self._before | self._skips
        # by kind of word: the places that take it, those of them that are no gaps, those among them at a begin
        self._masks, self._closed, self._begins = [self._gaps], [0], [0]
        self._kind_of_mask: dict[int, int] = {self._gaps: _UNKNOWN}
        self._kinds: dict[str, int] = {}
        self.vocabulary = frozenset(exact)
        self.longest = max((len(chain) for _, chain in owned), default=0)

    def find(self, words: Sequence[str], breaks: frozenset[int] = frozenset(), most: int = 8) -> Iterator[Hit]:
        """Yield every sequence that ends at each word, in order; a gap does not reach over a sentence break.

        `breaks` are the places of words that begin a new sentence. Each sequence is yielded at most `most` times.
        """
        left: dict[int, int] = {}
        wanted = self._final
        state, kinds, masks, closed, begins = 0, self._kinds, self._masks, self._closed, self._begins
        near, skips, before, ends, everything = self._near_optional, self._skips, self._before, self._ends, self._all
        for at, word in enumerate(words):
            kind = kinds.get(word)
            if kind is None:
                kind = self._kind(word)
            begun = begins[kind]
            state = (state << 1) & (closed if at in breaks else masks)[kind] | begun if state else begun
            if not state:
                continue  # a word that begins no sequence, and none is under way
            if state & near:
                full = state | ends
                state |= skips & ((everything ^ (full - before)) ^ full)
            if found := state & wanted:
                while found:
                    low = found & -found
                    found ^= low
                    left[low] = left.get(low, most) - 1
                    if not left[low]:
                        wanted ^= low
                    owner, chain = self._finals[low.bit_length() - 1]
                    yield Hit(owner, at, chain)

    def _lay_optional(self, chain: Chain, nth: int, bit: int) -> None:
        if not chain[nth].optional:
            return
        self._skips |= bit
        if not chain[nth - 1].optional:
            self._before |= bit >> 1
        if not chain[nth + 1].optional:  # a sequence never ends with an optional place
            self._ends |= bit

    def _kind(self, word: str) -> int:
        """Return the number of the set of places that take `word`; words that all places treat alike share it."""
        if word not in self._exact and word[: self._shortest] not in self._starts:
            return _UNKNOWN
        mask = self._gaps | self._exact.get(word, 0)
        for size in self._sizes:
            mask |= self._prefixes.get(word[:size], 0) if size <= len(word) else 0
        kind = self._kind_of_mask.get(mask)
        if kind is None:
            kind = len(self._masks)
            self._masks.append(mask)
            self._closed.append(mask & ~self._gaps)
            self._begins.append(mask & self._first & ~self._gaps)
            self._kind_of_mask[mask] = kind
        if len(self._kinds) >= _MOST_CACHED:
            self._kinds.clear()
        self._kinds[word] = kind
        return kind


def _start(chain: Chain, words: Sequence[str], end: int) -> int:
    """Return where the shortest match of `chain` that ends at `end` begins; it is known that there is one."""
    places = {len(chain) - 1}
    at = end
    while at >= 0 and places:
        if 0 in places:
            return at
        places = {one for place in places for one in _earlier(chain, place) if at and chain[one].takes(words[at - 1])}
        at -= 1
    return max(0, end - len(chain) + 1)


def _earlier(chain: Chain, place: int) -> Iterator[int]:
    place -= 1
    while place >= 0:
        yield place
        if not chain[place].optional:
            return
        place -= 1
