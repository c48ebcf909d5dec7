import numpy as np
import pytest

from bot.understanding import packed
from bot.understanding.folds import spread_folds
from bot.understanding.packed import PackedRidge


@pytest.mark.parametrize("count", [1, 2, 5, 6, 33, 40])
@pytest.mark.parametrize("block", [3, 512])
def test_agrees_with_the_plain_formula(monkeypatch: pytest.MonkeyPatch, count: int, block: int) -> None:
    """Weights, and what phrases get when they are held out, are those of the whole matrix and its inverse."""
    monkeypatch.setattr(packed, "_BLOCK", block)
    dice = np.random.default_rng(1)
    rows = dice.normal(size=(count, 8)).astype(np.float32)
    labels = dice.integers(0, 3, count)
    kernel, targets = rows @ rows.T, np.eye(3, dtype=np.float32)[labels]
    whole = np.linalg.inv(kernel.astype(np.float64) + 0.5 * np.eye(count))
    folds = spread_folds([str(label) for label in labels], 4)
    expected = np.zeros_like(targets)
    for fold in range(4):
        inside = np.flatnonzero(folds == fold)
        if len(inside):
            own = np.linalg.inv(whole[np.ix_(inside, inside)])
            expected[inside] = targets[inside] - own @ (whole @ targets)[inside]
    ridge = PackedRidge(lambda some, others: kernel[some, others].copy(), targets, 0.5)
    assert np.allclose(ridge.weights, whole @ targets, atol=1e-4)
    assert np.allclose(ridge.held_out(folds), expected, atol=1e-3)


def test_what_is_no_kernel_is_refused() -> None:
    """A matrix that is not positive definite is an error that says how many phrases it is of."""
    strange = np.array([[0.0, 5.0], [5.0, 0.0]], dtype=np.float32)
    with pytest.raises(ValueError, match="kernel of 2 phrases"):
        PackedRidge(lambda some, others: strange[some, others].copy(), np.eye(2, dtype=np.float32), 0.1)
