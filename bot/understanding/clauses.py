"""More than one question in a message: where one ends and the next begins."""

from __future__ import annotations

import re

MOST_CLAUSES = 6
"""Clauses that are read of one message; people who write more are telling a story, not asking."""

_SHORTEST = 2
_ASKING = (
    "what|whats|who|whos|how|when|where|wheres|why|which|is|are|was|were|did|does|do|can|could|will|tell|"
    "que|qué|quien|quién|quienes|como|cómo|cuando|cuándo|donde|dónde|por|cual|cuál|cuanto|cuánto|cuantos|cuántos|"
    "es|esta|está|son|puede|puedo|hay|dime|digame|dígame"
)
_END = re.compile(
    rf"[.?!;¿¡\n]+|,?\s+(?:and|y|also|plus|tambi[eé]n|adem[aá]s|but|pero)\s+(?=(?:also\s|then\s)?(?:{_ASKING})\b)",
    re.IGNORECASE,
)
"""Sentence ends, and "and", "also", "y" before a word that begins a question. No part of it can backtrack far."""


def clauses(text: str) -> tuple[str, ...]:
    """Return the questions of a message, or nothing when it has only one."""
    parts = [part.strip(" ,") for part in _END.split(text, maxsplit=4 * MOST_CLAUSES)]
    found = tuple(part for part in parts if len(part.split()) >= _SHORTEST)[:MOST_CLAUSES]
    return found if len(found) > 1 else ()
