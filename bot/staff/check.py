"""`run_bot.py check`: everything that is wrong in what staff wrote, and how to print it for people and for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.catalog.findings import Finding, Level
from bot.catalog.load import load
from bot.line import open_crisis, open_second_look
from bot.staff.crisis_figures import measure
from bot.staff.lint import lint
from bot.staff.overmatch import CODES
from bot.understanding.calibration import Calibration
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from bot.staff.crisis_report import Report
    from bot.understanding.encoding import Encoder

_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning"}


@dataclass(frozen=True, slots=True)
class Checked:
    """What one pass over the files found.

    Attributes:
        findings: what is wrong, in the order of files and lines.
        report: how the crisis check does on its labelled messages.
        intents: how many intents can be served.
        pages: how many pages there are.

    """

    findings: tuple[Finding, ...]
    report: Report
    intents: int
    pages: int

    @property
    def errors(self) -> int:
        """Return how many findings set something aside."""
        return sum(finding.level is Level.ERROR for finding in self.findings)

    def text(self) -> Iterator[str]:
        """Yield the lines that a person reads."""
        for finding in self.findings:
            yield f"{finding.level.value}: {finding}"
        if self.report.rows:
            yield self.report.text()
        yield (
            f"{self.intents} intents, {self.pages} pages: {self.errors} errors, "
            f"{len(self.findings) - self.errors} warnings, {len(self.report.failed)} crisis figures below their floor"
        )

    def annotations(self) -> Iterator[str]:
        """Yield workflow commands that put each finding beside its line in a pull request on GitHub."""
        for one in self.findings:
            what = str(one).partition(" ")[2].replace("%", "%25").replace("\n", "%0A")
            place = f"file={one.mark.file},line={one.mark.line},col={one.mark.column}"
            yield f"::{_LEVELS[one.level]} {place},title={one.code}::{what}"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of `check --json`."""
        return {
            "intents": self.intents,
            "pages": self.pages,
            "errors": self.errors,
            "warnings": len(self.findings) - self.errors,
            "crisis_below_floor": [f"{row.kind} {row.name}" for row in self.report.failed],
            "findings": [_as_dict(finding) for finding in self.findings],
        }

    def json(self) -> str:
        """Return one JSON object as text."""
        return json.dumps(self.as_dict(), ensure_ascii=False)


def checked(  # noqa: PLR0913  # what a check depends on
    intents_dir: Path,
    content_dir: Path,
    today: date,
    of_phrases: Sequence[Finding] | None = None,
    *,
    encoder: Encoder | None = None,
    cache: Path | None = None,
) -> Checked:
    """Return what is wrong below both folders, with dates held against `today`.

    `of_phrases` is what sending every phrase through the line found; None when nobody did. With an `encoder` the crisis
    figures are those of the check with its second look. In the folder `cache` what the check learned is kept.

    Raises:
        CatalogError: there is nothing that could be served.

    """
    loaded = load(intents_dir, content_dir)
    signs, of_crisis = open_crisis(intents_dir, loaded.catalog, cache)
    if encoder is not None:
        understanding = Understanding(loaded.catalog, encoder, cache, Calibration())
        signs.second = open_second_look(intents_dir, signs, understanding, cache)
    figures = measure(intents_dir, loaded.catalog, signs)
    known = (*loaded.findings, *of_crisis, *figures.findings, *(of_phrases or ()))
    findings = lint(loaded.catalog, today, known, CODES if of_phrases is None else frozenset())
    return Checked(findings, figures.report, len(loaded.catalog.intents), len(loaded.catalog.pages))


def _as_dict(finding: Finding) -> dict[str, Any]:
    return {
        "level": finding.level.value,
        "code": finding.code,
        "file": finding.mark.file,
        "line": finding.mark.line,
        "column": finding.mark.column,
        "what": finding.what,
        "expected": finding.expected,
        "write": finding.write,
    }
