"""The line as operators start it: a process of its own, over the tiny catalog."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.catalog.trees import make_tree
from tests.fake_telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.fake_telegram import Person

ROOT = Path(__file__).parent.parent
PLENTY = 90
"""Seconds after which something counts as stalled."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@asynccontextmanager
async def _started(folder: Path, *command: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    intents, content = make_tree(folder)
    own = {"INTENTS_DIR": str(intents), "CONTENT_DIR": str(content), "ENCODER": "none"}
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "run_bot.py"),
        *command,
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


MARKER = "zanzibarmarker"


async def _until_ready(session: aiohttp.ClientSession, url: str, status: int = 200) -> dict[str, bool]:
    """Wait until /readyz says so, and return what it says of each part."""
    async with asyncio.timeout(PLENTY):
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{url}/readyz") as ready:
                    if ready.status == status:
                        parts: dict[str, bool] = await ready.json()
                        return parts
            await asyncio.sleep(0.1)


async def test_nothing_that_is_written_is_kept_or_shown(tmp_path: Path) -> None:
    """A marker sent on every path is in no log, metric, file or table afterwards; nor is the token, or an id."""
    port, watch = _free_port(), _free_port()
    async with FakeTelegram() as server, aiohttp.ClientSession() as session:
        settings = {
            "TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "PORT": str(port),
            "METRICS_PORT": str(watch), "LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json",
        }  # fmt: skip
        async with _started(tmp_path, **settings) as process:
            parts = await _until_ready(session, f"http://127.0.0.1:{watch}")
            assert parts == {"catalog": True, "store": True, "updates": True}
            ana = server.person(language_code="es", name=MARKER)
            await _every_path(server, ana, session, f"http://127.0.0.1:{port}")
            async with session.get(f"http://127.0.0.1:{watch}/metrics") as shown:
                metrics = await shown.text()
            await session.close()
            code, said = await _stopped(process)
    assert code == 0
    assert "line_updates_total" in metrics
    with sqlite3.connect(tmp_path / "var" / "line.sqlite3") as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    files = b"".join(file.read_bytes() for file in (tmp_path / "var").glob("*.sqlite3*"))
    for hidden in (MARKER, str(ana.id), server.token.partition(":")[2]):
        assert hidden not in said
        assert hidden not in metrics
    assert MARKER not in dump
    assert MARKER.encode() not in files
    assert all(line.startswith("{") for line in said.splitlines() if not line.startswith("The line is open"))


async def _every_path(server: FakeTelegram, ana: Person, session: aiohttp.ClientSession, web: str) -> None:
    """Bring the marker to the line in every way that there is."""
    await ana.says(f"cómo salió alice {MARKER}")
    assert "Salió el 6 de junio de 2018." in (await asyncio.wait_for(ana.hears(), PLENTY)).text
    heard = ana.sent[-1]
    await ana.says(f"/start {MARKER}")
    await ana.sends("photo", caption=f"{MARKER} photo")
    await ana.taps_data(f"a:{MARKER}", on=heard)
    server.push({"message": {"message_id": 1, "text": MARKER, "chat": {"id": ana.id}}})
    server.push({"message": {"message_id": MARKER, "chat": MARKER}})
    server.fails("sendMessage", code=400, description=f"Bad Request: can't parse '{MARKER}'")
    await ana.says(f"hello {MARKER}")
    await server.until_fetched(PLENTY)
    async with asyncio.timeout(PLENTY):
        while len(server.called("sendMessage")) < 5:
            await server.world.bell.wait(1)
    for body in ({"text": MARKER}, {"text": MARKER, "session": MARKER}, {"pick": MARKER}, {MARKER: MARKER}, MARKER):
        async with session.post(f"{web}/api/reply", json=body):
            pass
    async with session.post(f"{web}/", data={"text": MARKER, "lang": MARKER}), session.get(f"{web}/{MARKER}"):
        pass
    async with session.get(f"{web}/", headers={"X": MARKER, "User-Agent": MARKER}, params={"lang": MARKER}):
        pass


async def test_the_web_chat_does_not_wait_for_telegram(tmp_path: Path) -> None:
    """With Telegram down at the start the web chat and health are up, /readyz says what is missing, SIGTERM ends it."""
    port = _free_port()
    async with FakeTelegram() as server, aiohttp.ClientSession() as session:
        await server.goes_down()
        settings = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "PORT": str(port)}
        async with _started(tmp_path, **settings) as process:
            url = f"http://127.0.0.1:{port}"
            assert (await _until_ready(session, url, 503))["updates"] is False
            async with session.post(f"{url}/api/reply", json={"text": "how did alice get out"}) as response:
                assert "June 6, 2018" in str(await response.json())
            await server.comes_back()
            assert all((await _until_ready(session, url)).values())
            await session.close()
            for _ in range(3):
                process.send_signal(signal.SIGTERM)
            code, said = await _stopped(process)
    assert code == 0
    assert "Traceback" not in said


async def test_webhook_mode(tmp_path: Path) -> None:
    """With WEBHOOK_URL the process is told at PORT, sets its webhook, and answers from its inbox."""
    port = _free_port()
    async with FakeTelegram() as server, aiohttp.ClientSession() as session:
        settings = {
            "TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url, "PORT": str(port),
            "WEBHOOK_URL": "https://line.example/telegram/k3n9", "WEBHOOK_SECRET": "a-secret-of-sixteen-letters",
        }  # fmt: skip
        async with _started(tmp_path, **settings) as process:
            await asyncio.wait_for(server.until_called("setWebhook", patience=PLENTY), PLENTY)
            server.world.webhook["url"] = f"http://127.0.0.1:{port}/telegram/k3n9"  # what stands before it ends TLS
            person = server.person()
            await person.says("how did alice get out")
            assert "June 6, 2018" in (await person.hears(PLENTY)).text
            async with session.post(f"http://127.0.0.1:{port}/telegram/k3n9", json={"update_id": 1}) as response:
                assert response.status == 403
            await session.close()
            code, said = await _stopped(process)
    assert code == 0
    assert "a-secret" not in said


async def test_migrating_alone(tmp_path: Path) -> None:
    """`run_bot.py migrate` brings the database up to date and ends, for a host's release phase."""
    async with _started(tmp_path, "migrate") as process:
        out, errors = await asyncio.wait_for(process.communicate(), PLENTY)
    assert process.returncode == 0, (out + errors).decode()
    assert (tmp_path / "var" / "line.sqlite3").exists()


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


@pytest.mark.parametrize("name", ["sqlite:////proc/no/line.sqlite3", "mysql://u:hidden-word@x"])
async def test_a_database_that_cannot_be_used(tmp_path: Path, name: str) -> None:
    """A database that cannot be opened ends the start with the setting's name."""
    async with _started(tmp_path, DATABASE_URL=name) as process:
        _, errors = await asyncio.wait_for(process.communicate(), PLENTY)

    assert process.returncode == 2
    assert "DATABASE_URL" in errors.decode()
    assert "hidden-word" not in errors.decode()
