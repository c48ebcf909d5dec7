"""Answers in the words of staff: the section that was asked for, filled in, with its source, date and language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalog.defaults import PHRASES
from bot.catalog.markdown import to_blocks
from bot.catalog.references import MORE, place, resolved
from bot.catalog.richtext import Span
from bot.catalog.templates import PLACEHOLDER, NotFilledError, Templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.catalog.model import Catalog, Intent, Page, Section, Source
    from bot.catalog.richtext import Block

MOST_SOURCES = 2
"""Sources shown under an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its blocks, the language they are in, and where they come from.

    `section` is the section shown; `has_more` says whether there is a More section behind it.
    """

    blocks: tuple[Block, ...]
    language: str
    page: Page
    section: str
    has_more: bool
    sources: tuple[Source, ...]


class Answers:
    """Everything that one catalog can say. Nothing here reads a file, raises, or shows a key or a placeholder."""

    def __init__(self, catalog: Catalog) -> None:
        """Prepare for one catalog; sections are compiled when they are first asked for."""
        self._catalog = catalog
        self._templates = Templates(catalog)

    def get(self, ref: str, slots: Mapping[str, str], language: str, *, more: bool = False) -> Answer | None:
        """Return what a reference leads to, or its More section.

        Args:
            ref: `folder/page#section`; without a section the page's first one; `{slot}` is filled from `slots`.
            slots: slot values by slot id; what the section does not name is ignored.
            language: the language wanted; where the answer is missing in it another one is taken
                (`Answer.language` tells).
            more: return the More section instead.

        Returns:
            The answer, or None when there is none in any language.

        """
        target = resolved(ref, slots)
        if target is None:
            return None
        path, name = target
        pages = (self._catalog.pages.get((code, path)) for code in self._languages(language))
        answers = (self._answer(page, name, slots, more=more) for page in pages if page)
        return next((answer for answer in answers if answer), None)

    def title(self, intent: Intent, slots: Mapping[str, str], language: str) -> str:
        """Return an intent's title with its slots filled; an unfilled slot reads "this person" or the like."""
        text = next((intent.title[code] for code in self._languages(language) if code in intent.title), "")
        spoken = language if language in intent.title else next(iter(intent.title), language)
        known = {**intent.about, **slots}
        return PLACEHOLDER.sub(lambda found: self._value_name(found[1], known.get(found[1]), spoken), text)

    def phrase(self, id: str, language: str, **values: str) -> str:  # noqa: A002  # what phrases.yaml calls it
        """Return one of the line's own phrases with its `{blanks}` filled; empty when nobody wrote it."""
        texts = self._catalog.phrases.get(id) or PHRASES.get(id, {})
        text = next((texts[code] for code in self._languages(language) if code in texts), "")
        return PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)

    def hotline(self, id: str, language: str) -> tuple[Span, ...]:  # noqa: A002  # what hotlines.yaml calls it
        """Return a hotline as one line: name, how to reach it (a link that dials) and hours; empty when unknown."""
        row = self._templates.hotline_row(id, language)
        if row is None:
            return ()
        number = str(row.get("call") or "")
        hours = f" ({row['hours']})" if row.get("hours") else ""
        spans = (
            Span(str(row.get("name", "")), bold=True),
            Span(": "),
            Span(str(row.get("say", "")), href=f"tel:{number.replace(' ', '')}" if number else None),
            Span(hours),
        )
        return tuple(span for span in spans if span.text)

    def formatted_date(self, checked: str, language: str) -> str:
        """Return a date as people write it: "2026-11" is "November 2026", "noviembre de 2026"; a day comes with it."""
        year, month, day = (*checked.split("-"), "", "")[:3]
        names = self.phrase("months", language).split("\n")
        if not month.isdigit() or not 1 <= int(month) <= len(names):
            return checked
        name = names[int(month) - 1]
        if language == "es":
            return f"{int(day)} de {name} de {year}" if day.isdigit() else f"{name} de {year}"
        return f"{name} {int(day)}, {year}" if day.isdigit() else f"{name} {year}"

    def _languages(self, wanted: str) -> Iterator[str]:
        yield wanted
        yield from (code for code in self._catalog.languages if code != wanted)

    def _answer(self, page: Page, name: str, slots: Mapping[str, str], *, more: bool) -> Answer | None:
        base = place(page, name)
        section = page.sections.get(base.id + MORE) if base and more else base
        if base is None or section is None:
            return None
        try:
            blocks = to_blocks(self._templates.fill(page, section, slots))
        except NotFilledError:
            return None
        if not blocks:
            return None
        has_more = not more and base.id + MORE in page.sections
        return Answer(blocks, page.language, page, section.id, has_more, _sources(page, section, base))

    def _value_name(self, slot: str, value: str | None, language: str) -> str:
        known = self._catalog.slots.get(slot)
        if known is None or value is None or value not in known.values:
            return self.phrase(f"this_{slot}", language) or self.phrase("this_person", language)
        names = known.values[value].name
        return names.get(language) or next(iter(names.values()))


def _sources(page: Page, section: Section, base: Section) -> tuple[Source, ...]:
    """Return the first sources of the section, else of the one it continues, else of the whole page."""
    for wanted in dict.fromkeys((section.id, base.id)):
        named = tuple(source for source in page.sources if wanted in source.sections)
        if named:
            return named[:MOST_SOURCES]
    return tuple(source for source in page.sources if not source.sections)[:MOST_SOURCES]
