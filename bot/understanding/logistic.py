"""Multinomial logistic regression on what texts mean: the second opinion of the hybrid.

It is fitted by a few steps of L-BFGS on the principal directions of the rows, each divided by the square root of its
curvature (a bound of it: Böhning 1992), so that twenty steps are enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]  # scipy ships no types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

STEPS = 20
"""Steps of L-BFGS; stopping early is part of the regularisation."""

LOOSENESS = 30.0
"""How little the weights are held back (scikit-learn's C)."""


class Directions:
    """The principal directions of some rows, scaled for `fit_logistic`."""

    def __init__(self, rows: Matrix, labels: int) -> None:
        """Find the directions of `rows`, shape (texts, columns)."""
        lengths, directions = np.linalg.eigh((rows.T @ rows).astype(np.float64))
        scale = 1 / np.sqrt(LOOSENESS * np.maximum(lengths, 0) / np.sqrt(labels) + 1)
        self.matrix: Matrix = (directions * scale).astype(np.float32)
        self.pull: Matrix = (scale * scale)[:, None].astype(np.float32)


def fit_logistic(rows: Matrix, targets: Matrix, directions: Directions) -> Matrix:
    """Return weights (columns, labels) for `rows` (texts, columns) and 0/1 `targets` (texts, labels)."""
    short = rows @ directions.matrix
    shape = (short.shape[1], targets.shape[1])

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        logits = short @ weights
        logits -= logits.max(axis=1, keepdims=True)
        own = float((logits * targets).sum(dtype=np.float64))
        np.exp(logits, out=logits)
        total = logits.sum(axis=1, keepdims=True)
        wrong = float(np.log(total).sum(dtype=np.float64)) - own
        logits /= total
        logits -= targets
        held = directions.pull * weights
        slope = LOOSENESS * (short.T @ logits) + held
        return LOOSENESS * wrong + float((held * weights).sum()) / 2, slope.ravel().astype(np.float64)

    options = {"maxiter": STEPS, "maxcor": 6}
    found = optimize.minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options=options)
    weights: Matrix = directions.matrix @ found.x.reshape(shape).astype(np.float32)
    return weights
