"""A fake Telegram, a stub of the line, and the channel between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels.telegram.stub_line import StubLine, opened, running
from tests.fake_telegram import FakeTelegram

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.channels.telegram.bot import TelegramChannel
    from bot.store.store import Store


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    """Return a fake Telegram that listens."""
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def line() -> StubLine:
    """Return a line that says back what it hears."""
    return StubLine()


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    """Return an empty store."""
    async with opened() as found:
        yield found


@pytest.fixture
async def channel(server: FakeTelegram, line: StubLine) -> AsyncIterator[TelegramChannel]:
    """Return the channel, polling."""
    async with running(server, line) as started:
        yield started
