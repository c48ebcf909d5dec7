"""A pattern of staff -> the sequences of words that it stands for.

There is no nesting and no repetition, so the number of sequences is small and known before matching begins.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Spell = Callable[[str], tuple[str, ...]]

GAPS = {"...": 3, "....": 6, "\N{HORIZONTAL ELLIPSIS}": 3}
"""Words that may stand in a gap, at most."""

MAX_SEQUENCES = 400
"""Sequences that one pattern may stand for; more means that it should be several patterns."""


class PatternError(ValueError):
    """A pattern cannot be read; its text says what to write instead."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One place in a sequence: any of `words`, or a word with one of `prefixes`; `gap` takes any word."""

    words: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    gap: bool = False
    optional: bool = False

    def takes(self, word: str) -> bool:
        """Return whether this place takes `word`."""
        return self.gap or word in self.words or any(word.startswith(prefix) for prefix in self.prefixes)


Chain = tuple[Atom, ...]


def chains(pattern: str, groups: Mapping[str, Sequence[str]], spell: Spell) -> list[Chain]:
    """Return every sequence of places that `pattern` stands for; `spell` gives a typed word's normalised words.

    Raises:
        PatternError: an unknown group, a gap at an end, nothing to match, or too many sequences.

    """
    parts = pattern.lower().split()
    if not parts or parts[0] in GAPS or parts[-1] in GAPS:
        message = "a pattern begins and ends with a word, not with a gap"
        raise PatternError(message)
    choices = [list(_choices(part, groups, spell)) for part in parts]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MAX_SEQUENCES:
        message = f"this stands for {count} sequences of words; write it as several patterns"
        raise PatternError(message)
    whole = (tuple(itertools.chain.from_iterable(combination)) for combination in itertools.product(*choices))
    return [chain for chain in dict.fromkeys(map(_without_loose_ends, whole)) if chain]


def _choices(part: str, groups: Mapping[str, Sequence[str]], spell: Spell) -> Iterator[Chain]:
    if part in GAPS:
        yield (Atom(gap=True, optional=True),) * GAPS[part]
        return
    optional = part.endswith("?")
    name = part.removesuffix("?")
    phrases = [phrase for one in name.split("|") for phrase in _meant(one, groups)]
    single, several = _sorted_out(phrases, spell)
    if single.words or single.prefixes:
        yield (Atom(single.words, single.prefixes, optional=optional),)
    yield from several
    if optional and several and not (single.words or single.prefixes):
        yield ()


def _meant(one: str, groups: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if not (one.startswith("<") and one.endswith(">")):
        return (one,)
    if one[1:-1] not in groups:
        message = f"there is no group of words called {one}"
        raise PatternError(message)
    return groups[one[1:-1]]


def _sorted_out(phrases: Sequence[str], spell: Spell) -> tuple[Atom, list[Chain]]:
    words: set[str] = set()
    prefixes: set[str] = set()
    several: list[Chain] = []
    for phrase in phrases:
        atoms = [atom for word in phrase.lower().split() for atom in _atoms(word, spell)]
        if len(atoms) == 1:
            words |= atoms[0].words
            prefixes |= atoms[0].prefixes
        elif atoms:
            several.append(tuple(atoms))
    return Atom(_same(frozenset(words)), _same(frozenset(prefixes))), several


def _atoms(word: str, spell: Spell) -> list[Atom]:
    if word.endswith("*"):
        stem = "".join(spell(word.removesuffix("*")))
        return [Atom(prefixes=frozenset({stem}))] if stem else []
    if "|" in word:
        either = [_atoms(one, spell) for one in word.split("|")]
        flat = [atoms[0] for atoms in either if len(atoms) == 1]
        words = frozenset(itertools.chain.from_iterable(atom.words for atom in flat))
        return [Atom(words, frozenset(itertools.chain.from_iterable(atom.prefixes for atom in flat)))]
    return [Atom(frozenset({one})) for one in spell(word)]


@functools.cache
def _same(words: frozenset[str]) -> frozenset[str]:
    """Return one and the same set for equal ones: a group of words stands in hundreds of patterns."""
    return words


def _without_loose_ends(chain: Chain) -> Chain:
    """Drop places at either end that may be missing: they add nothing to a match."""
    first, last = 0, len(chain)
    while first < last and chain[first].optional:
        first += 1
    while last > first and chain[last - 1].optional:
        last -= 1
    return chain[first:last]
