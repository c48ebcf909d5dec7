"""Words in disguise: glued together ("iwanttodie"), with stars ("k*ll"), or with one letter wrong ("suiside")."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SHORTEST = 5  # letters of a key word that may be misspelt
_LONGEST_PART = 12
_GLUED_FROM = 8
_GLUED_TO = 32
_SINGLE = frozenset({"i", "a", "y", "o", "u"})
_MOST_PARTS = 14
_TWO_PARTS = 4  # letters that each of only two parts must have: "therapist" is not "the rapist"
_LETTERS_EACH = 2.4
_HEAD, _SHORT = 3, (1, 2)  # words of one or two letters are looked for everywhere


class Unglue:
    """Knows the words of the signs and finds them in disguise."""

    def __init__(self, vocabulary: Iterable[str], plain: Iterable[str], keys: Iterable[str]) -> None:
        """Take the words of the signs, ordinary words, and the key words that may be misspelt."""
        self._signs = frozenset(vocabulary)
        self._plain = frozenset(plain)
        self._parts = frozenset(w for w in self._signs | self._plain if len(w) > 1 or w in _SINGLE)
        self._sizes = _sizes(self._parts)
        self._sorted = sorted(self._signs)
        self._with: defaultdict[tuple[int, int, str], int] = defaultdict(int)
        for nth, word in enumerate(self._sorted):
            for at, letter in enumerate(word):
                self._with[len(word), at, letter] |= 1 << nth
        self._deletes: defaultdict[str, set[str]] = defaultdict(set)
        for key in keys:
            if len(key) >= _SHORTEST:
                for less in (key, *_deletes(key)):
                    self._deletes[less].add(key)

    def key(self, word: str) -> str | None:
        """Return the key word that `word` is but for one letter wrong, missing, added or swapped with the next."""
        if len(word) < _SHORTEST or word in self._plain:
            return None
        # the first letter is never the wrong one, so leaving it out finds nothing more
        lesses = [word, *[word[:at] + word[at + 1 :] for at in range(1, len(word))]]
        near = {key for less in lesses if less in self._deletes for key in self._deletes[less]}
        fits = sorted(key for key in near if key[0] == word[0] and _one_apart(word, key))
        return fits[0] if fits else None

    def starred(self, word: str) -> str | None:
        """Return the word of a sign that `word` is with stars for letters, the first by the alphabet."""
        if word.count("*") >= len(word) / 2:
            return None
        fits = -1
        for at, letter in enumerate(word):
            if letter != "*":
                fits &= self._with.get((len(word), at, letter), 0)
                if not fits:
                    return None
        return self._sorted[(fits & -fits).bit_length() - 1]

    def parts(self, word: str) -> tuple[str, ...]:
        """Return the known words that `word` is glued from, as few as possible; nothing when it is not glued."""
        if not _GLUED_FROM <= len(word) <= _GLUED_TO:
            return ()
        far = len(word) + 1
        fewest, before = [0, *[far] * len(word)], [0] * far
        for start in range(len(word)):
            if (count := fewest[start] + 1) > _MOST_PARTS:
                continue
            for size in self._sizes.get(word[start : start + _HEAD], _SHORT):
                end = start + size
                if end < far and count < fewest[end] and word[start:end] in self._parts:
                    fewest[end], before[end] = count, start
        return self._sound(_cut(word, before), len(word)) if fewest[-1] < far else ()

    def _sound(self, parts: tuple[str, ...], letters: int) -> tuple[str, ...]:
        few = len(parts) == 2 and min(map(len, parts), default=0) < _TWO_PARTS  # noqa: PLR2004  # two parts
        many = len(parts) > _MOST_PARTS or letters < _LETTERS_EACH * len(parts)
        telling = any(len(part) > 2 and part in self._signs for part in parts)  # noqa: PLR2004  # "me" tells nothing
        return () if few or many or not telling else parts


def _sizes(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return for the first letters of words how long such words are; the shortest may begin any of them."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for word in words:
        if _HEAD <= len(word) <= _LONGEST_PART:
            found[word[:_HEAD]].add(len(word))
    return {head: (*_SHORT, *sorted(sizes)) for head, sizes in found.items()}


def _cut(word: str, before: Sequence[int]) -> tuple[str, ...]:
    """Return the parts of `word`; `before` says for each end where the part begins."""
    parts, end = [], len(word)
    while end:
        parts.append(word[before[end] : end])
        end = before[end]
    return tuple(reversed(parts))


def _deletes(word: str) -> Iterator[str]:
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


def _one_apart(one: str, other: str) -> bool:
    """Return whether two words differ by one letter or by one swap of neighbours."""
    if abs(len(one) - len(other)) > 1:
        return False
    first = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[first:], other[first:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped
