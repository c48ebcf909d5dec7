"""Updates of every kind that the Bot API has, and of none: made by hypothesis, with every field broken in turn."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update, User

from bot.channels.telegram.arrivals import arrivals, chat_of, number_of, text_of
from bot.channels.telegram.performing import _read
from bot.channels.telegram.updates import read_update
from bot.errors import UpdateError
from bot.store.inbox import Waiting

USER = {"id": 5, "is_bot": False, "first_name": "Ana", "language_code": "es"}
CHAT = {"id": 5, "type": "private", "first_name": "Ana"}
GROUP = {"id": -5, "type": "supergroup", "title": "Family", "is_forum": True}
FILE = {"file_id": "f", "file_unique_id": "f"}
ME = User(9, "Line", is_bot=True, username="line_bot")

CONTENTS: list[dict[str, Any]] = [
    {"text": "hello"},
    {"text": "/start case-release", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]},
    {"text": "@line_bot hi", "entities": [{"type": "mention", "offset": 0, "length": 9}]},
    {"photo": [{**FILE, "width": 1, "height": 1}], "caption": "look", "media_group_id": "1"},
    {"voice": {**FILE, "duration": 1}},
    {"video_note": {**FILE, "length": 1, "duration": 1}},
    {"document": FILE},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"location": {"latitude": 1.0, "longitude": 1.0, "live_period": 60}},
    {"contact": {"phone_number": "+1", "first_name": "Sam"}},
    {"new_chat_members": [USER]},
    {"left_chat_member": USER},
    {"pinned_message": {"message_id": 1, "date": 0, "chat": CHAT}},
    {"migrate_to_chat_id": -100},
    {"forum_topic_created": {"name": "n", "icon_color": 1}, "message_thread_id": 3, "is_topic_message": True},
    {"successful_payment": {
        "currency": "XTR", "total_amount": 1, "invoice_payload": "p",
        "telegram_payment_charge_id": "c", "provider_payment_charge_id": "c",
    }},
    {"web_app_data": {"data": "{}", "button_text": "b"}},
    {"forward_origin": {"type": "hidden_user", "date": 0, "sender_user_name": "x"}, "text": "forwarded"},
    {"a_content_of_later_years": {"odd": [1, {"deep": None}]}},
]  # fmt: skip


def _message(content: dict[str, Any], chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    return {"message_id": 1, "date": 1, "chat": chat, "from": USER, **content}


def _kinds() -> dict[str, Any]:
    member = {"user": USER, "status": "member"}
    changed = {"chat": CHAT, "from": USER, "date": 1, "old_chat_member": member, "new_chat_member": member}
    order = {"shipping_address": {
        "country_code": "US", "state": "OH", "city": "c", "street_line1": "s", "street_line2": "", "post_code": "1",
    }}  # fmt: skip
    return {
        **{
            kind: _message({"text": "hi"}, chat)
            for kind in ("message", "edited_message", "business_message", "edited_business_message", "guest_message")
            for chat in (CHAT, GROUP)
        },
        "channel_post": _message({"text": "hi"}, {"id": -7, "type": "channel", "title": "t"}),
        "edited_channel_post": _message({"text": "hi"}, {"id": -7, "type": "channel", "title": "t"}),
        "callback_query": {"id": "1", "from": USER, "chat_instance": "1", "data": "u:", "message": _message({})},
        "inline_query": {"id": "1", "from": USER, "query": "q", "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": USER, "query": "q"},
        "shipping_query": {"id": "1", "from": USER, "invoice_payload": "p", **order},
        "pre_checkout_query": {"id": "1", "from": USER, "currency": "USD", "total_amount": 1, "invoice_payload": "p"},
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False, "allows_revoting": False,
            "members_only": False,
        },
        "poll_answer": {"poll_id": "1", "option_ids": [0], "option_persistent_ids": ["a"], "user": USER},
        "my_chat_member": changed,
        "chat_member": changed,
        "chat_join_request": {"chat": GROUP, "from": USER, "user_chat_id": 5, "date": 1},
        "message_reaction": {
            "chat": CHAT, "message_id": 1, "user": USER, "date": 1, "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        },
        "message_reaction_count": {"chat": CHAT, "message_id": 1, "date": 1, "reactions": []},
        "chat_boost": {"chat": GROUP, "boost": {
            "boost_id": "b", "add_date": 1, "expiration_date": 2, "source": {"source": "premium", "user": USER},
        }},
        "removed_chat_boost": {
            "chat": GROUP, "boost_id": "b", "remove_date": 1, "source": {"source": "premium", "user": USER},
        },
        "business_connection": {
            "id": "1", "user": USER, "user_chat_id": 5, "date": 1, "is_enabled": True, "can_reply": True,
        },
        "deleted_business_messages": {"business_connection_id": "1", "chat": CHAT, "message_ids": [1]},
        "purchased_paid_media": {"from": USER, "paid_media_payload": "p"},
        "a_kind_of_later_years": {"chat": {"id": 1}},
    }  # fmt: skip


KINDS = _kinds()
_ODD: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def _updates(draw: st.DrawFn) -> Any:  # noqa: ANN401  # anything at all may arrive
    """Make an update: well formed, with some field anywhere in it broken or gone, or nothing of the kind."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    content = KINDS[kind]
    if kind == "message":
        content = _message(draw(st.sampled_from(CONTENTS)), draw(st.sampled_from([CHAT, GROUP])))
    update = json.loads(json.dumps({"update_id": draw(st.integers(0, 2**40)), kind: content}))
    for _ in range(draw(st.integers(0, 2))):
        update = draw(_broken(update))
    return draw(st.just(update) | _ODD) if draw(st.integers(0, 9)) == 0 else update


@st.composite
def _broken(draw: st.DrawFn, value: Any) -> Any:  # noqa: ANN401  # as above
    """Replace or take out something, at any depth."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 5)) == 0:
        return draw(_ODD)
    place = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else list(range(len(value)))))
    if isinstance(value, dict) and draw(st.integers(0, 3)) == 0:
        return {name: item for name, item in value.items() if name != place}
    changed = draw(_broken(value[place]))
    if isinstance(value, dict):
        return {**value, place: changed}
    return [changed if number == place else item for number, item in enumerate(value)]


@settings(max_examples=300, deadline=None)
@given(_updates())
def test_any_update_is_taken_over_or_left_out(update: Any) -> None:  # noqa: ANN401  # as above
    """On its way into the inbox nothing in an update raises; with a number it is kept, without one it is not."""
    found = arrivals([update], lambda channel, chat: f"{channel} {chat}"[:64])
    assert len(found) == (number_of(update) is not None)
    assert isinstance(text_of(update), str)
    for one in found:
        assert one.chat.startswith("telegram ")
        assert isinstance(chat_of(json.loads(one.content)), str)


class _Bot:
    bot = ME


@pytest.mark.filterwarnings("ignore:.*successful_payment:telegram.warnings.PTBDeprecationWarning")
@settings(max_examples=300, deadline=None)
@given(_updates())
def test_any_update_is_read_or_refused(update: Any) -> None:  # noqa: ANN401  # as above
    """Reading an update gives a task, none, or the one error that sets it aside without another try."""
    with suppress(UpdateError):
        _read(_Bot(), Waiting(1, json.dumps(update), 0, 0.0), ("en", "es"))  # type: ignore[arg-type]  # all that is used


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_read(kind: str) -> None:
    """Every kind of update of the Bot API, and one of later years, is read without a fault."""
    update = Update.de_json({"update_id": 1, kind: KINDS[kind]}, None)
    read_update(update, ME, ("en", "es"))


@pytest.mark.filterwarnings("ignore:.*successful_payment:telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: next(iter(content)))
@pytest.mark.parametrize("chat", [CHAT, GROUP], ids=["private", "group"])
def test_every_content_is_read(content: dict[str, Any], chat: dict[str, Any]) -> None:
    """Every kind of message is read without a fault."""
    update = Update.de_json({"update_id": 1, "message": _message(content, chat)}, None)
    read_update(update, ME, ("en", "es"))
