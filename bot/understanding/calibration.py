"""Scores -> probabilities, learned from how held-out phrases fared.

Each label weighs exp(scale x score) - 1, nothing at score 0, beside one more outcome, "none of these", of constant
weight exp(scale x level); shares of the sum are the probabilities. Scale and level are those under which held-out
phrases are likeliest: see `bot.understanding.calibrating`, which only what learns imports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

HIGHEST = 1.5
"""Scores beyond count as this."""

TINY = 1e-6
"""The least probability that odds are made of."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How phrases fared while they were held out.

    Attributes:
        scores: shape (phrases, labels).
        fits: which labels their slot values allow, same shape.
        truth: the place of each phrase's own label.
        outside: whether that label is a group of out-of-scope phrases.
        groups: which labels are such groups, shape (labels,).

    """

    scores: Matrix
    fits: NDArray[np.bool_]
    truth: NDArray[np.intp]
    outside: NDArray[np.bool_]
    groups: NDArray[np.bool_]

    def only(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> HeldOut:
        """Return some of the phrases, by their places or by yes and no for each."""
        return HeldOut(self.scores[which], self.fits[which], self.truth[which], self.outside[which], self.groups)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a row of scores into probabilities; what is missing to one is "none of these".

    `scale` and `level` are described above; `slope` and `shift` straighten the first candidate's log odds.
    """

    scale: float = 10.0
    level: float = 0.3
    slope: float = 1.0
    shift: float = 0.0

    def probabilities(self, scores: Matrix, fits: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the probability of each label; labels that do not fit get none. Their sum is below one."""
        capped = np.clip(scores.astype(np.float64), 0.0, HIGHEST)
        weights = np.where(fits, np.expm1(self.scale * capped), 0.0)
        shares: NDArray[np.float64] = weights / (weights.sum() + np.exp(self.scale * self.level))
        return self._straightened(shares)

    def _straightened(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the shares with the first at its measured chance of being right; the others share the rest."""
        if not len(shares) or (self.slope == 1.0 and self.shift == 0.0):
            return shares
        best = int(shares.argmax())
        first = float(np.clip(shares[best], TINY, 1 - TINY))
        chance = 1 / (1 + np.exp(-(self.shift + self.slope * np.log(first / (1 - first)))))
        straight: NDArray[np.float64] = shares * min(
            (1 - chance) / (1 - first), chance / max(float(np.sort(shares)[-2:][0]), TINY)
        )
        straight[best] = chance
        return straight
