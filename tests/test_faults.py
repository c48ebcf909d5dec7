"""Bad nights: real processes against the fake Telegram. Benchmarks/reliability does the same for hours."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.channels.telegram.stub_line import StubLine, running
from tests.databases import fresh_postgres, fresh_sqlite
from tests.fake_telegram import FakeTelegram, Person
from tests.processes import stub_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

AT_ONCE = 8
PATIENCE = 90.0


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        yield await fresh_sqlite(tmp_path)
    else:
        async with fresh_postgres(migrated=True) as address:
            yield address


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    """Return a fake Telegram that listens."""
    async with FakeTelegram() as fake:
        yield fake


async def _ask(people: list[Person], each: int) -> list[str]:
    """Let everybody say so many things, in turn; return the answers that must come, of one person."""
    words = [f"question {number}" for number in range(each)]
    for text in words:
        for person in people:
            await person.says(text)
    return [f"<{text}>" for text in words]


async def _all_answered(server: FakeTelegram, people: list[Person], expected: list[str]) -> int:
    """Wait until everybody has every answer; check the order; return how many came more than once."""
    async with asyncio.timeout(PATIENCE):
        while any(len({one.text for one in person.sent}) < len(expected) for person in people):
            await server.world.bell.wait(PATIENCE)
    repeated = 0
    for person in people:
        texts = [one.text for one in person.sent]
        assert list(dict.fromkeys(texts)) == expected
        repeated += sum(count - 1 for count in Counter(texts).values())
    return repeated


async def _until_sent(server: FakeTelegram, count: int) -> None:
    await server.until_called("sendMessage", count, PATIENCE)


async def test_killed_at_any_moment(server: FakeTelegram, database: str) -> None:
    """After kill -9, again and again, everybody has every answer in order; repeated is only what was in flight."""
    people = [server.person() for _ in range(20)]
    expected = await _ask(people, 5)
    server.fails("sendMessage", latency=0.02, times=10_000)
    for kill in range(1, 4):
        async with stub_process(server, database, AT_ONCE=str(AT_ONCE)) as process:
            await _until_sent(server, 15 * kill)
            process.kill()
            await process.ended()
    if database.startswith("postgres"):
        await _lapse(database)
    async with stub_process(server, database, AT_ONCE=str(AT_ONCE)):
        repeated = await _all_answered(server, people, expected)
    assert repeated <= 3 * AT_ONCE


async def _lapse(database: str) -> None:
    """Let leases of processes that are gone end now rather than after their fifteen seconds."""
    from tests.databases import connected  # noqa: PLC0415

    connection = await connected(database.rpartition("/")[2])
    await connection.execute("update lanes set until = 0")
    await connection.execute("delete from leases")
    await connection.close()


async def test_told_to_stop_many_times(server: FakeTelegram, database: str) -> None:
    """SIGTERM, however often, ends the process well and soon; what was not in hand is answered by the next, once."""
    people = [server.person() for _ in range(40)]
    expected = await _ask(people, 5)
    server.fails("sendMessage", latency=0.05, times=10_000)
    async with stub_process(server, database, AT_ONCE=str(AT_ONCE)) as process:
        await _until_sent(server, 20)
        for _ in range(3):
            process.terminate()
            await asyncio.sleep(0.05)
        assert await process.ended() == 0
    assert len(server.called("sendMessage")) < 200
    async with stub_process(server, database):
        assert await _all_answered(server, people, expected) == 0
    assert '"level": "error"' not in process.said


async def test_two_copies_during_a_deploy(server: FakeTelegram, database: str) -> None:
    """A second copy waits quietly for its turn and takes over when the first one stops; nothing is lost or repeated."""
    people = [server.person() for _ in range(10)]
    async with stub_process(server, database) as first, stub_process(server, database) as second:
        expected = await _ask(people, 3)
        await _all_answered(server, people, expected)
        first.terminate()
        assert await first.ended() == 0
        more = [f"later {number}" for number in range(2)]
        for text in more:
            for person in people:
                await person.says(text)
        assert await _all_answered(server, people, [*expected, *(f"<{text}>" for text in more)]) == 0
        second.terminate()
        assert await second.ended() == 0
    for process in (first, second):
        assert process.said.count("another process polls") <= 1
        assert "Traceback" not in process.said


async def test_three_processes_and_one_is_killed(server: FakeTelegram) -> None:
    """On PostgreSQL three processes share the work; one is killed, its chats are taken over, in order."""
    people = [server.person() for _ in range(30)]
    server.fails("sendMessage", latency=0.02, times=10_000)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(fresh_postgres(migrated=True))
        processes = [
            await stack.enter_async_context(stub_process(server, database, AT_ONCE=str(AT_ONCE))) for _ in range(3)
        ]
        expected = await _ask(people, 6)
        await _until_sent(server, 60)
        processes[0].kill()
        await processes[0].ended()
        assert await _all_answered(server, people, expected) <= AT_ONCE


async def test_a_stormy_night(server: FakeTelegram) -> None:
    """429s, 5xx, resets, garbage, slow answers and lost ones together: everybody is answered, hardly any twice."""
    people = [server.person() for _ in range(25)]
    lost = 0
    async with running(server, StubLine()):
        for number, person in enumerate(people):
            kinds: tuple[dict[str, Any], ...] = (
                {"retry_after": 1},
                {"code": 502},
                {"drop": True},
                {"garbage": True},
                {"latency": 0.3},
                {"drop": True, "done": True},
            )
            server.fails("sendMessage", chat=person.id, **kinds[number % len(kinds)])
            lost += number % len(kinds) == 5
            if number % 7 == 0:
                server.fails("getUpdates", code=502)
        expected = await _ask(people, 3)
        repeated = await _all_answered(server, people, expected)
    assert repeated == lost


async def test_telegram_is_gone_for_a_while(server: FakeTelegram) -> None:
    """What people write during an outage, and what was being answered when it began, is answered after it, once."""
    people = [server.person() for _ in range(10)]
    async with running(server, StubLine()):
        expected = await _ask(people, 2)
        await _until_sent(server, 3)
        await server.goes_down()
        await asyncio.sleep(0.3)
        await server.comes_back()
        assert await _all_answered(server, people, expected) <= 10
