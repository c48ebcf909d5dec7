"""The fake Telegram itself: what other tests rely on when it refuses or obeys."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.channels.telegram.transport import AiohttpTransport
from tests.channels.telegram.stub_line import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fake_telegram import FakeTelegram


@asynccontextmanager
async def bot_of(server: FakeTelegram, token: str = "") -> AsyncIterator[Bot]:
    """Run a bot against the server."""
    calls, polls = AiohttpTransport(), AiohttpTransport()
    async with Bot(token or server.token, f"{server.url}/bot", request=calls, get_updates_request=polls) as bot:
        yield bot


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[Bot]:
    """Return a bot of the server's."""
    async with bot_of(server) as started:
        yield started


def button(data: str) -> InlineKeyboardMarkup:
    """Return a keyboard of one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("b", callback_data=data)]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"text": ""}, "Message text is empty"),
        ({"text": "  \n"}, "Text must be non-empty"),
        ({"text": "x" * 4097}, "Message is too long"),
        ({"text": "👍" * 2049}, "Message is too long"),
        (
            {"text": "a", "entities": [MessageEntity("bold", 5, 1)]},
            "Entity begins after the end of the text at UTF-16 offset 5",
        ),
        (
            {"text": "a", "entities": [MessageEntity("bold", 0, 9)]},
            "Entity beginning at UTF-16 offset 0 ends after the end",
        ),
        ({"text": "a", "entities": [MessageEntity("bold", -1, 1)]}, "Receive an entity with incorrect offset -1"),
        ({"text": "👍", "entities": [MessageEntity("bold", 1, 1)]}, "Entity begins in a middle of a UTF-16 symbol"),
        (
            {"text": "abc", "entities": [MessageEntity("bold", 0, 2), MessageEntity("italic", 1, 2)]},
            "Entity_bounds_invalid",
        ),
        (
            {"text": "a", "entities": [MessageEntity("text_link", 0, 1, url="tel:911")]},
            "is invalid: Unsupported URL protocol",
        ),
        ({"text": "a", "entities": [MessageEntity("bold", 0, 1)] * 101}, "Entities_too_long"),
        ({"text": "a", "reply_markup": button("x" * 65)}, "Button_data_invalid"),
        (
            {"text": "a", "reply_markup": InlineKeyboardMarkup([[InlineKeyboardButton("b", callback_data="d")]] * 101)},
            "Reply markup is too long",
        ),
        ({"text": "a", "message_thread_id": 3}, "Message thread not found"),
        ({"text": "a", "reply_to_message_id": 99}, "Message to be replied not found"),
    ],
)
async def test_it_refuses_what_telegram_refuses(
    server: FakeTelegram, bot: Bot, content: dict[str, Any], words: str
) -> None:
    """Each limit is refused with Telegram's words (python-telegram-bot capitalises them), and nothing is delivered."""
    ana = server.person()
    with pytest.raises(BadRequest) as caught:
        await bot.send_message(ana.id, **content)
    assert words.lower() in str(caught.value).lower()
    assert ana.sent == []


async def test_it_accepts_what_is_just_within_the_limits(server: FakeTelegram, bot: Bot) -> None:
    """4096 units, 64 bytes, a hundred nested entities and buttons are taken."""
    ana = server.person()
    rows = [[InlineKeyboardButton("b", callback_data="x" * 64)]] * 100
    entities = [MessageEntity("bold", number, 2) for number in range(0, 200, 2)]
    await bot.send_message(ana.id, "👍" * 2048, entities=entities, reply_markup=InlineKeyboardMarkup(rows))
    assert len((await ana.hears()).styled("bold")) == 100


async def test_chats_that_take_no_messages(server: FakeTelegram, bot: Bot) -> None:
    """Unknown chats, blocks and moved groups are refused each in its own way."""
    ana, group = server.person(), server.group(kind="group")
    new = group.moves()
    await ana.blocks()
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(404, "x")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ana.id, "x")
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "x")
    assert caught.value.new_chat_id == new.id
    await ana.unblocks()
    assert (await bot.send_message(ana.id, "x")).message_id


async def test_edits_must_change_something(server: FakeTelegram, bot: Bot) -> None:
    """The same text or the same buttons again is refused as not modified; a change is made and can be read."""
    ana = server.person()
    sent = await bot.send_message(ana.id, "one", reply_markup=button("d"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("one", ana.id, sent.message_id, reply_markup=button("d"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(ana.id, sent.message_id, reply_markup=button("d"))
    await bot.edit_message_text("two", ana.id, sent.message_id, reply_markup=button("d"))
    await bot.edit_message_reply_markup(ana.id, sent.message_id)
    assert (ana.sent[0].text, ana.sent[0].buttons) == ("two", {})
    mine = await ana.says("mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", ana.id, mine["message_id"])


async def test_a_tap_is_answered_once(server: FakeTelegram, bot: Bot) -> None:
    """A second answer to a tap, or one to an old tap, is refused as too old."""
    ana = server.person()
    await bot.send_message(ana.id, "x", reply_markup=button("d"))
    query, old = await ana.taps("b"), await ana.taps("b", old=True)
    assert await bot.answer_callback_query(query)
    for late in (query, old):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(late)
    with pytest.raises(AssertionError, match="no button 'c'; there are \\['b'\\]"):
        await ana.taps("c")


async def test_updates_wait_until_they_are_confirmed(server: FakeTelegram, bot: Bot) -> None:
    """GetUpdates repeats what was not confirmed, obeys limit and allowed_updates, and remembers the latter."""
    ana = server.person()
    for text in ("a", "b", "c"):
        await ana.says(text)
    first = await bot.get_updates(limit=2, allowed_updates=["message"])
    assert [update.effective_message.text for update in first if update.effective_message] == ["a", "b"]
    again = await bot.get_updates(offset=first[0].update_id + 1)
    assert [update.effective_message.text for update in again if update.effective_message] == ["b", "c"]
    await ana.blocks()
    (last,) = await bot.get_updates(offset=-1)
    assert last.message is not None
    assert last.message.text == "c"


async def test_a_long_poll_ends_with_news(server: FakeTelegram, bot: Bot) -> None:
    """A poll without news waits, and comes back as soon as somebody writes."""
    ana = server.person()
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await server.until_called("getUpdates")
    await asyncio.sleep(0.02)
    assert not poll.done()
    await ana.says("hi")
    assert len(await poll) == 1
    assert await bot.get_updates(offset=(await poll)[0].update_id + 1, timeout=0) == ()


async def test_a_second_poller_ends_the_first(server: FakeTelegram, bot: Bot) -> None:
    """Two polls at once: the older gets Telegram's 409; while a webhook is set every poll does."""
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await server.until_called("getUpdates")
    await asyncio.sleep(0.02)
    assert await bot.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await older
    await bot.set_webhook("http://127.0.0.1:9/x")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "http://127.0.0.1:9/x"


async def test_a_webhook_gets_every_update_until_it_takes_it(server: FakeTelegram, bot: Bot) -> None:
    """Updates are posted in order, with the secret, and again while the answer is not 200."""
    ana, got, answers = server.person(), [], [500, 200, 200]

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], (await request.json())["message"]["text"]))
        return web.Response(status=answers.pop(0))

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")  # noqa: S106
    await ana.says("a")
    await ana.says("b")
    await until(lambda: len(got) == 3 and not server.world.updates)
    await runner.cleanup()
    assert got == [("s3cret", "a"), ("s3cret", "a"), ("s3cret", "b")]


async def test_faults_come_as_ordered_and_then_end(server: FakeTelegram, bot: Bot) -> None:
    """Scripted errors reach the bot as the ones Telegram sends, in order, for one chat if wished; then all is well."""
    ana, bob = server.person(), server.person()
    server.fails("sendMessage", retry_after=3, chat=bob.id)
    server.fails("sendMessage", code=403)
    server.fails("sendMessage", code=502, chat=ana.id, done=True)
    with pytest.raises(Forbidden):
        await bot.send_message(ana.id, "one")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ana.id, "two")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(bob.id, "three")
    assert caught.value._retry_after.total_seconds() == 3
    assert (await bot.send_message(bob.id, "four")).text == "four"
    assert [heard.text for heard in ana.sent] == ["two"]
    server.fails("sendMessage", code=500, times=9)
    server.faults.clear()
    assert (await bot.send_message(ana.id, "five")).text == "five"


async def test_tokens_and_methods_are_checked(server: FakeTelegram) -> None:
    """A wrong token is 401, one of wrong form or an unknown method 404, and a body that is no JSON 400."""
    for token in ("1:" + "x" * 35, "odd"):
        with pytest.raises(InvalidToken):
            async with bot_of(server, token):
                pass
    root = f"{server.url}/bot{server.token}"
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.post(f"{root}/{path}", data=body, headers=kind)).status for path, body, kind in [
            ("noSuchMethod", b"", {}),
            ("GETME", b"", {}),
            ("sendMessage", b"{", {"Content-Type": "application/json"}),
            ("sendMessage?chat_id=1", b"text=x", {"Content-Type": "application/x-www-form-urlencoded"}),
        ]]  # fmt: skip
        ana = server.person()
        answer = await session.post(f"{root}/sendMessage", json={"chat_id": ana.id, "text": "as JSON"})
    assert statuses == [404, 200, 400, 400]
    assert answer.ok
    assert (await ana.hears()).text == "as JSON"


async def test_silence_is_reported_as_such(server: FakeTelegram) -> None:
    """A person who hears nothing makes the test fail with words, not hang."""
    with pytest.raises(AssertionError, match="the bot wrote nothing more"):
        await server.person().hears(patience=0.01)
    with pytest.raises(AssertionError, match="sendMessage was not called 1 times within"):
        await server.until_called("sendMessage", patience=0.01)
