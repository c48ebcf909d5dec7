"""A turn drawn for Telegram: texts with entities (no parse mode, so no text can break it) and a keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.channels.telegram.flow import Flow, clean, flow, split, units
from bot.errors import PickError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.dialog.turn import Choice, Turn

NARROW = 18
"""Two labels of up to this length (UTF-16 units) stand side by side on a small phone without being cut."""
LONGEST_LABEL = 64
MOST_BUTTONS = 100
"""Telegram's limit for one keyboard."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One message: its text, its entities (offsets in UTF-16 units) and, under the last one, the buttons."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None


def render(turn: Turn) -> tuple[Part, ...]:
    """Return the messages of a turn; buttons stand under the last. A turn without words gives none."""
    parts = [_part(piece) for piece in split(flow(turn.blocks))]
    if parts:
        parts[-1] = Part(parts[-1].text, parts[-1].entities, keyboard(turn.choices))
    return tuple(parts)


def plain(text: str) -> tuple[Part, ...]:
    """Return the messages of an unformatted text, such as one of the line's own phrases."""
    return tuple(_part(piece) for piece in split(Flow(clean(text), ())))


def keyboard(choices: Iterable[Choice]) -> InlineKeyboardMarkup | None:
    """Return the buttons of the choices, two short ones or one long one a row, or None if there are none."""
    buttons = [button for choice in choices for button in _button(choice)][:MOST_BUTTONS]
    return InlineKeyboardMarkup(_rows(buttons)) if buttons else None


def _part(piece: Flow) -> Part:
    return Part(piece.text, tuple(_entities(piece)))


def _entities(piece: Flow) -> list[MessageEntity]:
    found = []
    for mark in sorted(piece.marks, key=lambda mark: (mark.start, -mark.end)):
        offset, length = units(piece.text[: mark.start]), units(piece.text[mark.start : mark.end])
        found.append(MessageEntity(mark.kind, offset, length, url=mark.url))
    return found


def _button(choice: Choice) -> list[InlineKeyboardButton]:
    label = " ".join(clean(choice.label).split())
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + "…"
    try:
        return [InlineKeyboardButton(label, callback_data=choice.pick.encode())] if label else []
    except PickError as error:  # an answer without one of its buttons is better than no answer
        log.warning("a button was left out", error=str(error))
        return []


def _rows(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        beside = rows and len(rows[-1]) == 1 and units(rows[-1][0].text) <= NARROW and units(button.text) <= NARROW
        if beside:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows
