from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from telegram.error import TelegramError, TimedOut

from bot.channels.limits import Limit
from bot.channels.telegram.pacing import Pacer
from bot.channels.telegram.polling import Fetcher, Poller
from bot.channels.telegram.recent import Recent
from bot.channels.telegram.transport import AiohttpTransport, NotSentError
from bot.channels.telegram.trouble import Trouble
from bot.errors import StoreError
from tests.channels.telegram.stub_line import until

if TYPE_CHECKING:
    from tests.fake_telegram import FakeTelegram


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


class _Source(Fetcher):
    """Gives three updates, then nothing; notes the offsets."""

    def __init__(self) -> None:
        super().__init__(AiohttpTransport(), "")
        self.asked: list[int] = []
        self.rebuilt = 0

    async def fetch(self, offset: int) -> list[Any]:
        self.asked.append(offset)
        if offset == 0:
            return [{"update_id": number} for number in (5, 6, 7)]
        await asyncio.Event().wait()
        return []

    async def rebuild(self) -> None:
        self.rebuilt += 1


async def test_what_the_inbox_does_not_have_is_not_confirmed() -> None:
    """While updates cannot be written down, the offset stays, so that Telegram keeps them."""
    source, failures = _Source(), [StoreError("no room"), StoreError("no room")]
    kept: list[Any] = []

    async def take(updates: list[Any]) -> None:
        if failures:
            raise failures.pop()
        kept.extend(updates)

    stop = asyncio.Event()
    running = asyncio.create_task(Poller(source, take, Trouble(0.001)).run(stop))
    await until(lambda: len(source.asked) == 4)
    stop.set()
    await running
    assert source.asked == [0, 0, 0, 8]
    assert len(kept) == 3


async def test_only_one_process_polls() -> None:
    """While another process has the turn nothing is fetched, and that counts as well."""
    source, mine = _Source(), [False]
    stop = asyncio.Event()

    async def take(_updates: list[Any]) -> None: ...

    poller = Poller(source, take, Trouble(0.001), lambda: mine[0], turn_seconds=0.001)
    running = asyncio.create_task(poller.run(stop))
    await asyncio.sleep(0.05)
    assert source.asked == []
    assert poller.silent_for < 0.05
    mine[0] = True
    await until(lambda: source.asked)
    stop.set()
    await running


async def test_a_silent_connection_is_made_anew() -> None:
    """When no poll has gone well for the watchdog's time, connections are made anew, again and again."""

    class Stuck(_Source):
        async def fetch(self, offset: int) -> list[Any]:
            self.asked.append(offset)
            raise TimedOut

    source, stop = Stuck(), asyncio.Event()

    async def take(_updates: list[Any]) -> None: ...

    poller = Poller(source, take, Trouble(0.001), watchdog=0.02)
    running = asyncio.create_task(poller.run(stop))
    await until(lambda: source.rebuilt >= 2)
    stop.set()
    await running
    assert poller.silent_for > 0.02


async def test_a_rebuilt_transport_works(server: FakeTelegram) -> None:
    """After making connections anew calls go through, also those that begin meanwhile."""
    url = f"{server.url}/bot{server.token}/getMe"
    async with AiohttpTransport() as transport:
        await transport.post(url)
        await asyncio.gather(transport.rebuild(), transport.post(url))
        assert await transport.post(url)


async def test_pacing_lets_short_bursts_through() -> None:
    """A chat may be written to a few times at once and then once a second; another chat has a bucket of its own."""
    now, waits = [0.0], []

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds, 3))

    pacer = Pacer(sleep, lambda: now[0])
    for _ in range(7):
        await pacer.wait(1)
    assert waits == [1.0, 2.0]  # each waits in turn; the clock stands still here
    await pacer.wait(2)
    await pacer.wait(1, urgent=True)
    assert waits == [1.0, 2.0]
    now[0] = 60.0
    await pacer.wait(1)
    assert waits == [1.0, 2.0]


async def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    """However many answers a group is owed, no minute sees more than twenty of them."""
    now, sent = [0.0], []

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    pacer = Pacer(sleep, lambda: now[0])
    for _ in range(100):
        await pacer.wait(-5)
        sent.append(now[0])
    assert max(sum(begin <= at < begin + 60 for at in sent) for begin in sent) <= 20


def test_limits_fill_again_and_say_so_once() -> None:
    """What is over a limit is refused, said once, and allowed again after a while; other keys are not touched."""
    now = [0.0]
    limit = Limit(2, 10.0, lambda: now[0])
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert [limit.first_over("a"), limit.first_over("a")] == [True, False]
    assert limit.allows("b")
    now[0] = 5.0
    assert limit.allows("a")
    assert not limit.allows("a")
    assert limit.first_over("a")
