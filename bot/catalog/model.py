"""What staff wrote, checked: the immutable Catalog and its parts.

A catalog is built once by `bot.catalog.load` and never changes; a reload builds another one.
Texts by language are plain mappings from a language code ("en", "es") to a text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a staff file; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        """Return `file:line:column`, the form that editors turn into a link."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One example of an intent, or one phrase that belongs to none."""

    text: str
    language: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class HeldOutTest:
    """A phrase that must reach its intent; the matcher never learns it."""

    say: str
    language: str
    slots: Mapping[str, str]
    mark: Mark


@dataclass(frozen=True, slots=True)
class SlotValue:
    """One of the finite values of a slot, with every way to say it."""

    id: str
    name: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    pronoun: str | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Slot:
    """A named blank such as `{case}`, filled from a finite list.

    Attributes:
        id: its id.
        ask: the question that asks for it.
        values: what fills it.
        mark: where it stands.
        roles: the parts that a value may play ("home"), and the words by which it is known, in any language; words
            that begin with the blank ("{state} conviction") stand behind the value, all others before it.
        points: words that stand for the value last said in a role ("where i live").
        never: words that are no value although a part of them looks like one ("martin luther king").

    """

    id: str
    ask: Mapping[str, str]
    values: Mapping[str, SlotValue]
    mark: Mark
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    points: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """What a person may want; the unit that staff edit.

    `about` names the value that an intent is about; `in_general` the intent that asks the same of nobody in particular;
    `when_named` the intent that answers in its place when a message names a value of a slot;
    `urgent` ones are answered first when a message asks several things; `takes` says which role a slot's value must
    have when a message names several. `accept` names warnings that shall stay, by their code, with the reason.
    """

    id: str
    topic: str
    title: Mapping[str, str]
    answer: str
    slots: tuple[str, ...]
    about: Mapping[str, str]
    in_general: str | None
    urgent: bool
    does: str | None
    examples: Sequence[Phrase]
    tests: tuple[HeldOutTest, ...]
    next: tuple[str, ...]
    mark: Mark
    accept: Mapping[str, str] = field(default_factory=dict)
    takes: Mapping[str, str] = field(default_factory=dict)
    when_named: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutOfScopeGroup:
    """Phrases that belong to no intent; `answer` is a page reference, or None for the ordinary fallback.

    `phrases` are learned; `tests` never are.
    """

    id: str
    answer: str | None
    phrases: Sequence[Phrase]
    tests: tuple[Phrase, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer's facts come from; `sections` is empty when it backs the whole page."""

    title: str
    url: str
    checked: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One answer in Markdown, before its placeholders are filled; `first_line` is where its text begins in the file."""

    id: str
    markdown: str
    mark: Mark
    first_line: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file of answers in one language.

    `accept` names warnings that shall stay, as `code` or `section/code`, with the reason.
    """

    path: str
    language: str
    title: str
    reviewed: date | None
    review_by: date | None
    applies_to: str
    legal: bool
    about_the_line: bool
    sources: tuple[Source, ...]
    translates: Mapping[str, str]
    sections: Mapping[str, Section]
    mark: Mark
    accept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """An entry of the menu with the intents that open it."""

    id: str
    title: Mapping[str, str]
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineInfo:
    """`content/line.yaml`: what the line is called and how a person is reached."""

    name: Mapping[str, str]
    tagline: Mapping[str, str]
    languages: tuple[str, ...]
    contact: Mapping[str, object]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything staff wrote, whole and consistent.

    `pages` is keyed by (language, path); `data` holds the tables of `content/data/` by file name without ending;
    `phrases` are the line's own words, id -> language -> text. `glossary` is what terms mean, id -> language -> text;
    `glossary_words` are the forms in which they stand in pages, by language.
    """

    line: LineInfo
    intents: Mapping[str, Intent]
    slots: Mapping[str, Slot]
    out_of_scope: tuple[OutOfScopeGroup, ...]
    pages: Mapping[tuple[str, str], Page]
    phrases: Mapping[str, Mapping[str, str]]
    data: Mapping[str, object]
    glossary: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    glossary_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the language codes, the source language first."""
        return self.line.languages
