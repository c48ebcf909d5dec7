"""What this channel needs of the line; `bot.line.Line` is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.dialog.turn import Turn
    from bot.line import Message

CHANNEL = "telegram"
"""The name under which the line knows this channel."""


class Answering(Protocol):
    """The line, seen from a channel."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the language codes, the source language first."""

    async def reply(self, message: Message) -> Turn:
        """Return the reply to a message; never raises."""

    def urgent(self, text: str) -> bool:
        """Say whether words are about a crisis, so that neither order nor a limit may hold them up; never raises."""

    async def forget(self, channel: str, sender: str) -> None:
        """Delete what is kept about a sender."""

    async def moved(self, channel: str, sender: str, new_sender: str) -> None:
        """Carry what is kept about a sender over to a new id."""

    async def language_of(self, channel: str, sender: str) -> str | None:
        """Return the language a sender was last answered in, or None."""

    def phrase(self, phrase: str, language: str, /, **values: str) -> str:
        """Return one of the line's own phrases."""
