"""Finding out how sure the line may be.

They are fitted on the held-out tests and on the out-of-scope phrases, held out in turn. What is measured is measured
crosswise: each half of the tests (every second one of each intent) with the confidence that the other half asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.calibrating import calibrate, straighten
from bot.understanding.calibration import Calibration, HeldOut
from bot.understanding.tuning import Bars, Tuning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Probabilities = NDArray[np.float64]

_BINS = 10
_OUTSIDE_SHARE = 0.25  # of the questions that people ask, as far as bars are concerned
_WRONG, _ASKED, _ASKED_IN_VAIN = -1.5, 0.4, -0.2  # worth of a turn; a right answer is 1, an honest "no" to outsiders 1
_ANSWER = np.arange(0.30, 0.81, 0.02)
_MARGIN = np.arange(0.04, 0.25, 0.04)
_CLARIFY = np.arange(0.06, 0.25, 0.02)


def tune(tests: HeldOut, outside: HeldOut, date: str) -> Tuning:
    """Return calibration and bars for tests (never learned) and out-of-scope phrases (held out in turn)."""
    even = np.arange(len(tests.truth)) % 2 == 0
    apart = [_table(tests.only(~half), _calibration(tests.only(half), outside)) for half in (even, ~even)]
    calibration = _calibration(tests, outside)
    bars = _best_bars(_table(_joined(tests, outside), calibration))
    return Tuning(date, calibration, bars, measured(_together(apart), _table(outside, calibration), bars))


def _calibration(tests: HeldOut, outside: HeldOut) -> Calibration:
    calibration = calibrate(_joined(tests, outside))
    known = _table(tests, calibration)
    return straighten(calibration, known.first, known.right)


def measured(tests: Table, outside: Table, bars: Bars) -> dict[str, Any]:
    """Return accuracy, calibration error with its curve, and what happens at the bars, as shares from 0 to 1.

    The curve has one row for each tenth of confidence: [mean confidence, share right, how many].
    The expected calibration error is their distance weighted by how many (Guo et al. 2017).
    """
    sure = _sure(tests, bars.answer, bars.margin)
    offered = (tests.first >= bars.clarify) & ~sure
    wrong = sure & ~tests.right
    curve = _curve(tests.first, tests.right)
    error = sum(abs(mean - right) * count for mean, right, count in curve) / max(len(tests.right), 1)
    refused = ~_sure(outside, bars.answer, bars.margin)
    return {
        "tests": len(tests.right),
        "first_is_right": _share(tests.right),
        "answered": _share(sure),
        "answered_wrongly": _share(wrong),
        "asked_back": _share(offered),
        "asked_back_with_the_right_one": _share(offered & tests.among),
        "calibration_error": round(float(error), 4),
        "curve": curve,
        "outside": len(outside.right),
        "outside_not_answered": _share(refused),
    }


@dataclass(frozen=True, slots=True)
class Table:
    """Per phrase: probability of the first and second candidate, whether the first is right, and one of three is."""

    first: Probabilities
    second: Probabilities
    right: NDArray[np.bool_]
    among: NDArray[np.bool_]
    outside: NDArray[np.bool_]


def _table(held_out: HeldOut, calibration: Calibration) -> Table:
    rows = [
        calibration.probabilities(scores, fits) for scores, fits in zip(held_out.scores, held_out.fits, strict=True)
    ]
    shares = np.array(rows).reshape(held_out.scores.shape)
    # groups of out-of-scope phrases are never answered: they only take probability away from the intents
    shares = shares * ~held_out.groups
    order = np.argsort(-shares, axis=1)
    every = np.arange(len(shares))
    truth = np.where(held_out.outside, -1, held_out.truth)
    return Table(
        first=shares[every, order[:, 0]],
        second=shares[every, order[:, 1]],
        right=order[:, 0] == truth,
        among=(order[:, :3] == truth[:, None]).any(axis=1),
        outside=held_out.outside,
    )


def _together(tables: Sequence[Table]) -> Table:
    columns = ([getattr(table, name) for table in tables] for name in ("first", "second", "right", "among", "outside"))
    return Table(*map(np.concatenate, columns))


def _best_bars(table: Table) -> Bars:
    """Return the bars under which turns are worth most."""
    inside, out = ~table.outside, table.outside
    weight = np.where(out, _OUTSIDE_SHARE / max(out.sum(), 1), (1 - _OUTSIDE_SHARE) / max(inside.sum(), 1))

    def worth(answer: float, margin: float, clarify: float) -> float:
        sure = _sure(table, answer, margin)
        asked = ~sure & (table.first >= clarify)
        value = np.where(table.outside, 1.0, 0.0)
        value = np.where(asked, np.where(table.among, _ASKED, _ASKED_IN_VAIN), value)
        value = np.where(sure, np.where(table.right, 1.0, _WRONG), value)
        return float((value * weight).sum())

    best = max(product(_ANSWER, _MARGIN, _CLARIFY), key=lambda bars: worth(*bars))
    return Bars(*(round(float(bar), 2) for bar in best))


def _sure(table: Table, answer: float, margin: float) -> NDArray[np.bool_]:
    sure: NDArray[np.bool_] = (table.first >= answer) & (table.first - table.second >= margin)
    return sure


def _curve(confidence: Probabilities, right: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    rows = []
    for low in np.arange(_BINS) / _BINS:
        inside = (confidence >= low) & (confidence < low + 1 / _BINS + (low + 1 / _BINS >= 1))
        if inside.any():
            rows.append((round(float(confidence[inside].mean()), 3), _share(right[inside]), int(inside.sum())))
    return rows


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), 4) if len(which) else 0.0


def _joined(*parts: HeldOut) -> HeldOut:
    return HeldOut(
        scores=np.concatenate([part.scores for part in parts]),
        fits=np.concatenate([part.fits for part in parts]),
        truth=np.concatenate([part.truth for part in parts]),
        outside=np.concatenate([part.outside for part in parts]),
        groups=parts[0].groups,
    )
