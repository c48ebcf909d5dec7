"""All signs, guards and idioms compiled: what of them is in a message, and which signs stand after the guards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.catalog.crisis_model import URGENCY
from bot.catalog.findings import Finding
from bot.understanding.crisis.machine import Machine
from bot.understanding.crisis.pattern import Chain, PatternError, chains
from bot.understanding.crisis.text import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.catalog.crisis_model import CrisisRules, Guard, Sign
    from bot.catalog.model import Phrase
    from bot.understanding.crisis.machine import Hit
    from bot.understanding.crisis.text import Tokens

TURN = frozenset({"but", "pero", "except", "though", "aunque", "sino"})
"""Words that end the reach of a guard before a sign: "not now, but i will"."""

MOST_HITS = 3
"""Hits of one sign that are held against the guards; a message that says it more often gets its card."""

MOST_GUARDS = 40
"""Hits of one guard or idiom that are looked at; those beyond switch nothing off."""

_END = attrgetter("end")


@dataclass(frozen=True, slots=True)
class Found:
    """A sign in a message: of which class, in which words, and the guard that switched it off, if any."""

    class_id: str
    sign: Sign
    phrase: Phrase
    start: int
    end: int
    guard: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything of the rules that is in one message."""

    tokens: Tokens
    found: tuple[Found, ...]
    guards: tuple[str, ...]
    idioms: tuple[str, ...]

    @property
    def standing(self) -> tuple[Found, ...]:
        """Return the signs that no guard switched off."""
        return tuple(one for one in self.found if one.guard is None)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a pattern matched: its number, its first and its last word."""

    owner: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Guarding:
    """A guard of one class, or of all, as compiled."""

    guard: Guard
    unless: bool


class Signs:
    """The rules as two machines: guards and idioms on the words as read, then signs on what the idioms leave."""

    def __init__(self, rules: CrisisRules) -> None:
        """Compile; a pattern that cannot be read is set aside in `findings`."""
        self.findings: list[Finding] = []
        shared = rules.shared
        self._usual = shared.usual
        self.reader = Reader(shared.spellings, shared.key_words)
        self._signs: list[tuple[str, Sign, Phrase]] = []
        self._context: list[_Guarding | Phrase] = []
        signs: list[tuple[int, Chain]] = []
        context: list[tuple[int, Chain]] = []
        self._lay_context(shared.guards, shared.idioms, shared.words, context)
        self._guards: dict[tuple[str, str], Guard] = {}
        for one in (rules.classes[name] for name in URGENCY if name in rules.classes):
            words = {**shared.words, **one.words}
            self._lay_context(one.guards, one.idioms, words, context)
            self._guards |= {(one.id, name): guard for name, guard in (*shared.guards.items(), *one.guards.items())}
            for sign in one.signs:
                for phrase in sign.patterns:
                    signs += self._owned(len(self._signs), phrase, words)
                    self._signs.append((one.id, sign, phrase))
        self._sign_machine, self._context_machine = Machine(signs), Machine(context)
        self.reader.learn(self._sign_machine.vocabulary | self._context_machine.vocabulary)

    def see(self, text: str) -> Seen:
        """Return what of the rules is in a message."""
        tokens = self.reader.read(text)
        guards: dict[int, list[Span]] = {}
        words, idioms = list(tokens.words), []
        for hit in self._context_machine.find(tokens.words, tokens.breaks, MOST_GUARDS):
            owner = self._context[hit.owner]
            if isinstance(owner, _Guarding):
                span = Span(hit.owner, hit.start(tokens.words), hit.end)
                guards.setdefault(id(owner.guard) * 2 + owner.unless, []).append(span)
            else:
                idioms.append(owner.text)
                start = hit.start(tokens.words)
                words[start : hit.end + 1] = [""] * (hit.end + 1 - start)
        hits = self._sign_machine.find(words, tokens.breaks, MOST_HITS + 1)
        found = tuple(self._found(hits, words, tokens, guards))
        return Seen(tokens, found, self._names(guards), tuple(dict.fromkeys(idioms)))

    def _names(self, guards: Mapping[int, list[Span]]) -> tuple[str, ...]:
        seen = (self._context[hit.owner] for hits in guards.values() for hit in hits[:1])
        return tuple(dict.fromkeys(one.guard.name for one in seen if isinstance(one, _Guarding) and not one.unless))

    def _found(
        self, hits: Iterable[Hit], words: Sequence[str], tokens: Tokens, guards: Mapping[int, list[Span]]
    ) -> Iterator[Found]:
        counts: dict[int, int] = {}
        standing: set[tuple[str, str]] = set()
        for hit in hits:
            class_id, sign, phrase = self._signs[hit.owner]
            if (class_id, sign.kind) in standing:
                continue  # one sign of a kind is enough
            nth = counts[hit.owner] = counts.get(hit.owner, 0) + 1
            span = Span(hit.owner, hit.start(words), hit.end)
            guard = self._guard(class_id, sign, span, tokens, guards) if nth <= MOST_HITS else None
            if guard is None:
                standing.add((class_id, sign.kind))
            yield Found(class_id, sign, phrase, span.start, span.end, guard)

    def _guard(
        self, class_id: str, sign: Sign, hit: Span, tokens: Tokens, guards: Mapping[int, list[Span]]
    ) -> str | None:
        for name in self._guards_of(sign):
            guard = self._guards.get((class_id, name))
            if guard and id(guard) * 2 + 1 not in guards:
                spans = guards.get(id(guard) * 2)
                if spans and self._stops(guard, spans, hit, tokens):
                    return name
        return None

    def _stops(self, guard: Guard, spans: Sequence[Span], hit: Span, tokens: Tokens) -> bool:
        """Return whether one of a guard's `spans`, in the order of their ends, reaches the sign; skip those far off."""
        if guard.reach == "message":
            return True
        first, last = hit.start - guard.before, hit.end + guard.after
        if guard.reach == "sentence":
            first = bisect_left(tokens.sentence, tokens.sentence[hit.start])
            last = bisect_right(tokens.sentence, tokens.sentence[hit.end])
        low = bisect_left(spans, first, key=_END)
        high = bisect_right(spans, last + self._context_machine.longest, key=_END)
        return any(_reaches(guard, other, hit, tokens) for other in spans[low:high])

    def _guards_of(self, sign: Sign) -> Iterator[str]:
        for name in sign.guards:
            if name == "usual":
                yield from self._usual
            else:
                yield name

    def _lay_context(
        self,
        guards: Mapping[str, Guard],
        idioms: Iterable[Phrase],
        words: Mapping[str, Sequence[str]],
        context: list[tuple[int, Chain]],
    ) -> None:
        for guard in guards.values():
            for unless, phrases in ((False, guard.patterns), (True, guard.unless)):
                for phrase in phrases:
                    context += self._owned(len(self._context), phrase, words)
                    self._context.append(_Guarding(guard, unless))
        for phrase in idioms:
            context += self._owned(len(self._context), phrase, words)
            self._context.append(phrase)

    def _owned(self, owner: int, phrase: Phrase, words: Mapping[str, Sequence[str]]) -> list[tuple[int, Chain]]:
        try:
            return [(owner, chain) for chain in chains(phrase.text, words, self.reader.spell)]
        except PatternError as error:
            self.findings.append(Finding(phrase.mark, str(error), "a pattern as in docs/crisis.md", code="pattern"))
            return []


def _reaches(guard: Guard, hit: Span, sign: Span, tokens: Tokens) -> bool:
    if guard.reach == "message":
        return True
    low, high = min(hit.end, sign.end), max(hit.start, sign.start)
    if tokens.sentence[low] != tokens.sentence[high]:
        return False
    if guard.reach == "sentence":
        return True
    if hit.end < sign.start:
        between = tokens.words[hit.end + 1 : sign.start]
        return len(between) < guard.before and not TURN.intersection(between)
    if hit.start > sign.end:
        return hit.start - sign.end <= guard.after
    return False
