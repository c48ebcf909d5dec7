"""Webhook mode: Telegram delivers updates to an address of ours, and hears 200 when the inbox has them."""

from __future__ import annotations

import asyncio
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot import metrics
from bot.channels.telegram.arrivals import number_of
from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

MOST_BYTES = 1024 * 1024
"""Size of the largest delivery; Telegram's are a few kilobytes."""

SECONDS_TO_SEND = 10.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # a header's name

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers updates, and the secret that proves that it was Telegram."""

    url: str
    secret: str

    @property
    def path(self) -> str:
        """Return the path that the web server listens on."""
        return urlsplit(self.url).path or "/"


def secret_for(token: str) -> str:
    """Return a secret that every process with the same token arrives at; it tells nothing about the token."""
    return hmac.new(token.encode(), b"webhook", "sha256").hexdigest()


class Deliveries:
    """Takes deliveries; for the web server's routes."""

    def __init__(self, webhook: Webhook, take: Callable[[Sequence[Any]], Awaitable[None]]) -> None:
        """Take the webhook, and what puts updates into the inbox."""
        self._webhook = webhook
        self._take = take

    async def deliver(self, request: web.Request) -> web.Response:
        """Answer a delivery: 200 when the update is on disk; anything else makes Telegram deliver it again."""
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(errors="replace"), self._webhook.secret.encode()):
            return web.Response(status=403)
        if (request.content_length or 0) > MOST_BYTES:
            return web.Response(status=413)
        try:
            async with asyncio.timeout(SECONDS_TO_SEND):
                update = json.loads(await _read(request))
        except (TimeoutError, ValueError, RecursionError, web.HTTPException):
            return web.Response(status=400)
        if number_of(update) is None:
            metrics.UPDATES.labels("unreadable").inc()
            log.error("an update without a number was left out")
            return web.Response()  # delivered again it would be the same
        try:
            await self._take([update])
        except StoreError as error:
            log.error("a delivery could not be kept", error=str(error))  # noqa: TRY400  # a traceback says no more
            return web.Response(status=503, headers={"Retry-After": "2"})
        return web.Response()


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    async for piece in request.content.iter_chunked(65_536):
        body += piece
        if len(body) > MOST_BYTES:
            raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(body))
    return bytes(body)
