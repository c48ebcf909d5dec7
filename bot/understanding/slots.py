"""Slot values in a message: names, nicknames and abbreviations, also misspelt, longest first, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.normalise import normalise
from bot.understanding.reading import SlotHit
from bot.understanding.roles import Roles
from bot.understanding.wordlist import ORDINARY, word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.catalog.model import Slot, SlotValue
    from bot.understanding.normalise import Normal, Word

ABBREVIATION = 2
"""Synonyms of this many letters are words in lower case ("in", "me", "hi"): they need capitals, a comma or "in"."""

FIRST_LETTER_HOLDS = 7
"""Up to this many letters a misspelling must begin with the right letter."""

POSSESSIVE = 0.98
"""Score of a name with an s at its end ("alices")."""

WEAK = 0.6
"""Score of an abbreviation that is also a word, where only its capitals speak for it ("OR")."""

_ONE_SLIP, _TWO_SLIPS = 5, 8
_THREE_SLIPS = 10  # letters of a first and last name together
_FULL_NAME = 2  # words
_MIN_TYPED = 4
_IN = frozenset({"in", "en"})
_LEADING = frozenset({"in", "from", "of", "at", "for", "to", "en", "de", "por", "para", "a"})
_LAST_AFTER = frozenset({"about", "from", "to", "de"})  # "what about tx"; but not "about ms smith"
_NEVER_SMALL = frozenset({"la", "me", "mi"})  # "do you believe in me", "nadie cree en mí"
_CAPITALS_OF_THEIR_OWN = frozenset({"hi", "id", "in", "me", "mi", "ok"})  # "my state ID", "OK thanks", "help ME"
_FUNCTION = word_list("en").function | word_list("es").function
_ENGLISH = "mr mrs ms miss aunt auntie cousin daughter friend girlfriend grandma mom named called niece sister wife"
_SPANISH = "sra senora srta senorita dona amiga abuela esposa hermana hija llama llamo mama novia prima sobrina tia"
_TITLES = frozenset(f"{_ENGLISH} {_SPANISH}".split())
"""Words before a name of a person: a slot none of whose values has a pronoun is not meant ("aunt virginia")."""

_NOBODY = ""  # the value of words that are none although they look like one
_MY_NAME = frozenset({("name", "is"), ("nombre", "es")})


@dataclass(slots=True)
class _Node:
    """A step in the tree of synonyms: the words that may follow, and the values that end here."""

    following: dict[str, _Node] = field(default_factory=dict)
    ends: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Find:
    """A value found from word `first` up to (not including) word `last`."""

    slot: str
    value: str
    first: int
    last: int
    score: float


def marker(slot: str) -> str:
    """Return the word that stands for a slot in what the classifier reads, e.g. "xcasex"."""
    return f"x{''.join(char for char in slot.lower() if char.isalnum())}x"


def slips_allowed(length: int) -> int:
    """Return how many slips of the keyboard a word of `length` letters may have: 1 from 5, 2 from 8."""
    return 2 if length >= _TWO_SLIPS else 1 if length >= _ONE_SLIP else 0


class SlotFinder:
    """Finds the values of all slots; `ordinary` words never count as misspellings of a name."""

    def __init__(self, slots: Mapping[str, Slot], ordinary: Iterable[str] = ()) -> None:
        """Index every name and synonym in every language."""
        self._root = _Node()
        self._short: dict[str, list[tuple[str, str]]] = {}
        self._full: dict[str, tuple[str, str]] = {}
        self._roles = Roles(slots)
        self._people = frozenset(slot.id for slot in slots.values() if any(v.pronoun for v in slot.values.values()))
        for slot in slots.values():
            for value in slot.values.values():
                self._add(slot.id, value)
            for text in slot.never:
                self._plant([word.text for word in normalise(text).words], (slot.id, _NOBODY))
        self._known = frozenset(_words_below(self._root))
        self._targets = _by_length(sorted(word for word in self._known if len(word) >= _ONE_SLIP))
        self._ordinary = ORDINARY | frozenset(ordinary)

    @property
    def words(self) -> frozenset[str]:
        """Return every word that stands in a name or synonym."""
        return self._known

    def find(self, normal: Normal, *, wants: str | None = None) -> tuple[SlotHit, ...]:
        """Return the values found, in order; they overlap only where one name has several owners.

        `wants` is the slot that the line has just asked for: its abbreviations then count alone in any case ("ok").
        """
        words, alternatives = normal.words, [self._alternatives(word) for word in normal.words]
        hits: list[SlotHit] = []
        at = 0
        while at < len(words):
            best = self._best(normal, alternatives, at, wants)
            hits.extend(
                SlotHit(f.slot, f.value, words[f.first].start, words[f.last - 1].end, f.score)
                for f in best
                if f.value != _NOBODY
            )
            at = best[0].last if best else at + 1
        return self._roles.told(normal, hits)

    def pointed(self, normal: Normal) -> tuple[tuple[str, str], ...]:
        """Return the slots and roles that a message points at without naming a value ("can i vote here")."""
        return self._roles.pointed(normal)

    def _add(self, slot: str, value: SlotValue) -> None:
        synonyms = {text for texts in value.synonyms.values() for text in texts}
        for text in sorted({*value.name.values(), *synonyms}):
            normal = normalise(text)
            typed = "".join(text.split()).replace(".", "").casefold()
            if len(typed) <= ABBREVIATION:
                _put(self._short.setdefault(typed, []), (slot, value.id))
            elif normal.words:
                self._plant([word.text for word in normal.words], (slot, value.id))

    def _plant(self, words: Sequence[str], end: tuple[str, str]) -> None:
        node = self._root
        if end[0] in self._people and end[1] != _NOBODY and _is_full_name(words):
            self._full.setdefault(" ".join(words), end)
        for word in words:
            node = node.following.setdefault(word, _Node())
        _put(node.ends, end)

    def _best(
        self, normal: Normal, alternatives: Sequence[Mapping[str, float]], at: int, wants: str | None
    ) -> list[_Find]:
        """Return the longest and then surest value that begins at word `at`: several when a name has several owners."""
        found = [*self._walk(self._root, alternatives, at, at, 1.0), *self._abbreviated(normal, at, wants)]
        if _after_title(normal, at):
            found = [find for find in found if find.slot in self._people]
        found = found or self._full_name(normal, at)
        if not found:
            return []
        longest = max((find.last, find.score) for find in found)
        return [find for find in _distinct(found) if (find.last, find.score) == longest]

    def _walk(
        self, node: _Node, alternatives: Sequence[Mapping[str, float]], first: int, at: int, score: float
    ) -> list[_Find]:
        found = [_Find(slot, value, first, at, score) for slot, value in node.ends]
        if at < len(alternatives):
            for word, likeness in alternatives[at].items():
                if word in node.following:
                    found += self._walk(node.following[word], alternatives, first, at + 1, score * likeness)
        return found

    def _full_name(self, normal: Normal, at: int) -> list[_Find]:
        """Return who is meant by two words that are a first and last name with slips in both ("dawnn jaksn")."""
        words = [word.text for word in normal.words[at : at + _FULL_NAME]]
        if len(words) < _FULL_NAME or any(word in self._ordinary or len(word) < _MIN_TYPED for word in words):
            return []
        letters = [word[0] for word in words]
        near = process.extract(" ".join(words), self._full.keys(), scorer=OSA.distance, score_cutoff=3, limit=None)
        fitting = [(slips, name) for name, slips, _ in near if [part[0] for part in name.split()] == letters]
        if not fitting:
            return []
        slips, name = min(fitting)
        return [_Find(*self._full[name], at, at + _FULL_NAME, 1.0 - slips / len(name))]

    def _alternatives(self, word: Word) -> dict[str, float]:
        """Return the words of synonyms that this word may be, with their likeness (1 for itself)."""
        text = word.text
        found = {text: 1.0} if text in self._known else {}
        if text.endswith("s") and text[:-1] in self._known and text not in ORDINARY:
            found.setdefault(text[:-1], POSSESSIVE)
        if text in self._ordinary or len(text) < _MIN_TYPED or not text.isalpha() or self._is_value(found):
            return found
        # a word of a longer synonym ("alise johnson") may still be a slip for a name that stands alone
        return self._misspelt(text) | found

    def _is_value(self, words: Iterable[str]) -> bool:
        return any(word in self._root.following and self._root.following[word].ends for word in words)

    def _misspelt(self, text: str) -> dict[str, float]:
        near: dict[str, float] = {}
        for length in range(len(text) - 2, len(text) + 3):
            allowed = slips_allowed(length)
            near |= {
                target: 1.0 - slips / (length + 1)
                for target, slips, _ in process.extract(
                    text, self._targets.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=None
                )
                if length > FIRST_LETTER_HOLDS or target[0] == text[0]
            }
        return near

    def _abbreviated(self, normal: Normal, at: int, wants: str | None) -> list[_Find]:
        word = normal.words[at]
        ends = self._short.get(word.typed, [])
        score = self._abbreviation_score(normal, at) if ends else 0.0
        asked = len(normal.words) == 1
        return [
            _Find(slot, value, at, _past(normal, at), 1.0 if asked and slot == wants else score)
            for slot, value in ends
            if score > 0 or (asked and slot == wants)
        ]

    def _abbreviation_score(self, normal: Normal, at: int) -> float:
        """Return 0 where a two-letter word is just that word, else how sure it is an abbreviation."""
        word, alone, last = normal.words[at], len(normal.words) == 1, _past(normal, at) == len(normal.words)
        common = word.typed in ORDINARY
        plain = any(other.typed.isalpha() and not other.shouted for other in normal.words)
        shouted = word.shouted and (alone or plain or not normal.shouting)  # "NY and NJ"
        if self._led_to(normal, at) and (shouted or not common or (last and word.typed not in _NEVER_SMALL)):
            return 1.0
        if not common:
            return 1.0 if shouted or alone or (last and normal.words[at - 1].text in _LAST_AFTER) else 0.0
        return WEAK if shouted and _may_be_weak(word.typed, alone=alone, first=at == 0, last=last) else 0.0

    def _led_to(self, normal: Normal, at: int) -> bool:
        """Return whether "in", "en" or a comma after a place name ("portland, or") leads to the word at `at`."""
        if at == 0:
            return False
        before = normal.words[at - 1].text
        return before in _IN or (normal.words[at].comma and before not in self._ordinary)


def marked(normal: Normal, hits: Iterable[SlotHit], only: frozenset[str] | None = None) -> str:
    """Return the text with each hit replaced by its slot's marker; several owners of one name are one marker.

    Hits of slots that are not in `only` stay as they were typed; None means all slots.
    """
    pieces: list[str] = []
    at = 0
    for hit in hits:
        if hit.start < at or (only is not None and hit.slot not in only):
            continue
        pieces += [normal.text[at : hit.start], marker(hit.slot)]
        at = hit.end
    return " ".join(" ".join([*pieces, normal.text[at:]]).split())


def without(text: str, markers: frozenset[str]) -> str:
    """Return a text without some markers and without the words that lead to them ("food stamps in xstatex")."""
    kept: list[str] = []
    for word in text.split():
        if word not in markers:
            kept.append(word)
        elif kept and kept[-1] in _LEADING:
            kept.pop()
    return " ".join(kept)


def _may_be_weak(typed: str, *, alone: bool, first: bool, last: bool) -> bool:
    """Return whether capitals alone may make a word an abbreviation: not where they only stress it ("this OR that")."""
    return typed not in _CAPITALS_OF_THEIR_OWN and (alone or last or not (first or typed in _FUNCTION))


def _after_title(normal: Normal, at: int) -> bool:
    """Return whether the words before `at` say that a person's name follows."""
    before = [word.text for word in normal.words[max(at - 2, 0) : at]]
    return bool(before) and (before[-1] in _TITLES or tuple(before) in _MY_NAME)


def _past(normal: Normal, at: int) -> int:
    """Return the place after the word at `at` and the further words of its contraction ("pa" typed, "para" read)."""
    past = at + 1
    while past < len(normal.words) and not normal.words[past].typed:
        past += 1
    return past


def _is_full_name(words: Sequence[str]) -> bool:
    return len(words) == _FULL_NAME and sum(map(len, words)) >= _THREE_SLIPS


def _put(ends: list[tuple[str, str]], end: tuple[str, str]) -> None:
    if end not in ends:
        ends.append(end)


def _distinct(found: Iterable[_Find]) -> list[_Find]:
    return list(dict.fromkeys(found))


def _words_below(node: _Node) -> Iterable[str]:
    for word, following in node.following.items():
        yield word
        yield from _words_below(following)


def _by_length(words: Iterable[str]) -> dict[int, tuple[str, ...]]:
    lengths: dict[int, list[str]] = {}
    for word in words:
        lengths.setdefault(len(word), []).append(word)
    return {length: tuple(group) for length, group in lengths.items()}
