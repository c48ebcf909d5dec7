from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.catalog.richtext import Block, Shape, Span
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice
from tests.channels.telegram.stub_line import said, turn

if TYPE_CHECKING:
    from bot.channels.telegram.bot import TelegramChannel
    from tests.channels.telegram.stub_line import StubLine
    from tests.fake_telegram import FakeTelegram

pytestmark = pytest.mark.usefixtures("channel")


async def test_a_person_is_answered(server: FakeTelegram, line: StubLine) -> None:
    """A question gets its answer with its buttons, without a link preview and without a parse mode."""
    ana = server.person(language_code="es")
    await ana.says("¿cómo salió Alice? 👍")
    reply = await ana.hears()
    assert reply.text == "<¿cómo salió Alice? 👍>"
    assert reply.buttons == {"Menu": "u:"}
    assert reply.reply_to is None
    assert line.heard[0].language_hint == "es"
    (call,) = server.called("sendMessage")
    assert call["link_preview_options"] == {"is_disabled": True}
    assert not any("parse_mode" in call for call in server.called("sendMessage"))


async def test_styles_arrive_where_they_belong(server: FakeTelegram, line: StubLine) -> None:
    """Bold, links and small print cover, on the person's screen, exactly the words that they should."""
    spans = (Span("👩‍👧 "), Span("Main point", bold=True), Span(" and "), Span("more", href="https://example.org/x"))
    line.turns["hi"] = turn(Block(Shape.PARAGRAPH, (spans,)), Block(Shape.FOOTER, ((Span("Source: NPR"),),)))
    ana = server.person()
    await ana.says("hi")
    reply = await ana.hears()
    assert [reply.styled(kind) for kind in ("bold", "text_link", "italic")] == [
        ["Main point"],
        ["more"],
        ["Source: NPR"],
    ]


async def test_hostile_words_of_staff_are_delivered_whole(server: FakeTelegram, line: StubLine) -> None:
    """Signs, tags, right-to-left text and ten thousand letters arrive in parts that Telegram takes, buttons last."""
    texts = ["_*[]()~`>#+-=|{}.!", "<b>&amp;</b>", "שלום العربية", "👩‍👩‍👧‍👦" * 900, "x" * 10_000]
    line.turns["hi"] = turn(*map(said, texts), choices=(Choice("Menu", Pick(Verb.MENU)),))
    ana = server.person()
    await ana.says("hi")
    parts = [await ana.hears()]
    while not parts[-1].buttons:
        parts.append(await ana.hears())
    assert len(parts) > 4
    assert "".join(part.text for part in parts).replace("\n", "") == "".join(texts)


async def test_a_tap_is_acknowledged_and_answered(server: FakeTelegram) -> None:
    """A tapped button stops spinning before anything else happens, and leads to its answer."""
    ana = server.person()
    await ana.says("hi")
    await ana.hears()
    query = await ana.taps("Menu")
    assert (await ana.hears()).text == "<u:>"
    assert query in server.world.answered_queries
    assert [call.method for call in server.calls[-20:] if call.method in {"answerCallbackQuery", "sendMessage"}] == [
        "sendMessage",
        "answerCallbackQuery",
        "sendMessage",
    ]


async def test_old_double_and_odd_taps_do_no_harm(server: FakeTelegram) -> None:
    """A tap after an outage is answered all the same, a double tap once, and unreadable data with a kind word."""
    ana = server.person(language_code="es")
    await ana.says("hi")
    first = await ana.hears()
    await ana.taps("Menu", old=True)
    await ana.taps("Menu")
    assert (await ana.hears()).text == "<u:>"
    await ana.taps_data("page=7", on=first)
    assert (await ana.hears()).text == "Un botón viejo."
    assert len(await server.until_called("answerCallbackQuery", 3)) == 3


async def test_an_edit_is_answered_again(server: FakeTelegram) -> None:
    """A corrected question gets an answer that shows which one it belongs to; the old answer stays as it is."""
    ana = server.person()
    question = await ana.says("how did alcie get out")
    assert (await ana.hears()).text == "<how did alcie get out>"
    await ana.edits(question, "how did alice get out")
    again = await ana.hears()
    assert again.text == "<how did alice get out>"
    assert again.reply_to == question["message_id"]
    assert server.called("editMessageText") == []


async def test_pictures_are_told_apart_from_words(server: FakeTelegram, line: StubLine) -> None:
    """A caption is read; a picture without one is answered in the person's language; an album once."""
    line.known_language = "es"
    ana = server.person(language_code="en")
    await ana.sends("photo", caption="what is this")
    assert (await ana.hears()).text == "<what is this>"
    await ana.sends("voice")
    assert (await ana.hears()).text == "Solo leo texto."
    for _ in range(3):
        await ana.sends("photo", media_group_id="g1")
    await ana.sends("photo", media_group_id="g2", caption="two pictures")
    await ana.sends("photo", media_group_id="g2")
    await ana.says("done")
    assert [(await ana.hears()).text for _ in range(3)] == ["Solo leo texto.", "<two pictures>", "<done>"]


async def test_commands_and_links_open_what_they_name(server: FakeTelegram) -> None:
    """/start welcomes, a link opens its answer, /language takes or asks for a language."""
    ana = server.person()
    commands = ["/start", "/start case-release", "/help", "/topics", "/language es", "/language", "/forget"]
    for command in commands:
        await ana.says(command)
    heard = [(await ana.hears()).text for _ in commands]
    assert heard == ["<u:start>", "<o:case-release>", "<a:help>", "<u:>", "<l:es>", "<l:>", "<a:forget>"]


async def test_groups_are_answered_only_when_they_ask(server: FakeTelegram, line: StubLine) -> None:
    """In a group the line listens for its name, replies and commands, and answers visibly and in the same topic."""
    ana, forum = server.person(), server.group(topics=(7,))
    await ana.says("we were just talking", to=forum, thread=7)
    await ana.says("/help@other_bot", to=forum, thread=7)
    forum.notices(new_chat_members=[ana.user])
    question = await ana.says("@line_bot how did alice get out", to=forum, thread=7)
    answer = await forum.hears()
    assert (answer.text, answer.thread, answer.reply_to) == ("<how did alice get out>", 7, question["message_id"])
    await ana.says("and dawn", to=forum, thread=7, reply_to=answer)
    assert (await forum.hears()).text == "<and dawn>"
    await ana.taps("Menu", where=forum)
    tapped = await forum.hears()
    assert (tapped.text, tapped.thread) == ("<u:>", 7)
    assert {message.sender for message in line.heard} == {str(forum.id)}


async def test_other_bots_and_channels_are_left_alone(server: FakeTelegram, line: StubLine) -> None:
    """Two bots never talk each other to death, and posts in a channel get no comment."""
    robot, ana = server.person(is_bot=True), server.person()
    await robot.says("hello, fellow bot")
    server.push(
        {
            "channel_post": {
                "message_id": 1,
                "date": 1,
                "chat": {"id": -5, "type": "channel", "title": "News"},
                "text": "x",
            }
        }
    )
    await ana.says("hi")
    await ana.hears()
    assert [message.text for message in line.heard] == ["hi"]


async def test_who_blocks_is_forgotten_at_once(server: FakeTelegram, line: StubLine) -> None:
    """Blocking the bot, or throwing it out of a group, deletes what is kept; nothing is sent any more."""
    ana, group = server.person(), server.group()
    await ana.blocks()
    group.throws_out()
    bob = server.person()
    await bob.says("hi")
    await bob.hears()
    await server.until_fetched()
    assert sorted(line.forgotten) == sorted([str(ana.id), str(group.id)])
    assert ana.sent == []


async def test_a_group_that_moves_keeps_its_state(server: FakeTelegram, line: StubLine) -> None:
    """When a group becomes a supergroup, what is kept goes along, and the talk goes on in the new one."""
    ana, group = server.person(), server.group(kind="group")
    new = group.moves()
    await ana.says("@line_bot hi", to=new)
    assert (await new.hears()).text == "<hi>"
    assert line.moves == [(str(group.id), str(new.id))]


async def test_one_chat_is_answered_in_order_and_holds_up_no_other(server: FakeTelegram, line: StubLine) -> None:
    """While one person's answer takes long, their next message waits for it, and other people do not."""
    line.holds["slow"] = asyncio.Event()
    ana, bob = server.person(), server.person()
    for text in ("slow", "second", "third"):
        await ana.says(text)
    await bob.says("quick")
    assert (await bob.hears()).text == "<quick>"
    assert ana.sent == []
    line.holds["slow"].set()
    assert [(await ana.hears()).text for _ in range(3)] == ["<slow>", "<second>", "<third>"]


async def test_many_people_get_exactly_one_answer_each(server: FakeTelegram) -> None:
    """Two hundred messages from forty chats: every one answered once, in its chat's order."""
    people = [server.person() for _ in range(40)]
    for number in range(5):
        for person in people:
            await person.says(f"{number}")
    for person in people:
        assert [(await person.hears()).text for _ in range(5)] == [f"<{number}>" for number in range(5)]
    assert len(server.called("sendMessage")) == 200


async def test_a_broken_update_stops_nothing(server: FakeTelegram) -> None:
    """Updates that cannot be read are left out and confirmed; those around them are answered."""
    ana = server.person()
    broken = [{"message": {"text": "no chat"}}, {"message": "text"}, {"message": {"message_id": 1, "date": "x"}}]
    await ana.says("before")
    for update in [*broken, {"callback_query": {"id": 1}}, {"update_id": "x"}, "no mapping", None]:
        server.push(update)
    await ana.says("after")
    assert [(await ana.hears()).text for _ in range(2)] == ["<before>", "<after>"]
    await server.until_fetched()


async def test_take_is_the_one_way_in(channel: TelegramChannel, server: FakeTelegram) -> None:
    """However updates come, by poll or by delivery, they go through the inbox, in order, each once."""
    ana = server.person()
    await ana.says("through the poll")
    await ana.hears()
    message = {"message_id": 9, "date": 1, "chat": ana.chat.json(), "from": ana.user, "text": "by hand"}
    for _ in range(2):
        await channel.take([{"update_id": 1, "message": message}])
    assert (await ana.hears()).text == "<by hand>"
