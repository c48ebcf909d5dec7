from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.catalog.load import load
from bot.staff.links import Looked, addresses, look, read_known, write_known
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

DAY = "2026-11-27"
ASKED = web.AppKey("asked", list[str])


def _page(title: str) -> web.Response:
    return web.Response(text=f"<html><title>{title}</title></html>", content_type="text/html")


async def _serve(request: web.Request) -> web.StreamResponse:
    asked = request.app[ASKED]
    asked.append(request.path)
    if elsewhere := {"/moved": "/fine", "/home": "/"}.get(request.path):
        raise web.HTTPFound(elsewhere)
    if request.path == "/flaky":
        return web.Response(status=200 if asked.count("/flaky") > 1 else 503)
    status = {"/gone": 404, "/blocked": 403, "/down": 500}.get(request.path)
    return web.Response(status=status) if status else _page("Page not found" if request.path == "/soft" else "Hello")


@pytest_asyncio.fixture
async def site() -> AsyncIterator[TestServer]:
    """Return a site with pages of every fate; it notes what it was asked for."""
    app = web.Application()
    app[ASKED] = []
    app.router.add_get("/{rest:.*}", _serve)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.mark.parametrize(
    ("path", "fate"),
    [
        ("/fine", "ok"),
        ("/moved", "moved"),
        ("/home", "soft-404"),
        ("/soft", "soft-404"),
        ("/gone", "gone"),
        ("/blocked", "refused"),
        ("/down", "unreachable"),
        ("/flaky", "ok"),
    ],
)
async def test_each_fate_is_told_apart(site: TestServer, path: str, fate: str) -> None:
    """Fine, moved, gone, blocked, down, and pages that only say that they are none, are told apart; one may stumble."""
    (looked,) = await look([str(site.make_url(path))], DAY, {}, pause=0)

    assert (looked.fate, looked.day) == (fate, DAY)
    assert looked.detail


async def test_nobody_there() -> None:
    """An address where nothing listens is unreachable, not an exception."""
    (looked,) = await look(["http://127.0.0.1:9/x"], DAY, {}, pause=0)

    assert looked.fate == "unreachable"


async def test_what_is_known_is_not_asked_again(site: TestServer, tmp_path: Path) -> None:
    """What was fine lately is taken from the file; what was not, or was long ago, or is damaged, is asked again."""
    fine, gone = (str(site.make_url(path)) for path in ("/fine", "/gone"))
    file = tmp_path / "var" / "links.json"
    write_known(file, await look([fine, gone, fine], DAY, {}, pause=0))
    asked = site.app[ASKED]
    asked.clear()

    await look([fine, gone], DAY, read_known(file, DAY), pause=0)

    assert asked == ["/gone"]
    assert read_known(file, "2026-11-28") == {}
    file.write_text("[{", encoding="utf-8")
    assert read_known(file, DAY) == {}


def test_every_address_is_found_with_its_file(tmp_path: Path) -> None:
    """Sources and links in text are both found, each with the files it stands in."""
    found = addresses(load(*make_tree(tmp_path)).catalog)

    assert found["https://npr.example.org/alice"][0] == "content/en/cases/alice-johnson.md"
    assert found["https://example.org/alice"] == ["content/en/cases/alice-johnson.md"]


def test_a_report_line_is_plain_data() -> None:
    """What is kept of an address is its fate and the day, nothing of the page."""
    assert set(Looked.__slots__) == {"url", "fate", "detail", "day"}
