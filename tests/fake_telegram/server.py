"""The HTTP side of the fake Telegram, and the door for tests."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.fake_telegram.api import Api
from tests.fake_telegram.faults import GARBAGE, Fault, Faults
from tests.fake_telegram.people import Group, Person
from tests.fake_telegram.refusals import JSON, Refused
from tests.fake_telegram.webhook import Deliveries
from tests.fake_telegram.world import Chat, World

if TYPE_CHECKING:
    from types import TracebackType

TOKEN = "123456789:AAfake-token_for-tests_0123456789abcdefg"  # noqa: S105  # opens nothing but this server
_OBJECTS = {
    "entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "allowed_updates",
    "commands",
    "scope",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot, with its parameters read."""

    method: str
    params: JSON


class FakeTelegram:
    """A Bot API server on a free port of 127.0.0.1, for use as `async with FakeTelegram() as server`."""

    def __init__(self, *, username: str = "line_bot", token: str = TOKEN) -> None:
        """Prepare one bot; nothing listens yet."""
        self.token = token
        self.username = username
        bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Line", "username": username}
        self.world = World(bot)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.is_down = False
        self._api = Api(self.world)
        self._deliveries = Deliveries(self.world)
        self._closing = False
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        """Start listening."""
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await self._listen()
        self._deliveries.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening; polls that wait are broken off."""
        self._closing = True
        await self._deliveries.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Return the root address, to be given as TELEGRAM_API_URL."""
        return f"http://127.0.0.1:{self._port}"

    # ---- people

    def person(self, *, language_code: str | None = "en", name: str = "Ana", is_bot: bool = False) -> Person:
        """Return somebody new, with a private chat."""
        number = next(self.world.ids)
        user: JSON = {"id": number, "is_bot": is_bot, "first_name": name}
        if language_code is not None:
            user["language_code"] = language_code
        chat = self._chat(number, "private", {"first_name": name})
        return Person(self.world, chat, user)

    def group(self, title: str = "Family", *, kind: str = "supergroup", topics: tuple[int, ...] = ()) -> Group:
        """Return a new group with the bot in it; with `topics` it is a forum."""
        number = -next(self.world.ids) - (1_000_000_000_000 if kind != "group" else 0)
        about: JSON = {"title": title, **({"is_forum": True} if topics else {})}
        return Group(self.world, self._chat(number, kind, about, topics))

    def push(self, update: Any) -> None:  # noqa: ANN401  # broken updates are the point of it
        """Queue an update just as it is, however broken; one without `update_id` gets one, unless it is no mapping."""
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": self.world.next_update_id(), **update}
        self.world.updates.append(update)
        self.world.bell.ring()

    def _chat(self, number: int, kind: str, about: JSON, topics: tuple[int, ...] = ()) -> Chat:
        chat = self.world.chats[number] = Chat(number, kind, about, set(topics))
        return chat

    # ---- what the bot did

    def called(self, method: str) -> list[JSON]:
        """Return the parameters of all calls of a method, in order."""
        return [call.params for call in self.calls if call.method.lower() == method.lower()]

    async def until_called(self, method: str, times: int = 1, patience: float = 10.0) -> list[JSON]:
        """Wait until a method was called so often, and return the calls.

        Raises:
            AssertionError: it was not, within `patience` seconds.

        """
        async with _patience(patience, f"{method} was not called {times} times"):
            while len(self.called(method)) < times:
                await self.world.bell.wait(patience)
        return self.called(method)

    async def until_fetched(self, patience: float = 10.0) -> None:
        """Wait until the bot has confirmed every update.

        Raises:
            AssertionError: it has not, within `patience` seconds.

        """
        async with _patience(patience, "the bot has not confirmed every update"):
            while self.world.updates:
                await self.world.bell.wait(patience)

    # ---- faults

    def fails(
        self,
        method: str,
        *,
        retry_after: int = 0,
        migrate_to: int = 0,
        garbage: bool = False,
        **how: Any,  # noqa: ANN401  # the fields of Fault
    ) -> Fault:
        """Let the next call (or `times=` calls) of a method fail; `how` are the fields of `Fault`."""
        parameters = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to}
        fault = Fault(parameters={name: value for name, value in parameters.items() if value}, **how)
        if retry_after:
            fault.code = 429
        elif migrate_to:
            fault.code = 400
        if garbage:
            fault.body = GARBAGE
        return self.faults.add(method, fault)

    async def goes_down(self) -> None:
        """Refuse connections and break those that are open, as a server that is not there."""
        self.is_down = True
        if self._site is not None:
            await self._site.stop()
        for connection in self._runner.server.connections if self._runner and self._runner.server else ():
            connection.force_close()
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0.02)  # for clients to see their idle connections end
        self.world.bell.ring()

    async def comes_back(self) -> None:
        """Listen again, at the same port."""
        self.is_down = False
        await self._listen()

    async def _listen(self) -> None:
        if self._runner is None:
            message = "use it as `async with FakeTelegram() as server`"
            raise RuntimeError(message)
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await self._site.start()
        self._port = self._port or int(self._runner.addresses[0][1])

    # ---- HTTP

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return _cut(request)
        token, method = request.match_info["token"], request.match_info["method"]
        if token != self.token:
            known_form = re.fullmatch(r"\d+:[\w-]{30,}", token) is not None
            return _refusal(Refused("Unauthorized" if known_form else "Not Found", code=401 if known_form else 404))
        try:
            params = await _params(request)
        except ValueError:
            return _refusal(Refused("Bad Request: can't parse JSON object"))
        self.calls.append(Call(method, params))
        self.world.bell.ring()
        fault = self.faults.next(method, params.get("chat_id"))
        if fault is not None and not fault.passes:
            return await self._fail(request, fault, method, params)
        if fault is not None:
            await asyncio.sleep(fault.latency)
        return await self._answer(method, params)

    async def _answer(self, method: str, params: JSON) -> web.Response:
        try:
            return web.json_response({"ok": True, "result": await self._api.call(method, params)})
        except Refused as refusal:
            return _refusal(refusal)

    async def _fail(self, request: web.Request, fault: Fault, method: str, params: JSON) -> web.StreamResponse:
        if fault.done:
            await self._answer(method, params)
        await asyncio.sleep(fault.latency)
        if fault.drop:
            return _cut(request)
        if fault.body is not None:
            return web.Response(status=fault.code, body=fault.body, content_type="text/html")
        return web.json_response(fault.answer(), status=fault.code)


def _cut(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _refusal(refusal: Refused) -> web.Response:
    parameters = {"parameters": refusal.parameters} if refusal.parameters else {}
    answer = {"ok": False, "error_code": refusal.code, "description": refusal.description, **parameters}
    return web.json_response(answer, status=refusal.code)


async def _params(request: web.Request) -> JSON:
    """Return the parameters from the address and the body, whichever of the three forms it has."""
    params: JSON = dict(request.query)
    if request.content_type == "application/json":
        params.update(await request.json() if request.can_read_body else {})
    else:
        params.update(await request.post())
    for name in _OBJECTS & set(params):
        if isinstance(params[name], str) and params[name]:
            params[name] = json.loads(params[name])
    return params


class _patience:  # noqa: N801  # reads as a verb where it is used
    """Limit a wait; what did not happen is said in the error."""

    def __init__(self, seconds: float, words: str) -> None:
        self._timeout = asyncio.timeout(seconds)
        self._words = f"{words} within {seconds} s"

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise AssertionError(self._words) from None
