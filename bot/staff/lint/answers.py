"""Is each answer short, plain, sourced and fresh? Looked at as a person would read it, filled for every slot value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.catalog.markdown import to_blocks
from bot.catalog.model import Mark
from bot.catalog.references import MORE, place, resolved
from bot.catalog.richtext import Shape
from bot.catalog.templates import NotFilledError, Templates
from bot.staff.lint.reading import measure
from bot.staff.lint.words import avoided

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.catalog.model import Catalog, Page, Section
    from bot.catalog.richtext import Block

MOST_LETTERS = 1_000
"""Letters of an answer; what does not fit goes behind More."""

A_HOTLINE = 150
"""Letters that a hotline's line may add to that."""

MOST_WORDS, USUAL_WORDS = 25, 17
"""Words of one sentence, and of sentences on average."""

HIGHEST_GRADE, HIGHEST_CRISIS = 6.9, 4.9
"""US school grade: sixth grade for an answer, fourth for a crisis card."""

MOST_LEAD = 3
"""Sentences of the first paragraph, which is all that a lock screen shows."""

_CRISIS = "crisis/"
_EXCLAIMED = re.compile(r"\u00a1|(?<!\bE)!(?!\[)")  # E! is a TV channel
_PHONE = re.compile(r"(?<![\w/.-])(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?![\w-])")
_DATES = {
    "en": re.compile(
        r"\b\d{1,2}(?:st|nd|rd|th)? (?:January|February|March|April|May|June|July|August|September|October|November|"
        r"December)\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b20\d\d-\d\d-\d\d\b"
    ),
    "es": re.compile(
        r"\b(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre) \d{1,2}\b|"
        r"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b20\d\d-\d\d-\d\d\b"
    ),
}
_DATE_LAYOUT = {"en": "April 5, 2020", "es": "5 de abril de 2020"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A section as people read it: its blocks for one value of its slots."""

    page: Page
    section: Section
    values: str
    blocks: tuple[Block, ...]

    @property
    def lines(self) -> list[str]:
        return ["".join(span.text for span in line) for block in self.blocks for line in block.lines]

    def warning(self, code: str, what: str, expected: str, write: str = "") -> Finding:
        at = f"`{self.section.id}`" + (f" ({self.values})" if self.values else "")
        return Finding(self.section.mark, f"{at}: {what}", expected, write, Level.WARNING, code)


def answer_findings(catalog: Catalog, today: date) -> Iterator[Finding]:
    """Yield what a person who reads the answers would stumble over; dates are held against `today`."""
    templates, slots = Templates(catalog), _slots_of_sections(catalog)
    for page in catalog.pages.values():
        if page.review_by and page.review_by < today:
            what = f"page `{page.path}` should have been reviewed by {page.review_by}, and people are told so"
            expected = "a look at its sources, then new dates in `reviewed` and `review_by`"
            yield Finding(page.mark, what, expected, level=Level.WARNING, code="past-review")
        for section in page.sections.values():
            yield from _source(page, section)
            yield from _written(page, section)
            base = section.id.removesuffix(MORE)
            yield from _worst(page, section, templates, slots.get((page.path, base), [{}]), catalog)


def _slots_of_sections(catalog: Catalog) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Return the slot values with which each (path, section) is shown."""
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    pages = {path: page for (_, path), page in reversed(list(catalog.pages.items()))}
    for intent in catalog.intents.values():
        if not intent.answer:
            continue
        for values in product(*(catalog.slots[slot].values for slot in intent.slots)):
            slots = {**intent.about, **dict(zip(intent.slots, values, strict=True))}
            path, name = resolved(intent.answer, slots) or ("", "")
            section = place(pages[path], name) if path in pages else None
            if section:
                found.setdefault((path, section.id), []).append(slots)
    return found


def _worst(
    page: Page, section: Section, templates: Templates, values: list[dict[str, str]], catalog: Catalog
) -> Iterator[Finding]:
    """Yield each kind of finding once for a section, with the slot value under which it was seen first."""
    told: set[str] = set()
    for slots in values if "{{" in section.markdown or "{%" in section.markdown else values[:1]:
        try:
            blocks = to_blocks(templates.fill(page, section, slots))
        except NotFilledError:
            continue  # the catalog has said so already
        shown = _Shown(page, section, ", ".join(slots.values()) if "{" in section.markdown else "", blocks)
        for finding in _read(shown, catalog):
            if finding.code not in told:
                told.add(finding.code)
                yield finding


def _read(shown: _Shown, catalog: Catalog) -> Iterator[Finding]:
    yield from _length(shown)
    yield from _plainness(shown, catalog.glossary_words.get(shown.page.language, ()))
    yield from _lead(shown)
    text = "\n".join(shown.lines)
    for one in avoided(text, shown.page.language):
        yield shown.warning(f"word-{one.word.lower()}", f"“{one.word}” is {one.why}", one.instead)
    if found := _DATES.get(shown.page.language, _DATES["en"]).search(text):
        yield shown.warning("date-layout", f"the date {found[0]} is hard to read", _DATE_LAYOUT[shown.page.language])


def _length(shown: _Shown) -> Iterator[Finding]:
    letters = sum(len(line) + 1 for line in shown.lines)
    if letters > MOST_LETTERS + A_HOTLINE * shown.section.markdown.count("hotline("):
        expected = f"at most {MOST_LETTERS}; the rest in a section `{shown.section.id.removesuffix(MORE)}{MORE}`"
        yield shown.warning("long", f"{letters} letters are a wall of text on a phone", expected)


def _plainness(shown: _Shown, known: tuple[str, ...]) -> Iterator[Finding]:
    crisis = shown.page.path.startswith(_CRISIS)
    reading = measure(shown.lines, shown.page.language, _lower(known))
    count, sentence = reading.longest
    if count > MOST_WORDS:
        what = f"a sentence has {count} words: “{sentence[:60]}…”"
        yield shown.warning("long-sentence", what, f"at most {MOST_WORDS}: two sentences")
    if reading.average > USUAL_WORDS:
        yield shown.warning("long-sentences", f"sentences have {reading.average:.0f} words on average", "about 14")
    highest = HIGHEST_CRISIS if crisis else HIGHEST_GRADE
    if reading.grade is not None and reading.grade > highest:
        what = f"it reads like US grade {reading.grade:.1f}"
        yield shown.warning("grade", what, f"at most {highest}: shorter words, shorter sentences")


def _lower(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def _lead(shown: _Shown) -> Iterator[Finding]:
    if not shown.blocks or shown.section.id.endswith(MORE):
        return
    first = shown.blocks[0]
    if first.shape is not Shape.PARAGRAPH:
        yield shown.warning("no-lead", "it begins with a list", "the answer first, in one or two sentences")
        return
    text = ["".join(span.text for span in line) for line in first.lines]
    if len(measure(text, shown.page.language).sentences) > MOST_LEAD + 1:
        yield shown.warning(
            "long-lead", "the first paragraph is long", "the answer in one or two sentences, then a gap"
        )


def _source(page: Page, section: Section) -> Iterator[Finding]:
    base = section.id.removesuffix(MORE)
    known = {name.removesuffix(MORE) for source in page.sources for name in source.sections}
    if not page.about_the_line and base not in known and all(source.sections for source in page.sources):
        if page.path.startswith(_CRISIS):
            return  # cards name services, whose sources stand in hotlines.yaml
        what = f"no source backs section `{section.id}`, so its footer names none"
        write = f"sections: [{base}]"
        yield Finding(section.mark, what, "the section in a source's `sections`", write, Level.WARNING, "no-source")


def _written(page: Page, section: Section) -> Iterator[Finding]:
    """Yield what is wrong in the text as it was written, before anything is filled in."""
    for number, line in enumerate(section.markdown.split("\n")):
        mark = Mark(section.mark.file, section.first_line + number)
        if (found := _PHONE.search(line)) and not page.path.startswith(_CRISIS):
            what = f"the number {found[0]} stands here, so nobody finds it when it changes"
            write = "{{ hotline('211') }}"
            yield Finding(mark, what, "its entry in content/data/hotlines.yaml", write, Level.WARNING, "phone")
        if _EXCLAIMED.search(line) and not page.about_the_line:
            yield Finding(mark, "an exclamation mark", "a full stop", level=Level.WARNING, code="exclamation")
