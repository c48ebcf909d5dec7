"""What people asked and the line could not answer: like questions together, with the intent that may be meant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from bot.line import Line
    from bot.tallies import Gap, Tallies
    from bot.understanding.encoding import Encoder

CLOSE = 0.72
"""Likeness (0 to 1) from which two questions are taken for one."""

_WEEK = 7
_MOST = 10


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that are much alike, the one in their middle first; `nearest` are (intent, confidence), best first."""

    gaps: tuple[Gap, ...]
    nearest: tuple[tuple[str, float], ...]

    def text(self) -> Iterator[str]:
        """Yield the lines that a person reads."""
        guess = ", ".join(f"{intent} ({sure:.2f})" for intent, sure in self.nearest) or "nothing near it"
        yield f"{len(self.gaps)} times “{self.gaps[0].text}” ({self.gaps[0].language}); nearest: {guess}"
        for gap in self.gaps:
            yield f"    [{gap.id}] {datetime.fromtimestamp(gap.at, UTC).date()}  {gap.text}"


def clusters(gaps: Sequence[Gap], line: Line) -> list[Cluster]:
    """Return the questions in groups, the largest first; those of different languages are never one group."""
    found = []
    for language in sorted({gap.language for gap in gaps}):
        own = [gap for gap in gaps if gap.language == language]
        likeness = _likeness([gap.text for gap in own], line.understanding.encoder)
        found += [_cluster([own[at] for at in group], line) for group in _groups(likeness)]
    return sorted(found, key=lambda one: -len(one.gaps))


def _cluster(gaps: Sequence[Gap], line: Line) -> Cluster:
    reading = line.understanding.read(gaps[0].text)
    return Cluster(tuple(gaps), tuple((one.intent, one.confidence) for one in reading.candidates[:2]))


def _likeness(texts: Sequence[str], encoder: Encoder | None) -> NDArray[np.float32]:
    """Return how alike texts are: by meaning where there is an encoder, and by spelling, whichever is more."""
    spelled = process.cdist(texts, texts, scorer=fuzz.token_set_ratio, dtype=np.float32) / np.float32(100)
    if encoder is None:
        return np.asarray(spelled, dtype=np.float32)
    rows = encoder.encode(texts)[:, -encoder.blocks[-1] :]
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9))
    meant: NDArray[np.float32] = np.maximum(spelled, rows @ rows.T, dtype=np.float32)
    return meant


def _groups(likeness: NDArray[np.float32]) -> Iterator[list[int]]:
    """Yield places of texts that are alike, each group around the text that most others are close to."""
    free = np.ones(len(likeness), dtype=np.bool_)
    close = likeness >= CLOSE
    while free.any():
        middle = int(np.argmax(np.where(free, (close & free).sum(axis=1), -1)))
        group = np.flatnonzero(close[middle] & free)
        free[group] = free[middle] = False
        yield [middle, *(int(at) for at in group if at != middle)]


async def digest(tallies: Tallies, line: Line, today: date) -> str:
    """Return the past seven days in Markdown: how much was asked, what helped, what could not be answered."""
    since = (today - timedelta(days=_WEEK)).isoformat()
    counts, taps = await tallies.counted(since), await tallies.tapped(since)
    gaps = [gap for gap in await tallies.list_gaps() if datetime.fromtimestamp(gap.at, UTC).date().isoformat() >= since]
    parts = [f"# The line from {since} to {today.isoformat()}"]
    parts += _section("How it went", _table(("kind", "turns"), _summed(counts, 1)))
    parts += _section("Where", _table(("channel", "language", "turns"), _summed(counts, 4, 3)))
    asked = _summed([row for row in counts if row[2]], 2)
    parts += _section("Asked most", _table(("question", "turns"), asked[:_MOST]))
    parts += _section("Did not help", _table(("question", "helped", "did not"), _unhelpful(taps)))
    groups = [f"- {line}" for one in clusters(gaps, line)[:_MOST] for line in [next(one.text())]]
    parts += _section("Not answered", groups)
    return "\n".join(parts) + "\n"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *(lines or ["Nothing."])]


def _summed(rows: Sequence[tuple[object, ...]], *columns: int) -> list[tuple[object, ...]]:
    sums: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        sums[tuple(row[column] for column in columns)] += int(str(row[-1]))
    return [(*key, n) for key, n in sums.most_common()]


def _unhelpful(taps: Sequence[tuple[str, str, str, bool, int]]) -> list[tuple[object, ...]]:
    """Return the questions whose answers were tapped as not helpful, the most often first."""
    good, bad = Counter[str](), Counter[str]()
    for _, intent, _, helpful, n in taps:
        (good if helpful else bad)[intent] += n
    return [(intent, good[intent], n) for intent, n in bad.most_common(_MOST)]


def _table(heads: Sequence[str], rows: Sequence[tuple[object, ...]]) -> list[str]:
    if not rows:
        return []
    line = "| " + " | ".join(heads) + " |"
    return [line, "|" + " --- |" * len(heads), *("| " + " | ".join(map(str, row)) + " |" for row in rows)]
