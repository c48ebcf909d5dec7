from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.store.inbox import Arrival, Inbox
from bot.store.store import Store
from bot.store.tables import inbox as table
from bot.store.tables import lanes, set_aside

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

BOT = 7


@pytest.fixture
def inbox(store: Store) -> Inbox:
    """Return the inbox of one bot."""
    return store.inbox(BOT)


@pytest.fixture
async def other(url: str) -> AsyncIterator[Inbox]:
    """Return the same inbox, in another process."""
    async with Store(url) as opened:
        yield opened.inbox(BOT)


def _arrivals(*pairs: tuple[int, str]) -> list[Arrival]:
    return [Arrival(number, chat, f'{{"n": {number}}}') for number, chat in pairs]


async def _rows(store: Store, of: sa.Table) -> int:
    async with store.database.reading() as connection:
        return int(await connection.scalar(sa.select(sa.func.count()).select_from(of)) or 0)


async def test_in_order_within_a_chat(inbox: Inbox) -> None:
    """A lane holds its chat's updates by number, however they arrived; a chat is handed out once."""
    await inbox.add(_arrivals((5, "a"), (3, "a"), (4, "b")))
    claimed = {lane.chat: [one.number for one in lane.updates] for lane in await inbox.claim(9)}
    assert claimed == {"a": [3, 5], "b": [4]}
    assert await inbox.claim(9) == []


async def test_repeats_are_dropped(inbox: Inbox) -> None:
    """An update that was seen before is not taken over again, answered or not."""
    assert await inbox.add(_arrivals((1, "a"), (2, "a"))) == 2
    assert await inbox.add(_arrivals((2, "a"), (3, "a"))) == 1
    (lane,) = await inbox.claim(9)
    await inbox.done("a", 1, {}, release=True)
    assert await inbox.add(_arrivals((1, "a"))) == 0
    assert [one.number for one in lane.updates] == [1, 2, 3]


async def test_numbers_are_each_bots_own(store: Store, inbox: Inbox) -> None:
    """Two bots on one database do not drop or answer each other's updates."""
    other_bot = store.inbox(8)
    await inbox.add(_arrivals((1, "a")))
    assert await other_bot.add(_arrivals((1, "b"))) == 1
    assert [lane.chat for lane in await other_bot.claim(9)] == ["b"]


async def test_an_answered_update_is_gone(store: Store, inbox: Inbox) -> None:
    """With the last answer the updates, their words and the lane are deleted, and the talk is kept, all at once."""
    await inbox.add(_arrivals((1, "a"), (2, "a")))
    await inbox.claim(9)
    who = store.conversations.who("telegram", "x")
    await inbox.done("a", 1, {}, release=False)
    await inbox.done("a", 2, {who: ("state", 1.0)}, release=True)
    assert [await _rows(store, one) for one in (table, lanes)] == [0, 0]
    assert await store.conversations.get("telegram", "x") == "state"


async def test_what_came_meanwhile_is_not_left(inbox: Inbox) -> None:
    """A chat that wrote again while it was worked on is handed out again after it was given back."""
    await inbox.add(_arrivals((1, "a")))
    await inbox.claim(9)
    await inbox.add(_arrivals((2, "a")))
    assert await inbox.claim(9) == []
    await inbox.done("a", 1, {}, release=True)
    assert [one.number for lane in await inbox.claim(9) for one in lane.updates] == [2]


async def test_a_failed_update_waits(store: Store, inbox: Inbox) -> None:
    """A failure is counted and holds up its own chat for a while, no other."""
    await inbox.add(_arrivals((1, "a"), (2, "b")))
    await inbox.claim(9)
    await inbox.postpone("a", 1, 60.0)
    await inbox.add(_arrivals((3, "a"), (4, "c")))
    assert [lane.chat for lane in await inbox.claim(9)] == ["c"]
    async with store.database.writing() as connection:
        await connection.execute(sa.update(lanes).values(due=1.0))
    ((first, second),) = [lane.updates for lane in await inbox.claim(9)]
    assert (first.number, first.tries, second.tries) == (1, 1, 0)


async def test_set_aside_without_words(store: Store, inbox: Inbox) -> None:
    """Of what is given up stays its number and the kind of fault, for thirty days."""
    await inbox.add([Arrival(1, "a", '{"text": "marker"}')])
    await inbox.claim(9)
    await inbox.put_aside("a", 1, "KeyError at x.py:1", release=True)
    async with store.database.reading() as connection:
        (row,) = await connection.execute(sa.select(set_aside))
    assert (row.number, row.error) == (1, "KeyError at x.py:1")
    assert await inbox.depth() == (0, 1)
    await store.purge(row.at + 31 * 86_400)
    assert await inbox.depth() == (0, 0)


async def _lapses(store: Store, until: float) -> None:
    async with store.database.writing() as connection:
        await connection.execute(sa.update(lanes).values(until=until))


async def test_a_dead_process_is_taken_over(store: Store, inbox: Inbox, other: Inbox) -> None:
    """While a process shows life its chats are its own; when its lease lapses another goes on."""
    await inbox.add(_arrivals((1, "a")))
    await inbox.claim(9)
    async with store.database.reading() as connection:
        before = await connection.scalar(sa.select(lanes.c.until))
    await inbox.renew()
    async with store.database.reading() as connection:
        assert (await connection.scalar(sa.select(lanes.c.until)) or 0) > (before or 0)
    assert await other.claim(9) == []
    await _lapses(store, 1.0)
    assert [lane.chat for lane in await other.claim(9)] == ["a"]
    await inbox.release(["a"])  # the first one, late: not its own any more
    assert await inbox.claim(9) == []


async def test_two_processes_share_the_work(inbox: Inbox, other: Inbox) -> None:
    """However many claim at once, each chat goes to one, and none is left over."""
    await inbox.add(_arrivals(*((number, f"chat{number % 50}") for number in range(200))))
    claims = await asyncio.gather(*(one.claim(5) for one in [inbox, other] * 5))
    chats = [lane.chat for claim in claims for lane in claim]
    assert len(chats) == len(set(chats))
    rest = await inbox.claim(50)
    assert len(set(chats)) + len(rest) == 50


async def test_adding_and_finishing_race(inbox: Inbox, other: Inbox) -> None:
    """An update that arrives while its chat's lane is being closed is never left without a lane."""
    numbers = iter(range(1, 1000))
    answered: list[int] = []

    async def fill() -> None:
        for _ in range(40):
            await other.add(_arrivals((next(numbers), "a")))

    async def work() -> None:
        while len(answered) < 40:
            for lane in await inbox.claim(9):
                for one in lane.updates:
                    await inbox.done("a", one.number, {}, release=one is lane.updates[-1])
                    answered.append(one.number)

    async with asyncio.timeout(30):
        await asyncio.gather(fill(), work())
    assert answered == list(range(1, 41))


async def test_a_lease_is_held_by_one(store: Store, url: str) -> None:
    """What only one process does is done by one, and by the next when it is given back."""
    async with Store(url) as second:
        assert await store.lease("poll").take()
        assert await store.lease("poll").take()
        assert not await second.lease("poll").take()
        await store.lease("poll").give_back()
        assert await second.lease("poll").take()


async def test_what_waited_too_long_is_deleted(store: Store, inbox: Inbox) -> None:
    """No message is kept for longer than two days, even if it never could be answered."""
    await inbox.add(_arrivals((1, "a")))
    async with store.database.reading() as connection:
        at = float(await connection.scalar(sa.select(table.c.at)) or 0)
    assert await store.purge(at + 1) == {}
    assert await store.purge(at + 3 * 86_400) == {"updates too late to answer": 1}
    assert await _rows(store, table) == 0


async def test_a_restart_need_not_wait(url: str) -> None:
    """Killed and started again on the same file, the line goes on at once: nobody else can hold its leases."""
    if not url.startswith("sqlite"):
        return  # processes on PostgreSQL may run beside each other
    async with Store(url) as store:
        await store.inbox(BOT).add(_arrivals((1, "a")))
        await store.inbox(BOT).claim(9)
        assert await store.lease("poll").take()
    async with Store(url) as store:
        assert len(await store.inbox(BOT).claim(9)) == 1
        assert await store.lease("poll").take()


async def test_the_store_says_whether_it_can_be_written(store: Store) -> None:
    """Readiness is found out by writing."""
    assert await store.writable()
