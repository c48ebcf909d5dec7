"""Two-class logistic regressions with a ridge penalty, on the same sparse rows.

Each minimises the sum of weight * ln(1 + exp(-y (w x + b))) + penalty / 2 * |w|^2 by the accelerated gradient with
restarts (O'Donoghue and Candes 2015), from zero, with a fixed number of steps: the same rows always give the same
weights. It keeps clear of BLAS, whose threads wait for each other on a small busy machine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

STEPS = 80
_POWER_STEPS = 12
_SLACK = 1.1  # the power method stays a little below the largest eigenvalue
_STEEPEST = 80.0  # a float32 holds exp(80)


@dataclass(frozen=True, slots=True)
class Lines:
    """Linear scores; the sign of one is its answer, its size in log-odds the certainty.

    Attributes:
        weights: shape (lines, grams).
        bias: shape (lines,).

    """

    weights: Numbers
    bias: Numbers

    def scores(self, rows: Any) -> Numbers:  # noqa: ANN401  # a scipy csr matrix
        """Return the log-odds of each row of a matrix, shape (messages, lines)."""
        result: Numbers = rows @ self.weights.T + self.bias
        return result

    def odds(self, columns: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log-odds of one row, given by its columns and their values, shape (lines,)."""
        result: NDArray[np.float64] = (self.weights[:, columns] * values).sum(axis=1) + self.bias
        return result

    def only(self, first: int, end: int) -> Lines:
        """Return the lines from `first` up to, not with, `end`."""
        return Lines(self.weights[first:end], self.bias[first:end])


def fit_lines(rows: Any, yes: NDArray[np.bool_], weight: NDArray[np.float64], penalty: float) -> Lines:  # noqa: ANN401
    """Return the lines that tell rows with `yes` from the others; each row counts by its `weight`.

    Args:
        rows: a scipy csr matrix of float32, shape (messages, grams).
        yes: the right answers, shape (messages, lines).
        weight: what each row counts for each line, shape (messages, lines); 0 leaves it out.
        penalty: the share of the ridge.

    """
    used = np.flatnonzero(np.bincount(rows.indices, minlength=rows.shape[1]))
    slopes = _fitted(rows[:, used], np.where(yes, 1.0, -1.0).astype(np.float32), weight.astype(np.float32), penalty)
    weights = np.zeros((yes.shape[1], rows.shape[1]), dtype=np.float32)
    weights[:, used] = slopes[0].T
    return Lines(weights, slopes[1])


def chance(log_odds: float) -> float:
    """Return log-odds as a probability, 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def _fitted(rows: Any, sign: Numbers, weight: Numbers, penalty: float) -> tuple[Numbers, Numbers]:  # noqa: ANN401
    """Return the weights, shape (grams, lines), and the biases."""
    turned = rows.T.tocsr()
    # frequent grams are steep and rare ones flat: each goes at its own pace
    pace = 1.0 / (0.25 * (turned.multiply(turned).tocsr() @ weight) + penalty)
    bias_pace = 1.0 / (0.25 * weight.sum(axis=0))
    steep = _largest(rows, turned, weight, pace, bias_pace) * _SLACK + 1.0
    pace, bias_pace = pace / steep, bias_pace / steep
    at, bias = np.zeros_like(pace), np.zeros_like(bias_pace)
    ahead, bias_ahead, inertia = at, bias, np.ones_like(bias_pace)
    pushes = -sign * weight
    for _ in range(STEPS):
        margin = sign * (rows @ ahead + bias_ahead)
        pull = pushes / (1.0 + np.exp(np.minimum(margin, _STEEPEST)))
        slope = turned @ pull
        slope += penalty * ahead
        step = ahead - slope * pace
        bias_step = bias_ahead - pull.sum(axis=0) * bias_pace
        moved = step - at
        inertia = np.where(np.einsum("gl,gl->l", slope, moved) > 0, np.float32(1.0), inertia)
        grown = (1.0 + np.sqrt(1.0 + 4.0 * inertia * inertia)) / 2.0
        share, inertia = (inertia - 1.0) / grown, grown
        moved *= share
        ahead, bias_ahead = step + moved, bias_step + share * (bias_step - bias)
        at, bias = step, bias_step
    return at, bias


def _largest(rows: Any, turned: Any, weight: Numbers, pace: Numbers, bias_pace: Numbers) -> Numbers:  # noqa: ANN401
    """Return the largest eigenvalue of each Hessian at zero, without the penalty and at `pace`, by the power method."""
    root, bias_root = np.sqrt(pace), np.sqrt(bias_pace)
    vector, bias, size = np.ones_like(pace), np.ones_like(bias_pace), np.ones_like(bias_pace)
    for _ in range(_POWER_STEPS):
        vector, bias = vector / size, bias / size
        out = 0.25 * weight * (rows @ (root * vector) + bias_root * bias)
        vector, bias = root * (turned @ out), bias_root * out.sum(axis=0)
        size = np.sqrt(np.einsum("gl,gl->l", vector, vector) + bias * bias)
    return size
