"""Why the line said what it said, in words for staff (`ask --why`, `explain`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.dialog.turn import Turn
    from bot.understanding.reading import Reading
    from bot.understanding.tuning import Bars


def why(turn: Turn, bars: Bars, words: Sequence[str] = ()) -> list[str]:
    """Return the explanation of a turn, one fact a line; `words` are those that counted most."""
    lines = [f"kind        {turn.kind.value}: {turn.reason} (confidence {turn.confidence:.2f})"]
    if turn.intents:
        lines.append(f"intents     {', '.join(turn.intents)}")
    if turn.slots:
        lines.append("slots used  " + ", ".join(f"{slot} = {value}" for slot, value in turn.slots.items()))
    if turn.reading is not None:
        lines += _of_reading(turn.reading)
    if words:
        lines.append(f"words       {', '.join(words)}")
    lines.append(
        f"bars        answer from {bars.answer:.2f} if {bars.margin:.2f} ahead of the next; "
        f"offer from {bars.clarify:.2f}"
    )
    return lines


def _of_reading(reading: Reading) -> Iterator[str]:
    sure = "sure" if reading.language.certain else "not sure"
    scores = ", ".join(f"{code} {score:.2f}" for code, score in reading.language.scores.items())
    yield f"language    {reading.language.code} ({sure}{'; ' + scores if scores else ''})"
    for hit in reading.slots:
        words = reading.normal[hit.start : hit.end]
        role = f"; role {hit.role}" if hit.role else ""
        taken_back = "; taken back" if hit.denied else ""
        yield f"slot        {hit.slot} = {hit.value}, from the words “{words}” ({hit.score:.2f}{role}{taken_back})"
    for slot, role in reading.points:
        yield f"points at   the {slot} last said as {role}"
    if reading.placeless:
        yield f"also read   “{reading.placeless}”, for intents that take no place"
    for typed, read in reading.spelling:
        yield f"spelling    “{typed}” was read as “{read}”" if read else f"rude        “{typed}” was left out"
    for candidate in reading.candidates:
        yield f"candidate   {candidate.confidence:.2f}  {candidate.intent}"
    group = f"  ({reading.group})" if reading.group else ""
    yield f"none        {reading.out_of_scope:.2f}  belongs to no intent{group}"
    for near in reading.nearest:
        yield f"near        {near.similarity:.2f}  {near.intent}: “{near.text}”"
