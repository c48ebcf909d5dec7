"""How much one address and one chat may ask of the web chat; the caller overrules it in a crisis."""

from __future__ import annotations

import ipaddress
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot import metrics
from bot.channels.limits import Limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiohttp.typedefs import Handler, Middleware

ADDRESS_A_MINUTE = 240
"""Requests of one address: a whole shelter or library may stand behind it."""

SESSION_A_MINUTE = 30
"""Questions of one chat."""

ADDRESS_AT_ONCE = 40
"""Requests of one address that may be under way, slow ones included."""

ALL_AT_ONCE = 400
"""Requests that may be under way at all."""


class Doorkeeper:
    """Counts in memory, by address and by chat; nothing of it is kept or logged."""

    def __init__(self, *, trust_proxy: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        """Say whether the last address in X-Forwarded-For is to be believed."""
        self._trust_proxy = trust_proxy
        self._addresses = Limit(ADDRESS_A_MINUTE, 60.0, clock)
        self._sessions = Limit(SESSION_A_MINUTE, 60.0, clock)
        self._inside: dict[str, int] = {}

    def allows(self, request: web.Request, session: str = "") -> bool:
        """Count a request, and its chat's question if there is one; say whether both are within their limits."""
        address = self._address(request)
        by_address = address is None or self._addresses.allows(address)
        by_session = not session or self._sessions.allows(session)
        if not (by_address and by_session):
            metrics.LIMITED.labels("web").inc()
        return by_address and by_session

    @contextmanager
    def inside(self, request: web.Request) -> Iterator[None]:
        """Count a request while it is under way.

        Raises:
            HTTPServiceUnavailable: there are too many, of its address or at all.

        """
        address = self._address(request) or ""
        of_address = self._inside.get(address, 0)
        if sum(self._inside.values()) >= ALL_AT_ONCE or (address and of_address >= ADDRESS_AT_ONCE):
            metrics.LIMITED.labels("web").inc()
            raise web.HTTPServiceUnavailable
        self._inside[address] = of_address + 1
        try:
            yield
        finally:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]

    def middleware(self) -> Middleware:
        """Return the middleware that keeps the numbers down and counts answers by status."""

        @web.middleware
        async def kept(request: web.Request, handler: Handler) -> web.StreamResponse:
            with self.inside(request):
                return await handler(request)

        return kept

    def _address(self, request: web.Request) -> str | None:
        """Return whom a request is counted for; None behind a router that is not trusted, where all look like one."""
        if self._trust_proxy:
            named = ",".join(request.headers.getall("X-Forwarded-For", [])).rpartition(",")[2].strip()
            return named[:64] or None
        try:
            seen = ipaddress.ip_address(request.remote or "")
        except ValueError:
            return None
        return str(seen) if seen.is_global else None
