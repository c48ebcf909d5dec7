"""Are pages translated, reached by somebody, dated by their sources, and written in plain Markdown?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.catalog.markdown import problems
from bot.catalog.model import Mark
from bot.catalog.pages import digest
from bot.catalog.references import MORE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from bot.catalog.model import Catalog, Page

_BY_CODE = "crisis/"
"""Pages in this folder are shown by the crisis check, not by an intent."""


def findings(
    catalog: Catalog, reached: AbstractSet[tuple[str, str]] | None, aside: AbstractSet[tuple[str, str]] = frozenset()
) -> Iterator[Finding]:
    """Yield what is wrong with pages.

    Args:
        catalog: everything that could be read.
        reached: the (path, section) that some intent or group leads to; None when that cannot be known.
        aside: (kind, id) of what is in the files but could not be read.

    """
    source_language = catalog.languages[0]
    for page in catalog.pages.values():
        yield from _markdown(page)
        yield from _translations(page, catalog, aside)
        original = catalog.pages.get((source_language, page.path))
        if original and page.language != source_language:
            yield from _stamps(page, original)
        if reached is not None and page is (original or page) and not page.path.startswith(_BY_CODE):
            yield from _unreached(page, reached)


def _warning(mark: Mark, what: str, expected: str, write: str, code: str) -> Finding:
    return Finding(mark, what, expected, write, Level.WARNING, code)


def _markdown(page: Page) -> Iterator[Finding]:
    for section in page.sections.values():
        for problem in problems(section.markdown):
            mark = Mark(section.mark.file, section.first_line + problem.line)
            what = f"{problem.what} stands here, which the line does not show"
            yield _warning(mark, what, problem.expected, "", "not-plain")


def _translations(page: Page, catalog: Catalog, aside: AbstractSet[tuple[str, str]]) -> Iterator[Finding]:
    for code in catalog.languages:
        other = catalog.pages.get((code, page.path))
        if ("page", f"{code}/{page.path}") in aside:
            continue
        if other is None:
            what = f"page `{page.path}` is missing in `{code}`"
            yield _warning(page.mark, what, f"the same page in content/{code}", "", "untranslated")
            continue
        for name, section in page.sections.items():
            if name not in other.sections:
                what = f"section `{name}` of page `{page.path}` is missing in `{code}`"
                yield _warning(section.mark, what, "the same sections in each language", f"## {name}", "untranslated")


def _stamps(page: Page, original: Page) -> Iterator[Finding]:
    unstamped = [name for name in page.sections if name in original.sections and name not in page.translates]
    if unstamped:
        what = f"nothing says which text {len(unstamped)} of its sections translate"
        yield _warning(page.mark, what, "a stamp under `translates`, which the tool writes", "", "unstamped")
    for name, stamp in page.translates.items():
        if name in original.sections and name in page.sections and stamp != digest(original.sections[name].markdown):
            what = f"section `{name}` was changed in `{original.language}` after it was translated"
            expected = f"a look at {original.sections[name].mark}, then a new stamp"
            yield _warning(page.sections[name].mark, what, expected, "", "stale")


def _unreached(page: Page, reached: AbstractSet[tuple[str, str]]) -> Iterator[Finding]:
    lost = [
        section
        for name, section in page.sections.items()
        if (page.path, name) not in reached and (page.path, name.removesuffix(MORE)) not in reached
    ]
    if len(lost) == len(page.sections):
        yield _warning(
            page.mark, f"no intent leads to page `{page.path}`", "an intent that answers with it", "", "unreached"
        )
        return
    for section in lost:
        what = f"no intent leads to section `{section.id}`"
        write = f"answer: {page.path}#{section.id}"
        yield _warning(section.mark, what, "an intent that answers with it", write, "unreached")
