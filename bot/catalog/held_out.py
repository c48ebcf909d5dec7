"""Reads intents/held_out/: messages by people who saw no example, each with the intent that was meant.

They measure the line and set its bars; nothing learns from them, and not all of them must be understood. What must be
is under `tests` of each intent. The line itself never reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.catalog.cross_phrases import folded
from bot.catalog.files import listed, read_file
from bot.catalog.findings import Finding
from bot.catalog.forms import HeldOutForm
from bot.catalog.model import Phrase
from bot.catalog.wording import read_form, unknown
from bot.catalog.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.catalog.files import StaffFile
    from bot.catalog.model import Catalog

FOLDER = "held_out"


class HeldOutPhrase(NamedTuple):
    """A message, and the intent that its writer meant."""

    intent: str
    phrase: Phrase


class LoadedHeldOut(NamedTuple):
    """The messages that can be used, and what is wrong with the files."""

    phrases: tuple[HeldOutPhrase, ...]
    findings: tuple[Finding, ...]


def load_held_out(intents_dir: Path, catalog: Catalog) -> LoadedHeldOut:
    """Return the held-out messages below `intents_dir`; raises nothing for bad or missing files.

    A message whose intent is not there, or which is an example or a test, is left out with a finding.
    """
    root = intents_dir / FOLDER
    files = [read_file(path, intents_dir) for path in listed(root)] if root.is_dir() else []
    findings = [finding for file in files for finding in file.findings]
    known, kept = _known(catalog), []
    for file in files:
        phrases, wrong = _phrases(file)
        findings += wrong
        for one in phrases:
            if one.intent not in catalog.intents:
                what, expected, write = unknown("intent", one.intent, catalog.intents)
                findings.append(Finding(one.phrase.mark, what, expected, write, code="unknown-intent"))
            elif owner := known.get(folded(one.phrase.text)):
                what = f"“{one.phrase.text}” also stands at `{owner}`, so it measures nothing"
                findings.append(Finding(one.phrase.mark, what, "a message nobody learned from", code="held-out-known"))
            else:
                kept.append(one)
    return LoadedHeldOut(tuple(kept), tuple(dict.fromkeys(findings)))


def _phrases(file: StaffFile) -> tuple[list[HeldOutPhrase], list[Finding]]:
    if file.text is None or file.path.suffix != ".yaml":
        return [], []
    document = read_yaml(file.text, file.name)
    form, _, findings = read_form(HeldOutForm, document, ())
    found = [
        HeldOutPhrase(name, Phrase(text, language, document.marks.at((name, language, index))))
        for name, texts in (form.root if form else {}).items()
        for language, lines in texts.items()
        for index, text in enumerate(lines)
    ]
    return found, [*document.findings, *findings]


def _known(catalog: Catalog) -> dict[str, str]:
    """Return who has each phrase already, by its folded text."""
    return {folded(text): owner for owner, text in _said(catalog)}


def _said(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for intent in catalog.intents.values():
        yield from ((intent.id, one.text) for one in intent.examples)
        yield from ((intent.id, test.say) for test in intent.tests)
    for group in catalog.out_of_scope:
        yield from ((f"out_of_scope {group.id}", one.text) for one in (*group.phrases, *group.tests))
