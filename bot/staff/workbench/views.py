"""What the workbench shows, as plain data: how the line understood a message, coverage, and what is confused."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.catalog.references import resolved
from bot.channels.telegram.render import render
from bot.channels.web.shown import shown
from bot.understanding.examples import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.catalog.findings import Finding
    from bot.catalog.model import Catalog, Intent
    from bot.dialog.turn import Turn
    from bot.line import Line
    from bot.understanding.matcher import Neighbours
    from bot.understanding.reading import Reading

ALIKE = 0.6
"""Likeness from which two phrases of different intents count as close."""

MOST_PAIRS, MOST_PHRASES = 80, 8


def inspected(line: Line, turn: Turn, text: str) -> dict[str, Any]:
    """Return a turn as it is shown, with all that led to it."""
    verdict = line.crisis.check(text) if text else None
    return {
        "turn": shown(turn),
        "reason": turn.reason,
        "kind": turn.kind.value,
        "confidence": round(turn.confidence, 3),
        "intents": list(turn.intents),
        "slots_used": dict(turn.slots),
        "conversation": turn.conversation.to_json() if turn.conversation else "",
        "bars": {"answer": line.bars.answer, "clarify": line.bars.clarify, "margin": line.bars.margin},
        "crisis": line.crisis.explain(text) if text else [],
        "verdict": f"{verdict.class_id} by {verdict.sign}" if verdict else "",
        "reading": _reading(line, turn.reading) if turn.reading else None,
        "telegram": [_part(part) for part in render(turn)],
    }


def _reading(line: Line, reading: Reading) -> dict[str, Any]:
    places = {
        (intent.id, one.text): f"{one.mark.file}:{one.mark.line}"
        for intent in line.catalog.intents.values()
        for one in intent.examples
    }
    return {
        "language": asdict(reading.language),
        "slots": [{**asdict(hit), "words": reading.normal[hit.start : hit.end]} for hit in reading.slots],
        "candidates": [asdict(one) for one in reading.candidates],
        "outside": round(reading.out_of_scope, 3),
        "group": reading.group,
        "nearest": [{**asdict(one), "at": places.get((one.intent, one.text), "")} for one in reading.nearest],
        "spelling": [list(pair) for pair in reading.spelling],
        "points": [list(pair) for pair in reading.points],
    }


def _part(part: Any) -> dict[str, Any]:  # noqa: ANN401  # a Part of the Telegram channel
    marks = [{"type": one.type, "offset": one.offset, "length": one.length, "url": one.url} for one in part.entities]
    rows = part.keyboard.inline_keyboard if part.keyboard else ()
    return {"text": part.text, "marks": marks, "keyboard": [[button.text for button in row] for row in rows]}


def coverage(line: Line, release: Mapping[str, Mapping[str, float]]) -> list[dict[str, Any]]:
    """Return every intent with its counts by language, its review date, and its tests at the last release."""
    rows = []
    for intent in line.catalog.intents.values():
        sure = release.get(intent.id, {}).values()
        rows.append(
            {
                "id": intent.id,
                "topic": intent.topic,
                "title": next(iter(intent.title.values()), intent.id),
                "at": f"{intent.mark.file}:{intent.mark.line}",
                "examples": {code: _count(intent.examples, code) for code in line.languages},
                "tests": {code: _count(intent.tests, code) for code in line.languages},
                "review": _review(line.catalog, intent),
                "sure": [sum(one >= line.bars.answer for one in sure), len(sure)],
            }
        )
    return rows


def _count(phrases: Iterable[Any], code: str) -> int:
    return sum(one.language == code for one in phrases)


def _review(catalog: Catalog, intent: Intent) -> str:
    """Return the first day on which one of the intent's pages must be reviewed, or nothing."""
    if not intent.answer:
        return ""
    values = [{}, *({slot: value} for slot in intent.slots for value in catalog.slots[slot].values)]
    paths = {target[0] for one in values if (target := resolved(intent.answer, {**intent.about, **one}))}
    days = [page.review_by for (_, path), page in catalog.pages.items() if path in paths and page.review_by]
    return min(days).isoformat() if days else ""


def confusion(neighbours: Iterable[Neighbours]) -> list[dict[str, Any]]:
    """Return the pairs of intents or groups whose phrases lie close, the closest pairs first, with those phrases."""
    pairs: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    for one in neighbours:
        for other in one.others:
            if other.intent == one.label or other.similarity < ALIKE:
                continue
            first, second = sorted(((one.label, one.text), (other.intent, other.text)))
            pairs.setdefault((first[0], second[0]), {})[first[1], second[1]] = other.similarity
    ranked = sorted(pairs.items(), key=lambda pair: -sum(pair[1].values()))
    return [_pair(labels, phrases) for labels, phrases in ranked[:MOST_PAIRS] if not _both_outside(labels)]


def _both_outside(labels: tuple[str, str]) -> bool:
    return all(label.startswith(OUT_OF_SCOPE) for label in labels)


def _pair(labels: tuple[str, str], phrases: Mapping[tuple[str, str], float]) -> dict[str, Any]:
    closest = sorted(phrases.items(), key=lambda item: -item[1])[:MOST_PHRASES]
    return {
        "labels": list(labels),
        "count": len(phrases),
        "closest": [[*texts, round(similarity, 2)] for texts, similarity in closest],
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """Return a finding as the page shows it."""
    return {
        "level": finding.level.value,
        "code": finding.code,
        "file": finding.mark.file,
        "line": finding.mark.line,
        "what": finding.what,
        "expected": finding.expected,
        "write": finding.write,
    }
