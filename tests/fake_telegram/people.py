"""People and groups: they write, read, tap, edit, block, as persons with a Telegram app do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_telegram.world import Chat, entities_in

if TYPE_CHECKING:
    from tests.fake_telegram.refusals import JSON
    from tests.fake_telegram.world import World

PATIENCE_SECONDS = 10.0
_ATTACHMENTS: dict[str, Any] = {
    "photo": [{"file_id": "p", "file_unique_id": "p", "width": 90, "height": 90}],
    "voice": {"file_id": "v", "file_unique_id": "v", "duration": 3},
    "video": {"file_id": "m", "file_unique_id": "m", "width": 9, "height": 9, "duration": 3},
    "video_note": {"file_id": "n", "file_unique_id": "n", "length": 9, "duration": 3},
    "audio": {"file_id": "a", "file_unique_id": "a", "duration": 3},
    "document": {"file_id": "d", "file_unique_id": "d"},
    "sticker": {
        "file_id": "s", "file_unique_id": "s", "width": 9, "height": 9, "is_animated": False, "is_video": False,
        "type": "regular",
    },
    "location": {"latitude": 40.0, "longitude": -83.0},
    "contact": {"phone_number": "+15550100", "first_name": "Sam"},
    "poll": {
        "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
        "type": "regular", "allows_multiple_answers": False, "allows_revoting": False, "members_only": False,
    },
    "dice": {"emoji": "🎲", "value": 6},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the bot, as a person sees it; `raw` is how the API has it."""

    raw: JSON

    @property
    def id(self) -> int:
        """Return the message's number in its chat."""
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Return its words."""
        return str(self.raw["text"])

    @property
    def buttons(self) -> dict[str, str]:
        """Return the labels under it with their data, in order."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data", "") for row in rows for button in row}

    @property
    def rows(self) -> list[list[str]]:
        """Return the labels row by row."""
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[button["text"] for button in row] for row in rows]

    @property
    def reply_to(self) -> int | None:
        """Return the number of the message it answers, or None."""
        earlier = self.raw.get("reply_to_message")
        return int(earlier["message_id"]) if earlier else None

    @property
    def thread(self) -> int | None:
        """Return its topic, or None."""
        return self.raw.get("message_thread_id")

    def styled(self, kind: str) -> list[str]:
        """Return the pieces of text in a style: "bold", "italic", "text_link"."""
        raw = self.text.encode("utf-16-le")
        found = [entity for entity in self.raw.get("entities", []) if entity["type"] == kind]
        return [raw[one["offset"] * 2 : (one["offset"] + one["length"]) * 2].decode("utf-16-le") for one in found]


class _Room:
    """A chat that can be listened to."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat

    @property
    def id(self) -> int:
        """Return the chat's id."""
        return self.chat.id

    @property
    def sent(self) -> list[Heard]:
        """Return everything that the bot has written here so far."""
        ours = self._world.bot["id"]
        messages = self.chat.messages.values()
        return [Heard(message) for message in messages if message.get("from", {}).get("id") == ours]

    async def hears(self, patience: float = PATIENCE_SECONDS) -> Heard:
        """Return the bot's next message here that was not heard yet.

        Raises:
            AssertionError: none came within `patience` seconds.

        """
        until = time.monotonic() + patience
        while True:
            new = [heard for heard in self.sent if heard.id > self.chat.heard]
            if new:
                self.chat.heard = new[0].id
                return new[0]
            if not await self._world.bell.wait(until - time.monotonic()):
                message = f"the bot wrote nothing more within {patience} s; it wrote {len(self.sent)} messages here"
                raise AssertionError(message)

    def with_button(self, label: str) -> Heard:
        """Return the newest message with a button of that label.

        Raises:
            AssertionError: there is none; says which labels there are.

        """
        for heard in reversed(self.sent):
            if label in heard.buttons:
                return heard
        labels = sorted({label for heard in self.sent for label in heard.buttons})
        message = f"there is no button {label!r}; there are {labels}"
        raise AssertionError(message)


class Group(_Room):
    """A group, supergroup or forum with the bot in it."""

    def moves(self) -> Group:
        """Become a supergroup, as Telegram does: a new id, notices in both chats, and return the new group."""
        chat = Chat(-1_000_000_000_000 - next(self._world.ids), "supergroup", dict(self.chat.about))
        self._world.chats[chat.id] = chat
        self.chat.moved_to = chat.id
        self._world.push("message", self._world.post(self.chat, _SOMEBODY, migrate_to_chat_id=chat.id))
        self._world.push("message", self._world.post(chat, _SOMEBODY, migrate_from_chat_id=self.id))
        return Group(self._world, chat)

    def throws_out(self) -> None:
        """Remove the bot from the group."""
        kind = "supergroup" if self.chat.type == "supergroup" else "group"
        self.chat.refuses = f"bot was kicked from the {kind} chat"
        self._world.push("my_chat_member", _membership(self._world, self.chat, _SOMEBODY, "member", "kicked"))

    def notices(self, **content: object) -> None:
        """Put a notice of Telegram into the group, such as `new_chat_members=[…]`."""
        self._world.push("message", self._world.post(self.chat, _SOMEBODY, **content))


class Person(_Room):
    """Somebody with a Telegram app and a private chat with the bot."""

    def __init__(self, world: World, chat: Chat, user: JSON) -> None:
        """Take the person's private chat and user."""
        super().__init__(world, chat)
        self.user = user

    async def says(self, text: str, *, to: Group | None = None, **more: Any) -> JSON:  # noqa: ANN401  # any field of a message
        """Write a message, privately or `to` a group; `more` are its fields, or `thread=7`, `reply_to=heard`."""
        found = entities_in(text)
        return self._posts(to, {"text": text, **({"entities": found} if found else {})}, **more)

    async def sends(self, kind: str, *, caption: str = "", to: Group | None = None, **more: Any) -> JSON:  # noqa: ANN401  # as above
        """Send a "photo", "voice", "sticker", "location" …, with or without words under it."""
        words = {"caption": caption, "caption_entities": entities_in(caption)} if caption else {}
        return self._posts(to, {kind: _ATTACHMENTS[kind], **words}, **more)

    async def edits(self, message: JSON, text: str) -> JSON:
        """Change the words of a message of one's own."""
        name = "caption" if "caption" in message else "text"
        entities = {"entities" if name == "text" else "caption_entities": entities_in(text)}
        message.update({name: text, "edit_date": int(time.time())}, **entities)
        self._world.push("edited_message", dict(message))
        return message

    async def taps(self, label: str, *, on: Heard | None = None, where: _Room | None = None, old: bool = False) -> str:
        """Tap a button by its label, on the newest message that has it; return the query's id.

        `old` makes a tap that waited too long to be answered.
        """
        room = where or self
        heard = on or room.with_button(label)
        return await self.taps_data(heard.buttons[label], on=heard, old=old)

    async def taps_data(self, data: str, *, on: Heard, old: bool = False) -> str:
        """Tap a button by its data, which need not be of any button."""
        query = str(next(self._world.ids))
        if not old:
            self._world.open_queries.add(query)
        content = {"id": query, "from": self.user, "chat_instance": "1", "data": data, "message": on.raw}
        self._world.push("callback_query", content)
        return query

    async def blocks(self) -> None:
        """Block the bot."""
        self.chat.refuses = "bot was blocked by the user"
        self._world.push("my_chat_member", _membership(self._world, self.chat, self.user, "member", "kicked"))

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self.chat.refuses = ""
        self._world.push("my_chat_member", _membership(self._world, self.chat, self.user, "kicked", "member"))

    def _posts(
        self,
        to: Group | None,
        content: JSON,
        *,
        thread: int | None = None,
        reply_to: Heard | JSON | None = None,
        **more: object,
    ) -> JSON:
        chat = to.chat if to else self.chat
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        earlier = reply_to.raw if isinstance(reply_to, Heard) else reply_to
        reply = {"reply_to_message": earlier} if earlier else {}
        message = self._world.post(chat, self.user, **topic, **reply, **content, **more)
        self._world.push("message", message)
        return message


_SOMEBODY: JSON = {"id": 42, "is_bot": False, "first_name": "Admin"}


def _membership(world: World, chat: Chat, user: JSON, old: str, new: str) -> JSON:
    def member(status: str) -> JSON:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": world.bot, "status": status, **until}

    names = {"old_chat_member": member(old), "new_chat_member": member(new)}
    return {"chat": chat.json(), "from": user, "date": int(time.time()), **names}
