"""YAML in which every scalar is text, every value knows its place, and nothing can explode.

`no`, `22:30`, `0123` and `2026-11-22` stay as typed. Anchors, tags and second documents are refused, a key that stands
twice is an error, and depth is limited. Reading never raises for bad content: it returns a value and findings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from bot.catalog.findings import Finding, Level
from bot.catalog.model import Mark
from bot.catalog.yaml_words import Place, kind_word

if TYPE_CHECKING:
    from collections.abc import Mapping

Loc = tuple[str | int, ...]
"""The way to a value: keys and list positions from the top."""

MAX_DEPTH = 20
"""How deep lists and mappings may stand in each other; the formats need six."""

# libyaml is ten times as fast as the parser in Python; both speak the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LOST = re.compile(r"\s+#\S")


@dataclass(frozen=True, slots=True)
class Marks:
    """Where each value and each key of one file stands."""

    file: str
    values: Mapping[Loc, Mark] = field(default_factory=dict)
    keys: Mapping[Loc, Mark] = field(default_factory=dict)

    def at(self, loc: Loc) -> Mark:
        """Return the place of the value at `loc`, or of the nearest thing around it."""
        while loc and loc not in self.values:
            loc = loc[:-1]
        return self.values.get(loc, Mark(self.file, 1))

    def key(self, loc: Loc) -> Mark:
        """Return the place of the key that leads to `loc`, or of the nearest thing around it."""
        return self.keys.get(loc) or self.at(loc)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML text, read: mappings, lists and texts; None when nothing could be read.

    `broken` lists the places that must not be used (a key that stood twice); the rest of the value is sound.
    """

    value: object
    marks: Marks
    findings: tuple[Finding, ...] = ()
    broken: tuple[Loc, ...] = ()


def read_yaml(text: str, file: str, first_line: int = 1) -> Document:
    """Return the YAML in `text`, which begins at line `first_line` of `file`."""
    builder = _Builder(Place(file, first_line, text.split("\n")))
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.feed(event)
    except yaml.MarkedYAMLError as error:
        builder.stop(kind_word(error, builder.place))
    except yaml.YAMLError:
        builder.stop(Finding(Mark(file, first_line), "this cannot be read as YAML", code="yaml"))
    except _RefusedError as refused:
        builder.stop(refused.finding)
    return builder.document()


class _RefusedError(Exception):
    """Reading stops here; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    holder: dict[str, object] | list[object]
    loc: Loc
    key: str | None = None
    dropped: bool = False


class _Builder:
    """Turns the events of the parser into plain values and marks."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._open: list[_Frame] = []
        self._value: object = None
        self._documents = 0
        self._stopped = False
        self._values: dict[Loc, Mark] = {}
        self._keys: dict[Loc, Mark] = {}
        self._findings: list[Finding] = []
        self._broken: list[Loc] = []

    def feed(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            _RefusedError: the file uses something that the format does not have.

        """
        self._check(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._enter({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._enter([], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def stop(self, finding: Finding) -> None:
        """Give up on the file because of `finding`."""
        self._stopped = True
        self._findings.append(finding)

    def document(self) -> Document:
        """Return what was read."""
        marks = Marks(self.place.file, self._values, self._keys)
        if not self._stopped and self._value in (None, ""):
            self.stop(Finding(Mark(self.place.file, self.place.first_line), "there is nothing in it", code="empty"))
        value = None if self._stopped else self._value
        return Document(value, marks, tuple(self._findings), tuple(self._broken))

    def _check(self, event: yaml.Event) -> None:
        mark = self.place.mark(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            sign = self.place.rest(event.start_mark)[:1]
        elif getattr(event, "tag", None):
            sign = "!"
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 1:
                return
            finding = Finding(mark, "a second part begins here with ---", "one part in a file", code="two-documents")
            raise _RefusedError(finding)
        else:
            return
        what, expected = f"a text may not begin with {sign} unless it is in quotes", "quotes around it"
        raise _RefusedError(Finding(mark, what, expected, f'"{sign}…"', code="special-sign"))

    def _enter(self, holder: dict[str, object] | list[object], event: yaml.Event) -> None:
        mark = self.place.mark(event.start_mark)
        frame = self._open[-1] if self._open else None
        if frame and isinstance(frame.holder, dict) and frame.key is None:
            what = "a list or a {…} cannot stand where a key is expected"
            expected = "quotes around a text that begins with { or ["
            raise _RefusedError(Finding(mark, what, expected, '"{case} …"', code="key-not-text"))
        if len(self._open) >= MAX_DEPTH:
            what = f"lists and mappings stand more than {MAX_DEPTH} deep in each other"
            raise _RefusedError(Finding(mark, what, "a flatter file", code="too-deep"))
        self._open.append(_Frame(holder, self._put(holder, mark)))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._warn_of_lost_text(event)
        mark = self.place.mark(event.start_mark)
        frame = self._open[-1] if self._open else None
        if frame and isinstance(frame.holder, dict) and frame.key is None:
            self._name(frame, frame.holder, event.value, mark)
        else:
            self._put(event.value, mark)

    def _name(self, frame: _Frame, holder: dict[str, object], key: str, mark: Mark) -> None:
        loc = (*frame.loc, key)
        frame.key, frame.dropped = key, key in holder
        if frame.dropped:
            what = f"`{key}` stands twice here, first in line {self._keys[loc].line}"
            self._findings.append(Finding(mark, what, "each key once: delete or rename one", code="key-twice"))
            self._broken.append(loc)
        else:
            self._keys[loc] = mark

    def _put(self, value: object, mark: Mark) -> Loc:
        if not self._open:
            self._value = value
            self._values[()] = mark
            return ()
        frame = self._open[-1]
        if isinstance(frame.holder, list):
            loc: Loc = (*frame.loc, len(frame.holder))
            frame.holder.append(value)
        else:
            key, frame.key = str(frame.key), None
            loc = (*frame.loc, key)
            if frame.dropped:
                return (*frame.loc, key, "second")  # kept apart, so that the first one's marks stay
            frame.holder[key] = value
        self._values[loc] = mark
        return loc

    def _warn_of_lost_text(self, event: yaml.ScalarEvent) -> None:
        rest = "" if event.style else self.place.rest(event.end_mark)
        if _LOST.match(rest):
            mark = self.place.mark(event.end_mark)
            what = "the rest of this line is not read, because # begins a remark"
            write = f'"{(event.value + rest).strip()}"'
            self._findings.append(Finding(mark, what, "quotes around the text", write, Level.WARNING, "lost-text"))
