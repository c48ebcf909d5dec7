"""A turn as plain text: what the terminal prints, what `ask` prints, and what tests read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalog.richtext import Block, Shape, Span

if TYPE_CHECKING:
    from bot.dialog.turn import Turn


def plain(turn: Turn) -> str:
    """Return a turn's words as a person would read them, without its choices."""
    return "\n\n".join(block_text(block) for block in turn.blocks)


def block_text(block: Block) -> str:
    """Return one block: bullets with "• ", steps with their number, everything else line by line."""
    if block.shape is Shape.BULLETS:
        return "\n".join(f"• {line_text(line)}" for line in block.lines)
    if block.shape is Shape.STEPS:
        return "\n".join(f"{number}. {line_text(line)}" for number, line in enumerate(block.lines, start=1))
    return "\n".join(line_text(line) for line in block.lines)


def line_text(line: tuple[Span, ...]) -> str:
    """Return a line; a link is followed by its address unless the address is already its text."""
    return "".join(_span_text(span) for span in line)


def _span_text(span: Span) -> str:
    if span.href is None or span.href.startswith(("tel:", "sms:", "mailto:")):
        return span.text
    bare = span.href.removeprefix("https://").removeprefix("http://").rstrip("/")
    if span.text.removeprefix("https://").removeprefix("http://").rstrip("/") == bare:
        return span.text
    return f"{span.text} ({span.href})"
