"""What else changes when a phrase is learned: the same phrases read before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.catalog.model import Phrase
from bot.understanding.examples import OUT_OF_SCOPE
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.catalog.model import Catalog, Mark
    from bot.line import Line
    from bot.staff.edit import Wish

MOST_OWNERS = 12
"""Intents whose phrases are read before and after: those that the new phrase comes near to."""


def catalog_with(catalog: Catalog, wish: Wish) -> Catalog:
    """Return the catalog with an example more."""
    if wish.owner.startswith(OUT_OF_SCOPE):
        name = wish.owner.removeprefix(OUT_OF_SCOPE)
        groups = (
            replace(one, phrases=_joined(one.phrases, wish, one.mark)) if one.id == name else one
            for one in catalog.out_of_scope
        )
        return replace(catalog, out_of_scope=tuple(groups))
    intent = catalog.intents[wish.owner]
    more = replace(intent, examples=_joined(intent.examples, wish, intent.mark))
    return replace(catalog, intents={**catalog.intents, wish.owner: more})


def _joined(phrases: Sequence[Phrase], wish: Wish, mark: Mark) -> tuple[Phrase, ...]:
    """Return the phrases with the new one where the file will have it: last of its language."""
    place = max((at + 1 for at, one in enumerate(phrases) if one.language == wish.language), default=len(phrases))
    return (*phrases[:place], Phrase(wish.text, wish.language, mark), *phrases[place:])


def effect(line: Line, wish: Wish, cache: Path | None) -> list[dict[str, Any]]:
    """Return the phrases whose first candidate changes once the phrase is learned, the phrase itself first.

    Learns the catalog with the phrase in it (seconds for a small one, a minute or more for thousands of phrases). What
    was learned stays in `cache`, so that writing the phrase costs nothing more.
    """
    before = line.understanding
    after = Understanding(catalog_with(line.catalog, wish), before.encoder, cache, before.calibration)
    rows = []
    for text, owner in _near(line, wish):
        was, now = _first(before, text), _first(after, text)
        if text == wish.text or was[0] != now[0]:
            rows.append({"text": text, "owner": owner, "was": was[0], "now": now[0], "sure": [was[1], now[1]]})
    return rows


def _near(line: Line, wish: Wish) -> Iterator[tuple[str, str]]:
    """Yield the phrase, and the tests and examples of the intents that it comes near to, each with its owner."""
    reading = line.understanding.read(wish.text)
    owners = [wish.owner, *(one.intent for one in reading.candidates), *(one.intent for one in reading.nearest)]
    yield wish.text, wish.owner
    for owner in list(dict.fromkeys(owners))[:MOST_OWNERS]:
        intent = line.catalog.intents.get(owner)
        if intent:
            yield from ((test.say, owner) for test in intent.tests)
            yield from ((one.text, owner) for one in intent.examples)


def _first(understanding: Understanding, text: str) -> tuple[str, float]:
    reading = understanding.read(text)
    best = reading.candidates[0] if reading.candidates else None
    if best is None or reading.out_of_scope > best.confidence:
        return "no intent", round(reading.out_of_scope, 2)
    return best.intent, round(best.confidence, 2)
