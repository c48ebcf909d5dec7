"""A page for staff on their own machine: talk to the line, see why it says what it says, and teach it."""

from __future__ import annotations

from bot.staff.workbench.bench import Bench
from bot.staff.workbench.server import serve

__all__ = ["Bench", "serve"]
