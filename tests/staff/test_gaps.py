from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import bot.cli.gaps as command
import bot.cli.public  # noqa: F401  # with one command alone the app would have no names of commands
from bot.channels.plain import plain
from bot.cli.common import app
from bot.counting import Book
from bot.dialog.pick import Pick
from bot.line import Line, Message, open_line
from bot.staff.gaps import clusters, digest
from bot.store.store import Store
from bot.tallies import GAP_DAYS, MemoryTallies
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.settings import Settings

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()
ODD = "zorblax quuxify the frobnicator"


def _line(folder: Path, tallies: MemoryTallies, *, gap_log: bool = False) -> Line:
    return open_line(*make_tree(folder), book=Book(tallies, gap_log))[0]


async def _say(line: Line, text: str = "", pick: Pick | None = None) -> list[str]:
    turn = await line.reply(Message("web", "somebody", text, pick))
    return [choice.pick.encode() for choice in turn.choices]


async def test_turns_and_taps_are_counted(tmp_path: Path) -> None:
    """An answer is counted by kind, intent, language and channel; the buttons below it count what people say of it."""
    tallies = MemoryTallies()
    line = _line(tmp_path, tallies)

    offered = await _say(line, "how did alice get out")
    assert offered[-2:] == ["y:case-release", "x:case-release"]
    await _say(line, pick=Pick.decode("x:case-release"))

    assert [row[1:] for row in await tallies.counted("")] == [("answer", "case-release", "en", "web", 1)]
    assert [row[1:] for row in await tallies.tapped("")] == [("case-release", "en", False, 1)]


async def test_only_answers_ask_whether_they_helped(tmp_path: Path) -> None:
    """The menu, a fallback and a line that counts nothing have no such buttons."""
    counting = _line(tmp_path, MemoryTallies())
    plainly = open_line(tmp_path / "intents", tmp_path / "content")[0]

    assert not any(pick.startswith(("y:", "x:")) for pick in await _say(counting, "menu"))
    assert not any(pick.startswith(("y:", "x:")) for pick in await _say(counting, ODD))
    assert not any(pick.startswith(("y:", "x:")) for pick in await _say(plainly, "how did alice get out"))


async def test_nothing_is_kept_unless_it_is_wanted(tmp_path: Path) -> None:
    """Without GAP_LOG no word of a question is kept; with it, redacted, and /privacy says so."""
    silent, heard = MemoryTallies(), MemoryTallies()
    await _say(_line(tmp_path / "a", silent), f"{ODD} my name is Jo")
    line = _line(tmp_path / "b", heard, gap_log=True)
    await _say(line, f"{ODD} my name is Jo")

    assert await silent.list_gaps() == []
    assert [gap.text for gap in await heard.list_gaps()] == [f"{ODD} my name is [name]"]


async def test_privacy_says_what_is_kept(tmp_path: Path) -> None:
    """Where questions are kept, the answer about privacy names that and the days."""
    folders = make_tree(tmp_path)
    swap(tmp_path, "intents/service/line.yaml", "service/line#privacy\n", "service/line#privacy\n    does: privacy\n")
    phrases = folders[1] / "phrases.yaml"
    kept = "kept_gaps: {en: 'Questions, {days} days.', es: 'Preguntas, {days} días.'}\n"
    phrases.write_text(phrases.read_text(encoding="utf-8") + kept, encoding="utf-8")
    question = Message("web", "somebody", "what do you keep")

    for gap_log in (True, False):
        line = open_line(*folders, book=Book(MemoryTallies(), gap_log))[0]
        assert (f"Questions, {GAP_DAYS} days." in plain(await line.reply(question))) is gap_log


async def test_a_broken_book_costs_no_reply(tmp_path: Path) -> None:
    """When counting fails, people get their answer all the same."""

    class Broken(MemoryTallies):
        async def bump(self, *_: object) -> None:
            raise OSError

    turn = await _line(tmp_path, Broken()).reply(Message("web", "somebody", "how did alice get out"))

    assert "June 6, 2018" in plain(turn)


async def test_like_questions_are_one_group(tmp_path: Path) -> None:
    """Questions that are much alike are told together, largest group first, each language apart, with the nearest."""
    tallies = MemoryTallies()
    for text in ("is alice on probation", "alice on probation??", "is alice still on probation", "bus to macon"):
        await tallies.add_gap(text, "en", "", NOON)
    await tallies.add_gap("is alice on probation", "es", "", NOON)

    found = clusters(await tallies.list_gaps(), _line(tmp_path, tallies))

    assert [len(one.gaps) for one in found] == [3, 1, 1]
    assert {gap.language for gap in found[0].gaps} == {"en"}
    assert found[0].nearest


async def test_old_questions_go() -> None:
    """After thirty days a question is gone."""
    tallies = MemoryTallies()
    await tallies.add_gap("old", "en", "", NOON - (GAP_DAYS + 1) * 86_400)
    await tallies.add_gap("new", "en", "", NOON)

    assert [gap.text for gap in await tallies.list_gaps()] == ["new"]


async def test_the_week_in_markdown(tmp_path: Path) -> None:
    """The digest says how much was asked, where, what did not help, and what had no answer; older days are left out."""
    tallies = MemoryTallies()
    await tallies.bump("answer", "case-release", "en", "web", NOON)
    await tallies.bump("answer", "case-now", "en", "web", NOON - 30 * 86_400)
    await tallies.tap("case-release", "en", NOON, helpful=False)
    await tallies.add_gap(ODD, "en", "", NOON)

    text = await digest(tallies, _line(tmp_path, tallies), date(2026, 11, 28))

    assert "| case-release | 1 |" in text
    assert "| case-release | 0 | 1 |" in text
    assert ODD in text
    assert "case-now" not in text.split("## Not answered")[0]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MemoryTallies:
    """Return a book with one question in it, for the command, beside a tree of files."""
    tallies = MemoryTallies()
    asyncio.run(tallies.add_gap("where does alice live these days", "en", "", NOON))

    @asynccontextmanager
    async def opened(_settings: Settings) -> AsyncIterator[MemoryTallies]:
        yield tallies

    monkeypatch.setattr(command, "open_tallies", opened)
    make_tree(tmp_path)
    monkeypatch.setenv("ENCODER", "none")
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    return tallies


def _run(folder: Path, *words: str) -> str:
    own = ["gaps", *words, "--intents", str(folder / "intents"), "--content", str(folder / "content")]
    return CliRunner().invoke(app, own).output


@pytest.mark.usefixtures("book")
def test_a_question_becomes_a_test(tmp_path: Path) -> None:
    """The list has a number for each question; the change is shown first, written on request, and leaves the list."""
    people = tmp_path / "intents/cases/people.yaml"

    assert "[1]" in _run(tmp_path)
    assert "not written" in _run(tmp_path, "1", "--to", "case-now")
    assert "these days" not in people.read_text(encoding="utf-8")
    assert "written: intents/cases/people.yaml" in _run(tmp_path, "1", "--to", "case-now", "--test", "--write")
    assert "{say: where does alice live these days, case: alice-johnson}" in people.read_text(encoding="utf-8")
    assert "0 questions" in _run(tmp_path)
    assert "there is no question 1" in _run(tmp_path, "1", "--drop")


@pytest.mark.usefixtures("book")
def test_the_digest_is_printed(tmp_path: Path) -> None:
    """`gaps --digest` prints the week."""
    assert _run(tmp_path, "--digest").startswith("# The line from ")


def test_a_question_goes_the_whole_way_through_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody asked and the line did not know stands, redacted, in another process's list until it is put."""
    folders, url = make_tree(tmp_path), f"sqlite:///{tmp_path}/line.sqlite3"
    for name, value in (("DATABASE_URL", url), ("ENCODER", "none"), ("CACHE_DIR", str(tmp_path / "cache"))):
        monkeypatch.setenv(name, value)

    async def ask() -> None:
        async with Store(url) as store:
            await _say(open_line(*folders, book=Book(store.tallies, gap_log=True))[0], f"{ODD} my name is Jo")

    asyncio.run(ask())

    assert f"{ODD} my name is [name]" in _run(tmp_path)
    assert "written" in _run(tmp_path, "1", "--to", "out_of_scope/everyday", "--write")
    assert "frobnicator" in (folders[0] / "out_of_scope.yaml").read_text(encoding="utf-8")
    assert "0 questions" in _run(tmp_path)
