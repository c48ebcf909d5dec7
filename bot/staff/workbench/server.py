"""The workbench's routes. It listens on this machine alone, answers to no other name, and writes for its own page only.

A page of somebody else that is open in the same browser can send requests here, but it cannot read the token that
stands in ours; and a name of somebody else's that leads to this machine is refused by the Host header.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.web.files import FOLDER as WEB_FOLDER
from bot.channels.web.guard import MOST_BYTES, put_headers, read_body
from bot.errors import LineError, RequestError

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

    from bot.staff.workbench.bench import Bench

PORT = 8090
"""Port of the workbench where none is asked for."""

HOST = "127.0.0.1"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_FOLDER = Path(__file__).parent / "static"
_FILES = {
    "bench.css": (_FOLDER, "text/css"),
    "bench.js": (_FOLDER, "text/javascript"),
    "draw.js": (_FOLDER, "text/javascript"),
    "mark.svg": (WEB_FOLDER, "image/svg+xml"),
}
_TOKEN = "@TOKEN@"  # noqa: S105  # a place in the page, not a secret


async def serve(bench: Bench, port: int = PORT) -> web.AppRunner:
    """Listen on 127.0.0.1 and return the runner; `runner.addresses` tells the port where `port` is 0.

    Raises:
        OSError: the port is taken.

    """
    runner = web.AppRunner(build_app(bench), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


def build_app(bench: Bench) -> web.Application:
    """Return the application over a bench, with a token of its own."""
    desk = _Desk(bench, secrets.token_urlsafe(24))

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await desk.guarded(request, handler)

    app = web.Application(client_max_size=MOST_BYTES, middlewares=[guarded])
    app.on_response_prepare.append(put_headers)
    app.add_routes(
        [
            web.get("/", desk.page),
            web.get("/static/{name}", desk.file),
            web.get("/api/about", desk.about),
            web.get("/api/live", desk.live),
            web.get("/api/coverage", desk.coverage),
            web.get("/api/confusion", desk.confusion),
            web.post("/api/ask", desk.ask),
            web.post("/api/preview", desk.preview),
            web.post("/api/effect", desk.effect),
            web.post("/api/write", desk.write),
        ]
    )
    return app


class _Desk:
    """The handlers."""

    def __init__(self, bench: Bench, token: str) -> None:
        self._bench, self._token = bench, token

    async def guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_here(request.host) or not _is_own(request):
            return web.json_response({"error": "the workbench answers on this machine only"}, status=403)
        token = request.headers.get("X-Token", "")
        if request.path.startswith("/api/") and not secrets.compare_digest(token.encode(), self._token.encode()):
            return web.json_response({"error": "this page is of an earlier start; load it again"}, status=403)
        try:
            return await handler(request)
        except LineError as error:
            return web.json_response({"error": str(error)}, status=400)

    async def page(self, _request: web.Request) -> web.Response:
        text = (_FOLDER / "bench.html").read_text(encoding="utf-8")
        return web.Response(text=text.replace(_TOKEN, self._token), content_type="text/html")

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in _FILES:
            raise web.HTTPNotFound
        folder, content_type = _FILES[name]
        return web.Response(body=(folder / name).read_bytes(), content_type=content_type, charset="utf-8")

    async def about(self, _request: web.Request) -> web.Response:
        return web.json_response(self._bench.about())

    async def live(self, request: web.Request) -> web.Response:
        seen = request.query.get("seen", "-1")
        return web.json_response(await self._bench.live(int(seen) if seen.isdecimal() else -1))

    async def coverage(self, _request: web.Request) -> web.Response:
        return web.json_response(await self._bench.coverage())

    async def confusion(self, _request: web.Request) -> web.Response:
        return web.json_response(await self._bench.confusion())

    async def ask(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        given = (str(fields.get(name) or "") for name in ("text", "pick", "conversation"))
        try:
            return web.json_response(self._bench.ask(*given))
        except (ValueError, TypeError, KeyError):
            message = "the conversation is not one of ours; begin a new one"
            raise RequestError(message) from None

    async def preview(self, request: web.Request) -> web.Response:
        wish = self._bench.wish(await _fields(request))
        edit = self._bench.edit(wish)
        return web.json_response({"file": edit.name, "diff": edit.diff})

    async def effect(self, request: web.Request) -> web.Response:
        wish = self._bench.wish(await _fields(request))
        return web.json_response(await self._bench.effect(wish))

    async def write(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        edit = self._bench.edit(self._bench.wish(fields))
        if fields.get("diff") != edit.diff:
            message = f"{edit.name} was changed meanwhile; look at the change again"
            raise RequestError(message)
        edit.write()
        return web.json_response({"file": edit.name})


async def _fields(request: web.Request) -> dict[str, Any]:
    await read_body(request, "application/json")
    try:
        fields = await request.json()
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        message = "the body is not a JSON object"
        raise RequestError(message)
    return fields


def _is_here(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return False


def _is_own(request: web.Request) -> bool:
    """Say whether a request comes from our own page, or from no page at all."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return (origin is None or origin == f"http://{request.host}") and site in {"same-origin", "none"}
