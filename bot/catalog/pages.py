"""Pages: Markdown files with YAML front matter and `## section` blocks; and the stamp that says what was translated."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.catalog.forms import PageForm
from bot.catalog.model import Mark, Page, Section, Source
from bot.catalog.scalars import slug
from bot.catalog.wording import read_form, unknown
from bot.catalog.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bot.catalog.forms import SourceForm
    from bot.catalog.yaml_text import Marks

_FENCE = re.compile(r"---\s*")
_SECTION = re.compile(r"##(?!#)\s*(?P<id>.*?)\s*#*\s*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_page(text: str, file: str, language: str, path: str) -> tuple[Page | None, list[Finding]]:
    """Return the page in `text` (the file called `file`), or None when it cannot be shown; and what is wrong with it.

    Args:
        text: the whole file.
        file: its name in messages.
        language: the language code of its folder.
        path: how references name it, for example "cases/dawn-jackson".

    """
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), None)
    if not _FENCE.fullmatch(lines[0]) or end is None:
        what = "the page does not begin with its front matter, between two lines of ---"
        expected = "a first line ---, then title, dates and sources, then a second line ---"
        return None, [Finding(Mark(file, 1), what, expected, "---", code="no-front-matter")]
    document = read_yaml("\n".join(lines[1:end]), file, 2)
    form, _, findings = read_form(PageForm, document)
    findings = [*document.findings, *findings]
    sections: dict[str, Section] = {}
    findings += _read_sections(lines, end + 1, file, sections)
    if form is None:
        return None, findings
    if not sections:
        mark = Mark(file, end + 1)
        what, expected = "the page has no section", "a line with ## and an id, then the text"
        return None, [*findings, Finding(mark, what, expected, "## about", code="no-section")]
    findings += _stray_sources(form, sections, document.marks)
    return _page(form, sections, language, path, Mark(file, 1)), findings


def digest(section_markdown: str) -> str:
    """Return the first 8 hex digits of the SHA-256 of a section's text, white space around it left out."""
    return hashlib.sha256(section_markdown.strip().encode()).hexdigest()[:8]


def stamp_translation(path: Path, source: Page) -> bool:
    """Write into the front matter of the translation at `path` which text of `source` it renders.

    Only `translates:` is changed. Returns whether the file was.

    Raises:
        OSError: the file cannot be read or written.
        ValueError: the file has no front matter.

    """
    raw = path.read_bytes().decode()
    end_of_line = "\r\n" if "\r\n" in raw else "\n"
    lines = raw.split(end_of_line)
    end = next((number for number, line in enumerate(lines[1:], 1) if _FENCE.fullmatch(line)), 0)
    if not _FENCE.fullmatch(lines[0].removeprefix("\ufeff")) or not end:
        message = f"{path.name}: the page has no front matter between two lines of ---"
        raise ValueError(message)
    here = {found["id"] for line in lines[end:] if (found := _SECTION.fullmatch(line))}
    stamps = [f"  {name}: {digest(section.markdown)}" for name, section in source.sections.items() if name in here]
    front = [*_without_stamps(lines[:end]), *(["translates:", *stamps] if stamps else [])]
    stamped = end_of_line.join([*front, *lines[end:]])
    if stamped == raw:
        return False
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(stamped.encode())
    draft.replace(path)
    return True


def source(form: SourceForm) -> Source:
    """Return a source as the catalog keeps it."""
    return Source(form.title, form.url, form.checked, tuple(form.sections))


def _without_stamps(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        inside = line.startswith("translates:") or (inside and line.startswith((" ", "\t")))
        if not inside:
            yield line


def _stray_sources(form: PageForm, sections: Mapping[str, Section], marks: Marks) -> Iterator[Finding]:
    for index, one in enumerate(form.sources):
        for position, name in enumerate(one.sections):
            if name not in sections:
                what, expected, write = unknown("section", name, sections)
                mark = marks.at(("sources", index, "sections", position))
                yield Finding(mark, what, expected, write, Level.WARNING, "unknown-section")


def _page(form: PageForm, sections: Mapping[str, Section], language: str, path: str, mark: Mark) -> Page:
    return Page(
        path=path,
        language=language,
        title=form.title,
        reviewed=form.reviewed,
        review_by=form.review_by,
        applies_to=form.applies_to,
        legal=form.legal,
        about_the_line=form.about_the_line,
        sources=tuple(source(one) for one in form.sources),
        translates=form.translates,
        sections=sections,
        mark=mark,
        accept=form.accept,
    )


def _read_sections(lines: list[str], start: int, file: str, found: dict[str, Section]) -> Iterator[Finding]:
    """Put the sections from line `start` (from 0) into `found`; yield what is wrong with them."""
    heads = [number for number in range(start, len(lines)) if _SECTION.fullmatch(lines[number])]
    first = heads[0] if heads else len(lines)
    for number in range(start, first):
        if lines[number].strip():
            what = "this text stands before the first section and is shown to nobody"
            yield Finding(Mark(file, number + 1), what, "## id above it", "## about", code="text-before")
            break
    for head, end in pairwise([*heads, len(lines)]):
        finding = _read_section(lines, head, end, file, found)
        if finding:
            yield finding


def _read_section(lines: list[str], head: int, end: int, file: str, found: dict[str, Section]) -> Finding | None:
    match, mark = _SECTION.fullmatch(lines[head]), Mark(file, head + 1)
    name = match["id"] if match else ""
    markdown = "\n".join(lines[head + 1 : end]).strip()
    if not _ID.fullmatch(name):
        what, write = f"`{name}` is no id for a section", f"## {slug(name) or 'about'}"
        return Finding(mark, what, "lower-case letters, digits and hyphens", write, code="bad-section")
    if name in found:
        what = f"section `{name}` stands twice, first in line {found[name].mark.line}"
        return Finding(mark, what, "each section once", code="section-twice")
    if not markdown:
        return Finding(mark, f"section `{name}` is empty", "a text below it", code="empty-section")
    blank = next(number for number, line in enumerate(lines[head + 1 :]) if line.strip())
    found[name] = Section(name, markdown, mark, head + blank + 2)
    return None
