"""Tens of thousands of phrases without an object for each: columns of texts, languages and lines."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, overload

from bot.catalog.model import Mark, Phrase

if TYPE_CHECKING:
    from bot.catalog.model import Catalog


class Phrases(Sequence[Phrase]):
    """Phrases of one intent or group, made when they are asked for; behaves like a tuple of them."""

    __slots__ = ("_columns", "_files", "_languages", "_lines", "texts")

    def __init__(
        self, texts: tuple[str, ...], languages: tuple[str, ...], files: tuple[str, ...], lines: bytes, columns: bytes
    ) -> None:
        """Take the columns; use `of`."""
        self.texts, self._languages, self._files = texts, languages, files
        self._lines, self._columns = array("I", lines), array("I", columns)

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Phrases:
        """Return phrases as columns."""
        whole = tuple(phrases)
        marks = [one.mark for one in whole]
        return cls(
            tuple(one.text for one in whole),
            tuple(one.language for one in whole),
            tuple(mark.file for mark in marks),
            array("I", [mark.line for mark in marks]).tobytes(),
            array("I", [mark.column for mark in marks]).tobytes(),
        )

    def said(self) -> Iterator[tuple[str, str]]:
        """Yield the language and the text of each phrase, without making the phrase."""
        return zip(self._languages, self.texts, strict=True)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> Phrase: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Phrase, ...]: ...
    def __getitem__(self, at: int | slice) -> Phrase | tuple[Phrase, ...]:
        """Return one phrase, or some."""
        if isinstance(at, slice):
            return tuple(self[place] for place in range(*at.indices(len(self))))
        mark = Mark(self._files[at], self._lines[at], self._columns[at])
        return Phrase(self.texts[at], self._languages[at], mark)

    def __eq__(self, other: object) -> bool:
        """Say whether both have the same phrases in the same places."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """Return a number that is the same for the same phrases."""
        return hash(tuple(self))

    def __reduce__(self) -> tuple[type[Phrases], tuple[object, ...]]:
        """Return how it is made again: by its columns."""
        columns = (self._lines.tobytes(), self._columns.tobytes())
        return type(self), (self.texts, self._languages, self._files, *columns)


def said(phrases: Sequence[Phrase]) -> Iterable[tuple[str, str]]:
    """Return the language and the text of each phrase, the quick way where there is one."""
    return phrases.said() if isinstance(phrases, Phrases) else ((one.language, one.text) for one in phrases)


def slim(catalog: Catalog) -> Catalog:
    """Return the same catalog with its phrases as columns."""
    intents = {name: replace(one, examples=Phrases.of(one.examples)) for name, one in catalog.intents.items()}
    groups = tuple(replace(group, phrases=Phrases.of(group.phrases)) for group in catalog.out_of_scope)
    return replace(catalog, intents=intents, out_of_scope=groups)
