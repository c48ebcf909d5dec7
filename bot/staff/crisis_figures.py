"""The crisis check held against everything it must catch and everything it must leave alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.catalog.crisis_files import load_crisis, load_labelled
from bot.catalog.findings import Finding
from bot.catalog.held_out import load_held_out
from bot.staff.crisis_report import Report, report

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.model import Catalog
    from bot.understanding.crisis import CrisisCheck


_LESS_SIGN = "no card: make the sign's pattern longer, or add an idiom or a guard"
_MORE_LINES = "no card: add two or three harmless messages like it to crisis/learn/engineer.jsonl"


@dataclass(frozen=True, slots=True)
class Figures:
    """How well the check does, and what is wrong: broken lines, and near-misses beside the signs that get a card."""

    report: Report
    findings: tuple[Finding, ...]


def measure(intents_dir: Path, catalog: Catalog, check: CrisisCheck) -> Figures:
    """Measure on the labelled messages, and on tests and held-out ones as ordinary; nothing learns from any of them."""
    labelled, findings = load_labelled(intents_dir)
    ordinary = [test.say for intent in catalog.intents.values() for test in intent.tests]
    held_out = load_held_out(intents_dir, catalog)
    ordinary += [one.phrase.text for one in held_out.phrases]
    wrong = (*findings, *held_out.findings, *_alarms(intents_dir, check))
    return Figures(report(check, labelled, ordinary if labelled else ()), wrong)


def _alarms(intents_dir: Path, check: CrisisCheck) -> list[Finding]:
    found = []
    for one in load_crisis(intents_dir).rules.classes.values():
        for near_miss in one.near_misses:
            verdict = check.check(near_miss.text)
            if verdict is not None:
                what = f"this near-miss gets the card of {verdict.class_id}, by {verdict.sign}"
                expected = _MORE_LINES if verdict.stage == "scorer" else _LESS_SIGN
                found.append(Finding(near_miss.mark, what, expected, code="near-miss"))
    return found
