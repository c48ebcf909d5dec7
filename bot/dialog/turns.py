"""Turns for each kind of reply, and what the conversation remembers of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.dialog.memory import OWN_TOPIC, after_answer, after_miss, after_question
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice, Kind, Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.catalog.model import Catalog
    from bot.catalog.richtext import Block
    from bot.dialog.compose import Composer
    from bot.dialog.conversation import Conversation
    from bot.dialog.plan import Ask

DOORS = ("211",)
"""Hotlines under every fallback: help with housing, food and local services, whatever was not understood."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The conversation as it stands, the language to speak, and the time (seconds since 1970)."""

    conversation: Conversation
    language: str
    now: float

    @property
    def today(self) -> date:
        """Return the day in UTC, for footers."""
        return datetime.fromtimestamp(self.now, UTC).date()


@dataclass(frozen=True, slots=True)
class CrisisCall:
    """What the crisis check found, as far as a turn needs it: class, card page, `self` or `other`, and why."""

    class_id: str
    card: str
    who: str
    why: str
    confidence: float


class Turns:
    """Makes the turns of one catalog."""

    def __init__(self, catalog: Catalog, composer: Composer) -> None:
        """Keep the catalog and the composer of its words."""
        self._catalog = catalog
        self._compose = composer

    def answer(self, asks: Sequence[Ask], moment: Moment, why: str, *, more: bool = False) -> Turn:
        """Return the answers to one to three asks, with what a person may want next."""
        blocks: list[Block] = []
        conversation, picks = moment.conversation, []
        for ask in asks:
            if len(asks) > 1:
                blocks.append(self._compose.title_block(ask, moment.language))
            blocks += self._compose.answer(ask, moment.language, moment.today, more=more)
            conversation = after_answer(conversation, self._catalog.intents[ask.intent], ask)
            picks += [pick for pick in self._compose.next_picks(ask, moment.language) if not (more and _is_more(pick))]
        if not blocks:
            return self.fallback(moment, f"the answer of {asks[0].intent} is missing")
        choices = self._compose.choices(_menu_last(picks), moment.language)
        return self._turn(Kind.ANSWER, moment, tuple(blocks), choices, conversation, why, asks)

    def ask_slot(self, ask: Ask, slot: str, moment: Moment, why: str) -> Turn:
        """Return the question for a missing slot, with its values to tap when they are few."""
        asked = self._catalog.slots[slot].ask
        question = self._compose.text(asked.get(moment.language) or next(iter(asked.values())))
        choices = tuple(
            Choice(self._compose.value_label(slot, pick.slots[slot], moment.language), pick)
            for pick in self._compose.slot_picks(ask, slot)
        )
        conversation = after_question(moment.conversation, (ask.intent,), wants=slot)
        return self._turn(Kind.CLARIFY, moment, question, choices, conversation, why, (ask,))

    def clarify(self, readings: Sequence[Ask], moment: Moment, why: str) -> Turn:
        """Return a question with up to three readings and a way out."""
        picks = [Pick(Verb.ANSWER, ask.intent, dict(ask.slots)) for ask in readings]
        choices = self._compose.choices([*picks, Pick(Verb.NONE)], moment.language)
        conversation = after_question(moment.conversation, tuple(ask.intent for ask in readings))
        blocks = self._compose.paragraphs("which_one", moment.language)
        return self._turn(Kind.CLARIFY, moment, blocks, choices, conversation, why, readings)

    def fallback(self, moment: Moment, why: str, *, page: str | None = None, confidence: float = 0.0) -> Turn:
        """Return an honest "I do not know" with doors; the second in a row offers a person first."""
        again = moment.conversation.misses > 0
        blocks = self._compose.page(page, moment.language, moment.today) if page else ()
        if not blocks or again:
            phrase = "fallback_second" if again else "fallback_first"
            blocks = (*blocks, *self._compose.paragraphs(phrase, moment.language))
            blocks = (*blocks, *self._compose.hotlines(DOORS, moment.language))
        picks = [Pick(Verb.TOPIC, topic.id) for topic in self._catalog.line.topics]
        picks = [Pick(Verb.PERSON), Pick(Verb.MENU)] if again else [*picks, Pick(Verb.PERSON)]
        choices = self._compose.choices(picks, moment.language)
        conversation = after_miss(moment.conversation)
        return self._turn(Kind.FALLBACK, moment, blocks, choices, conversation, why, confidence=confidence)

    def menu(self, moment: Moment, *, welcome: bool = False) -> Turn:
        """Return the list of topics; `welcome` puts the greeting and the emergency numbers first."""
        if welcome:
            name = self._compose.line_name(moment.language)
            blocks = (
                *self._compose.paragraphs("welcome", moment.language, name=name),
                *self._compose.hotlines(("988", "911"), moment.language),
            )
        else:
            blocks = self._compose.paragraphs("menu_intro", moment.language)
        picks = [Pick(Verb.TOPIC, topic.id) for topic in self._catalog.line.topics]
        choices = self._compose.choices(picks, moment.language)
        conversation = moment.conversation.with_(wants=None, pending=(), misses=0)
        return self._turn(Kind.ANSWER, moment, blocks, choices, conversation, "the menu")

    def topic(self, topic_id: str, moment: Moment) -> Turn | None:
        """Return the questions that open a topic, or None when there is no such topic."""
        topic = next((topic for topic in self._catalog.line.topics if topic.id == topic_id), None)
        if topic is None:
            return None
        picks = [Pick(Verb.ANSWER, name, self._own_slots(name, moment)) for name in topic.intents]
        choices = self._compose.choices([*picks, Pick(Verb.MENU)], moment.language)
        title = self._compose.text(f"**{topic.title.get(moment.language) or next(iter(topic.title.values()))}**")
        blocks = (*title, *self._compose.paragraphs("topic_intro", moment.language))
        return self._turn(Kind.ANSWER, moment, blocks, choices, moment.conversation, f"the topic {topic_id}")

    def handoff(self, ask: Ask | None, moment: Moment) -> Turn:
        """Return how to reach a person: the operator's contact if there is one, and 211 and 988 in any case."""
        blocks = self._compose.answer(ask, moment.language, moment.today) if ask else ()
        blocks = blocks or self._compose.hotlines(("211", "988"), moment.language)
        contact = self._compose.contact(moment.language)
        choices = self._compose.choices([Pick(Verb.MENU)], moment.language)
        conversation = moment.conversation.with_(wants=None, pending=(), misses=0)
        asks = (ask,) if ask else ()
        return self._turn(
            Kind.HANDOFF, moment, (*blocks, *contact), choices, conversation, "a person was asked for", asks
        )

    def privacy(self, ask: Ask, moment: Moment, kept: Sequence[tuple[str, int]]) -> Turn:
        """Return the page's words, then a line for each thing that the code declares to be kept, then the way out."""
        items = [self._compose.say(phrase, moment.language, days=str(days)) for phrase, days in kept]
        blocks = (
            *self._compose.answer(ask, moment.language, moment.today),
            *self._compose.text("\n".join(f"- {item}" for item in items)),
            *self._compose.paragraphs("privacy_end", moment.language),
        )
        choices = self._compose.choices([*self._compose.next_picks(ask, moment.language)], moment.language)
        return self._turn(
            Kind.ANSWER, moment, blocks, choices, moment.conversation, "what is kept, as declared", (ask,)
        )

    def crisis(self, call: CrisisCall, ordinary: Turn | None, moment: Moment) -> Turn:
        """Return a crisis card; what else the message asked is answered below it, and the talk goes on.

        A class whose card was shown in this conversation gets its short second card, not the same wall of text.
        """
        shown = call.class_id in moment.conversation.cards
        blocks = self._compose.card(call.card, "again" if shown else call.who, moment.language)
        below = ordinary if ordinary is not None and self._is_asked(ordinary) else None
        cards = tuple(dict.fromkeys((*moment.conversation.cards, call.class_id)))
        base = below.conversation if below and below.conversation else moment.conversation
        choices = self._compose.choices([Pick(Verb.GO_ON), Pick(Verb.PERSON)], moment.language)
        turn = self._turn(Kind.CRISIS, moment, blocks, choices, base.with_(cards=cards, misses=0), call.why)
        return replace(
            turn,
            blocks=(*blocks, *(below.blocks if below else ())),
            intents=(f"crisis-{call.class_id}", *(below.intents if below else ())),
            slots=below.slots if below else {},
            confidence=call.confidence,
        )

    def _is_asked(self, turn: Turn) -> bool:
        """Say whether an ordinary turn answers something worth saying below a crisis card."""
        topics = [self._catalog.intents[name].topic for name in turn.intents if name in self._catalog.intents]
        return turn.kind is Kind.ANSWER and bool(topics) and OWN_TOPIC not in topics

    def sorry(self, moment: Moment) -> Turn:
        """Return an apology for a fault of ours, with the numbers that always answer."""
        blocks = (
            *self._compose.paragraphs("error_sorry", moment.language),
            *self._compose.hotlines(("988", "911", "211"), moment.language),
        )
        choices = self._compose.choices([Pick(Verb.MENU)], moment.language)
        return self._turn(Kind.FALLBACK, moment, blocks, choices, moment.conversation, "our fault", confidence=0.0)

    def say(self, phrase: str, moment: Moment, picks: Sequence[Pick], why: str, kind: Kind = Kind.ANSWER) -> Turn:
        """Return one of the line's own phrases with choices."""
        blocks = self._compose.paragraphs(phrase, moment.language)
        choices = self._compose.choices(picks, moment.language)
        return self._turn(kind, moment, blocks, choices, moment.conversation, why)

    def _own_slots(self, intent_id: str, moment: Moment) -> dict[str, str]:
        slots = self._catalog.intents[intent_id].slots
        return {slot: value for slot, value in moment.conversation.slots.items() if slot in slots}

    @staticmethod
    def _turn(  # noqa: PLR0913, PLR0917  # one place that fills a Turn is clearer than seven half-filled ones
        kind: Kind,
        moment: Moment,
        blocks: tuple[Block, ...],
        choices: tuple[Choice, ...],
        conversation: Conversation,
        why: str,
        asks: Sequence[Ask] = (),
        *,
        confidence: float = 1.0,
    ) -> Turn:
        offered = tuple(choice.pick.encode() for choice in choices)
        slots = {slot: value for ask in asks for slot, value in ask.slots.items()}
        return Turn(
            kind=kind,
            language=moment.language,
            blocks=blocks,
            choices=choices,
            intents=tuple(dict.fromkeys(ask.intent for ask in asks)),
            slots=slots,
            confidence=max((ask.confidence for ask in asks), default=confidence),
            reason=why,
            conversation=conversation.with_(offered=offered, language=moment.language, at=moment.now),
        )


def _is_more(pick: Pick) -> bool:
    return pick.verb is Verb.MORE


def _menu_last(picks: Sequence[Pick]) -> list[Pick]:
    menu = Pick(Verb.MENU)
    return [*(pick for pick in picks if pick != menu), menu]
