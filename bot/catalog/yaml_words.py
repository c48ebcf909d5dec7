"""What a YAML parser complains about, said in the words of somebody who writes phrases and not YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.catalog.findings import Finding
from bot.catalog.model import Mark

if TYPE_CHECKING:
    import yaml


class ParserMark(Protocol):
    """A place as either parser of PyYAML tells it; line and column count from 0."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column."""


_VALUE = re.compile(r"^(?P<before>\s*(?:- +)?(?:[\w-]+: +)?)(?P<value>.*?)\s*$")
_NO_SPACE = re.compile(r"^\s*(?:- +)?[\w-]+:[^\s/]")


@dataclass(frozen=True, slots=True)
class Place:
    """A text inside a file: its lines, and the line of the file at which it begins."""

    file: str
    first_line: int
    lines: list[str]

    def mark(self, mark: ParserMark | None) -> Mark:
        """Return the parser's mark (which counts from 0) as one of ours."""
        if mark is None:
            return Mark(self.file, self.first_line)
        return Mark(self.file, self.first_line + mark.line, mark.column + 1)

    def rest(self, mark: ParserMark | None) -> str:
        """Return what stands in the line from the parser's mark on."""
        return self.line(mark.line)[mark.column :] if mark else ""

    def line(self, number: int) -> str:
        """Return a line by the parser's number (from 0); empty beyond the end."""
        return self.lines[number] if number < len(self.lines) else ""


def kind_word(error: yaml.MarkedYAMLError, place: Place) -> Finding:
    """Return the finding that tells the writer of the file what the parser stumbled over."""
    problem = f"{error.context or ''} | {error.problem or ''}"
    at = error.problem_mark or error.context_mark
    line = place.line(at.line) if at else ""
    if tab := _tab(place):
        return tab
    for said, explain in _EXPLANATIONS:
        if re.search(said, problem):
            return explain(error, place, line)
    return _brace(error, place, line) or _general(error, place, line)


def _tab(place: Place) -> Finding | None:
    for number, line in enumerate(place.lines):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            mark = Mark(place.file, place.first_line + number, indent.index("\t") + 1)
            return Finding(mark, "this line is moved in with a tab", "spaces", code="tab")
    return None


def _quoted(line: str) -> str:
    found = _VALUE.match(line)
    if not found or not found["value"]:
        return '"…"'
    return f'{found["before"]}"{found["value"]}"'.strip()


def _colon(error: yaml.MarkedYAMLError, place: Place, line: str) -> Finding:
    mark = place.mark(error.problem_mark)
    previous = place.line(error.problem_mark.line - 1) if error.problem_mark and error.problem_mark.line else ""
    if _NO_SPACE.match(previous) and not _NO_SPACE.match(line):
        mark = Mark(mark.file, mark.line - 1, previous.index(":") + 1)
        write = previous.strip().replace(":", ": ", 1)
        return Finding(mark, "there is no space after the colon", "a space after it", write, code="colon-space")
    found = _VALUE.match(line)
    if found and ": " in found["value"]:
        what, expected = "a text with a colon and a space in it is not in quotes", "quotes around the text"
        return Finding(mark, what, expected, _quoted(line), code="quote-colon")
    what = "this line is moved in further than the lines around it, or the line above misses its colon"
    return Finding(mark, what, "keys of one mapping below each other", code="indent")


def _open_quote(error: yaml.MarkedYAMLError, place: Place, _line: str) -> Finding:
    mark = place.mark(error.context_mark)
    return Finding(mark, "a quotation mark is opened here and never closed", 'a closing "', code="open-quote")


def _escape(error: yaml.MarkedYAMLError, place: Place, _line: str) -> Finding:
    mark = place.mark(error.problem_mark)
    what = 'a backslash inside "…" has a special meaning'
    return Finding(mark, what, "'…' around a text with a backslash", code="backslash")


def _bracket(error: yaml.MarkedYAMLError, place: Place, _line: str) -> Finding:
    at, start = error.problem_mark, error.context_mark
    if place.rest(at).startswith(("{", "[", "?")):
        what = f"a text with {place.rest(at)[0]} in it stands between brackets without quotes"
        return Finding(place.mark(at), what, "quotes around that text", '"who freed {case}"', code="quote-brace")
    sign = "[" if "sequence" in str(error.context) else "{"
    close = {"[": "]", "{": "}"}[sign]
    what = f"a {sign} is opened here and not closed, or a comma is missing"
    return Finding(place.mark(start), what, f"{close} at the end, commas between", code="open-bracket")


def _sign(error: yaml.MarkedYAMLError, place: Place, line: str) -> Finding:
    sign = place.rest(error.problem_mark)[:1]
    what = f"a text may not begin with {sign} unless it is in quotes"
    return Finding(place.mark(error.problem_mark), what, "quotes around it", _quoted(line), code="special-sign")


def _no_colon(error: yaml.MarkedYAMLError, place: Place, _line: str) -> Finding:
    mark = place.mark(error.context_mark)
    return Finding(
        mark, "this line has no colon", "`key: value`, or a list item that begins with `- `", code="no-colon"
    )


def _brace(error: yaml.MarkedYAMLError, place: Place, line: str) -> Finding | None:
    found = _VALUE.match(line)
    if found and found["value"].startswith(("{", "[", '"', "'")):
        mark = Mark(place.file, place.mark(error.problem_mark).line, len(found["before"]) + 1)
        value = found["value"]
        if value[0] in "\"'":
            what = "there is text after the closing quotation mark, or a quotation mark inside the text"
            return Finding(
                mark, what, "quotes around the whole text, of the other kind than inside", code="quote-inside"
            )
        what = f"a text that begins with {value[0]} is not in quotes"
        return Finding(mark, what, "quotes around the text", _quoted(line), code="quote-brace")
    return None


def _general(error: yaml.MarkedYAMLError, place: Place, line: str) -> Finding:
    mark = place.mark(error.problem_mark or error.context_mark)
    if line.lstrip().startswith("-") or "collection" in str(error.context):
        what = "the items of this list do not stand below each other"
        return Finding(
            mark, what, "each item with `- ` at the same column, keys after the list further left", code="indent"
        )
    what = "this line does not fit the lines above it"
    return Finding(mark, what, "keys of one mapping below each other, moved in with spaces", code="indent")


_EXPLANATIONS = (
    ("mapping values are not allowed", _colon),
    ("quoted scalar.*unknown escape", _escape),
    ("quoted scalar", _open_quote),
    ("parsing a flow", _bracket),
    ("cannot start any token", _sign),
    ("could not find expected ':'", _no_colon),
)
