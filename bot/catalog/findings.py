"""What is wrong in a staff file, said so that its writer can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.catalog.model import Mark


class Level(StrEnum):
    """How much a finding matters: an error sets a file or entry aside, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: where it is, what is wrong, what was expected, and what to write instead."""

    mark: Mark
    what: str
    expected: str = ""
    write: str = ""
    level: Level = Level.ERROR
    code: str = ""

    def __str__(self) -> str:
        """Return `file:line:column what is wrong; expected …; write it like this: …`."""
        parts = [f"{self.mark} {self.what}"]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.write:
            parts.append(f"write it like this: {self.write}")
        return "; ".join(parts)
