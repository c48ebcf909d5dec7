"""How well the crisis check does on labelled messages: recall, false alarms, 95 % intervals, and the floors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.catalog.crisis_model import URGENCY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.catalog.crisis_model import LabelledLine
    from bot.understanding.crisis import CrisisCheck, Verdict

RECALL_LANGUAGE, RECALL_CLASS = 0.97, 0.93
"""Least share of crisis messages that get a card, in each language and in each class."""

ALARMS_NEAR, ALARMS_ORDINARY = 0.03, 0.003
"""Largest share of near-misses and of ordinary questions that get a card."""

ENOUGH = 20
"""A row of fewer messages says too little to fail a floor."""

ORDINARY = "ordinary"
_Z = 1.959964  # the 97.5 % point of the normal distribution
_LANGUAGES = ("en", "es", "mixed")

Kind = Literal["recall", "card", "alarms"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes:
        kind: `recall` (crisis messages that got a card), `card` (got the card of their own class, first or second),
            `alarms` (messages without a crisis that got a card).
        name: the class, language, near class or "ordinary" that is counted.
        hits: how many.
        total: of how many.
        floor: the least (recall) or largest (alarms) share allowed; None for a figure that fails nothing.

    """

    kind: Kind
    name: str
    hits: int
    total: int
    floor: float | None = None

    @property
    def share(self) -> float:
        """Return hits / total; 1.0 for recall and 0.0 for alarms when there is nothing to count."""
        return self.hits / self.total if self.total else float(self.kind != "alarms")

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % Wilson score interval of the share (Wilson 1927)."""
        if not self.total:
            return 0.0, 1.0
        share, square = self.share, _Z * _Z
        middle = share + square / (2 * self.total)
        half = _Z * math.sqrt(share * (1 - share) / self.total + square / (4 * self.total**2))
        size = 1 + square / self.total
        return max(0.0, (middle - half) / size), min(1.0, (middle + half) / size)

    @property
    def passed(self) -> bool:
        """Return whether the floor is kept, or too few messages were counted to say."""
        if self.floor is None or self.total < ENOUGH:
            return True
        return self.share <= self.floor if self.kind == "alarms" else self.share >= self.floor

    @property
    def stops(self) -> bool:
        """Return whether the floor is missed by more than chance: it lies outside the interval."""
        if self.floor is None or self.passed:
            return False
        low, high = self.interval
        return low > self.floor if self.kind == "alarms" else high < self.floor


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one measurement; it holds no message."""

    rows: tuple[Row, ...]

    @property
    def failed(self) -> tuple[Row, ...]:
        """Return the figures that miss their floor."""
        return tuple(row for row in self.rows if not row.passed)

    @property
    def passed(self) -> bool:
        """Return whether every floor is kept and something was measured."""
        return bool(self.rows) and not self.failed

    @property
    def stops(self) -> bool:
        """Return whether `check` must fail because of these figures.

        A message more or less, or a processor that rounds in another way, must not stop staff; a real loss must.
        """
        return any(row.stops for row in self.rows)

    def text(self) -> str:
        """Return the figures as a table."""
        head = f"{'':<8}{'of':<22}{'found':>13}{'share':>9}   {'95 % interval':<16}{'floor':<9}"
        return "\n".join([head.rstrip(), *(_line(row) for row in self.rows)])


def report(check: CrisisCheck, lines: Sequence[LabelledLine], ordinary: Sequence[str] = ()) -> Report:
    """Return the figures of `check` on labelled `lines` and on `ordinary` questions, neither of which it learned."""
    seen = [(line, check.check(line.text)) for line in lines]
    crises = [(line, verdict) for line, verdict in seen if line.class_id]
    others = [(line, verdict) for line, verdict in seen if not line.class_id]
    alarms = sum(check.check(text) is not None for text in ordinary)
    rows = [
        *_rows("recall", crises, RECALL_LANGUAGE, RECALL_CLASS, _carded),
        *_rows("card", crises, None, None, _own_card),
        *_rows("alarms", others, ALARMS_NEAR, None, _carded),
    ]
    if ordinary:
        rows.append(Row("alarms", ORDINARY, alarms, len(ordinary), ALARMS_ORDINARY))
    return Report(tuple(row for row in rows if row.total))


_Judged = tuple["LabelledLine", "Verdict | None"]


def _rows(
    kind: Kind,
    judged: Sequence[_Judged],
    whole: float | None,
    each: float | None,
    good: Callable[[_Judged], bool],
) -> Iterator[Row]:
    yield _row(kind, "all", judged, whole, good)
    for language in _LANGUAGES:
        yield _row(kind, language, [one for one in judged if one[0].language == language], whole, good)
    for name in URGENCY:
        yield _row(kind, name, [one for one in judged if name in (one[0].class_id, one[0].near)], each, good)


def _row(kind: Kind, name: str, judged: Sequence[_Judged], floor: float | None, good: Callable[[_Judged], bool]) -> Row:
    return Row(kind, name, sum(good(one) for one in judged), len(judged), floor)


def _carded(judged: _Judged) -> bool:
    return judged[1] is not None


def _own_card(judged: _Judged) -> bool:
    line, verdict = judged
    return verdict is not None and line.class_id in (verdict.class_id, *verdict.also)


def _line(row: Row) -> str:
    low, high = row.interval
    found = f"{row.hits} of {row.total}"
    floor = "" if row.floor is None else f"{'<=' if row.kind == 'alarms' else '>='} {100 * row.floor:.1f} %"
    fate = "" if row.passed else "  MISSED"
    span = f"{100 * low:.1f} to {100 * high:.1f}"
    return f"{row.kind:<8}{row.name:<22}{found:>13}{100 * row.share:>7.1f} %   {span:<16}{floor:<9}{fate}".rstrip()
