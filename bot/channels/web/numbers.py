"""Numbers to tap: finds the telephone numbers in a line of text and turns them into tel: and sms: links.

A number is linked where a person is told to use it, and nowhere else: "$988", "section 911" and "in 211 cases" are
left alone. Within one line each number is linked once, so that a keyboard does not stop twice at the same door.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.catalog.richtext import Span

_CALL = re.compile(r"\b(?:call|dial|phone|ring|videophone|tty|llam\w*|marqu?\w*|videoteléfono)\b", re.IGNORECASE)
_WRITE = re.compile(r"\b(?:text|texts|sms|texto|textee|mensaje)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w$#§.,/+-])(?:1-\d{3}-\d{3}-\d{4}|988|911|211|\d{5,6})(?![\w/%-]|[.,]\d)")
_NOT_A_PHONE = re.compile(r"(?:section|sections|sección|title|título|no\.|nº|bill|page|página|§)\s*$", re.IGNORECASE)
_SHORT = frozenset({"988", "911", "211"})


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    href: str
    told: bool  # the words before it say what to do with it


def with_numbers(line: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the line with its telephone numbers as links.

    A web link stays as it is. A longer text that is one tel: or sms: link ("Call 988 or text 838255") is cut at its
    numbers instead, so that each leads where it says; without a number in it that leads there too, it stays.
    """
    text = "".join(span.text if _free(span) else " " * len(span.text) for span in line)
    found = _once(_candidates(text, _bold_ranges(line)))
    spans: list[Span] = []
    offset = 0
    for span in line:
        spans += _linked(span, offset, found)
        offset += len(span.text)
    return tuple(spans)


def _free(span: Span) -> bool:
    """Say whether numbers are looked for in a span: not in the words of a web link."""
    return span.href is None or span.href.startswith(("tel:", "sms:"))


def _linked(span: Span, offset: int, found: list[_Found]) -> list[Span]:
    if span.href is None:
        return _cut(span, offset, found)
    if _free(span):
        cut = _cut(replace(span, href=None), offset, found)
        if any(piece.href == _plain(span.href) for piece in cut):
            return cut
    return [span]


def _plain(href: str) -> str:
    """Return a tel: or sms: address as this module writes it: "tel:1-800-799-7233" as "tel:+18007997233"."""
    scheme, _, number = href.partition(":")
    digits = re.sub(r"\D", "", number)
    return f"{scheme}:+{digits}" if len(digits) > 6 else f"{scheme}:{digits}"  # noqa: PLR2004  # longer than a short code


def _candidates(text: str, bold: list[range]) -> list[_Found]:
    found: list[_Found] = []
    clause_from = 0
    line_calls = bool(_CALL.search(text) or _WRITE.search(text))
    for match in _NUMBER.finditer(text):
        clause = text[clause_from : match.start()]
        href = _href(match[0], clause)
        known = match[0] not in _SHORT or line_calls or any(match.start() in part for part in bold)
        if href and known and not _NOT_A_PHONE.search(clause):
            told = bool(_CALL.search(clause) or _WRITE.search(clause))
            found.append(_Found(match.start(), match.end(), href, told))
        clause_from = match.end()
    return found


def _href(number: str, clause: str) -> str | None:
    writes = bool(_WRITE.search(clause)) and not _CALL.search(clause)
    if number.startswith("1-"):
        return f"{'sms' if writes else 'tel'}:+{number.replace('-', '')}"
    if number in _SHORT:
        return f"{'sms' if writes else 'tel'}:{number}"
    return f"sms:{number}" if writes else None


def _once(found: list[_Found]) -> list[_Found]:
    """Keep one of each address: the first that the words before it tell to use, or else the first."""
    best: dict[str, _Found] = {}
    for one in found:
        if one.href not in best or (one.told and not best[one.href].told):
            best[one.href] = one
    return [one for one in found if best[one.href] is one]


def _bold_ranges(line: tuple[Span, ...]) -> list[range]:
    ranges, offset = [], 0
    for span in line:
        if span.bold:
            ranges.append(range(offset, offset + len(span.text)))
        offset += len(span.text)
    return ranges


def _cut(span: Span, offset: int, found: list[_Found]) -> list[Span]:
    """Cut a span at the numbers that lie wholly inside it; `offset` is where it begins in its line."""
    inside = [one for one in found if offset <= one.start and one.end <= offset + len(span.text)]
    links = {one.start - offset: one.href for one in inside}
    ends = {one.end - offset for one in inside}
    edges = sorted({0, len(span.text), *links, *ends})
    return [replace(span, text=span.text[start:end], href=links.get(start)) for start, end in pairwise(edges)]
