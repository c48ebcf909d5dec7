"""What the line counts of a turn, and the two buttons that ask whether an answer helped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice, Kind
from bot.redact_text import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.dialog.turn import Turn
    from bot.tallies import Tallies

HELPED = {Verb.HELPED: True, Verb.NOT_HELPED: False}
"""What each of the two taps says."""


@dataclass(frozen=True, slots=True)
class Book:
    """Where turns are counted; `gap_log` says whether questions that could not be answered are kept, redacted."""

    tallies: Tallies
    gap_log: bool = False

    async def note(self, turn: Turn, channel: str, text: str, pick: Pick | None, at: float) -> None:
        """Count a turn, or a tap on one of the two buttons; keep the question where it is a gap and that is wanted."""
        if pick is not None and pick.verb in HELPED:
            await self.tallies.tap(pick.target, turn.language, at, helpful=HELPED[pick.verb])
            return
        await self.tallies.bump(turn.kind.value, turn.intents[0] if turn.intents else "", turn.language, channel, at)
        if self.gap_log and turn.kind is Kind.FALLBACK and text.strip() and turn.reading is not None:
            near = turn.reading.candidates
            await self.tallies.add_gap(redact(text), turn.language, near[0].intent if near else "", at)


def with_taps(turn: Turn, say: Callable[[str, str], str]) -> Turn:
    """Return an answer with the two buttons below all others; other turns as they are. `say` gives phrases."""
    if turn.kind is not Kind.ANSWER or len(turn.intents) != 1:
        return turn
    taps = (
        Choice(say("helped", turn.language), Pick(Verb.HELPED, turn.intents[0])),
        Choice(say("not_helped", turn.language), Pick(Verb.NOT_HELPED, turn.intents[0])),
    )
    return replace(turn, choices=(*turn.choices, *taps))
