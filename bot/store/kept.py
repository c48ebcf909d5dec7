"""What the line keeps, declared once: `/privacy` is built from this table, and nothing else is kept."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.conversations import KEEP_DAYS
from bot.store.inbox import SET_ASIDE_DAYS, WAIT_DAYS
from bot.store.tallies import COUNT_DAYS, GAP_DAYS


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing that is kept.

    Attributes:
        phrase: the phrase in content/phrases.yaml that says in plain words what it is and why; it has {days}.
        tables: the database tables that hold it.
        days: how long it stays at the most.
        when: the setting that must be on for it to be kept at all, or empty.

    """

    phrase: str
    tables: tuple[str, ...]
    days: int
    when: str = ""


KEPT = (
    Kept("kept_inbox", ("inbox", "lanes"), WAIT_DAYS),
    Kept("kept_conversation", ("conversations",), KEEP_DAYS),
    Kept("kept_counts", ("counts", "taps"), COUNT_DAYS),
    Kept("kept_gaps", ("gaps",), GAP_DAYS, when="GAP_LOG"),
)
"""Everything that outlives a reply."""

NOT_ABOUT_PEOPLE = {
    "secrets": "keys of the line itself",
    "seen": f"numbers that Telegram gives updates, {WAIT_DAYS} days, so that none is answered twice",
    "set_aside": f"such numbers with the kind and place of a fault of ours, {SET_ASIDE_DAYS} days",
    "leases": "which process does what",
    "alembic_version": "which form the tables have",
}
"""Tables that hold nothing of what anybody wrote, tapped or is."""


def declared(*, gap_log: bool = False) -> list[tuple[str, int]]:
    """Return (phrase, days) of what is kept with these settings."""
    return [(one.phrase, one.days) for one in KEPT if not one.when or gap_log]
