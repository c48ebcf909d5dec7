"""Turns from the catalog's words: answers with their footer, questions back, fallbacks, menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalog.markdown import to_blocks
from bot.catalog.richtext import Block, Shape, Span
from bot.dialog.last_card import last_card
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from bot.catalog.answers import Answer, Answers
    from bot.catalog.model import Catalog
    from bot.dialog.plan import Ask

GENERAL_CARD = "crisis/general"
"""The card that is shown when the one of a class is missing."""

MOST_NEXT = 3
"""Next questions offered under an answer."""


class Composer:
    """Writes blocks and choices for one catalog; knows nothing of who asked."""

    def __init__(self, catalog: Catalog, answers: Answers) -> None:
        """Keep the catalog and the renderer of its pages."""
        self._catalog = catalog
        self._answers = answers

    def answer(self, ask: Ask, language: str, today: date, *, more: bool = False) -> tuple[Block, ...]:
        """Return the answer of an intent with its notices and footer, or an empty tuple if there is none."""
        intent = self._catalog.intents[ask.intent]
        found = self._answers.get(intent.answer, {**intent.about, **ask.slots}, language, more=more)
        return self._dressed(found, language, today) if found else ()

    def page(self, ref: str, language: str, today: date) -> tuple[Block, ...]:
        """Return a page's section by its reference, or an empty tuple if there is none."""
        found = self._answers.get(ref, {}, language)
        return self._dressed(found, language, today) if found else ()

    def card(self, card: str, section: str, language: str) -> tuple[Block, ...]:
        """Return a crisis card without footer: `section` is self, other or again; another card where it is missing."""
        for ref in (f"{card}#{section}", f"{card}#self", f"{GENERAL_CARD}#{section}", f"{GENERAL_CARD}#self"):
            found = self._answers.get(ref, {}, language)
            if found:
                return found.blocks
        return last_card(language)

    def has_more(self, ask: Ask, language: str) -> bool:
        """Say whether the intent's answer has a More section."""
        intent = self._catalog.intents[ask.intent]
        found = self._answers.get(intent.answer, {**intent.about, **ask.slots}, language)
        return bool(found and found.has_more)

    def label(self, pick: Pick, language: str) -> str:
        """Return the words on the button of a pick."""
        if pick.verb is Verb.ANSWER:
            return self._answers.title(self._catalog.intents[pick.target], pick.slots, language)
        if pick.verb is Verb.TOPIC:
            return next(topic.title[language] for topic in self._catalog.line.topics if topic.id == pick.target)
        if pick.verb is Verb.LANGUAGE:
            return self.say("language_name", pick.target)
        words = {Verb.MORE: "more", Verb.MENU: "menu", Verb.PERSON: "person", Verb.NONE: "none_of_these"}
        return self.say(words.get(pick.verb, "keep_going"), language)

    def choices(self, picks: Iterable[Pick], language: str) -> tuple[Choice, ...]:
        """Return buttons for picks; one whose label is there already is left out (readers hear labels only)."""
        found: dict[str, Choice] = {}
        for pick in picks:
            label = self.label(pick, language)
            found.setdefault(label, Choice(label, pick))
        return tuple(found.values())

    def next_picks(self, ask: Ask, language: str) -> list[Pick]:
        """Return what a person may want after an answer: More, up to three next questions, the menu."""
        intent = self._catalog.intents[ask.intent]
        slots = {**intent.about, **ask.slots}
        picks = [Pick(Verb.MORE, intent.id, dict(ask.slots))] if self.has_more(ask, language) else []
        for name in intent.next[:MOST_NEXT]:
            wanted = self._catalog.intents[name].slots
            picks.append(Pick(Verb.ANSWER, name, {slot: slots[slot] for slot in wanted if slot in slots}))
        return [*picks, Pick(Verb.MENU)]

    def slot_picks(self, ask: Ask, slot: str) -> list[Pick]:
        """Return one pick for each value of a slot that is missing, as long as they fit on a keyboard."""
        values = self._catalog.slots[slot].values
        if len(values) > 12:  # noqa: PLR2004  # fifty states are typed, not tapped
            return []
        return [Pick(Verb.ANSWER, ask.intent, {**ask.slots, slot: value}) for value in values]

    def value_label(self, slot: str, value: str, language: str) -> str:
        """Return the name of a slot value."""
        names = self._catalog.slots[slot].values[value].name
        return names.get(language) or next(iter(names.values()))

    def title_block(self, ask: Ask, language: str) -> Block:
        """Return an intent's title as a bold line, for turns with more than one answer."""
        title = self._answers.title(self._catalog.intents[ask.intent], ask.slots, language)
        return Block(Shape.PARAGRAPH, ((Span(title, bold=True),),))

    def say(self, phrase: str, language: str, **values: str) -> str:
        """Return one of the line's own phrases."""
        return self._answers.phrase(phrase, language, **values)

    def paragraphs(self, phrase: str, language: str, **values: str) -> tuple[Block, ...]:
        """Return one of the line's own phrases as blocks; it may hold Markdown lists and links."""
        return self.text(self.say(phrase, language, **values))

    def text(self, markdown: str) -> tuple[Block, ...]:
        """Return a short text of staff as blocks."""
        return to_blocks(markdown)

    def line_name(self, language: str) -> str:
        """Return what the line is called."""
        return self._catalog.line.name.get(language) or next(iter(self._catalog.line.name.values()))

    def contact(self, language: str) -> tuple[Block, ...]:
        """Return how the operator's people are reached, or nothing where the operator has set nothing."""
        contact = self._catalog.line.contact
        hours = contact.get("hours")
        ways = [
            _linked(contact.get("phone"), "tel:"),
            _linked(contact.get("telegram"), "https://t.me/"),
            _linked(contact.get("email"), "mailto:"),
        ]
        lines = tuple((way,) for way in ways if way)
        open_at = str(hours.get(language) or "") if isinstance(hours, dict) else ""
        lines += ((Span(open_at),),) if lines and open_at else ()
        return (Block(Shape.BULLETS, lines),) if lines else ()

    def hotlines(self, names: Iterable[str], language: str) -> tuple[Block, ...]:
        """Return hotlines as a list; those that the data does not have are left out."""
        known = _hotline_ids(self._catalog.data)
        lines = tuple(self._answers.hotline(name, language) for name in names if name in known)
        return (Block(Shape.BULLETS, lines),) if lines else ()

    def _dressed(self, answer: Answer, language: str, today: date) -> tuple[Block, ...]:
        notices = []
        if answer.language != language:
            notices.append(self._line(Shape.NOTICE, self.say(f"only_in_{answer.language}", language)))
        return (*notices, *answer.blocks, *self._footer(answer, language, today))

    def _footer(self, answer: Answer, language: str, today: date) -> tuple[Block, ...]:
        lines = []
        if answer.sources:
            lines.append(self._sources(answer, language))
        if answer.page.legal:
            lines.append((Span(self.say("not_legal_advice", language)),))
        if answer.page.review_by and answer.page.review_by < today:
            lines.append((Span(self.say("may_be_old", language)),))
        return (Block(Shape.FOOTER, tuple(lines)),) if lines else ()

    def _sources(self, answer: Answer, language: str) -> tuple[Span, ...]:
        word = self.say("source" if len(answer.sources) == 1 else "sources", language)
        spans = [Span(f"{word}: ")]
        for index, source in enumerate(answer.sources):
            spans += [Span("; ")] if index else []
            spans.append(Span(source.title, href=source.url))
        newest = max(source.checked for source in answer.sources)
        date = self._answers.formatted_date(newest, language)
        return (*spans, Span(f" ({self.say('checked', language, date=date)})"))

    @staticmethod
    def _line(shape: Shape, text: str) -> Block:
        return Block(shape, ((Span(text),),))


def _hotline_ids(data: Mapping[str, object]) -> set[str]:
    table = data.get("hotlines")
    rows = table.get("hotlines", ()) if isinstance(table, dict) else ()
    return {str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row}


def _linked(value: object, prefix: str) -> Span | None:
    text = str(value or "").strip().lstrip("@")
    return Span(text, bold=True, href=prefix + text.replace(" ", "")) if text else None
