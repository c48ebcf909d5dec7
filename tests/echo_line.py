"""A line that says back what it hears; it imports nothing that a process of its own would have to wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalog.richtext import Block, Shape, Span
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice, Kind, Turn

if TYPE_CHECKING:
    from bot.line import Message


class EchoLine:
    """The line as the channel sees it, without a memory."""

    languages = ("en", "es")

    async def reply(self, message: Message) -> Turn:
        """Say the words or the pick back, under one button."""
        words = message.pick.encode() if message.pick else message.text
        block = Block(Shape.PARAGRAPH, ((Span(f"<{words}>"),),))
        return Turn(Kind.ANSWER, "en", (block,), (Choice("Menu", Pick(Verb.MENU)),))

    def urgent(self, text: str) -> bool:
        """Take one word for a crisis."""
        return "crisis" in text

    async def forget(self, channel: str, sender: str) -> None:
        """Keep nothing."""

    async def moved(self, channel: str, sender: str, new_sender: str) -> None:
        """Keep nothing."""

    async def language_of(self, channel: str, sender: str) -> str | None:  # noqa: ARG002  # the channel's signature
        """Know nobody."""
        return None

    def phrase(self, phrase: str, language: str, /, **_values: str) -> str:
        """Return a phrase's id and language."""
        return f"{phrase} in {language}"
