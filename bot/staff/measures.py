"""How good confidences are: area under the curve, calibration error, and the calibration itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special  # type: ignore[import-untyped]  # scipy ships no types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Scores = NDArray[np.float32]

BINS = 15
"""Bins of the expected calibration error, as in Guo et al. 2017."""

_PRIOR = 1e-3
_SCALE = 10.0


def auroc(inside: Numbers, outside: Numbers) -> float:
    """Return the chance that a number from `inside` is greater than one from `outside` (ties count half)."""
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, "left") + np.searchsorted(ordered, inside, "right")
    return float(below.mean() / 2 / len(outside))


def calibration_error(confidence: Numbers, right: Flags) -> float:
    """Return the expected calibration error: mean gap of confidence and accuracy over equal bins of confidence."""
    bins = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


@dataclass(frozen=True, slots=True)
class Confidence:
    """Turns rows of scores into the probability that the best label is right.

    A logistic regression (Platt 1999) on the best score, on the share it has of the sum of all exp(10 x score), and on
    the score of "none of these".
    """

    weights: tuple[float, ...]

    @classmethod
    def learn(cls, scores: Scores, none: Scores, right: Flags, weight: Numbers) -> Confidence:
        """Learn from scores (texts, labels), those of "none of these", and whether the best label was right."""
        rows = _features(scores, none)

        def loss(weights: Numbers) -> tuple[float, Numbers]:
            logits = rows @ weights
            wrong = np.logaddexp(0, np.where(right, -logits, logits))
            pull = weight * (special.expit(logits) - right)
            return float(weight @ wrong + _PRIOR * weights @ weights), rows.T @ pull + 2 * _PRIOR * weights

        found = optimize.minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B")
        return cls(tuple(map(float, found.x)))

    def of(self, scores: Scores, none: Scores) -> Numbers:
        """Return the probability that the best label of each row is right."""
        probability: Numbers = special.expit(_features(scores, none) @ np.array(self.weights))
        return probability


def _features(scores: Scores, none: Scores) -> Numbers:
    """Return what the probability is made of, one row for each text."""
    best = scores.max(axis=1).astype(np.float64)
    others = np.exp(_SCALE * (scores - best[:, None])).sum(axis=1) - 1
    return np.stack([np.ones(len(best)), best, best * best, -np.log(others + 1e-6), none.astype(np.float64)], axis=1)
