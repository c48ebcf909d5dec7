"""What the line keeps about people, declared once: `/privacy` is built from this table, and nothing else is kept."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.conversations import KEEP_DAYS


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing that is kept.

    Attributes:
        phrase: the phrase in content/phrases.yaml that says in plain words what it is and why; it has {days}.
        table: the database table that holds it.
        days: how long it stays after the last message.

    """

    phrase: str
    table: str
    days: int


KEPT = (Kept("kept_conversation", "conversations", KEEP_DAYS),)
"""Everything that outlives a reply."""
