"""Kernel ridge regression with every phrase a landmark, in the memory of one kernel.

Weights are (K + penalty I)^-1 Y; what a fold B errs by when it is left out is (A_BB)^-1 weights_B with A that inverse
(Rasmussen and Williams 2006, 5.4.2, for blocks), so one inverse, made in place, gives both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lapack  # type: ignore[import-untyped]  # scipy ships no types

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Kernel = Callable[[NDArray[np.intp]], Matrix]

_BLOCK = 512


class WholeRidge:
    """A fit: `weights` (phrases, labels), and from it what each phrase would have got when held out."""

    def __init__(self, kernel: Kernel, targets: Matrix, penalty: float) -> None:
        """Fit; `kernel` gives rows for some places among the phrases, `targets` is Y, `penalty` is above 0.

        Raises:
            ValueError: the kernel is no kernel: it has no inverse with this penalty.

        """
        count = len(targets)
        inverse = np.empty((count, count), dtype=np.float32, order="F")
        for start in range(0, count, _BLOCK):
            some = np.arange(start, min(start + _BLOCK, count))
            inverse[:, some] = kernel(some).T
        inverse[np.diag_indices(count)] += np.float32(penalty)
        inverse, failed = lapack.spotrf(inverse, lower=1, overwrite_a=1)
        inverse, failed_too = (inverse, failed) if failed else lapack.spotri(inverse, lower=1, overwrite_c=1)
        if failed or failed_too:
            message = f"the kernel of {count} phrases has no inverse with the penalty {penalty}"
            raise ValueError(message)
        _mirror(inverse)
        self._inverse, self._targets = inverse, targets
        self.weights: Matrix = inverse @ targets

    def held_out(self, folds: NDArray[np.intp]) -> Matrix:
        """Return what each phrase would get from the phrases of other folds, shape (phrases, labels)."""
        scores = np.zeros_like(self._targets)
        for fold in range(int(folds.max(initial=-1)) + 1):
            inside = np.flatnonzero(folds == fold)
            errors = np.linalg.solve(self._inverse[np.ix_(inside, inside)], self.weights[inside])
            scores[inside] = self._targets[inside] - errors
        return scores


def _mirror(lower: Matrix) -> None:
    """Copy the lower half of a matrix into its upper half, block by block."""
    count = len(lower)
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        corner = np.tril(lower[start:stop, start:stop])
        lower[start:stop, start:stop] = corner + np.tril(corner, -1).T
        lower[start:stop, stop:] = lower[stop:, start:stop].T
