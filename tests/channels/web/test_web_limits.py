"""The web chat against those who mean it no good."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.channels.web import build_app, serve
from bot.channels.web import server as module
from bot.channels.web.asked import new_session
from bot.channels.web.doorkeeper import ADDRESS_A_MINUTE, ADDRESS_AT_ONCE, ALL_AT_ONCE, SESSION_A_MINUTE, Doorkeeper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.channels.web.conftest import Client, StubLine

SESSION = "s" * 32


async def test_one_chat_has_a_limit_and_a_crisis_none(client: Client) -> None:
    """Beyond thirty questions a minute a chat hears 429 with the doors to help; words about a crisis are answered."""
    statuses = [
        (await client.post("/api/reply", json={"session": SESSION, "text": "hello"})).status
        for _ in range(SESSION_A_MINUTE + 1)
    ]
    assert statuses == [200] * SESSION_A_MINUTE + [429]
    refused = await client.post("/api/reply", json={"session": SESSION, "text": "hello"})
    assert refused.headers["Retry-After"] == "20"
    assert "988" in await refused.text()
    crisis = await client.post("/api/reply", json={"session": SESSION, "text": "crisis"})
    assert (crisis.status, (await crisis.json())["kind"]) == (200, "crisis")
    assert (await client.post("/api/reply", json={"session": "o" * 32, "text": "hello"})).status == 200


async def test_forgetting_is_never_refused(client: Client, line: StubLine) -> None:
    """Who wants to be forgotten is forgotten, however much they asked before."""
    for _ in range(SESSION_A_MINUTE + 2):
        await client.post("/api/reply", json={"session": SESSION, "text": "hello"})
    assert (await client.post("/", data={"session": SESSION, "forget": "1"})).status == 200
    assert (await client.post("/api/forget", json={"session": SESSION})).status == 200
    assert line.forgot == [("web", SESSION)] * 2


def _still() -> float:
    """Return a time that does not pass."""
    return 0.0


def _from(remote: str, **headers: str) -> web.Request:
    request = make_mocked_request(
        "GET", "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return request.clone(remote=remote)


def test_one_address_has_a_limit() -> None:
    """One address may ask so much within a minute, whatever chats it invents; another is not touched."""
    door = Doorkeeper(clock=_still)
    allowed = [door.allows(_from("9.9.9.9"), new_session()) for _ in range(ADDRESS_A_MINUTE + 1)]
    assert allowed.count(True) == ADDRESS_A_MINUTE
    assert door.allows(_from("9.9.9.8"), new_session())


def test_behind_a_router_nobody_is_counted_as_one() -> None:
    """Where a router stands before the line all addresses look like its own: they are not counted together."""
    door = Doorkeeper(clock=_still)
    assert all(door.allows(_from("10.1.2.3"), new_session()) for _ in range(ADDRESS_A_MINUTE * 2))


def test_a_trusted_router_names_the_address() -> None:
    """With TRUST_PROXY the last address named counts; what a browser puts before it does not help."""
    door = Doorkeeper(trust_proxy=True, clock=_still)
    for number in range(ADDRESS_A_MINUTE):
        assert door.allows(_from("10.0.0.1", X_Forwarded_For=f"1.1.1.{number}, 9.9.9.9"))
    assert not door.allows(_from("10.0.0.1", X_Forwarded_For="8.8.8.8, 9.9.9.9"))
    assert door.allows(_from("10.0.0.1", X_Forwarded_For="9.9.9.9, 8.8.8.8"))


def test_a_second_header_does_not_help() -> None:
    """A header that a browser sends itself comes before the router's own, and is not the one that counts."""
    door = Doorkeeper(trust_proxy=True, clock=_still)
    headers = CIMultiDict([("X-Forwarded-For", "8.8.8.8"), ("X-Forwarded-For", "9.9.9.9")])
    assert door._address(make_mocked_request("GET", "/", headers=headers)) == "9.9.9.9"


def test_only_so_many_at_once() -> None:
    """Requests under way are counted, of one address and of all, and are counted out again."""
    door = Doorkeeper(clock=_still)
    for most, remote in ((ADDRESS_AT_ONCE, "9.9.9.9"), (ALL_AT_ONCE, "10.0.0.1")):
        inside = [door.inside(_from(remote)) for _ in range(most)]
        for one in inside:
            one.__enter__()
        with pytest.raises(web.HTTPServiceUnavailable), door.inside(_from(remote)):
            pass
        for one in inside:
            one.__exit__(None, None, None)
    with door.inside(_from("9.9.9.9")):
        pass
    assert door._inside == {}


@pytest.fixture
async def port(line: StubLine) -> AsyncIterator[int]:
    """Return the port of a server that runs as in earnest."""
    runner = await serve(build_app(line), "127.0.0.1", 0)
    yield int(runner.addresses[0][1])
    await runner.cleanup()


async def _talk(port: int, *sent: bytes, pause: float = 0.0) -> bytes:
    """Send bytes as they are, and return what comes back until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in sent:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: 1\r\n" % number for number in range(500)) + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"POST /api/reply HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nmarker-in-a-bad-header\r\n\r\n",
    ],
    ids=["header", "line", "many", "tls", "smuggling", "malformed"],
)
async def test_odd_heads_are_refused_and_quoted_nowhere(
    port: int, head: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """Oversized and malformed heads get 4xx or a closed door, and leave nothing in the logs; the line lives on."""
    said = await _talk(port, head + b"Connection: close\r\n\r\n")
    assert said == b"" or b" 4" in said.split(b"\r\n")[0]
    alive = await _talk(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"200 OK" in alive
    assert "marker" not in "".join(capfd.readouterr())


async def test_a_client_that_says_nothing_is_let_go(line: StubLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection and sends half a head, or nothing, loses it; others are served meanwhile."""
    monkeypatch.setattr(module, "KEEP_ALIVE_SECONDS", 0.3)
    runner = await serve(build_app(line), "127.0.0.1", 0)
    port = int(runner.addresses[0][1])
    slow = [
        asyncio.create_task(_talk(port, b"GET / HTTP/1.1\r\nHost: x\r\nX: " if number % 2 else b""))
        for number in range(20)
    ]
    assert b"200 OK" in await _talk(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert all(b"200" not in said for said in await asyncio.gather(*slow))
    await runner.cleanup()


INJECTIONS = (
    "../../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "{{ 7*7 }}", "{% for x in y %}", "${7*7}", "'; drop table x; --",
    '" onload="alert(1)', "<script>alert(1)</script>", "**bold** [x](javascript:alert(1))", "line\r\nSet-Cookie: a=b",
    "\x1b[31mred", "\x00", "%s%s%n", "\u202etxt",
)  # fmt: skip


@pytest.mark.parametrize("words", INJECTIONS)
async def test_words_stay_words(client: Client, words: str) -> None:
    """Paths, templates, SQL, markup, headers and control codes in a question change nothing on the page."""
    page = await client.post("/", data={"session": SESSION, "text": words, "lang": words})
    text = await page.text()
    assert page.status == 200
    assert "<script>alert" not in text
    assert 'onload="alert' not in text
    assert "root:" not in text
    assert "Set-Cookie" not in page.headers
    assert (await client.get("/static/" + words.replace("\x00", "%00"))).status in {400, 404}
    assert (await client.get("/", params={"lang": words})).status == 200


def test_sessions_cannot_be_guessed() -> None:
    """Session ids are long, of a system's randomness, and never the same."""
    made = {new_session() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(one) for one in made} == {32}


def test_memory_does_not_grow() -> None:
    """Any number of made-up chats leaves ten thousand buckets, no more."""
    door = Doorkeeper(clock=_still)
    for number in range(12_000):
        door._sessions.allows(number)
    assert len(door._sessions._counts) == 10_000
