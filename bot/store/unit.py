"""What working on one update changes, held back until its answer went out: then both are written, or neither.

Killed in between, the line answers the update again from the conversation as it was, and says the same.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Unit:
    """States of conversations by who, with their time; None is one that was deleted."""

    states: dict[str, tuple[str, float] | None] = field(default_factory=dict)


current: ContextVar[Unit | None] = ContextVar("unit", default=None)
"""The unit that is being worked on, or None outside the inbox, where everything is written at once."""
