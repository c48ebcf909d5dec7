"""Build the crisis check's second look for the line's encoder, after `tools.build_encoder`.

    python -m tools.build_second_look

Two steps. Logistic regression on what the encoder gives tells lines of `intents/crisis/learn` that are a crisis from
those that are not and from the catalog's phrases. Then its log odds and the scorer's are weighed against each other,
and the bar is chosen, by `intents/crisis/tuning` and the catalog's held-out tests, which neither has learned from. The
exam in `intents/crisis/labelled` is not opened.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize  # type: ignore[import-untyped]  # scipy ships no types

from bot.catalog.crisis_files import load_crisis, load_tuning
from bot.catalog.load import load
from bot.line import open_crisis
from bot.understanding.crisis.second import FILE, log_odds, stretches
from bot.understanding.encoding import BUILT_IN, OnnxEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bot.catalog.crisis_model import LabelledLine
    from bot.understanding.crisis import CrisisCheck

    Numbers = NDArray[np.float64]

INTENTS, CONTENT, CACHE = Path("intents"), Path("content"), Path("var/cache")

NEAR_SHARE, ORDINARY_SHARE = 0.02, 0.0022
"""Shares of near-misses and ordinary questions, those of signs counted in, that may alarm at the bar."""

PENALTY = 1e-5
ORDINARY_WEIGHT = 1.5
_EVERY = 2  # ordinary phrases that are used: every second one


def main() -> None:
    """Write the numbers beside the encoder and tell what they do on the lines by which they were chosen."""
    catalog = load(INTENTS, CONTENT).catalog
    check, _ = open_crisis(INTENTS, catalog, CACHE)
    encoder = OnnxEncoder(BUILT_IN)
    lines, tuning = load_crisis(INTENTS).lines, load_tuning(INTENTS)[0]
    common = [one.text for intent in catalog.intents.values() for one in intent.examples][::_EVERY]
    common += [one.text for group in catalog.out_of_scope for one in group.phrases]
    rows = _rows(check, encoder, [*(line.text for line in lines), *common])
    yes = np.array([*(line.class_id is not None for line in lines), *(False for _ in common)])
    weight = np.where(np.arange(len(yes)) < len(lines), 1.0, ORDINARY_WEIGHT)
    weights, bias = _logistic(rows, yes[:, None], weight)
    classes, class_weights, class_bias = _classes(rows, lines)
    tests = [test.say for intent in catalog.intents.values() for test in intent.tests]
    texts = [*(line.text for line in tuning), *tests]
    truth = np.array([*(line.class_id is not None for line in tuning), *(False for _ in tests)])
    meaning = np.array([_worst(check, encoder, text, weights[0], bias[0]) for text in texts])
    words = np.array([log_odds(check.weigh(text).chance) for text in texts])
    blend = _blend(meaning, words, truth)
    odds = blend[0] * meaning + blend[1] * words + blend[2]
    signed = np.array([check.signed(text) for text in texts])
    bar = _bar(odds, signed, truth, len(tuning))
    alone = np.array([check.check(text) is not None for text in texts])
    _tell({"by signs": signed, "alone": alone, "with a second look": signed | (odds >= bar)}, truth, len(tuning))
    _write(
        {
            "weights": weights[0], "bias": bias[0], "classes": np.array(classes), "class_weights": class_weights,
            "class_bias": class_bias, "blend": blend, "bar": np.array(bar),
        }
    )  # fmt: skip


def _rows(check: CrisisCheck, encoder: OnnxEncoder, texts: Sequence[str]) -> NDArray[np.float32]:
    rows: NDArray[np.float32] = encoder.encode([" ".join(check.words(text)) for text in texts])
    return rows[:, -encoder.blocks[-1] :]


def _worst(check: CrisisCheck, encoder: OnnxEncoder, text: str, weights: Numbers, bias: float) -> float:
    rows = encoder.encode(stretches(check.words(text), check.weigh(text)))[:, -encoder.blocks[-1] :]
    return float((rows @ weights).max() + bias)


def _logistic(rows: NDArray[np.float32], yes: NDArray[np.bool_], weight: Numbers) -> tuple[Numbers, Numbers]:
    """Return weights (lines, columns) and biases (lines,) of ridge-penalised logistic regressions."""
    share = (weight / weight.sum()).astype(np.float32)

    def fitted(answers: NDArray[np.bool_]) -> Numbers:
        sign = np.where(answers, np.float32(1), np.float32(-1))

        def loss(flat: Numbers) -> tuple[float, Numbers]:
            margin = sign * (rows @ flat[:-1].astype(np.float32) + np.float32(flat[-1]))
            pull = -sign * share / (1 + np.exp(np.minimum(margin, 50)))
            wrong = float((share * np.logaddexp(0, -margin)).sum())
            slope = np.append(rows.T @ pull + 2 * PENALTY * flat[:-1], pull.sum())
            return wrong + PENALTY * float(flat[:-1] @ flat[:-1]), slope.astype(np.float64)

        found = optimize.minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B")
        return np.asarray(found.x)

    both = np.array([fitted(column) for column in yes.T])
    return both[:, :-1], both[:, -1]


def _classes(rows: NDArray[np.float32], lines: Sequence[LabelledLine]) -> tuple[tuple[str, ...], Numbers, Numbers]:
    crises = [place for place, line in enumerate(lines) if line.class_id is not None]
    kinds = np.array([lines[place].class_id for place in crises])
    names = tuple(sorted(set(kinds.tolist())))
    yes = np.stack([kinds == name for name in names], axis=1)
    return (names, *_logistic(rows[crises], yes, np.ones(len(crises))))


def _blend(meaning: Numbers, words: Numbers, truth: NDArray[np.bool_]) -> Numbers:
    """Return what both log odds count, and a level: logistic regression, both sides weighing the same."""
    weight = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum())
    sign = np.where(truth, 1.0, -1.0)

    def loss(by: Numbers) -> float:
        margin = sign * (by[0] * meaning + by[1] * words + by[2])
        return float((weight * np.logaddexp(0, -margin)).sum())

    return np.asarray(optimize.minimize(loss, np.array([0.5, 0.5, 0.0]), method="Nelder-Mead").x)


def _bar(odds: Numbers, signed: NDArray[np.bool_], truth: NDArray[np.bool_], lines: int) -> float:
    """Return the lowest bar at which no more alarm falsely than may."""
    bars = []
    here = np.arange(len(odds))
    for which, share in (((here < lines) & ~truth, NEAR_SHARE), (here >= lines, ORDINARY_SHARE)):
        allowed = max(0, int(share * which.sum()) - int((signed & which).sum()))
        bars.append(np.sort(odds[which & ~signed])[::-1][allowed])
    return float(max(bars)) + 1e-6


def _tell(found: dict[str, NDArray[np.bool_]], truth: NDArray[np.bool_], lines: int) -> None:
    here = np.arange(len(truth))
    for name, which in (("crises", truth), ("near-misses", (here < lines) & ~truth), ("ordinary", here >= lines)):
        shares = "  ".join(f"{how} {one[which].mean():.4f}" for how, one in found.items())
        print(f"{name:<12} {which.sum():>6}  {shares}")


def _write(parts: dict[str, Any]) -> None:
    np.savez(BUILT_IN / FILE, allow_pickle=False, **parts)
    path = BUILT_IN / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["sha256"][FILE] = hashlib.sha256((BUILT_IN / FILE).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
