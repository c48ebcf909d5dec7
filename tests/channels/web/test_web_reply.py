from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.web import build_app, serve
from bot.channels.web.asked import from_form, from_json, new_session
from bot.channels.web.guard import HEADERS, MOST_BYTES
from bot.dialog.pick import Pick, Verb
from bot.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.channels.web.conftest import Client, StubLine

SESSION = "a" * 32


async def test_words_get_an_answer_as_data(client: Client, line: StubLine) -> None:
    """A question comes back as kind, language, blocks and choices, under the same session."""
    response = await client.post("/api/reply", json={"session": SESSION, "text": " how? ", "language": "en"})
    data = await response.json()
    assert response.status == 200
    assert (data["session"], data["kind"], data["language"]) == (SESSION, "answer", "en")
    assert data["blocks"][1]["shape"] == "bullets"
    assert data["blocks"][1]["lines"][0][0] == {"text": "June 6, 2018", "bold": True}
    assert data["choices"][0] == {"label": "Where is she now?", "pick": "a:case-now;case=alice-johnson"}
    heard = line.heard[-1]
    assert (heard.channel, heard.sender, heard.text, heard.language_hint) == ("web", SESSION, "how?", "en")


async def test_a_tap_reaches_the_line_as_a_pick(client: Client, line: StubLine) -> None:
    """The data of a button is read back into the pick it was made of."""
    await client.post("/api/reply", json={"session": SESSION, "pick": "a:case-now;case=alice-johnson"})
    assert line.heard[-1].pick == Pick(Verb.ANSWER, "case-now", {"case": "alice-johnson"})


async def test_numbers_for_help_can_be_tapped(client: Client) -> None:
    """A crisis card arrives with its numbers as links."""
    response = await client.post("/api/reply", json={"text": "crisis"})
    data = await response.json()
    hrefs = [span["href"] for line in data["blocks"][1]["lines"] for span in line if "href" in span]
    assert data["kind"] == "crisis"
    assert hrefs == ["tel:988", "sms:741741", "tel:911"]


@pytest.mark.parametrize("session", ["", "short", "a" * 33, "é" * 32, "../" * 11, SESSION + "\n"])
async def test_a_session_that_is_not_ours_is_replaced(client: Client, line: StubLine, session: str) -> None:
    """A missing or made-up session id is never used: the server gives a new one that nobody can guess."""
    response = await client.post("/api/reply", json={"session": session, "text": "hello"})
    given_session = (await response.json())["session"]
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", given_session)
    assert line.heard[-1].sender == given_session != session


def test_sessions_differ() -> None:
    """No two people get the same session id."""
    assert len({new_session() for _ in range(500)}) == 500


async def test_forget_reaches_the_line_and_gives_a_new_session(client: Client, line: StubLine) -> None:
    """Clearing a chat deletes what is kept of it and starts under another id."""
    response = await client.post("/api/forget", json={"session": SESSION})
    assert line.forgot == [("web", SESSION)]
    assert (await response.json())["session"] != SESSION


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"{}",
        b'{"text": 5}',
        b'{"text": ["a"]}',
        b'{"text": "  "}',
        b'{"text": null, "pick": null}',
        b'{"pick": "no pick"}',
        b'{"pick": "z:menu"}',
        b'{"session": 5, "text": "a"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\xff"}',
        b"[" * 60_000,
        b'{"text": ' + b"9" * 60_000 + b"}",
    ],
)
async def test_a_bad_body_gets_a_plain_sentence(client: Client, line: StubLine, body: bytes) -> None:
    """What is not a request of ours is answered 400 with words and doors, and never reaches the line."""
    response = await client.post("/api/reply", data=body, headers={"Content-Type": "application/json"})
    data = await response.json()
    assert response.status == 400
    assert "could not read" in data["error"]
    assert [door["number"] for door in data["doors"]] == ["911", "988"]
    assert line.heard == []


async def test_an_error_quotes_nothing_of_what_was_written(client: Client) -> None:
    """The words of a bad request do not come back in its error."""
    response = await client.post("/api/reply", json={"text": ["secret words"]})
    assert response.status == 400
    assert "secret" not in await response.text()


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3))
BODIES = st.one_of(
    st.binary(),
    st.dictionaries(st.sampled_from(["session", "text", "pick", "language", "x"]), JSON).map(
        lambda data: json.dumps(data).encode()
    ),
)


@settings(max_examples=300, deadline=None)
@given(BODIES)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    """Whatever comes, reading it gives a request with a session of ours, or a RequestError; nothing else."""
    for read in (from_json, from_form):
        try:
            asked = read(body)
        except RequestError:
            continue
        assert re.fullmatch(r"[A-Za-z0-9_-]{32}", asked.session)
        asked.text.encode()


@pytest.mark.parametrize("path", ["/api/reply", "/api/forget", "/"])
async def test_a_body_over_the_limit_is_refused_with_doors(client: Client, line: StubLine, path: str) -> None:
    """More than 64 KB are answered 413 with 988 and 911, and are not handed to the line."""
    kind = "application/x-www-form-urlencoded" if path == "/" else "application/json"
    response = await client.post(path, data=b"x" * (MOST_BYTES + 1), headers={"Content-Type": kind})
    text = await response.text()
    assert response.status == 413
    assert "988" in text
    assert "911" in text
    assert line.heard == []


async def test_a_long_body_without_a_length_is_refused_too(client: Client, line: StubLine) -> None:
    """The limit also holds for a body that comes in chunks."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b"x" * 1024

    response = await client.post("/api/reply", data=chunks(), headers={"Content-Type": "application/json"})
    assert response.status == 413
    assert line.heard == []


async def test_a_body_just_within_the_limit_is_read(client: Client, line: StubLine) -> None:
    """A body of exactly 64 KB is answered; the line cuts long words kindly itself."""
    body = json.dumps({"text": "a" * (MOST_BYTES - 12)}).encode()
    assert len(body) == MOST_BYTES
    response = await client.post("/api/reply", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 200
    assert len(line.heard[-1].text) == MOST_BYTES - 12


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
async def test_another_content_type_is_refused(client: Client, line: StubLine, kind: str) -> None:
    """Only JSON is read as JSON, so that no form of another site can talk to the line."""
    response = await client.post("/api/reply", data=b'{"text": "hi"}', headers={"Content-Type": kind})
    assert response.status == 415
    assert line.heard == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing"),
        ("GET", "/api/reply"),
        ("PUT", "/"),
        ("DELETE", "/api/forget"),
        ("GET", "/static/"),
        ("GET", "/static/chat.html"),
        ("GET", "/static/../server.py"),
        ("GET", "/static/%2e%2e%2fserver.py"),
        ("GET", "/static/..%5cserver.py"),
        ("POST", "/static/chat.css"),
    ],
)
async def test_a_wrong_address_is_a_kind_404(client: Client, method: str, path: str) -> None:
    """Unknown addresses and methods get 404 with words, and no file of the disk."""
    response = await client.request(method, path)
    text = await response.text()
    assert response.status == 404
    assert "first page" in text
    assert "import" not in text


async def test_a_fault_of_ours_shows_help_and_logs_no_words(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    """If even the line raises, the person sees doors, and the log names the place but not the message."""
    response = await client.post("/api/reply", json={"text": "boom"})
    data = await response.json()
    captured = capfd.readouterr()
    assert response.status == 500
    assert "our side" in data["error"]
    assert data["doors"]
    assert "ValueError" in captured.out + captured.err
    assert "boom" not in captured.out + captured.err


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/healthz"),
        ("GET", "/nothing"),
        ("GET", "/static/chat.js"),
        ("POST", "/api/reply"),
        ("POST", "/api/forget"),
        ("POST", "/"),
    ],
)
async def test_every_response_has_the_security_headers(client: Client, method: str, path: str) -> None:
    """Pages, data, files and refusals carry the same strict headers, and no cookie."""
    response = await client.request(method, path)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert "Set-Cookie" not in response.headers
    assert "Python" not in response.headers["Server"]
    if not path.startswith("/static/"):
        assert response.headers["Cache-Control"] == "no-store"


async def test_health_says_whether_there_is_something_to_answer_from(client: Client, line: StubLine) -> None:
    """`/healthz` says that the process lives, `/readyz` whether it can answer."""
    line.ready = False
    alive = await client.get("/healthz")
    assert (alive.status, await alive.text()) == (200, "ok")
    assert (await client.get("/readyz")).status == 503


async def test_ready_when_there_is_an_answer(client: Client) -> None:
    """`/readyz` names each part and says that it is well."""
    ready = await client.get("/readyz")
    assert (ready.status, await ready.json()) == (200, {"catalog": True})


async def test_files_are_kept_by_the_browser_until_they_change(client: Client) -> None:
    """A file has an ETag; who has this version gets 304; its address on the page may be kept for a year."""
    first = await client.get("/static/chat.css")
    assert first.headers["Cache-Control"] == "no-cache"
    tag = first.headers["ETag"]
    again = await client.get("/static/chat.css", headers={"If-None-Match": tag})
    assert (again.status, await again.read()) == (304, b"")
    other = await client.get("/static/chat.css", headers={"If-None-Match": '"other"'})
    assert other.status == 200
    versioned = await client.get("/static/chat.css", params={"v": tag.strip('"')})
    assert "immutable" in versioned.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("chat.css", "text/css"),
        ("chat.js", "text/javascript"),
        ("mark.svg", "image/svg+xml"),
        ("door.svg", "image/svg+xml"),
    ],
)
async def test_files_are_small_and_of_their_type(client: Client, name: str, kind: str) -> None:
    """Each file of the page is under 12 KB, for old phones on slow nets."""
    response = await client.get(f"/static/{name}")
    assert response.content_type == kind
    assert 0 < len(await response.read()) < 12 * 1024


async def test_serve_listens_where_it_is_told(line: StubLine) -> None:
    """`serve` opens a real port and tells which."""
    runner = await serve(build_app(line), "127.0.0.1", 0)
    try:
        host, port = runner.addresses[0][:2]
        assert host == "127.0.0.1"
        assert port > 0
        with pytest.raises(OSError, match="address already in use"):
            await serve(build_app(line), "127.0.0.1", port)
    finally:
        await runner.cleanup()


async def test_two_apps_do_not_share_anything(line: StubLine) -> None:
    """An app can be built more than once in a process."""
    async with TestClient(TestServer(build_app(line))) as one, TestClient(TestServer(build_app(line))) as other:
        assert (await one.get("/healthz")).status == (await other.get("/healthz")).status == 200
