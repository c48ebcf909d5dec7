"""From a reading and the conversation so far to what should be said: answer, ask back, or admit not knowing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

from bot.dialog.memory import OWN_TOPIC, after_answer
from bot.dialog.references import names_language, refers_to, wants_other
from bot.dialog.roles import heard, hits_of, taken, told_by
from bot.understanding.reading import Candidate
from bot.understanding.tuning import Bars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bot.catalog.model import Catalog, Intent
    from bot.dialog.conversation import Conversation
    from bot.understanding.reading import Reading

MOST_ANSWERS = 3
"""Answers in one turn at the most, for a message that names several people or places."""

MOST_READINGS = 3
"""Readings offered by a clarifying question at the most (DESIGN, rule 3)."""

LIKELY_ENOUGH = 0.02
"""Probability from which a reading is offered beside the first one."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to answer: an intent with its slots filled as far as they are known."""

    intent: str
    slots: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to say: `asks` to answer; or `readings` to choose from; or `missing` slot of the one ask; or nothing.

    `why` says in a few words how the decision came about, for `--why`.
    """

    asks: tuple[Ask, ...] = ()
    readings: tuple[Ask, ...] = ()
    missing: str | None = None
    why: str = ""
    confidence: float = 0.0


class Planner:
    """Decides between answer, clarify and fallback for one catalog."""

    def __init__(self, catalog: Catalog, bars: Bars | None = None) -> None:
        """Keep the catalog and the bars."""
        self._catalog = catalog
        self._bars = bars or Bars()

    def plan(self, reading: Reading, conversation: Conversation) -> Plan:
        """Return what to say to a message that was understood as `reading`."""
        hits = hits_of(reading)
        conversation = heard(conversation, reading)
        for step in (self._other_value, self._asked_slot, self._same_again, self._best):
            if (plan := step(reading, conversation, hits)) is not None:
                return plan
        return Plan(why="no candidate is likely enough", confidence=_first_confidence(reading))

    def plan_all(self, whole: Reading, parts: Sequence[Reading], conversation: Conversation) -> Plan:
        """Return what to say to a message that may ask several things: up to three answers, urgent ones first.

        Each part leans on those before it ("who is dawn and how did she get out"). Where no two parts are sure of
        different things, the message is planned as a whole, or by its one sure part when the whole is not sure.
        """
        plan = self.plan(whole, conversation)
        found = self._sure_parts(parts, conversation)
        sure = bool(plan.asks) and plan.missing is None
        if len(found) > 1 or (found and not sure):
            asks = sorted(found, key=lambda ask: not self._catalog.intents[ask.intent].urgent)[:MOST_ANSWERS]
            why = "several questions in one message" if len(asks) > 1 else "one part of the message is clear"
            return Plan(tuple(asks), why=why, confidence=min(ask.confidence for ask in asks))
        return plan

    def _sure_parts(self, parts: Sequence[Reading], conversation: Conversation) -> list[Ask]:
        found: list[Ask] = []
        for part in parts:
            plan = self.plan(part, conversation)
            if plan.missing is None:
                for ask in plan.asks:
                    conversation = after_answer(conversation, self._catalog.intents[ask.intent], ask)
                    found.append(ask)
        real = [ask for ask in found if self._catalog.intents[ask.intent].topic != OWN_TOPIC]
        distinct = {(ask.intent, tuple(ask.slots.items())): ask for ask in reversed(real)}
        return list(reversed(distinct.values()))

    def fill(self, intent_id: str, known: Mapping[str, tuple[str, ...]], confidence: float, why: str) -> Plan:
        """Return a plan for one intent: its answers, or the slot that is missing."""
        intent = self._catalog.intents[intent_id]
        for slot in intent.slots:
            if not known.get(slot):
                given = {name: known[name][0] for name in intent.slots if known.get(name)}
                ask = Ask(intent_id, given, confidence)
                return Plan((ask,), missing=slot, why=f"{why}; the slot {slot} is not known", confidence=confidence)
        combined = product(*(known[slot] for slot in intent.slots))
        asks = [Ask(intent_id, dict(zip(intent.slots, values, strict=True)), confidence) for values in combined]
        return Plan(tuple(asks[:MOST_ANSWERS]), why=why, confidence=confidence)

    def _other_value(
        self, reading: Reading, conversation: Conversation, hits: Mapping[str, tuple[str, ...]]
    ) -> Plan | None:
        """Answer "what about the other one" with the value that was talked about before."""
        if hits or conversation.intent is None or not wants_other(reading.normal):
            return None
        for slot, value in conversation.earlier:
            if slot in self._slots_of(conversation.intent) and conversation.slots.get(slot) != value:
                return self.fill(conversation.intent, {slot: (value,)}, 1.0, "the other one that was talked about")
        return None

    def _asked_slot(
        self, reading: Reading, conversation: Conversation, hits: Mapping[str, tuple[str, ...]]
    ) -> Plan | None:
        """Take a slot that the line has just asked for, unless the message is plainly something else.

        A bare name after the one reading that was offered says yes to it and of whom.
        """
        waiting = conversation.pending[0] if conversation.pending else ""
        wanted = conversation.wants
        if wanted is None and reading.bare and len(conversation.pending) == 1:
            wanted = next((slot for slot in self._slots_of(waiting) if slot in hits), None)
        if wanted is None or wanted not in hits or not waiting:
            return None
        new = reading.candidates[0] if reading.candidates else None
        other = new and new.intent != waiting and new.confidence >= self._bars.answer and not reading.bare
        if other or waiting not in self._catalog.intents:
            return None
        known = self._taken(waiting, {**_as_known(conversation.slots), **hits}, reading, conversation)
        return self.fill(waiting, known, 1.0, "answers the question for a slot")

    def _same_again(
        self, reading: Reading, conversation: Conversation, hits: Mapping[str, tuple[str, ...]]
    ) -> Plan | None:
        """Ask the last intent again for another value: "and dawn?"; after a general answer, the one with the value."""
        if conversation.intent is None or not reading.bare:
            return None
        last = self._special(conversation.intent, hits)
        new = {slot: values for slot, values in hits.items() if slot in self._slots_of(last)}
        if not new:
            new = self._by_pronoun(reading, conversation, last)
        pointed = any(slot in self._slots_of(last) for slot, _ in reading.points)
        if not new and not pointed:
            return None
        known = self._taken(last, {**_as_known(conversation.slots), **new}, reading, conversation)
        return self.fill(last, known, 1.0, "the last question for another value")

    def _special(self, last: str, hits: Mapping[str, tuple[str, ...]]) -> str:
        """Return the intent whose general form was asked last and that takes a value now named, else the last one."""
        for name, intent in self._catalog.intents.items():
            if intent.in_general == last and set(intent.slots) & set(hits):
                return name
        return last

    def _by_pronoun(self, reading: Reading, conversation: Conversation, last: str) -> dict[str, tuple[str, ...]]:
        values = [(slot, value) for slot, value in conversation.earlier if slot in self._slots_of(last)]
        for slot, value in values:
            pronoun = self._catalog.slots[slot].values[value].pronoun
            if pronoun and refers_to(reading.normal) == pronoun:
                return {slot: (value,)}
        return {}

    def _best(self, reading: Reading, conversation: Conversation, hits: Mapping[str, tuple[str, ...]]) -> Plan | None:
        """Answer the likeliest intent when it is sure and ahead; offer the near ones when it is not."""
        known = self._known(reading, conversation, hits)
        pointed = refers_to(reading.normal) is not None
        told = {*hits, *told_by(reading, conversation)}
        ranked = self._paired(self._ranked(reading, conversation, hits), told, known, pointed=pointed)
        if not ranked:
            return None
        first, second = ranked[0], ranked[1].confidence if len(ranked) > 1 else 0.0
        if first.confidence >= self._bars.answer and first.confidence - second >= self._bars.margin:
            known = self._taken(first.intent, known, reading, conversation)
            return self.fill(first.intent, known, first.confidence, "likely enough and ahead of the next")
        if first.confidence < self._bars.clarify:
            return None
        # a question with one choice is none: the next readings are shown beside it even when they are less likely
        near = [candidate for candidate in ranked if candidate.confidence >= LIKELY_ENOUGH][:MOST_READINGS]
        readings = tuple(
            self._reading(candidate, self._taken(candidate.intent, known, reading, conversation)) for candidate in near
        )
        why = "several readings are near, or one is not sure"
        return Plan(readings=readings, why=why, confidence=first.confidence)

    def _reading(self, candidate: Candidate, known: Mapping[str, tuple[str, ...]]) -> Ask:
        slots = self._catalog.intents[candidate.intent].slots
        given = {slot: known[slot][0] for slot in slots if known.get(slot)}
        return Ask(candidate.intent, given, candidate.confidence)

    def _ranked(
        self, reading: Reading, conversation: Conversation, hits: Mapping[str, tuple[str, ...]]
    ) -> list[Candidate]:
        """Return the candidates without those about somebody else than the message names; the rest share their part."""
        dropped, kept = 0.0, []
        for candidate in reading.candidates:
            intent = self._catalog.intents[candidate.intent]
            if _conflicts(intent, hits) or _only_mixed(intent, reading):
                dropped += candidate.confidence
                continue
            if not hits and _conflicts(intent, _as_known(conversation.slots)):
                kept.append(replace(candidate, confidence=candidate.confidence * self._bars.off_topic))
            else:
                kept.append(candidate)
        rest = max(1.0 - dropped, 1e-6)
        shared = [replace(candidate, confidence=min(candidate.confidence / rest, 0.99)) for candidate in kept]
        return sorted(shared, key=lambda candidate: -candidate.confidence)

    def _paired(
        self,
        ranked: list[Candidate],
        told: AbstractSet[str],
        known: Mapping[str, tuple[str, ...]],
        *,
        pointed: bool,
    ) -> list[Candidate]:
        """Decide between "how long was she in" and "how long were they all in" by whether somebody is named.

        Of an intent and its `in_general` the fitting one takes the share of both; with somebody talked about but not
        named in the message, both stay. `told` are the slots whose value the message gives or points at, or the person
        gave for themselves before; `pointed` says that a pronoun points at somebody.
        """
        shares = self._placed({candidate.intent: candidate.confidence for candidate in ranked}, told)
        for name in list(shares):
            intent = self._catalog.intents[name]
            general = intent.in_general
            if general is None or general not in self._catalog.intents:
                continue
            wanted = {*intent.slots, *intent.about}
            if wanted & told or pointed:
                shares[name] += shares.pop(general, 0.0)
            elif not wanted & set(known):
                shares[general] = shares.get(general, 0.0) + shares.pop(name)
        paired = [Candidate(name, min(share, 0.99)) for name, share in shares.items()]
        return sorted(paired, key=lambda candidate: -candidate.confidence)

    def _placed(self, shares: Mapping[str, float], told: AbstractSet[str]) -> dict[str, float]:
        """Give the share of an intent that says nothing of the value named to the one that answers for that value."""
        placed: dict[str, float] = {}
        for name, share in shares.items():
            instead = self._catalog.intents[name].when_named
            target = next((instead[slot] for slot in instead if slot in told), name)
            placed[target] = placed.get(target, 0.0) + share
        return placed

    def _known(
        self, reading: Reading, conversation: Conversation, hits: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """Return the slot values to use: those in the message, else those talked about if a pronoun does not object."""
        pronoun = refers_to(reading.normal)
        known = {}
        for slot in self._catalog.slots:
            if slot in hits:
                known[slot] = hits[slot]
                continue
            current = [conversation.slots[slot]] if slot in conversation.slots else []
            before = [value for name, value in conversation.earlier if name == slot] if pronoun else []
            fitting = [value for value in current + before if self._fits(slot, value, pronoun)]
            if fitting:
                known[slot] = (fitting[0],)
        return known

    def _fits(self, slot: str, value: str, pronoun: str | None) -> bool:
        found = self._catalog.slots[slot].values.get(value)
        return found is not None and (pronoun is None or found.pronoun in {None, pronoun})

    def _taken(
        self, intent_id: str, known: Mapping[str, tuple[str, ...]], reading: Reading, conversation: Conversation
    ) -> dict[str, tuple[str, ...]]:
        return taken(self._catalog.intents[intent_id], known, reading, conversation)

    def _slots_of(self, intent_id: str) -> tuple[str, ...]:
        intent = self._catalog.intents.get(intent_id)
        return intent.slots if intent else ()


def _as_known(slots: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {slot: (value,) for slot, value in slots.items()}


def _only_mixed(intent: Intent, reading: Reading) -> bool:
    """Say whether an intent would switch the language for a message that speaks of none."""
    return (intent.does or "").startswith("language") and not names_language(reading.normal)


def _conflicts(intent: Intent, known: Mapping[str, tuple[str, ...]]) -> bool:
    return any(known.get(slot) and value not in known[slot] for slot, value in intent.about.items())


def _first_confidence(reading: Reading) -> float:
    return reading.candidates[0].confidence if reading.candidates else 0.0
