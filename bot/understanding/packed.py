"""Kernel ridge regression with every phrase a landmark, in half the memory of one kernel.

Weights are (K + penalty I)^-1 Y by Cholesky's factor, made in place in LAPACK's rectangular full packed form
(Gustavson et al. 2010), which keeps one triangle and is as fast as the whole. What a fold B errs by when it is left out
is (A_BB)^-1 weights_B with A that inverse (Rasmussen and Williams 2006, 5.4.2, for blocks).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import lapack  # type: ignore[import-untyped]  # scipy ships no types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]
    Kernel = Callable[[slice, slice], Matrix]

_BLOCK = 512


class PackedRidge:
    """A fit: `weights` (phrases, labels), and from it what each phrase would have got when held out."""

    def __init__(self, kernel: Kernel, targets: Matrix, penalty: float) -> None:
        """Fit; `kernel` gives rows and columns of the kernel, `targets` is Y, `penalty` is above 0.

        Raises:
            ValueError: the kernel is no kernel: it has no inverse with this penalty.

        """
        self._count, self._targets = len(targets), targets
        self._half, self._even = (self._count + 1) // 2, 1 - self._count % 2
        packed = np.empty((self._count + self._even, self._half), dtype=np.float32, order="F")
        self._fill(packed, kernel, np.float32(penalty))
        factor, failed = lapack.spftrf(self._count, packed.reshape(-1, order="F"), uplo="L", overwrite_a=1)
        if failed:
            message = f"the kernel of {self._count} phrases has no inverse with the penalty {penalty}"
            raise ValueError(message)
        self._factor = factor
        weights, _ = lapack.spftrs(self._count, factor, np.asfortranarray(targets), uplo="L", overwrite_b=0)
        self.weights: Matrix = np.ascontiguousarray(weights)

    def held_out(self, folds: NDArray[np.intp]) -> Matrix:
        """Return what each phrase would get from the phrases of other folds, (phrases, labels); can be done once."""
        inverse, _ = lapack.spftri(self._count, self._factor, uplo="L", overwrite_a=1)
        scores = np.zeros_like(self._targets)
        for fold in range(int(folds.max(initial=-1)) + 1):
            inside = np.flatnonzero(folds == fold)
            errors = np.linalg.solve(inverse[self._places(inside)], self.weights[inside])
            scores[inside] = self._targets[inside] - errors
        return scores

    def _fill(self, packed: Matrix, kernel: Kernel, penalty: np.float32) -> None:
        """Write the lower triangle: its first columns as they are, the triangle right of them turned, above them."""
        half, even, count = self._half, self._even, self._count
        for block in _blocks(half):
            part = kernel(slice(block.start, count), block)
            part[np.diag_indices(block.stop - block.start)] += penalty
            size = block.stop - block.start
            corner = np.tri(size, dtype=np.bool_)
            packed[block.start + even : block.stop + even, block][corner] = part[:size][corner]
            packed[block.stop + even :, block] = part[size:]
        for block in _blocks(count - half):
            part = kernel(slice(half, half + block.stop), slice(half + block.start, half + block.stop))
            size, to = block.stop - block.start, slice(block.start + 1 - even, block.stop + 1 - even)
            part[block.start :][np.diag_indices(size)] += penalty
            corner = np.tri(size, dtype=np.bool_).T
            packed[: block.start, to] = part[: block.start]
            packed[block.start : block.stop, to][corner] = part[block.start :][corner]

    def _places(self, some: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return where the entries of some rows and columns are in the packed form, shape (some, some)."""
        low, high = np.maximum.outer(some, some), np.minimum.outer(some, some)
        rows = self._count + self._even
        first = low + self._even + high * rows
        second = (high - self._half) + (low - self._half + 1 - self._even) * rows
        places: NDArray[np.intp] = np.where(high < self._half, first, second)
        return places


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _BLOCK, count)) for start in range(0, count, _BLOCK))
