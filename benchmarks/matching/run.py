"""Measure the line's matcher beside others on public intent sets, and write the table: see README.md."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread, as one worker has; read when numpy is imported
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import json
import platform
import subprocess
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.matching.peers import PEERS
from bot.staff.evaluation import evaluate, peak_mb, read_rows
from bot.staff.slips import slipped
from bot.understanding.encoding import load_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.staff.evaluation import Row

TEN = ("clinc150", "banking77", "hwu64")
"""Sets that are learned from ten examples an intent."""

OURS: dict[str, dict[str, Any]] = {
    "the line, ENCODER=none": {"encoder": "none"},
    "the line, without label names": {"names": False},
    "the line": {},
}
"""Ours, and ours with a part left out."""

PUBLISHED = (
    ("USE + ConveRT (Casanueva et al. 2020)", "93.3", "85.2", "85.8"),
    ("Rasa 3 DIET (measured on another day)", "-", "-", "64.2"),
    ("Padatious 0.4.8 (measured on another day)", "67.7", "57.6", "56.5"),
)
"""Figures that were not measured in this run."""

_DETAIL = ("typo 1/6", "typo 1/3", "ECE", "p50 ms", "p95 ms", "fit s", "peak MB")
_HEAD = ("matcher", "CLINC150", "BANKING77", "HWU64", *_DETAIL)
_SLIPS = 20203


def main() -> None:
    """Read the command line; measure; print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("results.md"), help="the table")
    parser.add_argument("--one", nargs=3, metavar=("MATCHER", "SET", "FIT"), help="one measurement, as JSON")
    chosen = parser.parse_args()
    if chosen.one:
        matcher, name, fit = chosen.one
        print(json.dumps(_measure(matcher, read_rows(chosen.data / f"{name}.jsonl"), fit)))
        return
    text = _document(chosen.data)
    chosen.out.write_text(text, encoding="utf-8")
    print(text)


def _document(data: Path) -> str:
    """Return the whole of results.md; every cell is measured in a process of its own, so that peaks are honest."""
    rows = [_row(name, [_apart(data, name, which, "train_10") for which in TEN]) for name in (*PEERS, *OURS)]
    rows += [(name, *figures, *[""] * (len(_HEAD) - 4)) for name, *figures in PUBLISHED]
    full = _apart(data, "the line", "clinc150_oos", "train")
    when = datetime.now(tz=UTC).date().isoformat()
    machine = f"{platform.system()} {platform.machine()}, {_processor()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Matching: results",
            "",
            f"Measured on {when}; {machine}; one thread. Accuracy in %, `test` splits, ten examples an intent.",
            "Typos, calibration error (ECE), times and memory: CLINC150.",
            "",
            *_table(_HEAD, rows),
            "",
            _sentence(full),
            "",
        ]
    )


def _sentence(full: dict[str, Any]) -> str:
    return (
        f"CLINC150 full with out-of-scope: in-scope accuracy {_percent(full['in_scope_accuracy'])}, out-of-scope"
        f" recall {_percent(full['oos_recall'])} at one threshold chosen on `val`; without rejection"
        f" {_percent(full['accuracy'])}; AUROC {full['auroc']:.3f}; ECE {full['ece']:.3f};"
        f" {full['fitted']} phrases learned in {full['fit_s']:.0f} s; {full['p50_ms']:.1f} ms (p50),"
        f" {full['p95_ms']:.1f} ms (p95)."
    )


def _apart(data: Path, matcher: str, name: str, fit: str) -> dict[str, Any]:
    print(f"{matcher}: {name}", file=sys.stderr)
    command = [sys.executable, __file__, "--data", str(data), "--one", matcher, name, fit]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # our own script
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _measure(matcher: str, rows: Sequence[Row], fit: str) -> dict[str, Any]:
    if matcher not in OURS:
        return _measure_peer(matcher, rows, fit)
    given = OURS[matcher]
    encoder = load_encoder(given.get("encoder"))
    return evaluate(rows, fit=fit, on="test", encoder=encoder, name_labels=given.get("names", True)).as_dict()


def _measure_peer(matcher: str, rows: Sequence[Row], fit: str) -> dict[str, Any]:
    learned, asked = ([row for row in rows if row.split == split] for split in (fit, "test"))
    started = time.perf_counter()
    read = PEERS[matcher]([row.text for row in learned], [row.label for row in learned])
    seconds = time.perf_counter() - started
    texts, truth = [row.text for row in asked], [row.label for row in asked]

    def accuracy(given: list[str]) -> float:
        return float(np.mean([found == label for found, label in zip(read(given)[0], truth, strict=True)]))

    found: dict[str, Any] = {"accuracy": accuracy(texts), "fit_s": seconds}
    found |= {f"typo{every}": accuracy(slipped(texts, every, _SLIPS)) for every in (6, 3)}
    taken = []
    for text in texts[:320]:
        started = time.perf_counter()
        read([text])
        taken.append((time.perf_counter() - started) * 1000)
    found["p50_ms"], found["p95_ms"] = map(float, np.percentile(taken[20:], [50, 95]))
    return found | {"peak_mb": peak_mb()}


def _row(name: str, found: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    first = found[0]
    return (
        name,
        *(_percent(each["accuracy"]) for each in found),
        _percent(first["typo6"]),
        _percent(first["typo3"]),
        f"{first['ece']:.3f}" if "ece" in first else "-",
        *(f"{first[part]:.{digits}f}" for part, digits in (("p50_ms", 2), ("p95_ms", 2), ("fit_s", 1), ("peak_mb", 0))),
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.is_file() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return f"{next(named, platform.processor())}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
