from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.staff.workbench.conftest import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

PEOPLE = "intents/cases/people.yaml"


class Caller:
    """Our own page, as far as the server can tell."""

    def __init__(self, session: aiohttp.ClientSession, desk: Desk, token: str) -> None:
        """Keep the page's token."""
        self.session, self.desk, self.token = session, desk, token

    async def call(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> tuple[int, Any]:
        """Return the status and the JSON of a request."""
        method = "GET" if body is None else "POST"
        own = {"X-Token": self.token, **headers}
        async with self.session.request(method, f"{self.desk.address}api/{path}", json=body, headers=own) as response:
            return response.status, await response.json()


@pytest_asyncio.fixture(loop_scope="session")
async def caller(desk: Desk) -> AsyncIterator[Caller]:
    """Return somebody who has loaded the page."""
    async with aiohttp.ClientSession() as session, session.get(desk.address) as response:
        token = re.search(r'name="token" content="([^"]+)"', await response.text())
        assert token
        yield Caller(session, desk, token[1])


def _wish(**changes: str) -> dict[str, Any]:
    return {"text": "zorp she be", "owner": "case-now", "role": "example", "language": "en"} | changes


async def test_the_page_asks_nobody_else(caller: Caller) -> None:
    """The page may load and reach nothing but itself, and cannot be framed."""
    async with caller.session.get(caller.desk.address) as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"(src|href)=\"(https?:)?//", text)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8090"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"X-Token": "wrong"},
        {"X-Token": ""},
    ],
)
async def test_nobody_else_is_answered(caller: Caller, headers: dict[str, str]) -> None:
    """Another host name, another page's origin, or a wrong token is refused, and nothing is written."""
    before = (caller.desk.folder / PEOPLE).read_bytes()

    status, _ = await caller.call("write", _wish(diff=""), **headers)

    assert status == 403
    assert (caller.desk.folder / PEOPLE).read_bytes() == before


async def test_a_message_is_explained(caller: Caller) -> None:
    """A reply comes with language, slots, candidates, nearest examples with their place, state and Telegram's form."""
    status, seen = await caller.call("ask", {"text": "how did alice get out"})

    assert status == 200
    assert seen["intents"] == ["case-release"]
    assert seen["reading"]["slots"][0]["value"] == "alice-johnson"
    assert seen["reading"]["candidates"][0]["intent"] == "case-release"
    assert seen["reading"]["nearest"][0]["at"].startswith(f"{PEOPLE}:")
    assert any(mark["type"] == "bold" for mark in seen["telegram"][0]["marks"])
    assert seen["crisis"][0].startswith("verdict")

    status, seen = await caller.call("ask", {"text": "where is she now", "conversation": seen["conversation"]})
    assert seen["intents"] == ["case-now"]


async def test_a_crisis_shows_its_sign(caller: Caller) -> None:
    """A message of a crisis gets its card, and the inspector names the sign that decided."""
    _, seen = await caller.call("ask", {"text": "i want to kill myself"})

    assert seen["kind"] == "crisis"
    assert seen["verdict"].startswith("suicide by")


async def test_a_change_is_shown_then_written_then_live(caller: Caller) -> None:
    """The diff comes first; writing it changes one line, and the line learns it without a restart."""
    _, change = await caller.call("preview", _wish())
    assert "+        - zorp she be" in change["diff"]
    assert "zorp" not in (caller.desk.folder / PEOPLE).read_text(encoding="utf-8")

    _, rows = await caller.call("effect", _wish())
    assert rows[0]["text"] == "zorp she be"
    assert rows[0]["now"] == "case-now"

    status, _ = await caller.call("write", _wish(diff=change["diff"]))
    assert status == 200
    assert "        - zorp she be\n" in (caller.desk.folder / PEOPLE).read_text(encoding="utf-8")


async def test_a_stale_change_is_refused(caller: Caller) -> None:
    """What is written must be what was shown."""
    status, data = await caller.call("write", _wish(diff="something else"))

    assert status == 400
    assert "look at the change again" in data["error"]


async def test_a_test_gets_the_values_found_in_it(caller: Caller) -> None:
    """A phrase that names somebody becomes a test that says who must be found."""
    _, change = await caller.call("preview", _wish(text="alice right at this moment", role="test"))

    assert "{say: alice right at this moment, case: alice-johnson}" in change["diff"]


async def test_views(caller: Caller) -> None:
    """Coverage counts every intent, confusion names pairs with their phrases, news carries the findings."""
    _, rows = await caller.call("coverage")
    release = next(one for one in rows if one["id"] == "case-release")
    assert (release["examples"], release["tests"]) == ({"en": 3, "es": 2}, {"en": 1, "es": 1})
    assert release["review"] == "2027-02-22"

    _, pairs = await caller.call("confusion")
    assert all(len(pair["labels"]) == 2 and pair["closest"] for pair in pairs)

    _, news = await caller.call("live?seen=-1")
    assert news["version"] >= 0
    assert all(one["file"] for one in news["findings"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("ask", {"text": "hi", "conversation": "not json"}),
        ("ask", {"text": "", "pick": "broken pick"}),
        ("preview", {"text": "hi", "owner": "case-now", "role": "guess", "language": "en"}),
        ("preview", {}),
        ("effect", {"text": "hi", "owner": "nobody", "role": "example", "language": "en"}),
    ],
)
async def test_bad_requests_are_told(caller: Caller, path: str, body: dict[str, Any]) -> None:
    """A request that makes no sense is refused with a sentence."""
    status, data = await caller.call(path, body)

    assert status == 400
    assert data["error"]
