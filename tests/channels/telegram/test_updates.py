from __future__ import annotations

from typing import Any

import pytest
from telegram import Update, User

from bot.channels.telegram.updates import Ask, Forget, Move, Place, Tapped, Task, Tell, read_update
from bot.dialog.pick import Pick, Verb

ME = User(id=77, first_name="Line", is_bot=True, username="line_bot")
ANA: dict[str, Any] = {"id": 5, "is_bot": False, "first_name": "Ana", "language_code": "es-MX"}
PRIVATE: dict[str, Any] = {"id": 5, "type": "private", "first_name": "Ana"}
GROUP: dict[str, Any] = {"id": -9, "type": "supergroup", "title": "Family"}


def message(chat: dict[str, Any] = PRIVATE, **content: object) -> dict[str, Any]:
    """Return a message of Ana's as the Bot API has it."""
    return {"message_id": 3, "date": 1_790_000_000, "chat": chat, "from": ANA, **content}


def read(kind: str, content: dict[str, Any]) -> Task | None:
    """Return what an update asks for."""
    return read_update(Update.de_json({"update_id": 1, kind: content}, None), ME, ("en", "es"))


def asked(content: dict[str, Any], kind: str = "message") -> tuple[str, Pick | None] | None:
    """Return text and pick of the question that a message puts, or None."""
    task = read(kind, content)
    return (task.question.text, task.question.pick) if isinstance(task, Ask) else None


def test_a_private_message_is_a_question_in_its_own_words() -> None:
    """Text goes to the line as it was typed, with the chat's id and the language of the app."""
    task = read("message", message(text="how did\nAlice get out? "))
    assert isinstance(task, Ask)
    assert task.place == Place(5)
    asked_of = task.question
    assert (asked_of.channel, asked_of.sender, asked_of.language_hint) == ("telegram", "5", "es-MX")
    assert asked_of.text == "how did\nAlice get out?"


def test_an_edit_is_answered_again_and_visibly() -> None:
    """A corrected question gets a new answer that shows which question it is for."""
    task = read("edited_message", message(text="how did dawn get out", edit_date=1_790_000_009))
    assert isinstance(task, Ask)
    assert task.place == Place(5, None, 3)
    assert read("edited_message", message(location={"latitude": 1, "longitude": 1})) is None


def test_words_under_a_picture_are_read() -> None:
    """The caption of a photo is a question like any other."""
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    assert asked(message(photo=photo, caption="what does this letter mean")) == ("what does this letter mean", None)


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 1}},
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
                "type": "regular",
            }
        },
        {"video": {"file_id": "m", "file_unique_id": "m", "width": 1, "height": 1, "duration": 1}},
        {"video_note": {"file_id": "n", "file_unique_id": "n", "length": 1, "duration": 1}},
        {"document": {"file_id": "d", "file_unique_id": "d"}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
        {"contact": {"phone_number": "1", "first_name": "Sam"}},
        {"dice": {"emoji": "🎲", "value": 1}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_cannot_be_read_is_said_so(content: dict[str, Any]) -> None:
    """A message without words is not passed over in silence: the person learns that only text is read."""
    assert read("message", message(**content)) == Tell(Place(5), "reads_text_only", "es-MX")


@pytest.mark.parametrize(
    ("text", "pick"),
    [
        ("/start", Pick(Verb.MENU, "start")),
        ("/start case-release", Pick(Verb.OPEN, "case-release")),
        ("/start Weird_Payload", Pick(Verb.MENU, "start")),
        ("/start " + "x" * 64, Pick(Verb.MENU, "start")),
        ("/help", Pick(Verb.ANSWER, "help")),
        ("/HELP@Line_Bot", Pick(Verb.ANSWER, "help")),
        ("/topics please", Pick(Verb.MENU)),
        ("/language", Pick(Verb.LANGUAGE)),
        ("/language ES", Pick(Verb.LANGUAGE, "es")),
        ("/language klingon", Pick(Verb.LANGUAGE)),
        ("/privacy", Pick(Verb.ANSWER, "privacy")),
        ("/forget", Pick(Verb.ANSWER, "forget")),
        ("/about", Pick(Verb.ANSWER, "who-runs-this")),
    ],
)
def test_commands_are_picks(text: str, pick: Pick) -> None:
    """Every command leads where its name says, in any case, addressed to this bot or to none."""
    assert asked(message(text=text)) == ("", pick)


def test_unknown_commands_are_words_to_us_and_silence_to_others() -> None:
    """What looks like a command but is none of ours is read as a question; one to another bot is not for us."""
    assert asked(message(text="/alice_johnson now")) == ("alice johnson now", None)
    assert asked(message(text="/start@other_bot")) is None
    assert asked(message(GROUP, text="/weather")) is None
    assert asked(message(GROUP, text="/weather@line_bot")) == ("weather", None)


def test_groups_are_answered_only_when_they_ask() -> None:
    """In a group the line speaks when named, replied to or commanded, and then visibly to that message."""
    mine = {"reply_to_message": {**message(GROUP, text="hi"), "from": ME.to_dict()}}
    theirs = {"reply_to_message": message(GROUP, text="hi")}
    assert asked(message(GROUP, text="how did alice get out")) is None
    assert asked(message(GROUP, text="mail me@line_bot.org or @line_bots")) is None
    assert asked(message(GROUP, text="and dawn?", **theirs)) is None
    assert asked(message(GROUP, text="and dawn?", **mine)) == ("and dawn?", None)
    assert asked(message(GROUP, text="hey @Line_Bot how did  alice get out?")) == ("hey how did alice get out?", None)
    assert asked(message(GROUP, text="@line_bot")) == ("", Pick(Verb.MENU, "start"))
    assert asked(message(GROUP, text="@line_bot /help")) == ("", Pick(Verb.ANSWER, "help"))
    assert asked(message(GROUP, text="/help")) == ("", Pick(Verb.ANSWER, "help"))
    assert asked(message(GROUP, text="@line_bot again"), "edited_message") == ("again", None)
    task = read("message", message(GROUP, text="@line_bot hi", message_thread_id=8))
    assert isinstance(task, Ask)
    assert task.place == Place(-9, None, 3)


def test_a_forum_is_answered_in_the_topic_that_asked() -> None:
    """In a forum the answer stays in its topic, and the notice that opens a topic is not a reply to us."""
    opened = {**message(GROUP, forum_topic_created={"name": "x", "icon_color": 1}), "from": ME.to_dict()}
    topic = {"message_thread_id": 8, "is_topic_message": True, "reply_to_message": opened}
    assert asked(message(GROUP, text="just talking", **topic)) is None
    task = read("message", message(GROUP, text="@line_bot hi", **topic))
    assert isinstance(task, Ask)
    assert task.place == Place(-9, 8, 3)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("channel_post", message({"id": -1, "type": "channel", "title": "News"}, text="post")),
        ("message", message(GROUP, new_chat_members=[ANA])),
        ("message", message(GROUP, left_chat_member=ANA)),
        ("message", message(pinned_message=message(text="old"))),
        ("message", {**message(text="beep"), "from": {**ANA, "is_bot": True}}),
        ("message", {**message(GROUP, text="@line_bot x", sender_chat=GROUP), "is_automatic_forward": True}),
        ("business_message", message(text="to a business")),
        (
            "poll",
            {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            },
        ),
        ("kind_of_next_year", {"what": "ever"}),
    ],
)
def test_what_no_person_asks_is_left_alone(kind: str, content: dict[str, Any]) -> None:
    """Posts, notices, other bots, business chats and kinds of later years get no answer."""
    assert read(kind, content) is None


def test_an_anonymous_administrator_is_a_person() -> None:
    """Who writes in the name of the group is answered, though Telegram shows a bot as the sender."""
    content = {**message(GROUP, text="@line_bot hi", sender_chat=GROUP), "from": {**ANA, "is_bot": True}}
    assert asked(content) == ("hi", None)


def test_taps_carry_their_pick_and_their_place() -> None:
    """A tap is acknowledged first, and then asked for as a pick; odd data becomes a kind word about old buttons."""
    content = {"id": "q1", "from": ANA, "chat_instance": "1", "message": message(text="pick"), "data": "a:help"}
    task = read("callback_query", content)
    assert isinstance(task, Tapped)
    assert isinstance(task.then, Ask)
    assert (task.query, task.then.place, task.then.question.pick) == ("q1", Place(5), Pick(Verb.ANSWER, "help"))
    odd = read("callback_query", {**content, "data": "page=2"})
    assert odd == Tapped("q1", "5:3:page=2", Tell(Place(5), "old_button", "es-MX"))
    assert read("callback_query", {**content, "message": None, "inline_message_id": "i"}) == Tapped("q1")
    deleted = {"chat": GROUP, "message_id": 3, "date": 0}
    task = read("callback_query", {**content, "message": deleted})
    assert isinstance(task, Tapped)
    assert task.then is not None
    assert task.then.place == Place(-9, None, 3)


@pytest.mark.parametrize(("status", "task"), [("kicked", Forget(5)), ("left", Forget(5)), ("member", None)])
def test_who_blocks_the_bot_is_forgotten(status: str, task: Forget | None) -> None:
    """A block is a wish to be left alone, and to leave nothing behind; a return is no reason to speak."""
    member: dict[str, Any] = {"user": ME.to_dict(), "status": status, "until_date": 0}
    changed = {"chat": PRIVATE, "from": ANA, "date": 1, "old_chat_member": member, "new_chat_member": member}
    assert read("my_chat_member", changed) == task


def test_a_group_that_becomes_a_supergroup_keeps_its_state() -> None:
    """The notice of a new id is passed on; the mirror notice in the new chat is not, so nothing moves twice."""
    assert read("message", message(GROUP, migrate_to_chat_id=-100)) == Move(-9, -100)
    assert read("message", message(GROUP, migrate_from_chat_id=-9)) is None
