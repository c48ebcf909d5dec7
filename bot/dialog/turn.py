"""One reply of the line, free of any channel: what is said, and what may be tapped.

A `Turn` is made of blocks of spans (`bot.catalog.richtext`);
a channel draws them as Telegram entities, HTML or plain text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalog.richtext import Block
    from bot.dialog.conversation import Conversation
    from bot.dialog.pick import Pick
    from bot.understanding.reading import Reading


class Kind(StrEnum):
    """What sort of reply a turn is."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"
    CRISIS = "crisis"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: the words on it, and what a tap means."""

    label: str
    pick: Pick


@dataclass(frozen=True, slots=True)
class Turn:
    """One reply. `conversation` is what to remember; `reading` is how the message was understood (for `--why`).

    `reason` says why it is this kind of turn; `forget` asks the line to delete what is kept about the sender.
    """

    kind: Kind
    language: str
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    intents: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    confidence: float = 0.0
    reason: str = ""
    reading: Reading | None = None
    conversation: Conversation | None = None
    forget: bool = False
