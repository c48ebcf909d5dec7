from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bot.understanding.calibrating import calibrate
from bot.understanding.calibration import Calibration, HeldOut

if TYPE_CHECKING:
    from numpy.typing import NDArray


@given(arrays(np.float32, 6, elements=st.floats(-2, 3, width=32)), arrays(np.bool_, 6))
def test_probabilities_are_probabilities(scores: NDArray[np.float32], fits: NDArray[np.bool_]) -> None:
    """Any scores give finite shares from 0 to 1 with a sum of at most 1, none for labels that do not fit."""
    shares = Calibration(20.0, 0.3).probabilities(scores, fits)
    assert np.isfinite(shares).all()
    assert (shares >= 0).all()
    assert shares.sum() <= 1 + 1e-9
    assert not shares[~fits].any()


def test_calibration_tells_easy_from_hard() -> None:
    """Where held-out scores separate labels well, the same score is worth more confidence."""
    rng = np.random.default_rng(3)
    truth = rng.integers(0, 4, 400)
    fits, outside = np.ones((400, 4), dtype=np.bool_), np.zeros(400, dtype=np.bool_)
    sharp, blurred = (
        (np.eye(4)[truth] * 0.5 + rng.normal(0, noise, (400, 4))).astype(np.float32) for noise in (0.05, 0.4)
    )
    row = np.array([0.5, 0.1, 0.0, 0.0], dtype=np.float32)
    easy = calibrate(HeldOut(sharp, fits, truth, outside, outside[:4])).probabilities(row, fits[0])
    hard = calibrate(HeldOut(blurred, fits, truth, outside, outside[:4])).probabilities(row, fits[0])
    assert easy[0] > hard[0]


def test_too_little_to_learn_from() -> None:
    """One phrase is not enough to learn from: the calibration stays at its default."""
    one = np.ones((1, 1), dtype=np.float32)
    assert calibrate(HeldOut(one, one > 0, np.zeros(1, dtype=np.intp), one[0] < 0, one[0] < 0)) == Calibration()
