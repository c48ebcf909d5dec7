"""What the scorer has learned, kept for the next start in one file of arrays: numbers and plain text, no pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.catalog.model import Mark, Phrase
from bot.understanding import textspeak
from bot.understanding.arrays import only_newest, read_arrays, write_arrays
from bot.understanding.crisis import grams, logistic, scorer
from bot.understanding.crisis.grams import Grams
from bot.understanding.crisis.logistic import Lines
from bot.understanding.crisis.scorer import CrossValidation, Learned, Scorer
from bot.understanding.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.catalog.crisis_model import CrisisRules, LabelledLine

LEARNING = 3
"""Counted up whenever the way of reading or learning changes, so that nothing learned the old way is taken for new."""


_KEPT = 3
"""Files that stay in the folder: what was learned now, and before that."""


def fingerprint(rules: CrisisRules, learn: Sequence[LabelledLine], ordinary: Sequence[str]) -> str:
    """Return a digest of all that learning depends on: equal where the same would be learned."""
    lines = [[line.text, line.class_id, line.who, line.mark.file] for line in learn]
    words = [sorted(word_list(code).all) for code in ("en", "es")]
    whole = [LEARNING, _numbers(), _plain(rules), lines, list(ordinary), words, textspeak.EXPANDED]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def _numbers() -> list[object]:
    """Return the settings of learning: whoever turns one must not be served what was learned before."""
    of_grams = [grams.LETTERS, grams.WORD, grams.PAIR, grams.LETTER, grams.FAMILY, grams.FAMILY_PAIR, grams.RULE]
    of_bars = [scorer.NEAR_BAR, scorer.ORDINARY_BAR, scorer.FLOOR, scorer.LOWEST, scorer.HIGHEST]
    of_fit = [scorer.PENALTY, scorer.CLASS_PENALTY, scorer.ORDINARY_WEIGHT, scorer.FOLDS, logistic.STEPS]
    return [*of_grams, grams.NEAR, *of_fit, *of_bars]


def save_scorer(folder: Path, name: str, learner: Scorer) -> None:
    """Write what was learned to `folder`; readers see the whole of it or nothing.

    Raises:
        OSError: the folder cannot be written to.

    """
    learned = learner.learned
    parts: dict[str, NDArray[Any]] = {
        "names": np.frombuffer(learned.grams.names.encode(), dtype=np.uint8),
        "scale": learned.grams.scale,
        "weights": np.concatenate([learned.gate.weights, learned.heads.weights, learned.other.weights]),
        "bias": np.concatenate([learned.gate.bias, learned.heads.bias, learned.other.bias]),
        "lines": np.array(learned.tested.lines),
        "ordinary": np.array(learned.tested.ordinary),
    }
    about = {"classes": list(learned.classes), "bar": learned.tested.bar}
    write_arrays(folder / f"{name}.arrays", about, parts)
    only_newest(folder, "crisis-*.arrays", _KEPT)


def load_scorer(folder: Path, name: str, families: Mapping[str, Sequence[str]]) -> Scorer | None:
    """Return what `save_scorer` wrote, or None where there is nothing that can be used."""
    try:
        return Scorer(_learned(*read_arrays(folder / f"{name}.arrays"), families))
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def _learned(
    about: Mapping[str, Any], parts: Mapping[str, NDArray[Any]], families: Mapping[str, Sequence[str]]
) -> Learned:
    names, classes = parts["names"].tobytes().decode(), tuple(about["classes"])
    scale, weights, bias = parts["scale"], parts["weights"], parts["bias"]
    many = names.count("\n") + 1
    if (scale.shape, weights.shape, bias.shape) != ((many,), (len(classes) + 2, many), (len(weights),)):
        message = "the numbers do not fit the names"
        raise ValueError(message)
    lines = Lines(weights, bias)
    tested = CrossValidation(tuple(parts["lines"].tolist()), tuple(parts["ordinary"].tolist()), float(about["bar"]))
    return Learned(
        grams=Grams(families, names, scale),
        gate=lines.only(0, 1),
        classes=classes,
        heads=lines.only(1, len(classes) + 1),
        other=lines.only(len(classes) + 1, len(classes) + 2),
        tested=tested,
    )


def _plain(value: object) -> object:
    """Return rules as lists and texts, without the places where they are written."""
    if isinstance(value, Phrase):
        return [value.text, value.language]
    if isinstance(value, Mark):
        return None
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return [[name, _plain(one)] for name, one in value.items()]
    return [_plain(one) for one in value] if isinstance(value, tuple | list) else value
