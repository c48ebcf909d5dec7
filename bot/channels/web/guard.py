"""What stands between the net and the chat: limits, headers, and a kind word where something is wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot import metrics
from bot.channels.web.words import doors, problem
from bot.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.typedefs import Handler, Middleware

    from bot.channels.web.page import Pages

MOST_BYTES = 64 * 1024
"""Size of the largest request body that is read."""

SECONDS_TO_SEND = 20.0
"""Time that a browser has to send its body."""

RETRY_AFTER = "20"
"""Seconds after which somebody over a limit may ask again."""

_LATER = {429, 503}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every response."""

log = structlog.get_logger(__name__)


async def put_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Give a response its security headers, and count it; what is not said otherwise is never kept by a browser."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Server"] = "line"
    metrics.WEB.labels(str(response.status)).inc()


def guard(pages: Pages, languages: Sequence[str]) -> Middleware:
    """Return the middleware that turns every refusal and fault into a page, or JSON, that shows where help is."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            return _refused(pages, request, languages, refusal.status)
        except RequestError as error:
            return _refused(pages, request, languages, 400, str(error))
        except Exception as error:  # noqa: BLE001  # whatever broke, the person must see where help is
            # the error's text and traceback may quote the message, so only its kind and place are logged
            log.error("web request failed", kind=type(error).__name__, at=_place(error), path=request.path)  # noqa: TRY400  # see above
            return _refused(pages, request, languages, 500)

    return guarded


async def read_body(request: web.Request, content_type: str) -> bytes:
    """Return the body of a request.

    Raises:
        HTTPUnsupportedMediaType: it says that it is of another type.
        HTTPRequestEntityTooLarge: it is larger than `MOST_BYTES`.
        HTTPRequestTimeout: it did not come within `SECONDS_TO_SEND`.

    """
    if request.content_type != content_type:
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


def language_of(request: web.Request, languages: Sequence[str]) -> str:
    """Return the language of a page: `?lang=`, else the best of Accept-Language, else the first of ours."""
    asked = request.query.get("lang", "")
    if asked in languages:
        return asked
    wanted = (_weighed(part) for part in request.headers.get("Accept-Language", "").split(","))
    known = [(weight, code) for weight, code in wanted if code in languages and weight > 0]
    return max(known, key=lambda pair: pair[0])[1] if known else languages[0]


def _weighed(part: str) -> tuple[float, str]:
    """Read one entry of Accept-Language, such as "es-MX;q=0.8" (RFC 9110, section 12.5.4)."""
    tag, _, weight = part.partition(";")
    try:
        value = float(weight.strip().removeprefix("q=")) if weight else 1.0
    except ValueError:
        value = 0.0
    return value, tag.strip().split("-")[0].lower()


def _refused(
    pages: Pages, request: web.Request, languages: Sequence[str], status: int, detail: str = ""
) -> web.Response:
    language = language_of(request, languages)
    status = 404 if status == web.HTTPMethodNotAllowed.status_code else status
    later = {"Retry-After": RETRY_AFTER} if status in _LATER else {}
    if not request.path.startswith("/api/"):
        page = pages.problem(status, language)
        return web.Response(text=page, status=status, content_type="text/html", headers=later)
    shown_doors = [{"href": door.href, "number": door.number, "say": door.say} for door in doors(language)]
    data = {"error": problem(status, language), "language": language, "doors": shown_doors}
    return web.json_response({**data, "detail": detail} if detail else data, status=status, headers=later)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "unknown"
