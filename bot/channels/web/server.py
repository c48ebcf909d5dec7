"""The web chat's routes, and the server that listens for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot import metrics
from bot.channels.health import Health
from bot.channels.web.asked import Asked, from_form, from_json, new_session
from bot.channels.web.doorkeeper import Doorkeeper
from bot.channels.web.files import read_files, send
from bot.channels.web.guard import MOST_BYTES, guard, language_of, put_headers, read_body
from bot.channels.web.page import Pages, View
from bot.channels.web.shown import shown
from bot.dialog.pick import Pick, Verb
from bot.errors import RequestError
from bot.line import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler

    from bot.channels.web.answerer import Answerer
    from bot.dialog.turn import Turn

CHANNEL = "web"
"""This channel's name for the line."""

MOST_HEADER_BYTES = 8190
MOST_HEADERS = 100
"""Longest line and most lines of a request's head; what is beyond is refused unread."""

KEEP_ALIVE_SECONDS = 20.0
"""Time that a connection has to send the head of its first or next request."""

LINGERING_SECONDS = 2.0
"""Time that the rest of a refused body is read, so that the browser sees the refusal."""

SHUTDOWN_SECONDS = 5.0
"""Time that requests under way have at a stop."""

_START = Pick(Verb.MENU, "start")


def build_app(
    line: Answerer,
    health: Health | None = None,
    deliveries: Mapping[str, Handler] | None = None,
    *,
    trust_proxy: bool = False,
) -> web.Application:
    """Return the application over a line; it keeps nothing but the page's files.

    `deliveries` are the paths at which Telegram delivers. With `trust_proxy` the address that a router names last is
    the one that limits count.
    """
    door = Doorkeeper(trust_proxy=trust_proxy)
    chat = _Chat(line, door)
    middlewares = [guard(chat.pages, line.languages), door.middleware()]
    app = web.Application(client_max_size=MOST_BYTES, middlewares=middlewares)
    app.on_response_prepare.append(put_headers)
    app.add_routes(
        [
            web.get("/", chat.first_page),
            web.post("/", chat.form),
            web.post("/api/reply", chat.reply),
            web.post("/api/forget", chat.forget),
            web.get("/static/{name}", chat.file),
            *(health or Health(catalog=chat.ready)).routes(),
            *(web.post(path, handler) for path, handler in (deliveries or {}).items()),
        ]
    )
    return app


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Listen on an address and return the runner; `runner.addresses` tells the port where `port` is 0.

    No access log is kept: it would hold the address of everybody who asks.

    Raises:
        OSError: the address is taken or not allowed.

    """
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        max_line_size=MOST_HEADER_BYTES,
        max_field_size=MOST_HEADER_BYTES,
        max_headers=MOST_HEADERS,
        keepalive_timeout=KEEP_ALIVE_SECONDS,
        lingering_time=LINGERING_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=256).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


class _Chat:
    """The handlers of one line."""

    def __init__(self, line: Answerer, door: Doorkeeper) -> None:
        self._line = line
        self._door = door
        self._files = read_files()
        self.pages = Pages(line, self._files)

    async def first_page(self, request: web.Request) -> web.Response:
        self._admit(request)
        return await self._start(language_of(request, self._line.languages))

    async def form(self, request: web.Request) -> web.Response:
        asked = from_form(await read_body(request, "application/x-www-form-urlencoded"))
        language = self._language(asked, request)
        self._admit(request, asked)
        if asked.forget:
            await self._line.forget(CHANNEL, asked.session)
            return await self._start(language, cleared=True)
        if not asked.text and asked.pick is None:
            return await self._start(language)
        turn = await self._ask(asked, language)
        spoken = turn.language if turn.language in self._line.languages else language
        return _html(self.pages.chat(View(spoken, asked.session, said=asked.said, turn=turn)))

    async def reply(self, request: web.Request) -> web.Response:
        asked = from_json(await read_body(request, "application/json"))
        if not asked.text and asked.pick is None:
            message = 'the request has neither words nor a tap; expected "text" or "pick"'
            raise RequestError(message)
        self._admit(request, asked)
        turn = await self._ask(asked, self._language(asked, request))
        return web.json_response({"session": asked.session, **shown(turn)})

    async def forget(self, request: web.Request) -> web.Response:
        asked = from_json(await read_body(request, "application/json"))
        await self._line.forget(CHANNEL, asked.session)
        return web.json_response({"session": new_session()})

    async def file(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return send(found, request)

    async def ready(self) -> bool:
        return self._line.ready

    def _admit(self, request: web.Request, asked: Asked | None = None) -> None:
        """Refuse what is over a limit; words about a crisis and wishes to be forgotten never are."""
        if self._door.allows(request, asked.session if asked else ""):
            return
        if asked is None or not (asked.forget or self._line.urgent(asked.text)):
            raise web.HTTPTooManyRequests

    async def _start(self, language: str, *, cleared: bool = False) -> web.Response:
        session = new_session()
        turn = await self._ask(Asked(session, pick=_START), language)
        return _html(self.pages.chat(View(language, session, start=turn, cleared=cleared)))

    async def _ask(self, asked: Asked, language: str) -> Turn:
        message = Message(CHANNEL, asked.session, text=asked.text, pick=asked.pick, language_hint=language)
        turn = await self._line.reply(message)
        metrics.TURNS.labels(CHANNEL, turn.kind.value, turn.language).inc()
        return turn

    def _language(self, asked: Asked, request: web.Request) -> str:
        """Return the page's language as the browser tells it, or else as its headers do."""
        known = asked.language in self._line.languages
        return asked.language if known else language_of(request, self._line.languages)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")
