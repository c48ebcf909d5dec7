"""What a channel hands to the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.dialog.pick import Pick


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel hands over: words or a tap.

    Attributes:
        channel: "telegram", "web" or "terminal".
        sender: the chat's id as text; it is hashed before anything is kept.
        text: what was written.
        pick: what was tapped, in place of words.
        language_hint: the language of the person's app, such as "es-MX"; a guess, not a choice.

    """

    channel: str
    sender: str
    text: str = ""
    pick: Pick | None = None
    language_hint: str | None = None
