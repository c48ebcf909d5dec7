"""What the fake Telegram knows: chats with their messages, updates not yet fetched, taps not yet answered."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.fake_telegram.refusals import JSON, Refused, units

UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Kinds of update that Telegram sends only when they are listed in allowed_updates."""


@dataclass(slots=True)
class Chat:
    """A private chat or group, and how it treats the bot."""

    id: int
    type: str
    about: JSON
    topics: set[int] = field(default_factory=set)
    refuses: str = ""
    """A 403 that every message of the bot gets, such as "bot was blocked by the user"."""
    moved_to: int | None = None
    messages: dict[int, JSON] = field(default_factory=dict)
    heard: int = 0
    """Id of the newest message of the bot that was heard."""
    numbers: count[int] = field(default_factory=lambda: count(1))

    def json(self) -> JSON:
        """Return the chat as it stands in messages."""
        return {"id": self.id, "type": self.type, **self.about}


class Bell:
    """Wakes whoever waits for something to change."""

    def __init__(self) -> None:
        """Start silent."""
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all that wait now."""
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> bool:
        """Wait for the next ring; False if there was none in time."""
        try:
            await asyncio.wait_for(self._event.wait(), max(seconds, 0))
        except TimeoutError:
            return False
        return True


class World:
    """All state of one fake Telegram."""

    def __init__(self, bot: JSON) -> None:
        """Start empty, with one bot."""
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.updates: list[JSON] = []
        self.allowed: list[str] = []
        self.bell = Bell()
        self.open_queries: set[str] = set()
        self.answered_queries: dict[str, JSON] = {}
        self.webhook: JSON = {"url": ""}
        self.profile: dict[tuple[str, str], Any] = {}
        self.ids = count(7_301_942_001)  # so long that no figure holds one by chance
        self._update_ids = count(500_000_001)

    def push(self, kind: str, content: JSON, *, update_id: int | None = None) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in UNASKED
        if wanted:
            number = next(self._update_ids) if update_id is None else update_id
            self.updates.append({"update_id": number, kind: content})
            self.bell.ring()

    def next_update_id(self) -> int:
        """Return a fresh id for an update."""
        return next(self._update_ids)

    def post(self, chat: Chat, sender: JSON | None, **content: object) -> JSON:
        """Put a message into a chat and return it."""
        message: JSON = {
            "message_id": next(chat.numbers),
            "date": int(time.time()),
            "chat": chat.json(),
            **({"from": sender} if sender else {}),
            **content,
        }
        chat.messages[message["message_id"]] = message
        return message

    def chat_for_sending(self, chat_id: object) -> Chat:
        """Return the chat that the bot wants to write to.

        Raises:
            Refused: there is none, or it does not take the bot's messages.

        """
        if chat_id in {None, ""}:
            message = "Bad Request: chat_id is empty"
            raise Refused(message)
        chat = self.chats.get(int(str(chat_id))) if re.fullmatch(r"-?\d+", str(chat_id)) else None
        if chat is None:
            message = "Bad Request: chat not found"
            raise Refused(message)
        if chat.moved_to is not None:
            message = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(message, migrate_to_chat_id=chat.moved_to)
        if chat.refuses:
            message = f"Forbidden: {chat.refuses}"
            raise Refused(message, code=403)
        return chat


def entities_in(text: str) -> list[JSON]:
    """Return the entities that Telegram finds in what people write: commands and mentions."""
    found: list[JSON] = []
    for kind, form in (("bot_command", r"(?<!\S)/\w{1,32}(@\w+)?"), ("mention", r"(?<!\w)@\w{4,32}")):
        found += [
            {"type": kind, "offset": units(text[: hit.start()]), "length": units(hit[0])}
            for hit in re.finditer(form, text)
        ]
    return sorted(found, key=lambda entity: entity["offset"])
