"""How well the matcher does on a public set: fitted on one split, with thresholds from `val`, measured on another.

Sets are JSON lines of `text`, `label` (`oos` for texts that belong to no intent) and `split`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import RequestError
from bot.staff.fitted import OUTSIDE, Fitted
from bot.staff.measures import auroc, calibration_error
from bot.staff.slips import slipped
from bot.understanding.hybrid import DEFAULT, HybridSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

_SEED = 20203


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a set."""

    text: str
    label: str
    split: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured; shares are between 0 and 1, None where the split has no out-of-scope texts.

    Attributes:
        accuracy: share of in-scope texts whose best intent is right, nothing rejected.
        in_scope_accuracy: the same when texts below the threshold are rejected, which makes them wrong.
        oos_recall: share of out-of-scope texts that are rejected at that threshold.
        auroc: chance that an in-scope text is more confident than an out-of-scope one.
        ece: expected calibration error of the confidence in the best intent; out of scope none is right.
        typo6: accuracy with a keyboard slip in every sixth word.
        typo3: accuracy with a keyboard slip in every third word.
        p50_ms: median time of one message, spelling included, in milliseconds (of all messages of the split).
        p95_ms: 95th percentile of the same.
        peak_mb: most memory the process ever held, in MB.
        fit_s: seconds to learn, encoding included.
        threshold: confidence below which a text is rejected, chosen on `val`; None without out-of-scope texts there.
        fitted, tested: how many texts were learned and measured.
        encoder: which encoder was used; "none" for words alone.

    """

    accuracy: float
    in_scope_accuracy: float | None
    oos_recall: float | None
    auroc: float | None
    ece: float
    typo6: float
    typo3: float
    p50_ms: float
    p95_ms: float
    peak_mb: float
    fit_s: float
    threshold: float | None
    tested: int
    fitted: int = 0
    encoder: str = "none"

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Return all as one JSON object."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def read_rows(path: Path) -> tuple[Row, ...]:
    """Return the rows of a set.

    Raises:
        RequestError: a line is not of the expected form; names the file and the line, not what is in it.
        OSError: the file cannot be read.

    """
    lines = path.read_text(encoding="utf-8").split("\n")
    return tuple(_row(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip())


def evaluate(  # noqa: PLR0913  # what a measurement depends on, by name
    rows: Sequence[Row],
    *,
    fit: str,
    on: str,
    encoder: Encoder | None,
    settings: HybridSettings = DEFAULT,
    name_labels: bool = True,
) -> Report:
    """Fit on the split `fit`, choose thresholds on `val` (held-out phrases of `fit` without it), measure on `on`.

    With `name_labels` the name of each label is one more phrase to learn, as an intent's title is in the catalog.

    Raises:
        RequestError: a split has no rows; says which there are.

    """
    learned, measured = _split(rows, fit), _split(rows, on)
    chosen = [row for row in rows if row.split == "val"]
    started = time.perf_counter()
    reader = Fitted.fit(
        [row.text for row in learned],
        [row.label for row in learned],
        encoder,
        replace(settings, folds=0) if chosen else settings,
        name_labels=name_labels,
    )
    seconds = time.perf_counter() - started
    if chosen:
        scores, _ = _one_by_one(reader, [row.text for row in chosen])
        reader.calibrate(scores, [row.label for row in chosen])
    else:
        reader.calibrate_held_out()
    report = _report(reader, measured, seconds)
    return replace(report, fitted=len(learned), encoder=encoder.name if encoder else "none")


def _report(reader: Fitted, rows: Sequence[Row], seconds: float) -> Report:
    scores, taken = _one_by_one(reader, [row.text for row in rows])
    sure = reader.sure(scores)
    inside = np.array([row.label != OUTSIDE for row in rows])
    right = np.array(reader.best(scores)) == np.array([row.label for row in rows])
    accepted = sure >= reader.threshold if reader.threshold is not None else None
    mixed = not inside.all()
    asked = [row for row in rows if row.label != OUTSIDE]
    fast, slow = np.percentile(taken, [50, 95])
    return Report(
        accuracy=float(right[inside].mean()),
        in_scope_accuracy=float((right & accepted)[inside].mean()) if mixed and accepted is not None else None,
        oos_recall=float((~accepted)[~inside].mean()) if mixed and accepted is not None else None,
        auroc=auroc(sure[inside], sure[~inside]) if mixed else None,
        ece=calibration_error(sure, right),
        typo6=_with_slips(reader, asked, 6),
        typo3=_with_slips(reader, asked, 3),
        p50_ms=float(fast),
        p95_ms=float(slow),
        peak_mb=peak_mb(),
        fit_s=seconds,
        threshold=reader.threshold,
        tested=len(rows),
    )


def _with_slips(reader: Fitted, rows: Sequence[Row], every: int) -> float:
    scores, _ = _one_by_one(reader, slipped([row.text for row in rows], every, _SEED))
    best = reader.best(scores)
    return float(np.mean([found == row.label for found, row in zip(best, rows, strict=True)]))


def _one_by_one(reader: Fitted, texts: Sequence[str]) -> tuple[Matrix, list[float]]:
    """Return the scores of texts and the milliseconds each took, read alone as a message is.

    An encoder in int8 rounds a batch by its largest number, so a text in a batch is not quite the text alone.
    """
    rows, taken = [], []
    for text in texts:
        started = time.perf_counter()
        scores = reader.scores([text])
        reader.best(scores)
        taken.append((time.perf_counter() - started) * 1000)
        rows.append(scores)
    return np.concatenate(rows), taken


def peak_mb() -> float:
    """Return the most memory the process ever held, in MB (the system counts in KB, on macOS in bytes)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def _split(rows: Sequence[Row], split: str) -> list[Row]:
    found = [row for row in rows if row.split == split]
    if not found:
        known = ", ".join(sorted({row.split for row in rows})) or "none"
        message = f"the set has no split {split!r}; it has: {known}"
        raise RequestError(message)
    return found


def _row(line: str, where: str) -> Row:
    try:
        given = json.loads(line)
        return Row(*(_text(given, name) for name in ("text", "label", "split")))
    except (ValueError, TypeError, KeyError) as error:
        message = f'{where}: expected an object with the texts "text", "label" and "split"'
        raise RequestError(message) from error


def _text(given: Mapping[str, object], name: str) -> str:
    value = given[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value
