"""Reading everything staff wrote into one Catalog. What is broken is set aside with a finding; the rest is served."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.catalog import build, cross
from bot.catalog.build import Draft
from bot.catalog.files import StaffFile, decode, listed, read_file, shown_name
from bot.catalog.findings import Finding, Level
from bot.catalog.kept import kept
from bot.catalog.model import Mark
from bot.catalog.pages import read_page
from bot.catalog.phrases import slim
from bot.catalog.scalars import slug
from bot.catalog.wording import did_you_mean
from bot.catalog.yaml_text import read_yaml
from bot.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bot.catalog.model import Catalog
    from bot.catalog.yaml_text import Document

_PAGE = re.compile(r"(?P<language>[a-z]{2})/(?P<path>.+)\.md")
_TABLE = re.compile(r"data/(?P<name>[^/]+)\.yaml")
# ids in files that may not be YAML any more: what they name exists, it is only broken
_ENTRY_ID = re.compile(r"^\s*-\s+id:\s*(.+?)\s*$", re.MULTILINE)
_SLOT_ID = re.compile(r"^slot:\s*(.+?)\s*$", re.MULTILINE)
_CONTENT: dict[str, Callable[[Draft, Document], None]] = {
    "line.yaml": build.add_line,
    "phrases.yaml": build.add_phrases,
    "glossary.yaml": build.add_glossary,
}
_WANTED = ("line.yaml", "phrases.yaml")
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """A catalog that can be served, and everything that is wrong with the files it came from."""

    catalog: Catalog
    findings: tuple[Finding, ...]


def load(
    intents_dir: Path,
    content_dir: Path,
    cache: Path | None = None,
    instead: Mapping[str, bytes | None] = MappingProxyType({}),
) -> Loaded:
    """Return what the files below both folders say; in the folder `cache` it is kept for the next start.

    `instead` has what is read in the place of some files, by their names as people write them; None leaves one out.

    Raises:
        CatalogError: there is not one intent whose answer can be shown; the text lists what is wrong.

    """
    intents, content = ([*_read(root, instead)] for root in (intents_dir, content_dir))
    return kept(cache, "catalog", [*intents, *content], lambda: _loaded(intents_dir, content_dir, intents, content))


def _loaded(intents_dir: Path, content_dir: Path, intents: list[StaffFile], content: list[StaffFile]) -> Loaded:
    draft, seen = Draft(), hashlib.sha256()
    for root, files, take in ((intents_dir, intents, _take_intents), (content_dir, content, _take_content)):
        for file in files:
            seen.update(f"{file.name}\0{len(file.raw)}\0".encode() + file.raw)
            draft.findings += file.findings
            take(draft, file, file.path.relative_to(root).as_posix())
    draft.findings += _missing(content_dir)
    draft.aside -= {("intent", name) for name in draft.intents} | {("slot", name) for name in draft.slots}
    draft.aside -= {(slot.id, value) for slot in draft.slots.values() for value in slot.values}
    catalog, findings = cross.checked(draft.catalog(seen.hexdigest()[:12]), draft.origins, draft.aside)
    findings = _sorted([*draft.findings, *findings])
    if not any(intent.answer for intent in catalog.intents.values()):
        raise CatalogError(_nothing(intents_dir, content_dir, findings))
    return Loaded(slim(catalog), tuple(findings))


def _read(root: Path, instead: Mapping[str, bytes | None]) -> Iterator[StaffFile]:
    for path in listed(root):
        name = shown_name(path, root)
        if name in instead:
            raw = instead[name]
            if raw is not None:
                text, findings = decode(raw, name)
                yield StaffFile(name, path, text, raw, findings)
        elif path.suffix == ".yml":
            what = "files that end in .yml are not read"
            mark = Mark(name, 1)
            finding = Finding(mark, what, "the ending .yaml", f"{path.stem}.yaml", code="yml")
            yield StaffFile(mark.file, path, None, b"", (finding,))
        elif path.suffix in {".yaml", ".md"} or path.is_symlink():
            yield read_file(path, root)


def _take_intents(draft: Draft, file: StaffFile, name: str) -> None:
    # intents/crisis is read by the crisis check itself, which must work when everything here is broken
    if file.text is None or not name.endswith(".yaml") or name.startswith(("crisis/", "held_out/")):
        return
    document = read_yaml(file.text, file.name)
    draft.findings += document.findings
    if name.startswith("slots/"):
        build.add_slot(draft, document)
        slots = {slug(found) for found in _SLOT_ID.findall(file.text)}
        draft.aside |= {("slot", slot) for slot in slots}
        draft.aside |= {(slot, slug(value)) for slot in slots for value in _ENTRY_ID.findall(file.text)}
    elif name == "out_of_scope.yaml":
        build.add_out_of_scope(draft, document)
    else:
        build.add_intents(draft, document)
        draft.aside |= {("intent", slug(found)) for found in _ENTRY_ID.findall(file.text)}


def _take_content(draft: Draft, file: StaffFile, name: str) -> None:
    if file.text is None:
        return
    if page := _PAGE.fullmatch(name):
        _take_page(draft, file, page["language"], page["path"])
    elif name.endswith(".yaml"):
        _take_table(draft, file, name)


def _take_page(draft: Draft, file: StaffFile, language: str, path: str) -> None:
    page, findings = read_page(file.text or "", file.name, language, path)
    draft.findings += findings
    if page:
        draft.pages[language, path] = page
    else:
        draft.aside.add(("page", f"{language}/{path}"))


def _take_table(draft: Draft, file: StaffFile, name: str) -> None:
    table = _TABLE.fullmatch(name)
    if table is None and name not in _CONTENT:
        guess = did_you_mean(name, _CONTENT)
        what = "this file is not read by anything" + (f"; did you mean `{guess}`?" if guess else "")
        expected = f"one of {', '.join(sorted(_CONTENT))}, or a table in data/"
        finding = Finding(Mark(file.name, 1), what, expected, guess or "", Level.WARNING, "stray-file")
        draft.findings.append(finding)
        return
    document = read_yaml(file.text or "", file.name)
    draft.findings += document.findings
    if table:
        build.add_data(draft, table["name"], document)
    else:
        _CONTENT[name](draft, document)


def _missing(content_dir: Path) -> Iterator[Finding]:
    for name in _WANTED:
        if not (content_dir / name).exists():
            mark = Mark(f"{content_dir.resolve().name}/{name}", 1)
            yield Finding(mark, "the file is missing, so built-in words are used", "this file", code="missing-file")


def _sorted(findings: list[Finding]) -> list[Finding]:
    unique = dict.fromkeys(findings)
    return sorted(unique, key=lambda one: (one.mark.file, one.mark.line, one.mark.column))


def _nothing(intents_dir: Path, content_dir: Path, findings: list[Finding]) -> str:
    absent = [f"the folder {root} does not exist" for root in (intents_dir, content_dir) if not root.is_dir()]
    errors = [str(one) for one in findings if one.level is Level.ERROR]
    more = [f"and {len(errors) - _MOST_LISTED} more"] if len(errors) > _MOST_LISTED else []
    told = "\n".join(f"  {line}" for line in (*absent, *errors[:_MOST_LISTED], *more))
    return f"there is not one intent whose answer can be shown, so there is nothing to serve\n{told}".rstrip()
