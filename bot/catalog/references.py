"""References to pages, `folder/page#section`, and what they lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalog.templates import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalog.model import Page, Section

MORE = "-more"
"""Section `x-more` holds what is behind the More button of section `x`."""


def resolved(ref: str, slots: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the path and the section's id (empty for the first one), or None while a slot in them is not filled."""
    if any(blank not in slots for blank in PLACEHOLDER.findall(ref)):
        return None
    path, _, section = PLACEHOLDER.sub(lambda found: slots[found[1]], ref).partition("#")
    return path, section


def place(page: Page, section: str) -> Section | None:
    """Return the section of a page by its id, the first one for an empty id, or None."""
    return page.sections.get(section) if section else next(iter(page.sections.values()), None)
