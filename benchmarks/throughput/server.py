"""The lean Telegram of this benchmark: getUpdates and sendMessage over HTTP on loopback, one answer for each update.

    python benchmarks/throughput/server.py --port 9000 --updates 3000 --chats 300 [--delay 0.05] [--rate 20]

Prints one JSON object when every update was answered, or when nothing more comes for `--patience` seconds. Without
`--rate` all updates wait when the bot first polls; with it they come evenly. It keeps Telegram's rule for offsets. An
answer belongs to the oldest update of its chat that has none; what comes after that counts as repeated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

TOKEN = "123456789:AAfake-token_for-tests_0123456789abcdefg"  # noqa: S105  # opens nothing but this server
ME = {"id": 123456789, "is_bot": True, "first_name": "Line", "username": "line_bot"}


class Bench:
    """One run."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Make the updates."""
        self.options = options
        self.waiting: list[dict[str, Any]] = []
        self.pushed: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.repeated = self.sent = 0
        self.texts = json.loads(options.questions.read_text(encoding="utf-8")) if options.questions else ["question"]
        self.open: dict[int, deque[int]] = {}
        self.first_poll = self.polled_at = 0.0
        self.news = asyncio.Event()
        self.finished = asyncio.Event()

    async def feed(self) -> None:
        """Let the updates come: all at once, or evenly."""
        for number in range(1, self.options.updates + 1):
            if self.options.rate:
                await asyncio.sleep(max(0.0, self.first_poll + number / self.options.rate - time.perf_counter()))
            chat = 1000 + number % self.options.chats
            message = {
                "message_id": number, "date": int(time.time()), "text": self.texts[number % len(self.texts)],
                "chat": {"id": chat, "type": "private", "first_name": "Ana"},
                "from": {"id": chat, "is_bot": False, "first_name": "Ana", "language_code": "en"},
            }  # fmt: skip
            self.open.setdefault(chat, deque()).append(number)
            self.pushed[number] = time.perf_counter()
            self.waiting.append({"update_id": number, "message": message})
            if self.options.rate:
                self.news.set()
        self.news.set()

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one call, after the delay."""
        method = request.match_info["method"].lower()
        params = {**request.query, **(await _params(request))}
        if method == "getupdates":
            return await self._updates(params)
        if self.options.delay:
            await asyncio.sleep(self.options.delay)
        if method == "getme":
            return _ok(
                {**ME, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
            )
        if method == "sendmessage":
            return self._answer(params)
        return _ok(
            []
            if method == "getmycommands"
            else {"name": "", "description": "", "short_description": ""}
            if method.startswith("getmy")
            else True
        )

    async def _updates(self, params: dict[str, Any]) -> web.Response:
        if not self.first_poll:
            self.first_poll, self.polled_at = time.perf_counter(), time.time()
            asyncio.get_running_loop().create_task(self.feed())
        if self.options.delay:
            await asyncio.sleep(self.options.delay)
        offset = int(params.get("offset") or 0)
        self.waiting = [one for one in self.waiting if one["update_id"] >= offset]
        if not self.waiting:
            self.news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), float(params.get("timeout") or 0) or 0.01)
        return _ok(self.waiting[: int(params.get("limit") or 100)])

    def _answer(self, params: dict[str, Any]) -> web.Response:
        number = int(params["chat_id"])
        chat = {"id": number, "type": "private", "first_name": "Ana"}
        waiting = self.open.get(number)
        if waiting:
            self.answered[waiting.popleft()] = time.perf_counter()
        else:
            self.repeated += 1
        self.sent += 1
        if len(self.answered) == self.options.updates:
            self.finished.set()
        return _ok({"message_id": 10**6 + self.sent, "date": int(time.time()), "chat": chat, "from": ME, "text": "x"})

    def result(self) -> dict[str, float]:
        """Return the figures: updates a second from the first poll to the last answer, and waits in milliseconds."""
        waits = sorted(self.answered[number] - self.pushed[number] for number in self.answered if number in self.pushed)
        last = max(self.answered.values(), default=self.first_poll)
        return {
            "answered": len(self.answered),
            "lost": self.options.updates - len(self.answered),
            "repeated": self.repeated,
            "rate": len(self.answered) / max(last - self.first_poll, 1e-9),
            "polled_at": self.polled_at,
            "p50": 1000 * waits[len(waits) // 2] if waits else 0.0,
            "p95": 1000 * waits[int(len(waits) * 0.95)] if waits else 0.0,
        }  # fmt: skip


async def _params(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json()) if request.can_read_body else {}
    return dict(await request.post())


def _ok(result: Any) -> web.Response:  # noqa: ANN401  # each method has its own result
    return web.json_response({"ok": True, "result": result})


async def run(options: argparse.Namespace) -> None:
    """Serve one run and print its figures."""
    bench = Bench(options)
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", bench.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", options.port).start()
    with suppress(TimeoutError):
        await asyncio.wait_for(bench.finished.wait(), options.patience)
    print(json.dumps(bench.result()), flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--updates", type=int, default=3000)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--questions", type=Path, help="a JSON list of texts to send in turn")
    parser.add_argument("--patience", type=float, default=120.0)
    asyncio.run(run(parser.parse_args()))
