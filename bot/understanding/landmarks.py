"""Kernel ridge regression on landmarks, with held-out scores of every phrase from the one factor it needs anyway.

With F the kernel of all phrases to the landmarks and L that among the landmarks, weights are A^-1 F' Y where
A = F' F + penalty L (subset of regressors: Rasmussen and Williams 2006, 8.3.1); what a fold B errs by when it is left
out is (I - F_B A^-1 F_B')^-1 (Y_B - F_B weights). With every phrase a landmark this is plain kernel ridge regression.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg  # type: ignore[import-untyped]  # scipy ships no types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Kernel = Callable[[NDArray[np.intp]], Matrix]

_SEED = 20201
_BLOCK = 512
_JITTER = 1e-6


class LandmarkRidge:
    """A fit: `weights` (landmarks, labels), and from it what each phrase would have got when held out."""

    def __init__(self, kernel: Kernel, landmarks: NDArray[np.intp], targets: Matrix, penalty: float) -> None:
        """Fit.

        Args:
            kernel: gives the rows of F for some places among the phrases, shape (places, landmarks).
            landmarks: which of the phrases are landmarks.
            targets: Y, shape (phrases, labels).
            penalty: how much smoother the scores are than the targets; above 0.

        """
        self._kernel, self._targets = kernel, targets
        count = len(landmarks)
        whole, pulled = np.empty((count, count)), np.zeros((count, targets.shape[1]))
        for block in _blocks(count):
            np.multiply(kernel(landmarks[block]), penalty, out=whole[block])
        for block in _blocks(len(targets)):
            rows = kernel(np.arange(block.start, block.stop))
            whole += rows.T @ rows
            pulled += rows.T @ targets[block]
        whole[np.diag_indices_from(whole)] += _JITTER * count
        # turned, because LAPACK works in place on columns only; `whole` is as large as all else together
        factor = linalg.cholesky(whole.T, lower=True, overwrite_a=True, check_finite=False)
        self.weights: Matrix = linalg.cho_solve((factor, True), pulled, overwrite_b=True).astype(np.float32)
        self._factor: Matrix = factor.astype(np.float32)

    def held_out(self, folds: NDArray[np.intp]) -> Matrix:
        """Return what each phrase would get from the phrases of other folds, shape (phrases, labels)."""
        scores = np.zeros_like(self._targets)
        for fold in range(int(folds.max(initial=-1)) + 1):
            inside = np.flatnonzero(folds == fold)
            rows = self._kernel(inside)
            half = linalg.solve_triangular(self._factor, rows.T, lower=True, check_finite=False)
            kept = np.eye(len(inside), dtype=np.float32) - half.T @ half
            errors = np.linalg.solve(kept, self._targets[inside] - rows @ self.weights)
            scores[inside] = self._targets[inside] - errors
        return scores


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _BLOCK, count)) for start in range(0, count, _BLOCK))


def choose_landmarks(labels: Sequence[str], count: int) -> NDArray[np.intp]:
    """Return the places of at most `count` phrases in turn from each label, shuffled with a fixed seed; in order."""
    if len(labels) <= count:
        return np.arange(len(labels))
    turns: dict[str, int] = {}
    order = np.random.default_rng(_SEED).permutation(len(labels))
    round_of = np.zeros(len(labels), dtype=np.intp)
    for place in order:
        round_of[place] = turns.get(labels[place], 0)
        turns[labels[place]] = int(round_of[place]) + 1
    return np.sort(order[np.argsort(round_of[order], kind="stable")[:count]])


def spread_folds(labels: Sequence[str], folds: int) -> NDArray[np.intp]:
    """Return a fold for each phrase: shuffled with a fixed seed, each label spread over all folds."""
    turns: dict[str, int] = {}
    result = np.zeros(len(labels), dtype=np.intp)
    for place in np.random.default_rng(_SEED).permutation(len(labels)):
        turns[labels[place]] = turns.get(labels[place], int(place)) + 1
        result[place] = turns[labels[place]] % folds
    return result
