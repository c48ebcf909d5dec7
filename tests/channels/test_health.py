from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import metrics
from bot.channels.health import ASK_AGAIN_SECONDS, Health
from bot.channels.monitoring import build_monitoring


async def _well() -> bool:
    return True


async def _broken() -> bool:
    raise OSError


async def test_ready_only_when_every_part_is() -> None:
    """`/readyz` names each part; one that is not well, or cannot say, makes it 503; `/healthz` stays 200."""
    app = web.Application()
    app.add_routes(Health(catalog=_well, store=_broken).routes())
    async with TestClient(TestServer(app)) as client:
        ready = await client.get("/readyz")
        assert (ready.status, await ready.json()) == (503, {"catalog": True, "store": False})
        assert (await client.get("/healthz")).status == 200


async def test_asking_often_costs_nothing() -> None:
    """However often somebody asks, the parts are asked every other second at the most."""
    now, asked = [0.0], []

    async def part() -> bool:
        asked.append(now[0])
        return len(asked) == 1

    health = Health(lambda: now[0], part=part)
    assert await health.ready() == await health.ready() == {"part": True}
    now[0] = ASK_AGAIN_SECONDS
    assert await health.ready() == {"part": False}
    assert len(asked) == 2


async def test_metrics_are_shown_on_their_own_port() -> None:
    """`/metrics` is in Prometheus' form, brought up to date when it is read, and has every name of the alerts."""

    async def refresh() -> None:
        metrics.INBOX_DEPTH.set(7)

    async with TestClient(TestServer(build_monitoring(Health(part=_well), refresh))) as client:
        answer = await client.get("/metrics")
        text = await answer.text()
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert (await client.get("/readyz")).status == 200
    assert "line_inbox_depth 7.0" in text
    for name in ("line_updates", "line_seconds", "line_sends", "line_polls", "line_catalog_errors", "process_resident"):
        assert name in text
