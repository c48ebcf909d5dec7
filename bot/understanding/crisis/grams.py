"""Messages as rows of numbers: words, word pairs, letter n-grams, and what staff's signs and guards say.

The part of each word can be added up, so that any stretch of a long message is scored in a few operations.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from bot.understanding.crisis.names import Names
from bot.understanding.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.understanding.crisis.signs import Seen

T = TypeVar("T")

LETTERS = (3, 4)
WORD, PAIR, LETTER, FAMILY, FAMILY_PAIR, RULE = 1.0, 1.2, 0.3, 0.8, 0.5, 0.1
"""Scale of a word, a word pair, a letter n-gram, a family, two families near each other, and of a sign or guard."""

NEAR = 5
"""Words back to which two families count as near each other."""

_SEEN_OFTEN = 2
_KINDS = {"w": WORD, "p": PAIR, "l": LETTER, "f": FAMILY, "q": FAMILY_PAIR}
_RULES = "\0"
SIGN = "\0+"
"""What the grams of signs, guards and idioms begin with; a line that staff saw when they wrote signs says none."""

_MINE = frozenset({"i", "me", "my", "myself", "am", "yo", "mi", "mis"})
_ASKING = frozenset(
    {
        "how", "what", "which", "who", "when", "where", "does", "do", "can", "could", "should", "is", "are", "why",
        "will", "would", "como", "cual", "cuanto", "cuantos", "cuando", "donde", "puedo", "puede", "quien", "que", "es",
        "hay",
    }
)  # fmt: skip
_MOST_MINE, _LONGEST_KIND = 4, 7
_LONGEST = 16
_MOST_CACHED = 20_000
_BETWEEN = "\n"  # stands in no gram


class Families:
    """Tells to which families a word belongs; a word of a family may end in `*` for any ending."""

    def __init__(self, families: Mapping[str, Sequence[str]]) -> None:
        """Take the families by name."""
        self._exact: defaultdict[str, list[str]] = defaultdict(list)
        self._starts: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(families):
            for word in families[name]:
                plain = fold(word)
                (self._starts if plain.endswith("*") else self._exact)[plain.removesuffix("*")].append(name)
        self._heads = frozenset(stem[:2] for stem in self._starts)
        self._cache: dict[str, tuple[str, ...]] = {}

    def of(self, word: str) -> tuple[str, ...]:
        """Return the names of the families of `word`."""
        found = self._cache.get(word)
        if found is None:
            names = list(self._exact.get(word, ()))
            for size in range(2, len(word) + 1) if word[:2] in self._heads else ():
                names += self._starts.get(word[:size], ())
            found = tuple(dict.fromkeys(names))
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[word] = found
        return found


class Grams:
    """Learns the grams of some messages; turns a message into a row.

    A gram belongs to one word, or to a word and one of the NEAR words before it, so that a message is the sum of these.
    """

    def __init__(
        self,
        families: Mapping[str, Sequence[str]],
        names: str = "",
        scale: NDArray[np.float64] | None = None,
    ) -> None:
        """Take the families of words: what matters of a word is often only that it is a relative, a drug, a threat.

        `names` and `scale` are the grams that were learned before, with a line feed between, and what each counts.
        """
        self._families = Families(families)
        self._take(names, np.zeros(0) if scale is None else scale)

    def learn(self, messages: Sequence[Seen], deaf: Container[int] = ()) -> Any:  # noqa: ANN401  # a scipy csr matrix
        """Learn the grams that at least two messages have, and return the rows, shape (messages, grams).

        The messages whose places are in `deaf` say nothing of signs: those were written to fit them.
        """
        counts, names = self._counted(messages, deaf)
        often = np.bincount(counts.indices, minlength=len(names))
        kept = np.flatnonzero(often >= _SEEN_OFTEN)
        kinds = np.array([_KINDS.get(names[gram][0], RULE) for gram in kept])
        scale = kinds * (np.log((1 + len(messages)) / (1 + often[kept])) + 1.0) / 5.0
        learned = [names[gram] for gram in kept]
        self._take(_BETWEEN.join(learned), scale)
        rows = counts[:, kept]
        rules = np.array([name.startswith(_RULES) for name in learned], dtype=bool)
        lengths = np.sqrt(rows @ np.where(rules, 0.0, scale**2))
        owners = np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(rows.indptr))
        rows.data = np.where(rules[rows.indices], RULE, rows.data * scale[rows.indices] / owners).astype(np.float32)
        return rows

    def families(self, word: str) -> tuple[str, ...]:
        """Return the names of the families of a word."""
        return self._families.of(word)

    def of_kind(self, kind: str) -> dict[int, str]:
        """Return the grams of one kind ("w" are words) by their places, without what tells their kind."""
        return {at: name[1:] for at, name in enumerate(self.names.split(_BETWEEN)) if name[:1] == kind}

    def places(self, grams: Sequence[str]) -> NDArray[np.intp]:
        """Return the place of each gram, -1 where it was not learned."""
        return self._places.places(grams)

    def rules(self, seen: Seen) -> NDArray[np.intp]:
        """Return the known grams of the hints, guards and emoji in a message."""
        places = self.places(rule_grams(seen))
        return places[places >= 0]

    def row(self, words: Sequence[str], seen: Seen) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the columns of a row and their values: the words have length 1 together, the rules stand beside."""
        places = self.places(self._all(words, self.of_word, str, _between))
        columns, count = np.unique(places[places >= 0], return_counts=True)
        rules, scale = self.rules(seen), self.scale[columns]
        length = math.sqrt(float((count * scale * scale).sum())) or 1.0
        return np.concatenate([columns, rules]), np.concatenate([count * scale / length, np.full(len(rules), RULE)])

    def _take(self, names: str, scale: NDArray[np.float64]) -> None:
        # as one text: tens of thousands of small ones would take ten times the memory
        self.names, self.scale = names, scale
        self._places = Names(names.split(_BETWEEN) if names else ())

    def _counted(self, messages: Sequence[Seen], deaf: Container[int]) -> tuple[Any, list[str]]:
        """Return how often each message has each gram, a csr matrix, and the grams in the order of its columns."""
        from scipy import sparse  # type: ignore[import-untyped]  # noqa: PLC0415  # 16 MB that one message does not need

        ids: defaultdict[str, int] = defaultdict()
        ids.default_factory = ids.__len__
        word = functools.cache(lambda one: [ids[gram] for gram in self.of_word(one)])
        between = functools.cache(lambda *sides: [ids[gram] for gram in _between(*sides)])
        found: list[int] = []
        ends = [0]
        for place, seen in enumerate(messages):
            found += self._all(seen.tokens.words, word, ids.__getitem__, between)
            rules = rule_grams(seen)
            found += [ids[gram] for gram in rules if not (gram.startswith(SIGN) and place in deaf)]
            ends.append(len(found))
        parts = (np.ones(len(found)), np.array(found, dtype=np.int32), np.array(ends))
        counts = sparse.csr_matrix(parts, shape=(len(messages), len(ids)))
        counts.sum_duplicates()
        return counts, list(ids)

    def _all(
        self,
        words: Sequence[str],
        word: Callable[[str], list[T]],
        pair: Callable[[str], T],
        between: Callable[[tuple[str, ...], tuple[str, ...]], list[T]],
    ) -> list[T]:
        """Return the grams of words, pairs of words and pairs of families, as what the three callables make of them."""
        grams: list[T] = []
        before, families = "^", [self._families.of(one) for one in words]
        for place, one in enumerate(words):
            grams += word(one)
            grams.append(pair(f"p{before} {one}"))
            if here := families[place]:
                for other in families[max(0, place - NEAR) : place]:
                    if other:
                        grams += between(other, here)
            before = one
        return grams

    def of_word(self, word: str) -> list[str]:
        """Return the grams of one word, its own first."""
        families = (f"f{one}" for one in self._families.of(word))
        return [f"w{word}", *families, *(f"l{letters}" for letters in letters_of(word))]


def letters_of(word: str) -> list[str]:
    """Return the stretches of letters in a word, each once, with a space for its ends."""
    padded = f" {word[:_LONGEST]} "
    found: list[str] = []
    for size in LETTERS:
        found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return list(dict.fromkeys(found))


def _between(before: tuple[str, ...], here: tuple[str, ...]) -> list[str]:
    return [f"q{one} {other}" for one in before for other in here]


def rule_grams(seen: Seen) -> list[str]:
    """Return what the rules say of a message, and its shape, as grams."""
    grams = {f"{SIGN}sign {one.class_id} {one.sign.kind}" for one in seen.standing}
    grams |= {f"{SIGN}{one.sign.strength} {one.class_id}" for one in seen.standing}
    grams |= {f"{SIGN}{one.sign.strength}" for one in seen.standing}
    grams |= {f"{SIGN}off {one.guard}" for one in seen.found if one.guard}
    grams |= {f"{SIGN}guard {name}" for name in seen.guards}
    grams |= {f"{SIGN}idiom"} if seen.idioms else set()
    return sorted(grams | {f"{_RULES}emoji {name}" for name in seen.tokens.emoji} | _shape(seen.tokens.words))


def _shape(words: Sequence[str]) -> set[str]:
    """Return how long a message is, whether it begins as a question, and how often its writer speaks of themselves."""
    if not words:
        return set()
    mine = min(_MOST_MINE, sum(word in _MINE for word in words))
    grams = {f"{_RULES}long {min(_LONGEST_KIND, int(math.log2(len(words) + 1) * 1.5))}", f"{_RULES}mine {mine}"}
    return grams | ({f"{_RULES}asks"} if words[0] in _ASKING else set())
