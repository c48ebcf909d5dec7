from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.catalog.richtext import Block, Shape, Span
from bot.channels.web import build_app, serve
from bot.dialog.turn import Kind, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import AppRunner
    from playwright.async_api import Browser, Page, Route, ViewportSize

    from tests.channels.web.conftest import StubLine

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
PHONE: ViewportSize = {"width": 390, "height": 844}
OLD_PHONE: ViewportSize = {"width": 320, "height": 568}
DESKTOP: ViewportSize = {"width": 1280, "height": 860}


class Visit:
    """A page of the running chat, with all that went wrong on it and every address it asked for."""

    def __init__(self, tab: Page, address: str, runner: AppRunner) -> None:
        """Watch a tab."""
        self.tab = tab
        self.address = address
        self.runner = runner
        self.wrong: list[str] = []
        self.asked_for: list[str] = []
        tab.on("console", lambda message: self.wrong.append(message.text) if message.type != "log" else None)
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        tab.on("request", lambda request: self.asked_for.append(request.url))

    async def open(self, path: str = "", **options: object) -> None:
        """Open the first page, anew or with other options of the screen."""
        if options:
            await self.tab.emulate_media(**options)  # type: ignore[arg-type]  # the caller knows them
        await self.tab.goto(self.address + path)

    async def ask(self, text: str) -> None:
        """Write a question, send it with Enter, and wait for the answer."""
        before = await self.tab.locator("#log .turn").count()
        await self.tab.locator("#text").fill(text)
        await self.tab.locator("#text").press("Enter")
        await self.tab.locator("#log .turn").nth(before).wait_for()

    async def focused(self) -> str:
        """Return the text of what has the focus."""
        return str(await self.tab.evaluate("document.activeElement.innerText || document.activeElement.id"))

    async def picture(self, name: str) -> None:
        """Save what is on the screen, for people to look at."""
        ARTIFACTS.mkdir(exist_ok=True)
        await self.tab.screenshot(path=ARTIFACTS / f"web-{name}.png")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(line: StubLine, browser: Browser) -> AsyncIterator[Visit]:
    """Return a visit on a phone that is told to keep still; at its end nothing may have gone wrong on the page."""
    runner = await serve(build_app(line), "127.0.0.1", 0)
    context = await browser.new_context(viewport=PHONE, reduced_motion="reduce", locale="en-US")
    found = Visit(await context.new_page(), f"http://127.0.0.1:{runner.addresses[0][1]}/", runner)
    await found.open()
    yield found
    await context.close()
    await runner.cleanup()
    assert found.wrong == []
    assert found.asked_for
    assert all(address.startswith(found.address) for address in found.asked_for)


async def test_a_question_is_asked_by_keyboard_alone(visit: Visit, line: StubLine) -> None:
    """Tab to the skip link, Enter, type, Shift+Enter for a new line, Enter to send; then Tab to the next question."""
    keys = visit.tab.keyboard
    await keys.press("Tab")
    assert await visit.focused() == "Skip to the question box"
    await keys.press("Enter")
    assert await visit.focused() == "text"
    await keys.type("how did she")
    await keys.press("Shift+Enter")
    await keys.type("get out")
    await keys.press("Enter")
    await visit.tab.get_by_text("came home on June 6, 2018").wait_for()
    assert line.heard[-1].text == "how did she\nget out"
    assert await visit.focused() == "text"
    await visit.tab.get_by_role("button", name="Who helped her?").focus()
    await keys.press("Enter")
    await visit.tab.locator("#log .turn").nth(1).wait_for()
    assert "came home" in await visit.focused()
    await keys.press("Tab")
    await keys.press("Tab")
    assert await visit.focused() == "Where is she now?"


async def test_a_topic_and_a_choice_are_tapped(visit: Visit, line: StubLine) -> None:
    """A tap shows its words as the person's own, and the old choices make room for the new ones."""
    await visit.tab.get_by_role("button", name="The five people").click()
    await visit.tab.get_by_role("button", name="Where is she now?").click()
    await visit.tab.locator("#log .turn").nth(1).wait_for()
    assert await visit.tab.locator("#log .said p").all_inner_texts() == ["The five people", "Where is she now?"]
    assert await visit.tab.locator("#log .choices").count() == 1
    assert [message.pick.encode() for message in line.heard if message.pick] == [
        "u:start",
        "t:cases",
        "a:case-now;case=alice-johnson",
    ]
    assert len({message.sender for message in line.heard}) == 1


async def test_a_reload_keeps_the_session_and_another_tab_has_its_own(visit: Visit, line: StubLine) -> None:
    """The session lives in the tab: a reload goes on with it, a new tab begins anew."""
    await visit.ask("one")
    await visit.open()
    await visit.ask("two")
    assert line.heard[-1].sender == line.heard[1].sender
    assert await visit.tab.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    other = await visit.tab.context.new_page()
    await other.goto(visit.address)
    await other.locator("#text").fill("three")
    await other.locator("#text").press("Enter")
    await other.locator("#log .turn").wait_for()
    assert line.heard[-1].sender != line.heard[1].sender


@pytest.mark.parametrize("language", ["en", "es"])
async def test_nothing_is_wider_than_an_old_phone(visit: Visit, language: str) -> None:
    """At 320 pixels nothing scrolls sideways, and all that is tapped is 44 pixels high."""
    await visit.tab.set_viewport_size(OLD_PHONE)
    await visit.open(f"?lang={language}")
    for text in ("", "how", "crisis", "w" * 300):
        if text:
            await visit.ask(text)
        assert await visit.tab.evaluate("document.documentElement.scrollWidth") == 320
    heights = await visit.tab.evaluate(
        "[...document.querySelectorAll('button, .bar a, .doors a')].filter(e => e.offsetHeight && e.id !== 'retry')"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert len(heights) >= 6
    assert min(heights) >= 44


async def test_the_switch_changes_the_language_at_once(visit: Visit, line: StubLine) -> None:
    """Before the talk the whole page comes in Spanish; within it the line is told and the page follows."""
    await visit.tab.get_by_role("link", name="Español").click()
    await visit.tab.get_by_role("button", name="Las cinco personas").wait_for()
    await visit.ask("hola")
    assert line.heard[-1].language_hint == "es"
    await visit.tab.get_by_role("link", name="English").click()
    await visit.tab.get_by_text("I will answer in English").wait_for()
    assert line.heard[-1].pick is not None
    assert line.heard[-1].pick.encode() == "l:en"
    assert await visit.tab.locator("html").get_attribute("lang") == "en"
    assert await visit.tab.locator("#exit").inner_text() == "Quick exit"
    assert await visit.tab.locator("#text").get_attribute("placeholder") == "Write your question"
    assert await visit.tab.locator("#log").inner_text() != ""


async def test_a_dead_server_leaves_the_numbers_and_a_way_to_try_again(visit: Visit, line: StubLine) -> None:
    """When the server is gone, 911 and 988 are shown in both languages; once it is back, one tap asks again."""
    await visit.tab.route("**/api/reply", lambda route: route.abort())
    await visit.tab.locator("#text").fill("are you there")
    await visit.tab.locator("#text").press("Enter")
    box = visit.tab.get_by_role("alert")
    await box.wait_for()
    words = await box.inner_text()
    assert "cannot be reached" in words
    assert "no se puede conectar" in words
    assert await box.locator("a[href='tel:988'], a[href='tel:911']").count() == 2
    await visit.picture("failed")
    assert any("ERR_FAILED" in text for text in visit.wrong)
    visit.wrong.clear()
    await visit.tab.unroute("**/api/reply")
    await visit.tab.get_by_role("button", name="Try again").click()
    await visit.tab.get_by_text("came home on June 6, 2018").wait_for()
    assert await box.is_hidden()
    assert line.heard[-1].text == "are you there"


async def test_a_fault_of_the_server_shows_its_words_and_the_numbers(visit: Visit) -> None:
    """An answer of 500 is shown as the sentence that came with it, above the same doors."""
    await visit.tab.locator("#text").fill("boom")
    await visit.tab.locator("#text").press("Enter")
    box = visit.tab.get_by_role("alert")
    await box.wait_for()
    assert "our side" in await box.inner_text()
    visit.wrong.clear()


async def test_questions_in_quick_succession_are_answered_in_order(visit: Visit, line: StubLine) -> None:
    """Who writes faster than the line answers gets every answer, in the order of the questions."""
    for text in ("one", "two", "three"):
        await visit.tab.locator("#text").fill(text)
        await visit.tab.locator("#text").press("Enter")
    await visit.tab.locator("#log .turn").nth(2).wait_for()
    assert [message.text for message in line.heard[1:]] == ["one", "two", "three"]
    assert await visit.tab.locator("#busy").is_hidden()


async def test_clearing_forgets_and_starts_again(visit: Visit, line: StubLine) -> None:
    """The button "Clear chat" deletes at the line, empties the page, says so, and goes on under another session."""
    await visit.ask("how")
    session = line.heard[-1].sender
    await visit.tab.get_by_role("button", name="Clear chat").click()
    await visit.tab.locator("#cleared").wait_for()
    assert line.forgot == [("web", session)]
    assert await visit.tab.locator("#log").inner_text() == ""
    assert await visit.tab.get_by_role("button", name="The five people").is_visible()
    assert await visit.tab.evaluate("sessionStorage.length") == 0
    await visit.ask("how")
    assert line.heard[-1].sender != session


async def test_the_quick_exit_leaves_nothing_behind(visit: Visit, line: StubLine) -> None:
    """One tap empties the page, forgets the talk and goes to a neutral page that replaces this one in the history."""
    await visit.ask("how")
    went: list[str] = []

    async def elsewhere(route: Route) -> None:
        went.append(route.request.url)
        await route.fulfill(body="sun")

    await visit.tab.route("https://www.weather.gov/**", elsewhere)
    before = await visit.tab.evaluate("history.length")
    await visit.tab.get_by_role("link", name="Quick exit").click()
    await visit.tab.get_by_text("sun").wait_for()
    assert went == ["https://www.weather.gov/"]
    assert await visit.tab.evaluate("history.length") == before
    assert line.forgot == [("web", line.heard[-1].sender)]
    visit.asked_for = [address for address in visit.asked_for if address not in went]


async def test_hostile_words_of_staff_do_not_run(visit: Visit, line: StubLine) -> None:
    """HTML in an answer is put on the page as text."""
    hostile = "<img src=x onerror=document.title='hacked'>"
    block = Block(Shape.PARAGRAPH, ((Span(hostile), Span("tap", href="javascript:alert(1)")),))
    line.next_turn = Turn(Kind.ANSWER, "en", (block,))
    await visit.ask("how")
    assert hostile in await visit.tab.locator("#log .turn").inner_text()
    assert await visit.tab.locator("#log img").count() == 0
    assert await visit.tab.locator("#log a").count() == 0
    assert await visit.tab.title() == "Second Chance Line"


async def test_without_javascript_the_talk_goes_on(browser: Browser, line: StubLine) -> None:
    """A browser that runs no script asks, gets an answer, and taps a next question."""
    runner = await serve(build_app(line), "127.0.0.1", 0)
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False, reduced_motion="reduce")
    tab = await context.new_page()
    await tab.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    await tab.fill("#text", "how did she get out")
    await tab.click(".send")
    await tab.get_by_text("came home on June 6, 2018").wait_for()
    await tab.get_by_role("button", name="Who helped her?").click()
    await tab.locator(".said p", has_text="Who helped her?").wait_for()
    assert len({message.sender for message in line.heard}) == 1
    await context.close()
    await runner.cleanup()


async def test_pictures_for_people_to_look_at(visit: Visit) -> None:
    """The page is drawn on a phone, a desktop and in the dark, with an answer and a crisis card."""
    for name, size, scheme in (("phone", PHONE, "light"), ("desktop", DESKTOP, "light"), ("dark", PHONE, "dark")):
        await visit.tab.set_viewport_size(size)
        await visit.open(color_scheme=scheme)
        await visit.picture(f"{name}-start")
        await visit.ask("how did alice get out")
        await visit.picture(f"{name}-answer")
        await visit.ask("crisis")
        await visit.picture(f"{name}-crisis")
    assert len(list(ARTIFACTS.glob("web-*-crisis.png"))) >= 3
