from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.telegram import webhook as module
from bot.channels.telegram.bot import TelegramChannel
from bot.channels.telegram.updates import ALLOWED_UPDATES
from bot.channels.telegram.webhook import SECRET_HEADER, Deliveries, Webhook, secret_for
from bot.errors import StoreError
from tests.channels.telegram.stub_line import StubLine, running, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.store.store import Store
    from tests.fake_telegram import FakeTelegram

SECRET = "a-secret-of-sixteen-letters"  # noqa: S105  # opens nothing
HEADERS = {SECRET_HEADER: SECRET}


class _Taken:
    """What was delivered; fails when told to."""

    def __init__(self) -> None:
        self.updates: list[Any] = []
        self.full = False

    async def take(self, updates: Sequence[Any]) -> None:
        if self.full:
            message = "OperationalError"
            raise StoreError(message)
        self.updates += updates


@pytest.fixture
def taken() -> _Taken:
    """Return an inbox that keeps everything in a list."""
    return _Taken()


@pytest.fixture
async def door(taken: _Taken) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """Return a browser at the webhook's door."""
    app = web.Application()
    app.router.add_post("/hook", Deliveries(Webhook("https://x/hook", SECRET), taken.take).deliver)
    async with TestClient(TestServer(app)) as opened:
        yield opened


async def test_updates_come_by_webhook(server: FakeTelegram, line: StubLine, store: Store) -> None:
    """Set with its secret and kinds at the start, the webhook brings updates, each answered once."""
    app = web.Application()
    async with TestServer(app) as here:
        hook = Webhook(str(here.make_url("/hook")), secret_for(server.token))
        async with running(server, line, store, webhook=hook) as channel:
            deliver = Deliveries(hook, channel.take).deliver
            app.router._frozen = False  # the server's port was needed before the route
            app.router.add_post("/hook", deliver)
            await server.until_called("setWebhook")
            ana = server.person()
            await ana.says("hi")
            assert (await ana.hears()).text == "<hi>"
            await until(lambda: channel.fresh)
    (call,) = server.called("setWebhook")
    assert call["allowed_updates"] == list(ALLOWED_UPDATES)
    assert call["secret_token"] == hook.secret
    assert server.token.partition(":")[2] not in hook.secret
    assert not server.called("getUpdates")
    assert not server.called("deleteWebhook")


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "é"}])
async def test_only_telegram_is_let_in(
    door: TestClient[web.Request, web.Application], taken: _Taken, headers: dict[str, str]
) -> None:
    """Without the secret nothing is read, and the refusal says nothing."""
    answer = await door.post("/hook", json={"update_id": 1}, headers=headers)
    assert (answer.status, await answer.text(), taken.updates) == (403, "", [])


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "text/plain"])
async def test_any_content_type_is_read(
    door: TestClient[web.Request, web.Application], taken: _Taken, kind: str
) -> None:
    """What counts is the secret and the update, not how its type is written."""
    answer = await door.post("/hook", data=b'{"update_id": 1}', headers={**HEADERS, "Content-Type": kind})
    assert (answer.status, len(taken.updates)) == (200, 1)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_no_json_is_refused(
    door: TestClient[web.Request, web.Application], taken: _Taken, body: bytes
) -> None:
    """Broken bodies are 400, quietly."""
    answer = await door.post("/hook", data=body, headers=HEADERS)
    assert (answer.status, taken.updates) == (400, [])


async def test_a_huge_body_is_refused(door: TestClient[web.Request, web.Application], taken: _Taken) -> None:
    """A body beyond the limit is not read, whether it names its size or not."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    assert (await door.post("/hook", data=io.BytesIO(b" " * (module.MOST_BYTES + 1)), headers=HEADERS)).status == 413
    assert (await door.post("/hook", data=endless(), headers=HEADERS)).status in {400, 413}
    assert taken.updates == []


async def test_ok_only_when_the_inbox_has_it(door: TestClient[web.Request, web.Application], taken: _Taken) -> None:
    """While the store fails Telegram hears 503 and will deliver again."""
    taken.full = True
    assert (await door.post("/hook", json={"update_id": 1}, headers=HEADERS)).status == 503
    taken.full = False
    assert (await door.post("/hook", json={"update_id": 1}, headers=HEADERS)).status == 200


@pytest.mark.parametrize("update", [[], "x", {}, {"update_id": "1"}, {"update_id": True}, {"update_id": -1}, None, 1.5])
async def test_what_has_no_number_is_passed_over(
    door: TestClient[web.Request, web.Application], taken: _Taken, update: object
) -> None:
    """Delivered again it would be the same: it is acknowledged and left out."""
    answer = await door.post("/hook", data=json.dumps(update), headers=HEADERS)
    assert (answer.status, taken.updates) == (200, [])


def test_the_channel_needs_no_port(store: Store) -> None:
    """The webhook's path is the one in its address."""
    assert Webhook("https://line.example/telegram/k3n9", SECRET).path == "/telegram/k3n9"
    assert TelegramChannel(StubLine(), "1:x", store, webhook=Webhook("https://x/y", SECRET)).fresh is False
