"""The line in a terminal: `python run_bot.py chat`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from bot.catalog.richtext import Block, Shape, Span
from bot.line import START, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.dialog.turn import Turn
    from bot.line import Line

SENDER = "terminal"
"""There is one person at a terminal."""


async def talk(line: Line, *, language: str | None = None, read: Callable[[], str] | None = None) -> None:
    """Hold a conversation until the person leaves with Ctrl-D, Ctrl-C, or an empty "exit".

    Args:
        line: who answers.
        language: the language of the welcome; the line's first one when None.
        read: gives the next message; asks at the prompt when None.

    """
    console = Console(highlight=False)
    ask = read or (lambda: console.input("[bold]> [/bold]"))
    _show(console, await line.reply(Message("terminal", SENDER, pick=START, language_hint=language)))
    while True:
        try:
            text = await asyncio.to_thread(ask)
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if text.strip().lower() in {"exit", "quit", "salir"}:
            return
        if text.strip():
            _show(console, await line.reply(Message("terminal", SENDER, text=text, language_hint=language)))


def _show(console: Console, turn: Turn) -> None:
    parts: list[Padding | Text] = [Padding(_drawn(block), (0, 2, 1, 2)) for block in turn.blocks]
    parts += [Text(f"  [{number}] {choice.label}", "cyan") for number, choice in enumerate(turn.choices, start=1)]
    console.print(Group(Text(), *parts))


def _drawn(block: Block) -> Text:
    heads = {Shape.BULLETS: "• ", Shape.STEPS: "{}. "}
    text = Text(style="dim" if block.shape in {Shape.FOOTER, Shape.NOTICE} else "")
    for number, line in enumerate(block.lines, start=1):
        text.append("\n" if number > 1 else "")
        text.append(heads.get(block.shape, "").format(number))
        for span in line:
            text.append(span.text, _style(span))
    return text


def _style(span: Span) -> str:
    style = " ".join(name for name, on in (("bold", span.bold), ("italic", span.italic)) if on)
    if span.href and span.href.startswith("http"):
        style += f" underline link {span.href}"
    return style.strip()
