"""One pass over everything that staff wrote, as its readers would see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.staff.lint.accepted import without_accepted
from bot.staff.lint.answers import answer_findings
from bot.staff.lint.phrases import phrase_findings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from datetime import date

    from bot.catalog.findings import Finding
    from bot.catalog.model import Catalog


def lint(
    catalog: Catalog, today: date, known: Iterable[Finding] = (), unseen: AbstractSet[str] = frozenset()
) -> tuple[Finding, ...]:
    """Return what is wrong with answers and phrases beside what is `known`, without what staff accepted.

    The order is that of files and lines; `today` is the day that dates are held against; `unseen` are codes of what
    was not looked for.
    """
    found = dict.fromkeys((*known, *answer_findings(catalog, today), *phrase_findings(catalog)))
    kept = without_accepted(catalog, found, unseen)
    return tuple(sorted(kept, key=lambda one: (one.mark.file, one.mark.line, one.mark.column)))
