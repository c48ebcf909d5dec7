"""What tests of more than one part share."""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import TYPE_CHECKING, NoReturn

import pytest
import pytest_asyncio
import structlog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
"""Chromium without anything that a test does not need, and without calls home."""


def missing(what: str) -> NoReturn:
    """Skip the test because something is not installed, or fail it where REQUIRE_ALL=1 says that all must be there."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Return a Chromium of this machine, driven by playwright; starting it is slow, so all tests share one.

    Tests that use it run in the session's loop: `pytestmark = pytest.mark.asyncio(loop_scope="session")`.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium is not installed")
    if importlib.util.find_spec("playwright") is None:
        missing("playwright is not installed")
    from playwright.async_api import async_playwright  # noqa: PLC0415  # only where it is installed

    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        await opened.close()


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Undo what a test's command set up for logs: the stream that it wrote to is closed when the test ends."""
    yield
    structlog.reset_defaults()
