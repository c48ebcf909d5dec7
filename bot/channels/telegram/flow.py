"""A turn's blocks as one running text with marks over it, and its cutting into parts that Telegram takes.

Offsets here are in characters; `render` counts them in UTF-16 units.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, Final

from bot.catalog.richtext import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.catalog.richtext import Block, Span

MOST_UNITS = 4096
"""Telegram's limit for a message, in UTF-16 units."""
MOST_MARKS = 100
"""Telegram's limit for the entities of a message."""

_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F)))
# Telegram takes these out itself (they could turn the rest of a text around or hide it), so offsets leave them out.
_CLEAN: Final = {**_CONTROLS, 9: " ", 10: "\n", 0x2028: "\n", 0x2029: "\n", **dict.fromkeys(range(0xD800, 0xE000), "�")}
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”\u2019»)\]]*(?=\s)")
_SPACE: Final = re.compile(r"\s")
_BEYOND_BMP = 0xFFFF
_JOINER = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)


@dataclass(frozen=True, slots=True)
class Mark:
    """Bold, italic or a link over the characters from `start` up to `end`."""

    start: int
    end: int
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Running text and the marks over it; marks are either apart or one inside the other."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    href: str | None = None
    bold: bool = False
    italic: bool = False


_LEVELS: Final[tuple[tuple[str, Callable[[_Run], tuple[object, ...]]], ...]] = (
    ("text_link", lambda run: (run.href,)),
    ("bold", lambda run: (run.href, run.bold)),
    ("italic", lambda run: (run.href, run.bold, run.italic)),
)
"""Each kind of mark is cut where a kind above it changes, so that marks never cross."""


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, which is what Telegram counts."""
    return len(text) + sum(ord(char) > _BEYOND_BMP for char in text)


def clean(text: str) -> str:
    """Return a text without what Telegram would take out or refuse: control characters, text turned around, halves."""
    return text.translate(_CLEAN)


def flow(blocks: Iterable[Block]) -> Flow:
    """Return the blocks as running text: a blank line between blocks, bullets and numbers, footers in italics."""
    runs: list[_Run] = []
    for block in blocks:
        drawn = list(_block(block))
        if drawn:
            runs += [_Run("\n\n"), *drawn] if runs else drawn
    return Flow("".join(run.text for run in runs), tuple(_marks(runs)))


def _block(block: Block) -> Iterator[_Run]:
    lines = [runs for runs in ([_run(span, block.shape) for span in line] for line in block.lines) if _seen(runs)]
    for number, runs in enumerate(lines, start=1):
        lead = {Shape.BULLETS: "• ", Shape.STEPS: f"{number}. "}.get(block.shape, "")
        yield _Run("\n" + lead if number > 1 else lead)
        yield from runs


def _seen(runs: Sequence[_Run]) -> bool:
    return any(run.text.strip() for run in runs)


def _run(span: Span, shape: Shape) -> _Run:
    text, href = _address(clean(span.text), span.href)
    return _Run(text, href, span.bold, span.italic or shape is Shape.FOOTER)


def _address(text: str, href: str | None) -> tuple[str, str | None]:
    """Telegram links web addresses only: a number to call stands in the words, for the phone to find."""
    if href is None or re.match(r"https?://[^\s/]", href):
        return text, href
    number = href.partition(":")[2].partition("?")[0]
    missing = re.sub(r"\D", "", number) not in re.sub(r"\D", "", text)
    return (f"{text} ({number})" if missing else text), None


def _marks(runs: Sequence[_Run]) -> Iterator[Mark]:
    text = "".join(run.text for run in runs)
    starts = list(accumulate((len(run.text) for run in runs), initial=0))
    for kind, key in _LEVELS:
        for value, group in groupby(range(len(runs)), key=lambda index: key(runs[index])):
            if value[-1]:
                indexes = list(group)
                url = runs[indexes[0]].href if kind == "text_link" else None
                yield from _trimmed(text, Mark(starts[indexes[0]], starts[indexes[-1] + 1], kind, url))


def _trimmed(text: str, mark: Mark) -> Iterator[Mark]:
    """Leave white space at the ends out of a mark, as Telegram does, and a mark over nothing out altogether."""
    inner = text[mark.start : mark.end]
    start = mark.start + len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if end > start:
        yield Mark(start, end, mark.kind, mark.url)


def split(whole: Flow, most_units: int = MOST_UNITS, most_marks: int = MOST_MARKS) -> tuple[Flow, ...]:
    """Return the parts of a text: cut between paragraphs, else lines, else sentences, else words, else anywhere."""
    reach = list(accumulate((1 + (ord(char) > _BEYOND_BMP) for char in whole.text), initial=0))
    cuts = [0]
    while cuts[-1] < len(whole.text):
        limit = bisect_right(reach, reach[cuts[-1]] + most_units) - 1
        cuts.append(_cut(whole.text, cuts[-1], _room(whole.marks, cuts[-1], limit, most_marks)))
    parts = (_part(whole, start, end) for start, end in pairwise(cuts))
    return tuple(part for part in parts if part.text)


def _room(marks: Sequence[Mark], start: int, limit: int, most: int) -> int:
    """Return how far a part may go without carrying more marks than allowed."""
    starts = sorted(mark.start for mark in marks if mark.end > start and mark.start < limit)
    return max(start + 1, starts[most]) if len(starts) > most else limit


def _cut(text: str, start: int, limit: int) -> int:
    if limit >= len(text):
        return len(text)
    for separator in ("\n\n", "\n"):
        found = text.rfind(separator, start + 1, limit + len(separator))
        if text[start : max(found, start)].strip():
            return found
    window = text[start : limit + 1]
    sentences = [hit.end() for hit in _SENTENCE_END.finditer(window)]
    words = [hit.start() for hit in _SPACE.finditer(window)]
    for ends in (sentences, words):
        if ends and window[: ends[-1]].strip():
            return start + ends[-1]
    return _whole(text, start, limit)


def _whole(text: str, start: int, limit: int) -> int:
    """Return the last place up to `limit` that does not tear an accent or a joined emoji off what it belongs to."""
    place = limit
    while place > start + 1 and _belongs(text[place - 1], text[place]):
        place -= 1
    return place if place > start + 1 else limit


def _belongs(before: str, after: str) -> bool:
    return _JOINER in (before, after) or bool(unicodedata.combining(after)) or _is_modifier(after)


def _is_modifier(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Me"} or ord(char) in _SKIN_TONES


def _part(whole: Flow, start: int, end: int) -> Flow:
    raw = whole.text[start:end]
    start += len(raw) - len(raw.lstrip())
    text = raw.strip()
    end = start + len(text)
    clipped = (
        Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.kind, mark.url)
        for mark in whole.marks
        if mark.end > start and mark.start < end
    )
    return Flow(text, tuple(kept for mark in clipped for kept in _trimmed(text, mark)))
