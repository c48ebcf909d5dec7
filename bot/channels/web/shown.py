"""A turn as plain data for the page: what `/api/reply` sends and what the template reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

from bot.catalog.richtext import Shape
from bot.channels.web.numbers import with_numbers

if TYPE_CHECKING:
    from bot.catalog.richtext import Block, Span
    from bot.dialog.turn import Turn

_SAFE = ("https://", "http://", "tel:", "sms:", "mailto:")


class ShownSpan(TypedDict):
    """A run of text; a key that is missing means no."""

    text: str
    bold: NotRequired[bool]
    italic: NotRequired[bool]
    href: NotRequired[str]


class ShownBlock(TypedDict):
    """A block: `shape` is one of `bot.catalog.richtext.Shape`."""

    shape: str
    lines: list[list[ShownSpan]]


class ShownChoice(TypedDict):
    """A button: `pick` is sent back as it is."""

    label: str
    pick: str


class ShownTurn(TypedDict):
    """One reply: `kind` is one of `bot.dialog.turn.Kind`."""

    kind: str
    language: str
    blocks: list[ShownBlock]
    choices: list[ShownChoice]


def shown(turn: Turn) -> ShownTurn:
    """Return a turn as data that JSON can carry; telephone numbers in it are links."""
    return {
        "kind": turn.kind.value,
        "language": turn.language,
        "blocks": [_block(block) for block in turn.blocks],
        "choices": [{"label": choice.label, "pick": choice.pick.encode()} for choice in turn.choices],
    }


def _block(block: Block) -> ShownBlock:
    small_print = block.shape is Shape.FOOTER
    lines = block.lines if small_print else tuple(with_numbers(line) for line in block.lines)
    return {"shape": block.shape.value, "lines": [[_span(span) for span in line] for line in lines]}


def _span(span: Span) -> ShownSpan:
    data: ShownSpan = {"text": span.text}
    if span.bold:
        data["bold"] = True
    if span.italic:
        data["italic"] = True
    if span.href and span.href.lower().startswith(_SAFE):
        data["href"] = span.href
    return data
