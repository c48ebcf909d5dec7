"""Meaning and the conversation so far in, one Turn out. Pure: the clock is an argument, nothing is kept here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.dialog import references
from bot.dialog.compose import GENERAL_CARD, Composer
from bot.dialog.conversation import Conversation
from bot.dialog.pick import Pick, Verb
from bot.dialog.plan import Ask, Planner
from bot.dialog.roles import heard
from bot.dialog.turns import CrisisCall, Moment, Turns
from bot.errors import PickError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.catalog.answers import Answers
    from bot.catalog.model import Catalog
    from bot.dialog.plan import Plan
    from bot.dialog.turn import Turn
    from bot.understanding.crisis import Verdict
    from bot.understanding.reading import Reading
    from bot.understanding.tuning import Bars


class Dialog:
    """Decides what to say, for one catalog."""

    def __init__(
        self,
        catalog: Catalog,
        answers: Answers,
        bars: Bars | None = None,
        *,
        kept: Sequence[tuple[str, int]] = (),
    ) -> None:
        """Keep the catalog, the renderer of its pages, and when the line is sure enough.

        `kept` declares what outlives a reply, as (phrase, days), for the answer about privacy.
        """
        self._kept = kept
        self._catalog = catalog
        self._compose = Composer(catalog, answers)
        self._turns = Turns(catalog, self._compose)
        self._planner = Planner(catalog, bars)

    def hear(self, reading: Reading, conversation: Conversation, now: float, parts: Sequence[Reading] = ()) -> Turn:
        """Return the turn for a message in words; `now` is seconds since 1970.

        `parts` are the readings of its questions one by one, when it asks several.
        """
        conversation = heard(conversation.resumed(now), reading)
        language = conversation.language if conversation.chosen and conversation.language else reading.language.code
        moment = Moment(conversation, language, now)
        pick = self._chosen(reading.normal, moment)
        if pick is not None:
            return replace(self._tapped(pick, moment), reading=reading)
        return replace(
            self._said(self._planner.plan_all(reading, parts, conversation), reading, moment), reading=reading
        )

    def tap(self, pick: Pick, conversation: Conversation, now: float) -> Turn:
        """Return the turn for a tap on a button, of this turn or of one long ago."""
        conversation = conversation.resumed(now)
        language = conversation.language or self._catalog.languages[0]
        return self._tapped(pick, Moment(conversation, language, now))

    def card(self, verdict: Verdict | None, ordinary: Turn | None, conversation: Conversation, now: float) -> Turn:
        """Return the help card for a crisis; the general one when the check itself failed (`verdict` is None)."""
        conversation = conversation.resumed(now)
        language = conversation.language or self._catalog.languages[0]
        if verdict is None:
            failed = CrisisCall("unknown", GENERAL_CARD, "self", "the crisis check failed, so help is shown", 0.0)
            return self._turns.crisis(failed, ordinary, Moment(conversation, language, now))
        language = verdict.language if verdict.language in self._catalog.languages else language
        why = f"the crisis check found {verdict.class_id} by {verdict.sign}"
        call = CrisisCall(verdict.class_id, verdict.card or GENERAL_CARD, verdict.who, why, verdict.score)
        return self._turns.crisis(call, ordinary, Moment(conversation, language, now))

    def sorry(self, conversation: Conversation, now: float) -> Turn:
        """Return the turn for a fault of ours: an apology and where help is."""
        language = conversation.language or self._catalog.languages[0]
        return self._turns.sorry(Moment(conversation, language, now))

    def _said(self, plan: Plan, reading: Reading, moment: Moment) -> Turn:
        if plan.missing is not None:
            return self._turns.ask_slot(plan.asks[0], plan.missing, moment, plan.why)
        if plan.asks:
            return self._done(plan.asks, moment, plan.why)
        if plan.readings:
            return self._turns.clarify(plan.readings, moment, plan.why)
        page = self._page_of_group(reading.group)
        return self._turns.fallback(moment, plan.why, page=page, confidence=plan.confidence)

    def _done(self, asks: tuple[Ask, ...], moment: Moment, why: str) -> Turn:
        action = self._catalog.intents[asks[0].intent].does
        if action is None or action not in self._actions:
            return self._turns.answer(asks, moment, why)
        turn = self._actions[action](asks[0], moment)
        return replace(turn, intents=(asks[0].intent,), confidence=asks[0].confidence)

    @property
    def _actions(self) -> dict[str, Callable[[Ask, Moment], Turn]]:
        return {
            "menu": lambda _, moment: self._turns.menu(moment),
            "restart": lambda _, moment: self._restart(moment),
            "language": lambda _, moment: self._ask_language(moment),
            **{f"language-{code}": self._speaker(code) for code in self._catalog.languages},
            "forget": lambda _, moment: self._forget(moment),
            "handoff": self._turns.handoff,
            "privacy": lambda ask, moment: self._turns.privacy(ask, moment, self._kept),
            "repeat": self._repeat,
        }

    def _tapped(self, pick: Pick, moment: Moment) -> Turn:
        turn = None
        if pick.verb in {Verb.ANSWER, Verb.MORE} and pick.target in self._catalog.intents:
            turn = self._tapped_intent(pick, moment)
        elif pick.verb is Verb.TOPIC:
            turn = self._turns.topic(pick.target, moment)
        elif pick.verb is Verb.LANGUAGE:
            turn = self._speak(pick.target, moment)
        elif pick.verb is Verb.MENU:
            turn = self._turns.menu(moment, welcome=pick.target == "start")
        elif pick.verb is Verb.PERSON:
            turn = self._turns.handoff(self._handoff_ask(), moment)
        elif pick.verb is Verb.NONE:
            turn = self._turns.fallback(moment, "none of the readings was meant")
        elif pick.verb is Verb.OPEN:
            turn = self._opened(pick.target, moment)
        elif pick.verb is Verb.GO_ON:
            turn = self._turns.say("go_on", moment, self._topics(), "the talk goes on after a crisis card")
        elif pick.verb in {Verb.HELPED, Verb.NOT_HELPED}:
            turn = self._thanks(moment, helped=pick.verb is Verb.HELPED)
        return turn or self._turns.say("old_button", moment, [Pick(Verb.MENU)], "the button is not known any more")

    def _thanks(self, moment: Moment, *, helped: bool) -> Turn:
        if helped:
            return self._turns.say("thanks_helped", moment, [Pick(Verb.MENU)], "the answer helped")
        doors = [Pick(Verb.PERSON), Pick(Verb.MENU)]
        return self._turns.say("thanks_not_helped", moment, doors, "the answer did not help")

    def _opened(self, target: str, moment: Moment) -> Turn:
        if target in self._catalog.intents:
            return self._tapped(Pick(Verb.ANSWER, target), moment)
        return self._turns.topic(target, moment) or self._turns.menu(moment, welcome=True)

    def _tapped_intent(self, pick: Pick, moment: Moment) -> Turn | None:
        slots = {slot: value for slot, value in pick.slots.items() if slot in self._catalog.slots}
        if any(value not in self._catalog.slots[slot].values for slot, value in slots.items()):
            return None
        known = {slot: (value,) for slot, value in slots.items()}
        plan = self._planner.fill(pick.target, known, 1.0, "chosen from what was offered")
        if plan.missing is not None:
            return self._turns.ask_slot(plan.asks[0], plan.missing, moment, plan.why)
        if pick.verb is Verb.MORE:
            return self._turns.answer(plan.asks, moment, plan.why, more=True)
        return self._done(plan.asks, moment, plan.why)

    def _chosen(self, normal: str, moment: Moment) -> Pick | None:
        """Return the offered pick that the words point at: its label, a number, an ordinal, a yes, "more"."""
        picks = _decoded(moment.conversation.offered)
        if not picks or not normal.strip():
            return None
        place = references.position(normal)
        if place is not None and place < len(picks):
            return picks[place]
        if references.wants_more(normal):
            return next((pick for pick in picks if pick.verb is Verb.MORE), None)
        asked = moment.conversation.pending
        if asked and references.is_no(normal):
            return Pick(Verb.NONE)
        if len(asked) == 1 and references.is_yes(normal) and moment.conversation.wants is None:
            return picks[0]
        return next((pick for pick in picks if self._is_label(normal, pick, moment)), None)

    def _is_label(self, normal: str, pick: Pick, moment: Moment) -> bool:
        if pick.verb in {Verb.ANSWER, Verb.MORE} and pick.target not in self._catalog.intents:
            return False
        if pick.verb is Verb.TOPIC and all(topic.id != pick.target for topic in self._catalog.line.topics):
            return False
        return references.same_words(self._compose.label(pick, moment.language), normal)

    def _topics(self) -> list[Pick]:
        return [Pick(Verb.TOPIC, topic.id) for topic in self._catalog.line.topics]

    def _handoff_ask(self) -> Ask | None:
        found = next((intent for intent in self._catalog.intents.values() if intent.does == "handoff"), None)
        return Ask(found.id) if found else None

    def _page_of_group(self, group_id: str | None) -> str | None:
        return next((group.answer for group in self._catalog.out_of_scope if group.id == group_id), None)

    def _ask_language(self, moment: Moment) -> Turn:
        picks = [Pick(Verb.LANGUAGE, code) for code in self._catalog.languages]
        return self._turns.say("which_language", moment, picks, "the language was asked for")

    def _speak(self, code: str, moment: Moment) -> Turn:
        if code not in self._catalog.languages:
            return self._ask_language(moment)
        spoken = Moment(moment.conversation.with_(chosen=True, misses=0), code, moment.now)
        return self._turns.say(f"switched_{code}", spoken, [Pick(Verb.MENU)], "the language was chosen")

    def _speaker(self, code: str) -> Callable[[Ask, Moment], Turn]:
        return lambda _, moment: self._speak(code, moment)

    def _forget(self, moment: Moment) -> Turn:
        turn = self._turns.say("forgotten", moment, [Pick(Verb.MENU)], "deletion was asked for")
        return replace(turn, forget=True, conversation=None)

    def _restart(self, moment: Moment) -> Turn:
        kept = Conversation(language=moment.conversation.language, chosen=moment.conversation.chosen)
        return self._turns.menu(Moment(kept, moment.language, moment.now), welcome=True)

    def _repeat(self, ask: Ask, moment: Moment) -> Turn:
        last = moment.conversation.intent or ""
        if last not in self._catalog.intents:
            return self._turns.say("nothing_to_repeat", moment, [Pick(Verb.MENU)], "there is no last answer")
        intent = self._catalog.intents[last]
        slots = {slot: value for slot, value in moment.conversation.slots.items() if slot in intent.slots}
        return self._turns.answer([Ask(last, slots, ask.confidence)], moment, "the last answer again")


def _decoded(offered: tuple[str, ...]) -> list[Pick]:
    picks = []
    for data in offered:
        try:
            picks.append(Pick.decode(data))
        except PickError:  # an older version wrote it; it can be offered again, not read
            continue
    return picks
