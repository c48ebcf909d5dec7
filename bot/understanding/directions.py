"""A direction for each label, such that texts of the label point that way and no other text does.

Softmax regression on cosines, with smoothed labels (NormFace, Wang et al. 2017; Szegedy et al. 2016), by Adam (Kingma
and Ba 2015), from the mean of each label's texts. The same texts always give the same directions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

EPOCHS = 4
BATCH = 256
RATE = 2e-3
SMOOTHING = 0.1
"""Share of the target that the wrong labels have, so that close labels stay close."""

_SEED = 20202
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8  # Adam's decays, and what keeps it from dividing by nothing


def fit_directions(rows: Matrix, places: NDArray[np.intp], labels: int, sharpness: float) -> Matrix:
    """Return a direction of length 1 for each label, shape (labels, columns).

    `rows` (texts, columns) have length 1; `places` has the label of each. Cosines are multiplied by `sharpness`.
    """
    weights = np.zeros((labels, rows.shape[1]), dtype=np.float32)
    np.add.at(weights, places, rows)
    weights = _unit(weights)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    random, step = np.random.default_rng(_SEED), 0
    for _ in range(EPOCHS):
        order = random.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            some, step = order[start : start + BATCH], step + 1
            slope = _slope(weights, rows[some], places[some], sharpness)
            first += (1 - _FIRST) * (slope - first)
            second += (1 - _SECOND) * (slope * slope - second)
            move = first / (1 - _FIRST**step) / (np.sqrt(second / (1 - _SECOND**step)) + _TINY)
            weights -= np.float32(RATE) * move.astype(np.float32)
    return _unit(weights)


def _slope(weights: Matrix, rows: Matrix, places: NDArray[np.intp], sharpness: float) -> Matrix:
    """Return the slope of the mean cross-entropy of some texts, along `weights`."""
    lengths = np.maximum(np.linalg.norm(weights, axis=1, keepdims=True), np.float32(1e-9))
    unit = weights / lengths
    logits = np.float32(sharpness) * (rows @ unit.T)
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    logits -= np.float32(SMOOTHING / weights.shape[0])
    logits[np.arange(len(places)), places] -= np.float32(1 - SMOOTHING)
    along = (np.float32(sharpness / len(rows)) * logits).T @ rows
    slope: Matrix = (along - (along * unit).sum(axis=1, keepdims=True) * unit) / lengths
    return slope


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9))
    return unit
