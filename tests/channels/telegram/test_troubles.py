from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.pacing import Pacer
from bot.channels.telegram.redact import TokenFilter
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.errors import SettingsError
from tests.channels.telegram.stub_line import PHRASES, StubLine, running, said, turn, until, until_async
from tests.fake_telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.dialog.turn import Turn
    from bot.line import Message
    from bot.store.store import Store


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Return what the standard logging of every library writes, at DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(TokenFilter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_refused_token_ends_the_start_with_its_setting(
    line: StubLine, store: Store, written: io.StringIO
) -> None:
    """The operator reads which setting is wrong and what to do; the token is in no message, log or traceback."""
    async with FakeTelegram(token="123456789:" + "A" * 35) as server:
        wrong = "123456789:" + "B" * 35
        with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN was refused") as caught:
            await TelegramChannel(line, wrong, store, server.url).run(asyncio.Event())
    assert caught.value.__suppress_context__
    assert "BBBB" not in str(caught.value)
    assert "BBBB" not in written.getvalue()


async def test_an_empty_token_is_said_so(line: StubLine, store: Store) -> None:
    """Without a token nothing is built."""
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN is empty"):
        TelegramChannel(line, "", store)


async def test_the_start_waits_for_telegram(server: FakeTelegram, line: StubLine) -> None:
    """Telegram being down, slow or odd at the start is waited out, not died of, and said once a kind of trouble."""
    ana = server.person()
    await server.goes_down()
    with capture_logs() as logs:
        async with running(server, line):
            await until(lambda: logs)
            server.fails("getMe", code=502, times=2)
            server.fails("getMe", garbage=True)
            server.fails("deleteWebhook", retry_after=1)
            await server.comes_back()
            await ana.says("hi")
            assert (await ana.hears()).text == "<hi>"
    waiting = [entry["error"] for entry in logs if entry["event"] == "waiting for Telegram"]
    assert waiting[0] == "NotSentError: ClientConnectorError"
    assert "ServerTroubleError: Bad Gateway" in waiting
    assert len(waiting) == len(set(waiting))


async def test_a_stop_while_telegram_is_down_is_obeyed(server: FakeTelegram, line: StubLine) -> None:
    """Waiting for Telegram never keeps the process from ending."""
    await server.goes_down()
    async with running(server, line, first_pause=60):
        await asyncio.sleep(0.05)


async def test_polling_survives_what_telegram_does(server: FakeTelegram, line: StubLine) -> None:
    """5xx, garbage, broken connections, 429, another poller and a passing 401: afterwards everybody is answered."""
    ana = server.person()
    for how in (
        {"code": 502},
        {"garbage": True},
        {"drop": True},
        {"code": 409},
        {"code": 401},
        {"body": b"[]"},
        {"body": b'{"ok":true,"result":7}'},
    ):
        server.fails("getUpdates", **how)
    async with running(server, line):
        await ana.says("hi")
        assert (await ana.hears()).text == "<hi>"
        server.fails("getUpdates", retry_after=1)
        await ana.says("again")
        assert (await ana.hears()).text == "<again>"
    assert len(ana.sent) == 2


async def test_another_poller_is_told_quietly(server: FakeTelegram, line: StubLine) -> None:
    """Two instances during a deploy cost one log line each, no traceback, and no message."""
    ana = server.person()
    server.fails("getUpdates", code=409, times=5)
    with capture_logs() as logs:
        async with running(server, line):
            await ana.says("hi")
            await ana.hears()
    assert [entry["error"] for entry in logs if entry["event"] == "waiting for Telegram"] == [
        "another process polls with this bot's token"
    ]


async def test_a_token_that_stays_refused_ends_the_run(server: FakeTelegram, line: StubLine, store: Store) -> None:
    """A token taken back by its owner is no passing trouble."""
    server.fails("getUpdates", code=401, times=99)
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        await TelegramChannel(line, server.token, store, server.url, first_pause=0.01).run(asyncio.Event())
    assert len(server.called("getUpdates")) == 3


async def test_polls_name_the_kinds_they_want(server: FakeTelegram, line: StubLine) -> None:
    """allowed_updates is in every poll, because Telegram remembers an earlier list when it is left out."""
    async with running(server, line):
        await server.until_called("getUpdates")
        assert server.world.webhook["url"] == ""
    assert server.called("deleteWebhook")
    assert all(call["allowed_updates"] == list(ALLOWED_UPDATES) for call in server.called("getUpdates"))


async def test_a_stop_lets_answers_under_way_end(server: FakeTelegram, line: StubLine, store: Store) -> None:
    """At a stop nothing new is begun, and what is begun is sent and done, so that nobody is answered twice."""
    line.holds["slow"] = asyncio.Event()
    ana = server.person()
    channel = TelegramChannel(line, server.token, store, server.url, drain_seconds=5)
    stop = asyncio.Event()
    task = asyncio.create_task(channel.run(stop))
    await ana.says("slow")
    await line.entered.wait()
    stop.set()
    await asyncio.sleep(0)
    line.holds["slow"].set()
    await task
    assert [heard.text for heard in ana.sent] == ["<slow>"]
    assert await channel.depth() == (0, 0)


async def test_a_stop_waits_no_longer_than_it_may(server: FakeTelegram, line: StubLine, store: Store) -> None:
    """An answer that hangs cannot keep the process alive; it and what waits behind it are answered by the next one."""
    line.holds["endless"] = asyncio.Event()
    ana = server.person()
    async with running(server, line, store, drain_seconds=0.05):
        await ana.says("endless")
        await ana.says("never begun")
        await line.entered.wait()
        await server.until_fetched()
    assert ana.sent == []
    line.holds.clear()
    async with running(server, line, store):
        assert [(await ana.hears()).text for _ in range(2)] == ["<endless>", "<never begun>"]


async def test_a_failure_of_ours_is_tried_again_and_set_aside(
    server: FakeTelegram, line: StubLine, store: Store
) -> None:
    """A fault in our code is retried, then set aside with an apology and an alert without words."""
    ours = line.reply

    async def broken(message: Message) -> Turn:
        if "secret" in message.text:
            raise KeyError(message.text)
        return await ours(message)

    line.reply = broken  # type: ignore[method-assign]  # the line never raises; this one does
    ana, bob = server.person(), server.person()
    with capture_logs() as logs:
        async with running(server, line, store) as channel:
            await ana.says("my secret words")
            await ana.says("and then")
            await bob.says("hi")
            assert (await bob.hears()).text == "<hi>"
            assert [(await ana.hears()).text for _ in range(2)] == ["error_sorry in en", "<and then>"]
            await until_async(channel.depth, (0, 1))
    assert [entry["event"] for entry in logs] == ["an update could not be answered yet"] * 4 + [
        "an update was set aside"
    ]
    assert all(entry["error"].startswith("KeyError at test_troubles.py:") for entry in logs)
    assert "secret" not in str(logs)


async def test_an_update_is_answered_from_the_talk_as_it_was(
    server: FakeTelegram, line: StubLine, store: Store
) -> None:
    """An answer that failed leaves no trace in the conversation: the next try says what the first would have said."""
    talks, seen = store.conversations, []

    async def remembering(message: Message) -> Turn:
        seen.append(await talks.get("telegram", message.sender))
        await talks.put("telegram", message.sender, message.text, 1.0)
        if len(seen) < 3:
            raise KeyError
        return turn(said("done"))

    line.reply = remembering  # type: ignore[method-assign]  # as above
    ana = server.person()
    async with running(server, line, store):
        await ana.says("one")
        await ana.hears()
        await ana.says("two")
        await ana.hears()
    assert seen == [None, None, None, "one"]
    assert await talks.get("telegram", str(ana.id)) == "two"


async def test_a_crisis_message_passes_ahead(server: FakeTelegram, line: StubLine) -> None:
    """In a chat with much to answer, words about a crisis are answered before what was written first."""
    line.holds["first"] = asyncio.Event()
    ana = server.person()
    async with running(server, line):
        await ana.says("first")
        await line.entered.wait()
        for words in ("second", "third", "a crisis"):
            await ana.says(words)
        await server.until_fetched()
        line.holds["first"].set()
        heard = [(await ana.hears()).text for _ in range(4)]
    assert heard == ["<first>", "<a crisis>", "<second>", "<third>"]


async def test_a_flood_is_told_once_and_never_holds_up_a_crisis(server: FakeTelegram, line: StubLine) -> None:
    """Beyond thirty questions a minute a chat is asked once to slow down; a crisis message is answered all the same."""
    ana, bob = server.person(), server.person()
    async with running(server, line) as channel:
        channel._performer._sender._pacer = Pacer(_no_sleep)
        for number in range(40):
            await ana.says(f"question {number}")
        await server.until_fetched()
        await until(lambda: len(ana.sent) == 31)
        await ana.says("a crisis")
        await bob.says("hi")
        await bob.hears()
        await until(lambda: len(ana.sent) == 32)
    assert ana.sent[30].text == "slow_down in en"
    assert ana.sent[31].text == "<a crisis>"


async def _no_sleep(_seconds: float) -> None: ...


async def test_updates_twice_and_out_of_order(server: FakeTelegram, line: StubLine) -> None:
    """What Telegram delivers again is dropped, before and after its answer."""
    ana = server.person()
    message = server.world.post(ana.chat, ana.user, text="hi")
    async with running(server, line):
        for _ in range(2):
            server.push({"update_id": 600_000_001, "message": message})
        await ana.hears()
        server.push({"update_id": 600_000_001, "message": message})
        await server.until_fetched()
        await ana.says("and")
        await ana.hears()
    assert [heard.text for heard in ana.sent] == ["<hi>", "<and>"]


async def test_one_malformed_update_stops_nothing(server: FakeTelegram, line: StubLine, store: Store) -> None:
    """Among twenty updates one that cannot be read is set aside at once, and the others are answered."""
    people = [server.person() for _ in range(20)]
    for number, person in enumerate(people):
        if number == 10:
            server.push({"message": {"message_id": "x", "chat": 7}})
            server.push("nonsense")
        await person.says("hi")
    async with running(server, line, store) as channel:
        assert [(await person.hears()).text for person in people] == ["<hi>"] * 20
        await until_async(channel.depth, (0, 1))
    assert len(server.called("getUpdates")) < 10


async def test_nothing_of_the_token_or_the_words_is_logged(
    server: FakeTelegram, line: StubLine, written: io.StringIO
) -> None:
    """Over a whole run with troubles, with every library at DEBUG, neither token nor message is in any log."""
    ana = server.person()
    with capture_logs() as logs:
        server.fails("getMe", code=502)
        async with running(server, line):
            server.fails("getUpdates", garbage=True)
            server.fails("sendMessage", code=502)
            await ana.says("my secret words")
            await server.until_called("sendMessage")
            await ana.says("my other secret")
            await ana.hears()
    told = written.getvalue() + str(logs)
    assert logs
    assert server.token.partition(":")[2] not in told
    assert "secret" not in told


async def test_one_chats_flood_limit_holds_up_no_other(server: FakeTelegram, line: StubLine) -> None:
    """While one chat waits for Telegram's limit, others are answered, and then it is too."""
    ana, bob = server.person(), server.person()
    server.fails("sendMessage", retry_after=1, chat=ana.id)
    async with running(server, line):
        await ana.says("first")
        await ana.says("second")
        await server.until_called("sendMessage")
        await bob.says("hi")
        assert (await bob.hears()).text == "<hi>"
        assert ana.sent == []
        assert [(await ana.hears()).text for _ in range(2)] == ["<first>", "<second>"]


async def test_the_profile_is_set_once_in_each_language(server: FakeTelegram, line: StubLine) -> None:
    """Commands and descriptions are there in both languages after the start, and a second start sets nothing."""
    async with running(server, line):
        await server.until_called("setMyShortDescription", 2)
    commands = server.world.profile["commands", "es"]
    assert [command["command"] for command in commands] == [
        "start",
        "help",
        "topics",
        "language",
        "privacy",
        "forget",
        "about",
    ]
    assert commands[1]["description"] == "command_help in es"
    assert server.world.profile["description", ""] == "bot_description in en"
    assert server.world.profile["shortdescription", "es"] == "bot_short_description in es"
    before = len(server.calls)
    async with running(server, line):
        await server.until_called("getMyShortDescription", 4)
    assert not [call.method for call in server.calls[before:] if call.method.startswith("setMy")]


async def test_a_profile_that_cannot_be_set_is_no_obstacle(
    server: FakeTelegram, line: StubLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram limits changes of a profile hard, and a phrase may be missing; people are answered all the same."""
    server.fails("setMyCommands", retry_after=86_000, times=9)
    monkeypatch.setitem(PHRASES, "bot_description", {"en": "words", "es": None})
    ana = server.person()
    with capture_logs() as logs:
        async with running(server, line):
            await ana.says("hi")
            await ana.hears()
            await server.until_called("setMyShortDescription", 2)
    assert [entry["part"] for entry in logs] == ["commands", "commands", "description"]
