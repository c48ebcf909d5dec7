"""Metrics and health on a port of their own, which is not for the public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.channels.health import Health


def build_monitoring(health: Health, refresh: Callable[[], Awaitable[None]]) -> web.Application:
    """Return the application: `/metrics`, `/healthz`, `/readyz`; `refresh` brings gauges up to date."""

    async def shown(_request: web.Request) -> web.Response:
        await refresh()
        return web.Response(body=generate_latest(metrics.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes([web.get("/metrics", shown), *health.routes()])
    return app


async def serve_monitoring(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Listen and return the runner.

    Raises:
        OSError: the address is taken or not allowed.

    """
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner
