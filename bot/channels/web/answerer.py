"""What the web chat needs of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.catalog.model import Catalog
    from bot.dialog.turn import Turn
    from bot.line import Message


class Answerer(Protocol):
    """The part of `bot.line.Line` that this channel uses."""

    catalog: Catalog

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that the line speaks, its first one first."""

    @property
    def ready(self) -> bool:
        """Say whether there is something to answer from."""

    async def reply(self, message: Message) -> Turn:
        """Return the turn for a message; never raises."""

    def urgent(self, text: str) -> bool:
        """Say whether words are about a crisis, which no limit may hold up; never raises."""

    async def forget(self, channel: str, sender: str) -> None:
        """Delete what is kept about a sender, at once."""

    def phrase(self, phrase: str, language: str, /, **values: str) -> str:
        """Return one of the line's own phrases."""

    def name(self, language: str) -> str:
        """Return what the line is called."""
