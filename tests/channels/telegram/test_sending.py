from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs
from telegram import Bot, MessageEntity

from bot.channels.telegram.render import Part, keyboard, plain
from bot.channels.telegram.sending import LONGEST_WAIT_SECONDS, MOST_SERVER_TROUBLES, Outcome, Sender
from bot.channels.telegram.transport import AiohttpTransport
from bot.channels.telegram.updates import Place
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.channels.telegram.stub_line import StubLine
    from tests.fake_telegram import FakeTelegram

BOLD = Part("words", (MessageEntity("bold", 0, 5),), keyboard((Choice("Menu", Pick(Verb.MENU)),)))


class Desk:
    """A sender over a real bot, whose waits are noted and not waited."""

    def __init__(self, bot: Bot, line: StubLine) -> None:
        """Set the sender up."""
        self.waits: list[float] = []
        self.sender = Sender(bot, line, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
async def desk(server: FakeTelegram, line: StubLine) -> AsyncIterator[Desk]:
    """Return a sender to the fake Telegram."""
    request, polling = AiohttpTransport(read_timeout=1.0, connect_timeout=1.0), AiohttpTransport()
    async with Bot(server.token, f"{server.url}/bot", request=request, get_updates_request=polling) as bot:
        yield Desk(bot, line)


async def test_parts_arrive_in_order_and_the_first_replies(server: FakeTelegram, desk: Desk) -> None:
    """A long answer is a reply once, not with every part."""
    ana = server.person()
    question = await ana.says("hi")
    parts = plain("a" * 4096 + "b")
    assert await desk.sender.send(Place(ana.id, None, question["message_id"]), parts) is Outcome.SENT
    heard = [await ana.hears(), await ana.hears()]
    assert [message.text[-1] for message in heard] == ["a", "b"]
    assert [message.reply_to for message in heard] == [question["message_id"], None]


async def test_a_question_deleted_meanwhile_is_answered_all_the_same(server: FakeTelegram, desk: Desk) -> None:
    """When the message to reply to is gone, the answer still comes."""
    ana = server.person()
    assert await desk.sender.send(Place(ana.id, None, 999), (BOLD,)) is Outcome.SENT
    assert (await ana.hears()).reply_to is None


@pytest.mark.parametrize(
    "words", ["bot was blocked by the user", "user is deactivated", "bot was kicked from the group chat"]
)
async def test_who_takes_no_messages_is_forgotten(server: FakeTelegram, line: StubLine, desk: Desk, words: str) -> None:
    """A 403 deletes what is kept about the chat, and the rest of the answer is not tried."""
    ana = server.person()
    ana.chat.refuses = words
    assert await desk.sender.send(Place(ana.id), (BOLD, BOLD)) is Outcome.GONE
    assert line.forgotten == [str(ana.id)]
    assert len(server.called("sendMessage")) == 1


@pytest.mark.parametrize(
    "words",
    [
        'Bad Request: can\'t parse entities: Unsupported start tag "b" at byte offset 0',
        "Bad Request: entity begins after the end of the text at UTF-16 offset 100",
        "Bad Request: ENTITY_BOUNDS_INVALID",
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: reply markup is too long",
    ],
)
async def test_refused_decoration_does_not_cost_the_words(server: FakeTelegram, desk: Desk, words: str) -> None:
    """When entities or buttons are refused, the same words are sent once more, plain."""
    ana = server.person()
    fault = server.fails("sendMessage", code=400, description=words)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.SENT
    reply = await ana.hears()
    assert (reply.text, reply.styled("bold"), reply.buttons) == ("words", [], {})
    assert fault.met == 1


async def test_plain_is_tried_once(server: FakeTelegram, desk: Desk) -> None:
    """A message that is refused plain too is given up, not sent for ever."""
    ana = server.person()
    server.fails("sendMessage", code=400, description="Bad Request: can't parse entities: no", times=9)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.REFUSED
    assert len(server.called("sendMessage")) == 2


async def test_other_refusals_are_logged_without_text_and_token(server: FakeTelegram, desk: Desk) -> None:
    """What went wrong can be read in the log; what was written, to whom, and the token cannot."""
    with capture_logs() as logs:
        assert await desk.sender.send(Place(987654), (Part("my secret words"),)) is Outcome.REFUSED
    (entry,) = logs
    assert entry["error"] == "BadRequest: Chat not found"
    assert not any(hidden in str(entry) for hidden in ("secret", "987654", server.token))


async def test_an_unchanged_edit_is_no_failure(server: FakeTelegram, desk: Desk) -> None:
    """'Message is not modified' means that all is as it should be."""
    ana = server.person()
    server.fails(
        "sendMessage", code=400, description="Bad Request: message is not modified: specified new message content"
    )
    with capture_logs() as logs:
        assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.SENT
    assert logs == []


async def test_a_moved_group_is_followed(server: FakeTelegram, line: StubLine, desk: Desk) -> None:
    """An answer on its way when its group moves arrives in the new one, every part of it."""
    group = server.group(kind="group", topics=(7,))
    new = group.moves()
    assert await desk.sender.send(Place(group.id, None, 1), plain("a" * 4096 + "b")) is Outcome.SENT
    assert [(await new.hears()).text[-1] for _ in range(2)] == ["a", "b"]
    assert line.moves == [(str(group.id), str(new.id))]
    assert len(server.called("sendMessage")) == 3


async def test_a_flood_limit_is_waited_out(server: FakeTelegram, desk: Desk) -> None:
    """429 is obeyed to the second, then the message is sent."""
    ana = server.person()
    server.fails("sendMessage", retry_after=17)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.SENT
    assert desk.waits == [17]
    assert (await ana.hears()).text == "words"


@pytest.mark.parametrize("seconds", [100, 3600])
async def test_waiting_has_an_end(server: FakeTelegram, desk: Desk, seconds: int) -> None:
    """Neither an endless series of 429 nor one of an hour keeps a chat's later messages waiting for ever."""
    ana = server.person()
    server.fails("sendMessage", retry_after=seconds, times=99)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.REFUSED
    assert sum(desk.waits) <= LONGEST_WAIT_SECONDS


LOST: list[dict[str, Any]] = [
    {"drop": True, "done": True},
    {"latency": 5.0, "done": True, "code": 500},
    {"garbage": True, "done": True, "code": 200},
]
"""Telegram did it, and nobody heard."""


@pytest.mark.parametrize("how", LOST)
async def test_a_message_whose_answer_was_lost_is_repeated_once(
    server: FakeTelegram, desk: Desk, how: dict[str, Any]
) -> None:
    """After a lost answer the message is sent again when Telegram is well: it is there once or twice, not never."""
    ana = server.person()
    server.fails("sendMessage", **how)
    server.fails("getMe", code=502)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.SENT
    assert len(server.called("sendMessage")) == 2
    assert len(desk.waits) == 2  # before the repeat Telegram was asked until it was well


@pytest.mark.parametrize(("urgent", "calls"), [(False, 2), (True, 4)])
async def test_lost_answers_do_not_make_a_message_come_again_and_again(
    server: FakeTelegram, desk: Desk, *, urgent: bool, calls: int
) -> None:
    """When the answer is lost every time, the message comes twice, a crisis card up to four times, and not more."""
    ana = server.person()
    server.fails("sendMessage", drop=True, done=True, times=99)
    assert await desk.sender.send(Place(ana.id), (BOLD,), urgent=urgent) is Outcome.UNSURE
    assert len(ana.sent) == calls


@pytest.mark.parametrize("code", [500, 502, 503])
async def test_server_trouble_is_waited_out(server: FakeTelegram, desk: Desk, code: int) -> None:
    """5xx is met with longer and longer pauses, and has an end."""
    ana = server.person()
    server.fails("sendMessage", code=code, times=MOST_SERVER_TROUBLES)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.SENT
    assert desk.waits[0] < desk.waits[2] < desk.waits[4]
    server.fails("sendMessage", code=code, times=99)
    assert await desk.sender.send(Place(ana.id), (BOLD,)) is Outcome.UNSURE
    assert len(ana.sent) == 1


async def test_what_certainly_did_not_arrive_is_sent_until_it_does(
    server: FakeTelegram, line: StubLine, desk: Desk
) -> None:
    """While no connection can be made nothing is lost and nothing is in doubt: the message waits."""
    ana = server.person()
    await server.goes_down()
    waits: list[float] = []

    async def back_at_last(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 20:
            await server.comes_back()

    sender = Sender(desk.sender._bot, line, back_at_last)
    assert await sender.send(Place(ana.id), (BOLD,)) is Outcome.SENT
    assert len(ana.sent) == 1
    assert len(waits) == 20


async def test_a_tap_that_cannot_be_acknowledged_is_no_obstacle(server: FakeTelegram, desk: Desk) -> None:
    """An old query is passed over without a word; other failures are logged; none is raised."""
    with capture_logs() as logs:
        await desk.sender.acknowledge("1")
        server.fails("answerCallbackQuery", code=502)
        await desk.sender.acknowledge("1")
    assert [entry["error"] for entry in logs] == ["ServerTroubleError: Bad Gateway"]
