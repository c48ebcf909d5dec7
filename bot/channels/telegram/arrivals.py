"""Raw updates on their way into the inbox: only number and chat are looked at, so that nothing odd can stop them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot import metrics
from bot.channels.telegram.answering import CHANNEL
from bot.store.inbox import Arrival

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_NUMBER: Final = 2**62
_KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")

log = structlog.get_logger(__name__)


def arrivals(updates: Iterable[Any], who: Callable[[str, str], str]) -> list[Arrival]:
    """Return the updates as the inbox takes them; `who` hashes a chat. One without a number is left out."""
    found = []
    for update in updates:
        number = number_of(update)
        if number is None:
            metrics.UPDATES.labels("unreadable").inc()
            log.error("an update without a number was left out")
        else:
            found.append(Arrival(number, who(CHANNEL, chat_of(update)), json.dumps(update)))
    return found


def number_of(update: object) -> int | None:
    """Return an update's number, or None."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < MOST_NUMBER else None


def chat_of(update: dict[str, Any]) -> str:
    """Return the id of the chat that an update belongs to; those without one share a lane of their own."""
    for kind in _KINDS:
        content = update.get(kind)
        if isinstance(content, dict):
            message = content.get("message")
            chat = content.get("chat") or (message.get("chat") if isinstance(message, dict) else None)
            if isinstance(chat, dict) and "id" in chat:
                return str(chat["id"])
    return "none"


def text_of(update: object) -> str:
    """Return the words of a raw update, or nothing; for looking ahead, before it is read properly."""
    for kind in _KINDS[:2]:
        message = update.get(kind) if isinstance(update, dict) else None
        if isinstance(message, dict):
            words = message.get("text") or message.get("caption")
            return words if isinstance(words, str) else ""
    return ""
