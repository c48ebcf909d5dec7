from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Update
from telegram.error import TelegramError, TimedOut

from bot.channels.telegram.lanes import ChatLanes
from bot.channels.telegram.polling import Fetcher, Poller
from bot.channels.telegram.recent import Recent
from bot.channels.telegram.transport import AiohttpTransport, NotSentError
from bot.channels.telegram.trouble import Trouble
from tests.channels.telegram.stub_line import until

if TYPE_CHECKING:
    from tests.fake_telegram import FakeTelegram


def in_chat(number: int) -> Update:
    """Return an update of a chat."""
    content = {"message_id": 1, "date": 1, "chat": {"id": number, "type": "private"}}
    return Update.de_json({"update_id": 1, "message": content}, None)


async def test_lanes_keep_order_and_leave_nothing_behind() -> None:
    """A chat's work is done in turn, another chat's in between, and an empty lane is thrown away."""
    lanes, done, gate = ChatLanes(), [], asyncio.Event()

    async def work(name: str, wait: asyncio.Event | None = None) -> None:
        if wait is not None:
            await wait.wait()
        done.append(name)

    tasks = [
        asyncio.create_task(lanes.process_update(in_chat(1), work("a1", gate))),
        asyncio.create_task(lanes.process_update(in_chat(1), work("a2"))),
        asyncio.create_task(lanes.process_update(in_chat(2), work("b1"))),
    ]
    await tasks[2]
    assert done == ["b1"]
    gate.set()
    await asyncio.gather(*tasks)
    assert done == ["b1", "a1", "a2"]
    assert lanes._lanes == {}


async def test_work_that_never_had_its_turn_is_closed() -> None:
    """Cancelling at a stop leaves no coroutine that was never awaited (pytest would fail on its warning)."""
    lanes, gate = ChatLanes(), asyncio.Event()

    async def wait() -> None:
        await gate.wait()

    tasks = [asyncio.create_task(lanes.process_update(in_chat(1), wait())) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 3
    assert lanes._lanes == {}


def test_recent_forgets_in_time() -> None:
    """A key is new once, is known for the time given, and is new again afterwards."""
    now = [0.0]
    recent = Recent(2.0, lambda: now[0])
    assert [recent.first("a"), recent.first("a"), recent.first("b")] == [True, False, True]
    now[0] = 2.5
    assert recent.first("a")
    assert len(recent._seen) == 1


async def test_one_connection_serves_many_calls(server: FakeTelegram) -> None:
    """Calls one after the other share a connection: no new handshake for every answer."""
    async with AiohttpTransport() as transport:
        for _ in range(3):
            await transport.post(f"{server.url}/bot{server.token}/getMe")
        assert transport._session is not None
        assert transport._session.connector is not None
        assert len(transport._session.connector._conns) == 1
        assert sum(map(len, transport._session.connector._conns.values())) == 1


async def test_the_transport_says_what_is_certain(server: FakeTelegram) -> None:
    """No connection is told apart from no answer, and neither names the address with the token in it."""
    url = f"{server.url}/bot{server.token}/getMe"
    async with AiohttpTransport(read_timeout=0.5, connect_timeout=0.5) as transport:
        server.fails("getMe", latency=2)
        with pytest.raises(TimedOut) as late:
            await transport.post(url)
        server.fails("getMe", garbage=True, code=200)
        with pytest.raises(TelegramError, match="not of the Bot API's form") as odd:
            await transport.post(url)
        await server.goes_down()
        with pytest.raises(NotSentError) as refused:
            await transport.post(url)
    errors = [late.value, odd.value, refused.value]
    assert not any(server.token in f"{error!r} {error.__cause__!r}" for error in errors)


async def test_a_transport_opens_again_after_closing(server: FakeTelegram) -> None:
    """Stop and start in one process work; before the start a call is a mistake that says so."""
    transport = AiohttpTransport()
    url = f"{server.url}/bot{server.token}/getMe"
    with pytest.raises(TelegramError, match="not initialised"):
        await transport.post(url)
    for _ in range(2):
        async with transport:
            assert await transport.post(url)


async def test_pauses_grow_and_start_over() -> None:
    """Each failure in a row waits longer, up to a limit; after a success the first pause is short again."""
    trouble, stopping = Trouble(0.001), asyncio.create_task(asyncio.Event().wait())
    for _ in range(3):
        await trouble.wait("words", stopping)
    assert trouble._next == pytest.approx(0.001 * 1.5**3)
    trouble.over()
    assert trouble._next == 0.001
    stopping.cancel()


async def test_updates_not_worked_off_are_not_confirmed() -> None:
    """What a stop cuts off is confirmed only up to the first update that was not done."""
    asked: list[int] = []

    class Source(Fetcher):
        async def fetch(self, offset: int, *, wait: float | None = None, limit: int = 100) -> list[Any]:  # noqa: ARG002
            asked.append(offset)
            if offset == 0:
                return [{"update_id": number} for number in (5, 6, 7)]
            if wait != 0:
                await asyncio.Event().wait()
            return []

    async def take(update: dict[str, Any]) -> None:
        if update["update_id"] == 6:
            await asyncio.Event().wait()

    stop = asyncio.Event()
    poller = Poller(Source(AiohttpTransport(), ""), take, Trouble())
    running = asyncio.create_task(poller.run(stop))
    await until(lambda: len(asked) == 2)
    stop.set()
    await running
    await poller.drain(0.01)
    assert asked == [0, 8, 6]
