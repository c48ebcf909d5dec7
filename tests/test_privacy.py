from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.catalog.defaults import PHRASES
from bot.channels.plain import plain
from bot.counting import Book
from bot.dialog.pick import Pick, Verb
from bot.line import Message, open_line
from bot.store.kept import KEPT, declared
from bot.store.store import Store
from bot.store.tables import metadata
from bot.tallies import MemoryTallies
from tests.catalog.trees import make_tree
from tests.databases import fresh_sqlite

if TYPE_CHECKING:
    from pathlib import Path


async def _rows(store: Store) -> dict[str, int]:
    async with store.database.reading() as connection:
        return {
            name: int(await connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
            for name, table in metadata.tables.items()
        }


async def test_privacy_is_built_from_what_is_declared(tmp_path: Path) -> None:
    """`/privacy` has a line for each kind of thing that is kept, with its days, and none for what is not."""
    for gap_log in (False, True):
        intents, content = make_tree(tmp_path / str(gap_log))
        file = intents / "service" / "line.yaml"
        answer = "    answer: service/line#privacy\n"
        file.write_text(file.read_text("utf-8").replace(answer, f"{answer}    does: privacy\n"), "utf-8")
        line, _ = open_line(intents, content, book=Book(MemoryTallies(), gap_log))
        for language in ("en", "es"):
            ask = Message("web", f"s{language}", pick=Pick(Verb.ANSWER, "privacy"), language_hint=language)
            said = plain(await line.reply(ask))
            told = [one for one in KEPT if line.phrase(one.phrase, language, days=str(one.days)) in said]
            assert [(one.phrase, one.days) for one in told] == declared(gap_log=gap_log)


def test_every_kind_can_be_said_without_the_files_of_staff() -> None:
    """The words about what is kept are built in, in both languages."""
    assert all({"en", "es"} <= set(PHRASES[one.phrase]) for one in KEPT)


async def test_forgetting_leaves_nothing(tmp_path: Path) -> None:
    """After talking and being forgotten no table about people has a row; only the line's own key is left."""
    async with Store(await fresh_sqlite(tmp_path)) as store:
        line, _ = open_line(*make_tree(tmp_path / "tree"), store.conversations)
        await line.reply(Message("telegram", "5", "how did alice get out"))
        assert (await _rows(store))["conversations"] == 1
        await line.forget("telegram", "5")
        assert {name for name, count in (await _rows(store)).items() if count} == {"secrets"}
