"""Reads intents/crisis/: signs of each class and labelled lines. What is broken is set aside; help never waits for it.

A class whose file is missing or broken is left out here, and the check falls back on the signs built into the code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bot.catalog.crisis_model import URGENCY, CrisisClass, CrisisRules, LabelledLine, Shared
from bot.catalog.crisis_parts import Parts
from bot.catalog.files import listed, read_file, shown_name
from bot.catalog.findings import Finding, Level
from bot.catalog.kept import kept
from bot.catalog.model import Mark
from bot.catalog.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHARED = "shared.yaml"
"""The file of words, guards, idioms and spellings that all classes use."""

FAMILIES = "families.yaml"
"""The file of words that mean the same to the scorer."""

FOLDER = "crisis"
LEARN, TUNING, LABELLED = "learn", "tuning", "labelled"
LANGUAGES = frozenset({"en", "es", "mixed"})

_CLASS_KEYS = frozenset({"class", "card", "words", "guards", "signs", "idioms", "near_misses"})
_SHARED_KEYS = frozenset({"words", "guards", "usual", "idioms", "key_words", "spellings"})


class LoadedCrisis(NamedTuple):
    """What intents/crisis says: rules, the lines that the scorer learns from, and what is wrong."""

    rules: CrisisRules
    lines: tuple[LabelledLine, ...]
    findings: tuple[Finding, ...]


def load_crisis(intents_dir: Path, cache: Path | None = None) -> LoadedCrisis:
    """Return the rules and the learn lines below `intents_dir`/crisis; raises nothing for bad or missing files.

    In the folder `cache` what was read is kept for the next start.
    """
    root = intents_dir / FOLDER
    files = [read_file(path, intents_dir) for path in listed(root)] if root.is_dir() else []
    return kept(cache, FOLDER, files, lambda: _loaded(intents_dir))


def _loaded(intents_dir: Path) -> LoadedCrisis:
    root = intents_dir / FOLDER
    findings: list[Finding] = []
    shared = _shared(root, intents_dir, findings)
    classes: dict[str, CrisisClass] = {}
    for path in sorted(root.glob("*.yaml")) if root.is_dir() else ():
        if path.name not in (SHARED, FAMILIES) and (one := _class(path, intents_dir, shared, findings)):
            classes[one.id] = one
    for missing in (one for one in URGENCY if one not in classes):
        mark = Mark(f"{intents_dir.resolve().name}/{FOLDER}/{missing}.yaml", 1)
        what = "there is no sound file for this class, so the few signs built into the program are used"
        findings.append(Finding(mark, what, "this file", code="crisis-missing"))
    lines, wrong = _lines(root / LEARN, intents_dir)
    tuning, strange = load_tuning(intents_dir)
    fresh, copied = _without_exam(lines, (*load_labelled(intents_dir)[0], *tuning))
    return LoadedCrisis(CrisisRules(classes, shared), fresh, (*findings, *wrong, *strange, *copied))


def load_labelled(intents_dir: Path) -> tuple[tuple[LabelledLine, ...], tuple[Finding, ...]]:
    """Return the held-out lines below `intents_dir`/crisis/labelled, which nothing may learn from, and findings."""
    return _lines(intents_dir / FOLDER / LABELLED, intents_dir)


def load_tuning(intents_dir: Path) -> tuple[tuple[LabelledLine, ...], tuple[Finding, ...]]:
    """Return the lines by which bars are chosen, below `intents_dir`/crisis/tuning; not learned, not the exam."""
    return _lines(intents_dir / FOLDER / TUNING, intents_dir)


def _without_exam(
    lines: tuple[LabelledLine, ...], exam: tuple[LabelledLine, ...]
) -> tuple[tuple[LabelledLine, ...], list[Finding]]:
    """Return the lines that do not stand in the exam, and a finding for each that does; it would flatter."""
    asked = {_bare(line.text) for line in exam}
    copied = [line for line in lines if _bare(line.text) in asked]
    what = "this line stands in the exam too, so nothing is learned from it"
    found = [Finding(line.mark, what, "a message of your own", code="crisis-exam") for line in copied]
    return tuple(line for line in lines if _bare(line.text) not in asked) if copied else lines, found


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _shared(root: Path, intents_dir: Path, findings: list[Finding]) -> Shared:
    path = root / SHARED
    if not path.is_file():
        mark = Mark(f"{intents_dir.resolve().name}/{FOLDER}/{SHARED}", 1)
        findings.append(Finding(mark, "the file is missing, so built-in guards are used", "this file", code="missing"))
        return Shared()
    parts = _parts(path, intents_dir, findings, _SHARED_KEYS)
    if parts is None:
        return Shared()
    guards = parts.guards()
    families = _parts(root / FAMILIES, intents_dir, findings, frozenset({"families"}))
    return Shared(
        words=parts.groups("words"),
        guards=guards,
        usual=tuple(name for name in parts.texts("usual") if name in guards),
        idioms=parts.phrases("idioms"),
        key_words=parts.texts("key_words"),
        spellings=parts.spellings(),
        families=families.groups("families") if families else {},
    )


def _class(path: Path, intents_dir: Path, shared: Shared, findings: list[Finding]) -> CrisisClass | None:
    parts = _parts(path, intents_dir, findings, _CLASS_KEYS)
    if parts is None:
        return None
    class_id = parts.text("class")
    if class_id not in URGENCY or class_id != path.stem:
        expected = f"the name of the file, one of {', '.join(URGENCY)}"
        findings.append(Finding(parts.mark("class"), f"no class: {class_id}", expected, path.stem, code="crisis-class"))
        return None
    guards = parts.guards()
    signs = parts.signs({*shared.guards, *guards})
    if not any(sign.strength != "likely" for sign in signs):
        what = "not one sign that shows a card can be read, so the signs built into the program are used"
        findings.append(Finding(parts.mark("signs"), what, "signs", code="crisis-no-signs"))
        return None
    return CrisisClass(
        id=class_id,
        card=parts.text("card") or f"{FOLDER}/{class_id}",
        signs=signs,
        words=parts.groups("words"),
        guards=guards,
        idioms=parts.phrases("idioms"),
        near_misses=parts.phrases("near_misses"),
        mark=parts.mark("class"),
    )


def _parts(path: Path, intents_dir: Path, findings: list[Finding], keys: frozenset[str]) -> Parts | None:
    file = read_file(path, intents_dir)
    findings += file.findings
    if file.text is None:
        return None
    document = read_yaml(file.text, file.name)
    findings += document.findings
    if not isinstance(document.value, dict):
        if document.value is not None:
            findings.append(Finding(Mark(file.name, 1), "this is not a list of keys", "`key: …`", code="crisis-form"))
        return None
    return Parts(document.value, document.marks, findings, keys)


def _lines(folder: Path, intents_dir: Path) -> tuple[tuple[LabelledLine, ...], tuple[Finding, ...]]:
    lines: list[LabelledLine] = []
    findings: list[Finding] = []
    for path in listed(folder) if folder.is_dir() else ():
        if path.suffix == ".jsonl":
            file = read_file(path, intents_dir)
            findings += file.findings
            for one in _read_lines(file.text or "", shown_name(path, intents_dir)):
                (lines if isinstance(one, LabelledLine) else findings).append(one)  # type: ignore[arg-type]  # sorted
    return tuple(lines), tuple(findings)


def _read_lines(text: str, name: str) -> Iterator[LabelledLine | Finding]:
    for number, row in enumerate(text.split("\n"), 1):
        if row.strip():
            yield _read_line(row, Mark(name, number))


def _read_line(row: str, mark: Mark) -> LabelledLine | Finding:
    try:
        value = json.loads(row)
    except (ValueError, RecursionError):
        return Finding(mark, "this line is not JSON", '{"text": "…", "class": "…", "language": "en"}', code="jsonl")
    fields = value if isinstance(value, dict) else {}
    text, class_id, near = fields.get("text"), fields.get("class"), fields.get("near")
    language, who = fields.get("language"), fields.get("who")
    if not isinstance(text, str) or not text.strip() or language not in LANGUAGES:
        return Finding(mark, "`text` or `language` is missing", "a text, and en, es or mixed", code="jsonl")
    if (class_id or near) not in (*URGENCY, None) or who not in ("self", "other", None):
        expected = f"`class` or `near` one of {', '.join(URGENCY)}; `who` self or other"
        return Finding(mark, "the class or the person is not known", expected, code="jsonl", level=Level.ERROR)
    return LabelledLine(text, class_id, near, language, who, mark)
