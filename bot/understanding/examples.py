"""The phrases of a catalog as the matcher learns them: normalised, names replaced by markers, labelled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalog.phrases import said
from bot.understanding.loans import native
from bot.understanding.normalise import normalise
from bot.understanding.rude import without_rudeness
from bot.understanding.slots import SlotFinder, marked, marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.catalog.model import Catalog
    from bot.understanding.normalise import Normal

OUT_OF_SCOPE = "out_of_scope/"
"""Labels that begin like this are groups of phrases that belong to no intent."""

_BLANK = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Example:
    """One phrase to learn.

    Attributes:
        text: the phrase as staff wrote it.
        read: what the classifier reads: normalised, slot values as markers.
        label: the intent's id, or `out_of_scope/<group>`.
        language: the language it was filed under.
        found: values named in it, by slot; an empty set where the phrase has the blank itself ("{case}").

    """

    text: str
    read: str
    label: str
    language: str
    found: Mapping[str, frozenset[str]]

    @property
    def outside(self) -> bool:
        """Say whether the phrase belongs to no intent."""
        return self.label.startswith(OUT_OF_SCOPE)


def labelled(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """Yield label, language and text of every phrase of the catalog, intents first, in the catalog's order."""
    for intent in catalog.intents.values():
        for language, text in said(intent.examples):
            yield intent.id, language, text
    for group in catalog.out_of_scope:
        for language, text in said(group.phrases):
            yield f"{OUT_OF_SCOPE}{group.id}", language, text


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase as it is normalised, before values are found in it."""

    label: str
    language: str
    text: str
    normal: Normal


def said_in(catalog: Catalog) -> tuple[Said, ...]:
    """Return every phrase of the catalog, blanks replaced by markers."""
    return tuple(Said(*one, normalise(blanked(one[-1]))) for one in labelled(catalog))


def vocabulary(phrases: Iterable[Said]) -> frozenset[str]:
    """Return every word of the phrases."""
    return frozenset(word.text for one in phrases for word in one.normal.words)


def blanks_of(catalog: Catalog) -> frozenset[str]:
    """Return the slots that some intent needs: only their values are replaced by markers.

    Where no intent asks for a state, "ohio" tells one intent from another and must stay a word.
    """
    return frozenset(slot for intent in catalog.intents.values() for slot in intent.slots)


def examples_of(catalog: Catalog, phrases: Iterable[Said], finder: SlotFinder) -> tuple[Example, ...]:
    """Return all phrases of the catalog, ready to learn; an intent's titles too, where no phrase says the same."""
    blanks = blanks_of(catalog)
    learned = [_example(one, finder, blanks) for one in phrases]
    known = {example.read for example in learned}
    titles = [_example(one, finder, blanks) for one in _titles(catalog)]
    return (*learned, *(title for title in titles if title.read and title.read not in known))


def _titles(catalog: Catalog) -> Iterator[Said]:
    for intent in catalog.intents.values():
        for language, text in intent.title.items():
            yield Said(intent.id, language, text, normalise(blanked(text)))


def finder_of(catalog: Catalog, words: frozenset[str]) -> SlotFinder:
    """Return the finder of the catalog's slot values; `words`, those of its phrases, are no misspelt names."""
    names = SlotFinder(catalog.slots).words
    return SlotFinder(catalog.slots, words - names)


def _example(one: Said, finder: SlotFinder, blanks: frozenset[str]) -> Example:
    hits = finder.find(one.normal)
    found = {slot: frozenset[str]() for slot in _BLANK.findall(one.text) if slot in blanks}
    for hit in hits:
        if hit.slot not in found or found[hit.slot]:
            found[hit.slot] = found.get(hit.slot, frozenset()) | {hit.value}
    polite, _ = without_rudeness(marked(one.normal, hits, blanks))
    read = " ".join(native(word, one.language) for word in polite.split())
    return Example(one.text, read, one.label, one.language, found)


def blanked(text: str) -> str:
    """Return a text with markers in the place of its blanks ("{case}")."""
    return _BLANK.sub(lambda blank: f" {marker(blank[1])} ", text)
