"""What an update asks of this channel. Reading an update does nothing: `bot` carries it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telegram import CallbackQuery, Chat, ChatMember, Message, Update, User

from bot.channels.telegram import commands
from bot.channels.telegram.answering import CHANNEL
from bot.dialog.pick import Pick
from bot.errors import PickError
from bot.message import Message as Question

if TYPE_CHECKING:
    from collections.abc import Collection

ALLOWED_UPDATES: Final = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""The kinds of update to ask for, always: when they are left out Telegram remembers an earlier list."""

_GROUPS: Final = {Chat.GROUP, Chat.SUPERGROUP}
_GONE: Final = {ChatMember.BANNED, ChatMember.LEFT}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: chat, topic of a forum, and the message it visibly answers."""

    chat: int
    thread: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question to the line and send its turn. `album` names the album that the message is part of."""

    place: Place
    question: Question
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Send one of the line's own phrases; once an album, however many pictures are in it."""

    place: Place
    phrase: str
    hint: str | None = None
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Tapped:
    """Acknowledge a tap on a button, then do what it means; `key` is the same for a second tap on that button."""

    query: str
    key: str = ""
    then: Ask | Tell | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """The bot was blocked or thrown out: delete what is kept about the chat."""

    chat: int


@dataclass(frozen=True, slots=True)
class Move:
    """A group became a supergroup, with a new id."""

    chat: int
    new_chat: int


Task = Ask | Tell | Tapped | Forget | Move


def read_update(update: Update, me: User, languages: Collection[str]) -> Task | None:
    """Return what to do about an update, or None: channel posts, joins, other bots and kinds of later years.

    `me` is the bot's own user, to know when it is addressed in a group.
    """
    if update.callback_query is not None:
        return _tap(update.callback_query)
    if update.my_chat_member is not None:
        changed = update.my_chat_member
        return Forget(changed.chat.id) if changed.new_chat_member.status in _GONE else None
    message = update.message or update.edited_message
    if message is None or _from_machine(message):
        return None
    if message.migrate_to_chat_id is not None:
        return Move(message.chat.id, message.migrate_to_chat_id)
    return _Reader(message, me, languages, edited=update.edited_message is not None).task()


def _from_machine(message: Message) -> bool:
    """Say whether no person wrote this. Anonymous administrators look like a bot, but speak for their group."""
    by_bot = message.from_user is not None and message.from_user.is_bot and message.sender_chat is None
    return by_bot or bool(message.is_automatic_forward) or message.chat.type == Chat.CHANNEL


def _tap(query: CallbackQuery) -> Tapped:
    message = query.message
    if message is None or query.data is None:
        return Tapped(query.id)
    key = f"{message.chat.id}:{message.message_id}:{query.data}"
    return Tapped(query.id, key, _tapped(query, query.data, _place(message, reply=message.chat.type in _GROUPS)))


def _tapped(query: CallbackQuery, data: str, place: Place) -> Ask | Tell:
    hint = query.from_user.language_code
    try:
        return Ask(place, Question(CHANNEL, str(place.chat), pick=Pick.decode(data), language_hint=hint))
    except PickError:
        return Tell(place, "old_button", hint)


def _place(message: object, *, reply: bool) -> Place:
    """Return where to answer. Only a forum's topics have threads that can be written to."""
    chat, number = message.chat.id, message.message_id  # type: ignore[attr-defined]  # also of deleted messages
    topic = isinstance(message, Message) and message.is_topic_message
    return Place(chat, message.message_thread_id if topic else None, number if reply else None)  # type: ignore[attr-defined]


class _Reader:
    """Reads one message of a person."""

    def __init__(self, message: Message, me: User, languages: Collection[str], *, edited: bool) -> None:
        self._message, self._me, self._languages, self._edited = message, me, languages, edited
        self._name = re.compile(rf"(?<!\w)@{re.escape(me.username or '')}(?!\w)", re.IGNORECASE)
        self._in_group = message.chat.type in _GROUPS
        # An answer to an edit shows which question it answers, as answers in a group do.
        self._place = _place(message, reply=self._in_group or edited)
        user = message.from_user
        self._hint = user.language_code if user is not None else None

    def task(self) -> Ask | Tell | None:
        words = self._message.text or self._message.caption or ""
        named = self._name.search(words) is not None
        text = re.sub(r"[ \t]{2,}", " ", self._name.sub(" ", words)).strip() if named else words.strip()
        command = commands.parse(words.strip()) or commands.parse(text)
        if command is not None:
            return self._command(*command)
        if self._in_group and not (named or self._replies_to_me()):
            return None
        if text:
            return self._ask(text=text)
        return self._ask(pick=commands.START) if named else self._wordless()

    def _command(self, name: str, bot: str | None, rest: str) -> Ask | None:
        if bot is not None and bot.lower() != (self._me.username or "").lower():
            return None
        pick = commands.pick_of(name, rest, self._languages)
        if pick is not None:
            return self._ask(pick=pick)
        if self._in_group and bot is None:
            return None  # another bot's command
        return self._ask(text=f"{name.replace('_', ' ')} {rest}".strip())

    def _replies_to_me(self) -> bool:
        """Say whether the message answers one of ours; in a forum every message hangs on the one that opened it."""
        earlier = self._message.reply_to_message
        if earlier is None or earlier.forum_topic_created is not None:
            return False
        return earlier.from_user is not None and earlier.from_user.id == self._me.id

    def _ask(self, *, text: str = "", pick: Pick | None = None) -> Ask:
        question = Question(CHANNEL, str(self._place.chat), text, pick, self._hint)
        return Ask(self._place, question, self._message.media_group_id)

    def _wordless(self) -> Tell | None:
        """Say of a picture or voice message that it was not read; notices of Telegram itself carry nothing."""
        if self._edited or self._message.effective_attachment is None:
            return None  # a live location, for one, edits itself every few seconds
        return Tell(self._place, "reads_text_only", self._hint, self._message.media_group_id)
