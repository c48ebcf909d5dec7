from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.channels.plain import plain
from bot.line import Message, open_line
from bot.reload import News, Reloader, Sources, wanted
from bot.settings import read_settings
from bot.understanding.alike import fits, meaning
from tests.catalog.trees import make_tree, swap, write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PLENTY = 90
"""Seconds after which something counts as stalled."""

PAGE = "content/en/cases/alice-johnson.md"
DAWN = "content/en/cases/dawn-jackson.md"
PEOPLE = "intents/cases/people.yaml"


class Watched:
    """A tree, a line over it that is kept true to it, and what became of each change."""

    def __init__(self, folder: Path) -> None:
        """Open the line."""
        self.folder = folder
        intents, content = make_tree(folder)
        self.line, findings = open_line(intents, content)
        self.news: asyncio.Queue[News] = asyncio.Queue()
        self.reloader = Reloader(self.line, Sources(intents, content), findings, self.news.put_nowait)

    async def take(self, name: str, old: str, new: str) -> News:
        """Change a file, let the reloader see it, and return what became of it."""
        swap(self.folder, name, old, new)
        await self.reloader.take([self.folder / name])
        return self.news.get_nowait()

    async def answers(self, text: str) -> str:
        """Return the answer to a question of somebody new."""
        return plain(await self.line.reply(Message("terminal", text, text)))

    async def told(self) -> News:
        """Return the next news."""
        return await asyncio.wait_for(self.news.get(), PLENTY)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Return a line whose changes are handed over one by one."""
    return Watched(tmp_path)


@pytest.fixture
async def running(watched: Watched) -> AsyncIterator[Watched]:
    """Return a line whose files are watched, once the watch has begun."""
    task = asyncio.create_task(watched.reloader.run())
    probe = watched.folder / "content/en/service/probe.md"
    while watched.news.empty():  # the watch begins a moment after the task
        probe.write_text("---\ntitle: Probe\nabout_the_line: true\n---\n\n## a\n\nText.\n", encoding="utf-8")
        await asyncio.sleep(0.2)
    await watched.told()
    yield watched
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_saved_answer_is_live(running: Watched) -> None:
    """Somebody saves a page, and the next person reads it; nothing is learned anew."""
    before = running.line.understanding
    swap(running.folder, PAGE, "She works for others.", "She leads a foundation.")

    news = await running.told()
    while PAGE not in news.files:
        news = await running.told()

    assert news.errors == ()
    assert not news.learning
    assert "leads a foundation" in await running.answers("where is alice now")
    assert running.line.understanding is before


async def test_a_bad_change_leaves_the_last_good_state(watched: Watched) -> None:
    """A mistake is told with file, line and column, and people go on reading what was there; mended, it is live."""
    news = await watched.take(PAGE, "She works for others.", "She works for {{ nobody }}.")

    assert [(one.mark.file, one.mark.line) for one in news.errors] == [(PAGE, 25)]
    assert "works for others" in await watched.answers("where is alice now")

    news = await watched.take(PAGE, "{{ nobody }}", "many people")

    assert news.errors == ()
    assert "works for many people" in await watched.answers("where is alice now")


async def test_a_mistake_holds_up_no_other_file(watched: Watched) -> None:
    """Two people save at once, one with a mistake: the answer of the other is live, the mistake waits to be mended."""
    swap(watched.folder, PAGE, "She works for others.", "She works for {{ nobody }}.")
    swap(watched.folder, DAWN, "At last report she was at home.", "She leads a school.")
    await watched.reloader.take([watched.folder / PAGE, watched.folder / DAWN])

    live, held = watched.news.get_nowait(), watched.news.get_nowait()
    assert (live.files, live.errors) == ((DAWN,), ())
    assert held.files == (PAGE,)
    assert {one.mark.file for one in held.errors} == {PAGE}
    assert "leads a school" in await watched.answers("where is dawn now")
    assert "works for others" in await watched.answers("where is alice now")

    news = await watched.take(PAGE, "{{ nobody }}", "many people")

    assert (news.files, news.errors) == ((PAGE,), ())
    assert "works for many people" in await watched.answers("where is alice now")
    assert "leads a school" in await watched.answers("where is dawn now")


async def test_a_new_file_with_a_mistake_is_left_out(watched: Watched) -> None:
    """A page that was begun and is no page yet keeps a finished answer from nobody."""
    write(watched.folder, "content/en/cases/carol.md", "no front matter\n")
    swap(watched.folder, DAWN, "At last report she was at home.", "She leads a school.")
    await watched.reloader.take([watched.folder / "content/en/cases/carol.md", watched.folder / DAWN])

    live, held = watched.news.get_nowait(), watched.news.get_nowait()
    assert live.files == (DAWN,)
    assert held.files == ("content/en/cases/carol.md",)
    assert "leads a school" in await watched.answers("where is dawn now")


async def test_what_a_change_breaks_elsewhere_counts_too(watched: Watched) -> None:
    """A section that is renamed while an intent still leads to it stays as it was; the intent's line is named."""
    before = watched.line.catalog
    for code in ("en", "es"):
        name = f"content/{code}/service/line.md"
        swap(watched.folder, name, "## privacy", "## kept")
    await watched.reloader.take([watched.folder / name])
    news = watched.news.get_nowait()

    assert [one.mark.file for one in news.errors] == ["intents/service/line.yaml"]
    assert watched.line.catalog is before


async def test_an_old_mistake_stops_nobody(watched: Watched) -> None:
    """A mistake that was there at the start, in another file, keeps no good change from going live."""
    swap(watched.folder, PEOPLE, "answer: cases/{case}#now", "answer: cases/{case}#noww")
    sources = Sources(watched.folder / "intents", watched.folder / "content")
    line, findings = open_line(sources.intents_dir, sources.content_dir)
    watched.reloader = Reloader(line, sources, findings, watched.news.put_nowait)

    news = await watched.take(PAGE, "She came home", "She came back home")

    assert findings
    assert news.errors == ()


async def test_new_phrases_are_learned_while_the_line_answers(running: Watched) -> None:
    """An example that was added teaches the line without a restart; its answers are live before that."""
    swap(running.folder, PEOPLE, "        - who freed {case}\n", "        - who freed {case}\n        - zorp\n")

    news = await running.told()
    while not news.learning:
        news = await running.told()
    learned = await running.told()

    assert learned.errors == ()
    reading = running.line.understanding.read("zorp")
    assert reading.candidates[0].intent == "case-release"


async def test_an_intent_that_is_gone_waits_for_the_learning(watched: Watched) -> None:
    """While what was learned still names an intent, the catalog without it does not go live."""
    old = watched.line.catalog
    text = (watched.folder / PEOPLE).read_text(encoding="utf-8")
    write(watched.folder, PEOPLE, text[: text.index("  - id: pardon")])
    await watched.reloader.take([watched.folder / PEOPLE])

    assert watched.news.get_nowait().learning
    assert watched.line.catalog is old


async def test_files_that_are_all_gone_change_nothing(watched: Watched) -> None:
    """Without one intent left the last good state stays, and the news says why."""
    for file in (watched.folder / "intents").rglob("*.yaml"):
        file.unlink()
    await watched.reloader.take([watched.folder / PEOPLE])

    assert "nothing to serve" in str(watched.news.get_nowait().errors[0])
    assert "June 6, 2018" in await watched.answers("how did alice get out")


def test_line_numbers_mean_nothing(watched: Watched) -> None:
    """A remark above a slot's values moves every line and changes nothing that was learned."""
    old = watched.line.catalog
    swap(watched.folder, "intents/slots/case.yaml", "values:\n", "# people of the film\nvalues:\n")
    new, _ = open_line(watched.folder / "intents", watched.folder / "content")

    assert meaning(old) == meaning(new.catalog)
    assert fits(old, new.catalog)


def test_reload_can_be_switched_off(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that can be written to are watched, unless RELOAD says no."""
    folders = {"intents_dir": watched.folder / "intents", "content_dir": watched.folder / "content"}

    assert wanted(read_settings(**folders))
    monkeypatch.setenv("RELOAD", "false")
    assert not wanted(read_settings(**folders))
