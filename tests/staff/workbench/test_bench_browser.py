from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.catalog.trees import swap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.staff.workbench.conftest import Desk

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
PEOPLE = "intents/cases/people.yaml"
PAGE = "content/en/cases/alice-johnson.md"


@pytest_asyncio.fixture(loop_scope="session")
async def tab(desk: Desk, browser: Browser) -> AsyncIterator[Page]:
    """Return the open page; at its end nothing may have gone wrong on it, and nobody else may have been asked."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(60_000)  # on a busy machine; nothing here is measured
    wrong: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(desk.address)
    await page.locator("#log .turn").first.wait_for()
    yield page
    await context.close()
    assert wrong == []
    assert all(address.startswith(desk.address) for address in asked)


async def _ask(tab: Page, text: str) -> None:
    before = await tab.locator("#log .turn").count()
    await tab.locator("#text").fill(text)
    await tab.locator("#text").press("Enter")
    await tab.locator("#log .turn").nth(before).wait_for()


async def _picture(tab: Page, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    await tab.evaluate("window.scrollTo(0, 0)")
    await tab.screenshot(path=ARTIFACTS / f"workbench-{name}.png", full_page=True)


async def test_a_question_is_asked_and_explained(tab: Page) -> None:
    """Somebody asks by keyboard, reads the answer, and sees beside it who was named and which question was heard."""
    await _ask(tab, "how did alice get out")

    assert "June 6, 2018" in await tab.locator("#log .turn").last.inner_text()
    why = await tab.locator("#why").inner_text()
    assert "case = alice-johnson" in why
    assert await tab.locator("#why meter").count() >= 2
    await tab.get_by_text("on Telegram").click()
    assert await tab.locator(".phone strong").first.inner_text() == "June 6, 2018"
    await _picture(tab, "talk")


async def test_a_phrase_is_put_where_it_belongs(tab: Page, desk: Desk) -> None:
    """A phrase is given to another question: the diff is shown, then what else changes, then it is written and live."""
    await _ask(tab, "whats up with alice lately")
    await tab.locator("#owner").fill("case-now")
    await tab.get_by_role("button", name="Show the change").click()
    await tab.locator(".diff .plus", has_text="whats up with alice lately").wait_for()
    await tab.get_by_role("button", name="What else would change?").click()
    await tab.get_by_text("The phrase itself:").wait_for()
    await _picture(tab, "change")
    await tab.get_by_role("button", name="Write it").click()
    await tab.get_by_text("git checkout").wait_for()
    await tab.locator("#said", has_text="is live").wait_for()

    assert "        - whats up with alice lately\n" in (desk.folder / PEOPLE).read_text(encoding="utf-8")


async def test_findings_follow_the_files(tab: Page, desk: Desk) -> None:
    """A mistake that is saved shows up with file and line while the line goes on; mended, it is gone."""
    await tab.get_by_role("link", name="Findings").click()
    swap(desk.folder, PAGE, "She works for others.", "She works for {{ nobody }}.")
    row = tab.locator("#rows li", has_text="nobody")
    await row.wait_for()
    assert f"{PAGE}:25" in await row.inner_text()
    assert "last good state stays" in await tab.locator("#said").inner_text()
    await _picture(tab, "findings")
    swap(desk.folder, PAGE, "{{ nobody }}", "many")
    await row.wait_for(state="detached")


async def test_coverage_and_confusion(tab: Page, desk: Desk) -> None:
    """Counts are found by a part of a title, and a pair of close questions shows its phrases."""
    await tab.get_by_role("link", name="Coverage").click()
    await tab.locator("#find").fill("get out")
    await tab.locator(".cover tbody tr").first.wait_for()
    assert await tab.locator(".cover tbody tr").count() == 1
    await _picture(tab, "coverage")
    swap(desk.folder, PEOPLE, "        - did alice get a pardon\n", "        - where is {case} at now\n")
    await tab.locator("#said", has_text=re.compile(r"^The change is live\.$")).wait_for()  # and learned
    await tab.get_by_role("link", name="Confusion").click()
    await tab.locator(".pair-rows summary", has_text="case-now").first.click()
    await _picture(tab, "confusion")
    await tab.get_by_role("button", name="where is {case} at now").first.click()
    await tab.locator("#log .said", has_text="where is {case} at now").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_narrow_screen_scrolls_one_way(tab: Page, scheme: str) -> None:
    """On a phone nothing scrolls sideways, by day and by night."""
    await tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await tab.set_viewport_size({"width": 390, "height": 844})
    await _ask(tab, "how did alice get out")
    assert await tab.evaluate("document.documentElement.scrollWidth") == 390
    await _picture(tab, f"phone-{scheme}")


async def test_the_keyboard_alone_is_enough(tab: Page) -> None:
    """The first Tab is the way past the menu to the question box."""
    await tab.keyboard.press("Tab")
    assert await tab.evaluate("document.activeElement.textContent") == "Skip to the question box"
    await tab.keyboard.press("Enter")
    assert await tab.evaluate("document.activeElement.id") == "text"
