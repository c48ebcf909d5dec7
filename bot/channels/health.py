"""Whether the line is alive, and whether it is ready: what hosts and watchers ask. Both tell the truth."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ASK_AGAIN_SECONDS = 2.0
"""The store is written to no more often than this, however often somebody asks."""


class Part(Protocol):
    """A part of the line that can say whether it is well."""

    async def __call__(self) -> bool:
        """Say whether it is well."""


class Health:
    """The parts of the line, by name, and what each says of itself."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, **parts: Callable[[], Awaitable[bool]]) -> None:
        """Take the parts."""
        self._clock = clock
        self._parts = parts
        self._known: dict[str, bool] = {}
        self._asked = float("-inf")

    async def ready(self) -> dict[str, bool]:
        """Return what each part says, at most `ASK_AGAIN_SECONDS` old; one that fails to answer is not well."""
        if self._clock() - self._asked >= ASK_AGAIN_SECONDS:
            self._asked = self._clock()
            self._known = {name: await _asked(part) for name, part in self._parts.items()}
        return self._known

    def routes(self) -> list[web.RouteDef]:
        """Return `/healthz` (this process answers) and `/readyz` (every part is well: 200, else 503)."""
        return [web.get("/healthz", _alive), web.get("/readyz", self._ready)]

    async def _ready(self, _request: web.Request) -> web.Response:
        parts = await self.ready()
        return web.json_response(parts, status=200 if all(parts.values()) else 503)


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _asked(part: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await part()
    except Exception:  # noqa: BLE001  # whatever is wrong with it, it is not well
        return False
