"""The line as operators start it: a process of its own, over the tiny catalog."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.catalog.trees import make_tree
from tests.fake_telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parent.parent
PLENTY = 90
"""Seconds after which something counts as stalled."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def _started(folder: Path, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    intents, content = make_tree(folder)
    own = {"INTENTS_DIR": str(intents), "CONTENT_DIR": str(content), "ENCODER": "none"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "run_bot.py"),
        cwd=folder,
        env={**kept, **own, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _stopped(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    process.send_signal(signal.SIGTERM)
    out, errors = await asyncio.wait_for(process.communicate(), PLENTY)
    return process.returncode, (out + errors).decode()


async def test_web_chat_without_a_token(tmp_path: Path) -> None:
    """Without a token the web chat is served and its address printed; a question is answered; SIGTERM ends it well."""
    port = _free_port()
    async with _started(tmp_path, PORT=str(port)) as process, aiohttp.ClientSession() as session:
        assert process.stdout is not None
        told = await asyncio.wait_for(process.stdout.readline(), PLENTY)
        assert f"http://127.0.0.1:{port}" in told.decode()

        body = {"text": "how did alice get out zanzibar-marker", "session": ""}
        async with session.post(f"http://127.0.0.1:{port}/api/reply", json=body) as response:
            assert "June 6, 2018" in str(await response.json())
        async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert response.status == 200
        await session.close()

        code, said = await _stopped(process)
    assert code == 0
    assert "zanzibar" not in said
    assert (tmp_path / "var" / "line.sqlite3").exists()
    assert all(b"zanzibar" not in file.read_bytes() for file in (tmp_path / "var").glob("*.sqlite3*"))


async def test_telegram_worker(tmp_path: Path) -> None:
    """With a token the worker answers on Telegram, stops at SIGTERM, and prints the token nowhere."""
    async with FakeTelegram() as server:
        settings = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "LOG_LEVEL": "DEBUG"}
        async with _started(tmp_path, **settings) as process:
            person = server.person(language_code="es")
            await person.says("cómo salió alice")
            heard = await asyncio.wait_for(person.hears(), PLENTY)
            assert "Salió el 6 de junio de 2018." in heard.text

            code, said = await _stopped(process)
    assert code == 0
    assert server.token not in said


async def test_a_refused_token(tmp_path: Path) -> None:
    """A token that Telegram refuses ends the start with a line that names the setting and not the token."""
    async with FakeTelegram() as server:
        token = "123456789:" + "B" * 35
        settings = {"TELEGRAM_BOT_TOKEN": token, "TELEGRAM_API_URL": server.url}
        async with _started(tmp_path, **settings) as process:
            out, errors = await asyncio.wait_for(process.communicate(), PLENTY)

    assert process.returncode == 2
    assert "TELEGRAM_BOT_TOKEN" in errors.decode()
    assert token not in (out + errors).decode()


@pytest.mark.parametrize("name", ["sqlite:////proc/no/line.sqlite3", "mysql://x"])
async def test_a_database_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    """A database that cannot be opened ends the start with the setting's name."""
    async with _started(tmp_path, DATABASE_URL=name) as process:
        _, errors = await asyncio.wait_for(process.communicate(), PLENTY)

    assert process.returncode == 2
    assert "DATABASE_URL" in errors.decode()
