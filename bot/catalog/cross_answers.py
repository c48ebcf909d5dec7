"""Can every answer be shown? Each one is looked up and filled for every value of its slots in every language."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice, product
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.catalog.model import Mark
from bot.catalog.references import MORE, place, resolved
from bot.catalog.templates import NotFilledError, Templates
from bot.catalog.wording import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from bot.catalog.model import Catalog, Intent, Page, Section

_MOST_VALUES = 2_000
"""Combinations of slot values that are tried for one intent: enough for all states times all people."""


@dataclass(slots=True)
class AnswerCheck:
    """Looks answers up as the line would, and gathers what is wrong; `reached` are the (path, section) it found."""

    catalog: Catalog
    aside: AbstractSet[tuple[str, str]] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    reached: set[tuple[str, str]] = field(default_factory=set)
    _templates: Templates = field(init=False)
    _tried: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], bool] = field(default_factory=dict)
    _told: set[tuple[Mark, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Prepare the templates."""
        self._templates = Templates(self.catalog)

    def intent(self, intent: Intent, mark: Mark) -> bool:
        """Say whether the intent's answer can be shown for at least one value in at least one language."""
        shown = [self.reference(intent.answer, mark, {**intent.about, **slots}) for slots in self._values(intent)]
        return any(shown)

    def reference(self, ref: str, mark: Mark, slots: Mapping[str, str] | None = None) -> bool:
        """Say whether what `ref` (written at `mark`) names can be shown in at least one language."""
        slots = slots or {}
        target = resolved(ref, slots)
        if target is None:
            return False  # an `about` that was cut: it has its own finding
        path, name = target
        pages = [
            self.catalog.pages[code, path] for code in self.catalog.languages if (code, path) in self.catalog.pages
        ]
        if not pages and any(("page", f"{code}/{path}") in self.aside for code in self.catalog.languages):
            return False
        if not pages:
            known = {known for _, known in self.catalog.pages}
            self._tell(Finding(mark, *unknown("page", path, known), code="unknown-page"), {})
            return False
        sections = [(page, found) for page in pages if (found := place(page, name))]
        if not sections:
            what, expected, write = unknown("section", name, pages[0].sections)
            self._tell(Finding(mark, f"on page `{path}` {what}", expected, write, code="unknown-section"), {})
            return False
        shown = [self._shown(page, found, slots) for page, found in sections]
        return any(shown)

    def rest(self) -> None:
        """Fill the sections that no intent reached, to find what is wrong in them too."""
        for page in self.catalog.pages.values():
            for section in page.sections.values():
                if (page.path, section.id) not in self.reached:
                    self._fill(page, section, {})

    def _values(self, intent: Intent) -> Iterator[dict[str, str]]:
        choices = [[(slot, value) for value in self.catalog.slots[slot].values] for slot in intent.slots]
        return (dict(pairs) for pairs in islice(product(*choices), _MOST_VALUES))

    def _shown(self, page: Page, section: Section, slots: Mapping[str, str]) -> bool:
        self.reached.add((page.path, section.id))
        more = page.sections.get(section.id + MORE)
        if more:
            self.reached.add((page.path, more.id))
            self._fill(page, more, slots)
        return self._fill(page, section, slots)

    def _fill(self, page: Page, section: Section, slots: Mapping[str, str]) -> bool:
        key = (page.language, page.path, section.id, tuple(sorted(slots.items())))
        if key not in self._tried:
            self._tried[key] = True
            try:
                self._templates.fill(page, section, slots)
            except NotFilledError as error:
                self._tried[key] = False
                self._not_filled(section, slots, error)
        return self._tried[key]

    def _not_filled(self, section: Section, slots: Mapping[str, str], error: NotFilledError) -> None:
        mark = Mark(section.mark.file, section.first_line + error.line - 1)
        said, expected, write, code = str(error), "only names that exist", "", "not-filled"
        if error.unknown:
            said, expected, write = unknown("name", error.unknown, error.known)
        if error.hotline is not None:
            said, expected, write = unknown("hotline", error.hotline, self._templates.hotline_ids())
            code = "unknown-hotline"
        elif error.translation:
            said, expected, code = (
                f"{said}, so the other language is shown",
                "the text in each language",
                "untranslated",
            )
        level = Level.WARNING if error.translation else Level.ERROR
        finding = Finding(mark, f"section `{section.id}` cannot be shown: {said}", expected, write, level, code)
        self._tell(finding, slots)

    def _tell(self, finding: Finding, slots: Mapping[str, str]) -> None:
        """Keep a finding, once: fifty states may stumble over one word."""
        if (finding.mark, finding.what) in self._told:
            return
        self._told.add((finding.mark, finding.what))
        named = ", ".join(f"{slot} {value}" for slot, value in slots.items())
        self.findings.append(replace(finding, what=f"{finding.what} (first with {named})") if named else finding)
