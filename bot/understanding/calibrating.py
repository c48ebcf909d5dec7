"""Which calibration held-out phrases ask for.

Scale and level are those under which they are likeliest (maximum likelihood, as in Platt 1999 and Guo et al. 2017). For
"none of these" every phrase stands in a second time, with its own label taken away: a question that the line does not
know yet, near those it knows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]  # scipy ships no types

from bot.understanding.calibration import HIGHEST, TINY, Calibration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.understanding.calibration import HeldOut

UNKNOWN_SHARE = 0.15
"""Share of questions in the wild that resemble no phrase of the catalog: half unlike anything, half near an intent."""

_ROWS = 3_000
_RIVALS = 30  # labels beyond have next to no weight
_SEED = 20202
_FLOOR = 1e-3  # a phrase unlike all others of its intent must not outweigh the rest
_START = (2.3, 0.3)
_MOST_SCALE = 3.7  # beyond, nothing is left for second candidates, and the line has nothing to ask back with


def straighten(calibration: Calibration, first: NDArray[np.float64], right: NDArray[np.bool_]) -> Calibration:
    """Return the calibration with slope and shift under which the first candidates' chances are true (Platt 1999).

    `first` holds their probabilities and `right` whether they were right, on phrases that were never learned.
    """
    odds = np.log(np.clip(first, TINY, 1 - TINY) / np.clip(1 - first, TINY, 1))

    def loss(parameters: NDArray[np.float64]) -> float:
        signed = np.where(right, 1.0, -1.0) * (parameters[1] + parameters[0] * odds)
        return float(np.logaddexp(0.0, -signed).sum())

    found = optimize.minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
    return replace(calibration, slope=float(np.clip(found.x[0], 0.2, 3.0)), shift=float(np.clip(found.x[1], -2.0, 2.0)))


def sample(count: int) -> NDArray[np.intp]:
    """Return the places, in order, of the phrases to calibrate with: all of a few, some of many; always the same."""
    return np.sort(np.random.default_rng(_SEED).permutation(count)[:_ROWS])


def calibrate(held_out: HeldOut) -> Calibration:
    """Return the calibration that held-out phrases ask for."""
    scores, truth = held_out.scores, held_out.truth
    if len(truth) < 2 or scores.shape[1] < 2:  # noqa: PLR2004  # nothing to compare with
        return Calibration()
    known = np.where(held_out.fits, np.clip(scores, 0.0, HIGHEST), 0.0).astype(np.float64)
    own = known[np.arange(len(truth)), truth]
    known[np.arange(len(truth)), truth] = 0.0
    rivals = np.partition(known, -_RIVALS, axis=1)[:, -_RIVALS:] if known.shape[1] > _RIVALS else known
    weight = _unknown_weights(held_out.outside)
    found = optimize.minimize(
        _loss, np.array(_START), args=(own, rivals, weight), method="Nelder-Mead", options={"maxiter": 120}
    )
    return Calibration(scale=float(np.exp(min(found.x[0], _MOST_SCALE))), level=float(min(found.x[1], HIGHEST)))


def _unknown_weights(outside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much each phrase counts as unknown: out-of-scope phrases half of the share, all others half."""
    share = UNKNOWN_SHARE / (1 - UNKNOWN_SHARE) * len(outside)
    groups, intents = int(outside.sum()), int((~outside).sum())
    if not groups or not intents:
        return np.full(len(outside), share / len(outside))
    return np.where(outside, share / 2 / groups, share / 2 / intents)


def _loss(
    parameters: NDArray[np.float64],
    own: NDArray[np.float64],
    rivals: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> float:
    scale = np.exp(min(parameters[0], _MOST_SCALE))
    none = np.exp(scale * min(parameters[1], HIGHEST))
    right, others = np.expm1(scale * own), np.expm1(scale * rivals).sum(axis=1) + none
    learned = np.log(right / (right + others) + _FLOOR).sum()
    missing = np.log(none / others + _FLOOR)
    return -float(learned + (weight * missing).sum())
