"""Would two catalogs be understood alike? What was learned from one then serves the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.catalog.model import Mark
from bot.understanding.teaching import fingerprint

if TYPE_CHECKING:
    from bot.catalog.model import Catalog, Slot

_NOWHERE = Mark("", 1)


def meaning(catalog: Catalog) -> tuple[str, tuple[Slot, ...]]:
    """Return all that understanding depends on: equal for catalogs that differ in answers and line numbers alone."""
    return fingerprint(catalog), tuple(_placeless(slot) for slot in catalog.slots.values())


def fits(learned: Catalog, served: Catalog) -> bool:
    """Say whether what was learned from one catalog names nothing that another one lacks."""
    values = {(slot.id, value) for slot in learned.slots.values() for value in slot.values}
    there = {(slot.id, value) for slot in served.slots.values() for value in slot.values}
    return (
        learned.languages == served.languages
        and learned.intents.keys() <= served.intents.keys()
        and learned.slots.keys() <= served.slots.keys()
        and values <= there
    )


def _placeless(slot: Slot) -> Slot:
    values = {name: replace(value, mark=_NOWHERE) for name, value in slot.values.items()}
    return replace(slot, values=values, mark=_NOWHERE)
