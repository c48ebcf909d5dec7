"""`run_bot.py stale`: what to look at again, the most harmful first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.catalog.templates import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.catalog.model import Catalog

_NUMBER, _CRISIS, _LAW, _REST = range(4)
HARM = ("a wrong number", "a wrong crisis card", "a wrong rule", "an old fact")
"""What may reach a person when a thing is not reviewed, worst first."""

_CELL_AGE = timedelta(days=365)


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One thing to review: how much harm it may do (0 is worst), by when, what it is, and where it stands."""

    harm: int
    by: date
    what: str
    where: str

    def line(self, today: date) -> str:
        """Return the thing as a line of the report."""
        late = "  LATE" if self.by < today else ""
        return f"{self.by}  {HARM[self.harm]:<20}  {self.what}  ({self.where}){late}"


def due(catalog: Catalog, today: date, days: int = 31) -> list[Due]:
    """Return what must be reviewed within `days` of `today`, the most harmful first, then the longest overdue."""
    last = today + timedelta(days=days)
    return sorted(one for one in (*_hotlines(catalog), *_pages(catalog), *_cells(catalog)) if one.by <= last)


def _hotlines(catalog: Catalog) -> Iterator[Due]:
    for name, row in rows(catalog.data.get("hotlines"), "hotlines").items():
        if by := _day(str(row.get("review_by") or "")):
            yield Due(_NUMBER, by, f"the number of hotline `{name}`", "content/data/hotlines.yaml")


def _pages(catalog: Catalog) -> Iterator[Due]:
    for page in catalog.pages.values():
        if page.review_by and page.language == catalog.languages[0]:
            harm = _CRISIS if page.path.startswith("crisis/") else _LAW if page.legal else _REST
            yield Due(harm, page.review_by, f"page `{page.path}`: {page.title}", page.mark.file)


def _cells(catalog: Catalog) -> Iterator[Due]:
    """Yield the cells of the table of states whose source is a year old."""
    for name, row in rows(catalog.data.get("states"), "states").items():
        for column, cell in row.items():
            checked = str(cell.get("checked") or "") if isinstance(cell, dict) else ""
            if seen := _day(checked):
                yield Due(_LAW, seen + _CELL_AGE, f"{column} of `{name}`", "content/data/states.yaml")


def _day(text: str) -> date | None:
    """Return the day of "2026-11-22", the first of the month of "2026-11", or None."""
    year, month, day = (*text.split("-"), "1", "1")[:3]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
