from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.errors import RequestError
from bot.understanding.bars import tune
from bot.understanding.calibrating import straighten
from bot.understanding.calibration import Calibration, HeldOut
from bot.understanding.tuning import Bars, Tuning, read_tuning

if TYPE_CHECKING:
    from pathlib import Path

LABELS = 6
GROUPS = np.array([False] * 5 + [True])


def _phrases(count: int, *, outside: bool, seed: int) -> HeldOut:
    """Return phrases whose own label mostly scores highest; those outside belong to the last label."""
    random = np.random.default_rng(seed)
    truth = np.full(count, LABELS - 1) if outside else random.integers(0, LABELS - 1, count)
    scores = random.uniform(0.0, 0.35, (count, LABELS)).astype(np.float32)
    scores[np.arange(count), truth] += random.uniform(0.0, 0.6, count).astype(np.float32)
    return HeldOut(scores, np.ones((count, LABELS), np.bool_), truth, np.full(count, outside), GROUPS)


def test_confidence_means_what_it_says() -> None:
    """On phrases that nothing was fitted on, confidence is the share that is right, within a few hundredths."""
    found = tune(_phrases(800, outside=False, seed=1), _phrases(200, outside=True, seed=2), "2026-11-23")

    assert found.figures["calibration_error"] < 0.06
    assert found.figures["tests"] == 800
    assert sum(row[2] for row in found.figures["curve"]) == 800
    assert found.figures["first_is_right"] > 0.7


def test_bars_keep_outsiders_out() -> None:
    """At the bars that are chosen, nearly no out-of-scope phrase is answered and few answers are wrong."""
    found = tune(_phrases(800, outside=False, seed=1), _phrases(200, outside=True, seed=2), "2026-11-23")

    assert found.figures["outside_not_answered"] > 0.95
    assert found.figures["answered_wrongly"] < 0.1


def test_straightening() -> None:
    """Chances that are too low or too high become those that were seen."""
    first = np.repeat([0.3, 0.7], 1000)
    right = np.concatenate([np.arange(1000) < 600, np.arange(1000) < 900])
    straight = straighten(Calibration(), first, right)
    odds = np.log(first[[0, -1]] / (1 - first[[0, -1]]))

    assert 1 / (1 + np.exp(-(straight.shift + straight.slope * odds))) == pytest.approx([0.6, 0.9], abs=0.01)


def test_probabilities_stay_probabilities() -> None:
    """Whatever slope and shift, shares stay within 0 and 1, add up to at most 1, and keep their order."""
    scores = np.array([0.9, 0.5, 0.1, 0.0, -0.2, 0.3], dtype=np.float32)
    fits = np.ones(LABELS, dtype=np.bool_)
    for slope, shift in ((1.0, 0.0), (0.2, -2.0), (3.0, 2.0), (0.5, 1.0)):
        shares = Calibration(slope=slope, shift=shift).probabilities(scores, fits)

        assert ((shares >= 0) & (shares <= 1)).all()
        assert shares.sum() <= 1 + 1e-9
        assert shares.argmax() == 0


def test_file(tmp_path: Path) -> None:
    """What is written is read again; a file that is not there is no error, a broken one is."""
    tuning = Tuning("2026-11-23", Calibration(9.0, 0.2, 0.8, 0.1), Bars(0.6, 0.1, 0.2), {"tests": 3})
    file = tmp_path / "calibration.json"
    assert read_tuning(file) is None

    file.write_text(tuning.to_json(), encoding="utf-8")
    assert read_tuning(file) == tuning

    file.write_text("{", encoding="utf-8")
    with pytest.raises(RequestError, match="run it again"):
        read_tuning(file)
