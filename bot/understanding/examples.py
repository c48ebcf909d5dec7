"""The phrases of a catalog as the matcher learns them: normalised, names replaced by markers, labelled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalog.model import Phrase
from bot.understanding.loans import native
from bot.understanding.normalise import normalise
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


def labelled(catalog: Catalog) -> Iterator[tuple[str, Phrase]]:
    """Yield every phrase of the catalog with its label, intents first, in the catalog's order."""
    for intent in catalog.intents.values():
        for phrase in intent.examples:
            yield intent.id, phrase
    for group in catalog.out_of_scope:
        for phrase in group.phrases:
            yield f"{OUT_OF_SCOPE}{group.id}", phrase


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase as it is normalised, before values are found in it."""

    label: str
    phrase: Phrase
    normal: Normal


def said_in(catalog: Catalog) -> tuple[Said, ...]:
    """Return every phrase of the catalog, blanks replaced by markers."""
    return tuple(Said(label, phrase, normalise(_blanked(phrase.text))) for label, phrase in labelled(catalog))


def vocabulary(said: Iterable[Said]) -> frozenset[str]:
    """Return every word of the phrases."""
    return frozenset(word.text for one in said for word in one.normal.words)


def blanks_of(catalog: Catalog) -> frozenset[str]:
    """Return the slots that some intent needs: only their values are replaced by markers.

    Where no intent asks for a state, "ohio" tells one intent from another and must stay a word.
    """
    return frozenset(slot for intent in catalog.intents.values() for slot in intent.slots)


def examples_of(catalog: Catalog, said: Iterable[Said], finder: SlotFinder) -> tuple[Example, ...]:
    """Return all phrases of the catalog, ready to learn; an intent's titles too, where no phrase says the same."""
    blanks = blanks_of(catalog)
    phrases = [_example(one, finder, blanks) for one in said]
    known = {example.read for example in phrases}
    titles = [_example(one, finder, blanks) for one in _titles(catalog)]
    return (*phrases, *(title for title in titles if title.read and title.read not in known))


def _titles(catalog: Catalog) -> Iterator[Said]:
    for intent in catalog.intents.values():
        for language, text in intent.title.items():
            yield Said(intent.id, Phrase(text, language, intent.mark), normalise(_blanked(text)))


def finder_of(catalog: Catalog, words: frozenset[str]) -> SlotFinder:
    """Return the finder of the catalog's slot values; `words`, those of its phrases, are no misspelt names."""
    names = SlotFinder(catalog.slots).words
    return SlotFinder(catalog.slots, words - names)


def _example(said: Said, finder: SlotFinder, blanks: frozenset[str]) -> Example:
    hits = finder.find(said.normal)
    found = {slot: frozenset[str]() for slot in _BLANK.findall(said.phrase.text) if slot in blanks}
    for hit in hits:
        if hit.slot not in found or found[hit.slot]:
            found[hit.slot] = found.get(hit.slot, frozenset()) | {hit.value}
    language = said.phrase.language
    read = " ".join(native(word, language) for word in marked(said.normal, hits, blanks).split())
    return Example(said.phrase.text, read, said.label, language, found)


def _blanked(text: str) -> str:
    return _BLANK.sub(lambda blank: f" {marker(blank[1])} ", text)
