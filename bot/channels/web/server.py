"""The web chat's routes, and the server that listens for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.channels.web.asked import Asked, from_form, from_json, new_session
from bot.channels.web.files import read_files, send
from bot.channels.web.guard import MOST_BYTES, guard, language_of, put_headers, read_body
from bot.channels.web.page import Pages, View
from bot.channels.web.shown import shown
from bot.dialog.pick import Pick, Verb
from bot.errors import RequestError
from bot.line import Message

if TYPE_CHECKING:
    from bot.channels.web.answerer import Answerer
    from bot.dialog.turn import Turn

CHANNEL = "web"
"""This channel's name for the line."""

_START = Pick(Verb.MENU, "start")


def build_app(line: Answerer) -> web.Application:
    """Return the application over a line; it keeps nothing but the page's files."""
    chat = _Chat(line)
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[guard(chat.pages, line.languages)])
    app.on_response_prepare.append(put_headers)
    app.add_routes(
        [
            web.get("/", chat.first_page),
            web.post("/", chat.form),
            web.post("/api/reply", chat.reply),
            web.post("/api/forget", chat.forget),
            web.get("/static/{name}", chat.file),
            web.get("/healthz", chat.health),
        ]
    )
    return app


async def serve(line: Answerer, host: str, port: int) -> web.AppRunner:
    """Listen on an address and return the runner; `runner.addresses` tells the port where `port` is 0.

    No access log is kept: it would hold the address of everybody who asks.

    Raises:
        OSError: the address is taken or not allowed.

    """
    runner = web.AppRunner(build_app(line), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


class _Chat:
    """The handlers of one line."""

    def __init__(self, line: Answerer) -> None:
        self._line = line
        self._files = read_files()
        self.pages = Pages(line, self._files)

    async def first_page(self, request: web.Request) -> web.Response:
        return await self._start(language_of(request, self._line.languages))

    async def form(self, request: web.Request) -> web.Response:
        asked = from_form(await read_body(request, "application/x-www-form-urlencoded"))
        language = self._language(asked, request)
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

    async def health(self, _request: web.Request) -> web.Response:
        ready = self._line.ready
        return web.Response(text="ok" if ready else "nothing to answer from", status=200 if ready else 503)

    async def _start(self, language: str, *, cleared: bool = False) -> web.Response:
        session = new_session()
        turn = await self._ask(Asked(session, pick=_START), language)
        return _html(self.pages.chat(View(language, session, start=turn, cleared=cleared)))

    async def _ask(self, asked: Asked, language: str) -> Turn:
        message = Message(CHANNEL, asked.session, text=asked.text, pick=asked.pick, language_hint=language)
        return await self._line.reply(message)

    def _language(self, asked: Asked, request: web.Request) -> str:
        """Return the page's language as the browser tells it, or else as its headers do."""
        known = asked.language in self._line.languages
        return asked.language if known else language_of(request, self._line.languages)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")
