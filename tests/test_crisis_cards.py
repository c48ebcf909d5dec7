"""Crisis cards: every number on them is in the table, and whatever a person sends, the check reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from telegram import Update, User

from bot.catalog.crisis_model import URGENCY
from bot.catalog.load import load
from bot.channels.plain import plain
from bot.channels.telegram.updates import Ask, read_update
from bot.dialog.turn import Kind
from bot.line import Line
from tests.catalog.trees import make_tree

CONTENT = Path(__file__).parent.parent / "content"
CARDS = sorted(CONTENT.glob("*/crisis/*.md"))
ME = User(id=77, first_name="Line", is_bot=True, username="line_bot")
ANA = {"id": 5, "is_bot": False, "first_name": "Ana", "language_code": "es-MX"}
PRIVATE, GROUP = {"id": 5, "type": "private"}, {"id": -9, "type": "supergroup", "title": "Family"}
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
_NUMBER = re.compile(r"(?<![\w.])[0-9][0-9-]{2,}[0-9](?![\w-])|(?<![\w.-])[0-9]{3}(?![\w-])")
_YEAR = re.compile(r"20[0-9]{2}")
_NOT_NUMBERS = {"200"}  # "over 200 languages"


def _table() -> frozenset[str]:
    """Return every number that hotlines.yaml has, digits only."""
    rows = yaml.safe_load((CONTENT / "data" / "hotlines.yaml").read_text(encoding="utf-8"))["hotlines"]
    told = " ".join(
        str(part) for row in rows for part in (row.get("call"), row.get("text"), row["say"], row.get("note"))
    )
    return frozenset(_digits(one) for one in re.findall(r"[0-9][0-9-]*", told))


def _digits(number: str) -> str:
    return re.sub("[^0-9]", "", number)


def test_every_class_has_a_card_in_both_languages() -> None:
    """Each kind of crisis has a card in English and in Spanish."""
    assert {path.stem for path in CARDS if path.parts[-3] == "en"} >= set(URGENCY)
    assert len(CARDS) == 2 * len({path.stem for path in CARDS})


@pytest.mark.parametrize("card", CARDS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_number_on_a_card_is_in_the_table(card: Path) -> None:
    """A number in plain digits on a card is one of hotlines.yaml: a wrong number can hurt somebody."""
    body = card.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    printed = {_digits(one) for one in _NUMBER.findall(re.sub(r"\{\{.*?\}\}", "", body))}

    assert {one for one in printed if not _YEAR.fullmatch(one)} - _NOT_NUMBERS <= _table()


@pytest.mark.parametrize("card", CARDS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_number_stands_on_the_first_line(card: Path) -> None:
    """Each section of a card begins with the number to call."""
    body = card.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    firsts = [section.split("\n", 1)[1].strip().split("\n")[0] for section in re.split(r"(?m)^## ", body)[1:]]

    assert len(firsts) == 3
    assert all("hotline('" in first or _NUMBER.search(first) for first in firsts)


@pytest.mark.parametrize(
    ("kind", "chat", "content"),
    [
        ("message", PRIVATE, {"text": "i want to kill myself"}),
        ("message", PRIVATE, {"photo": PHOTO, "caption": "i want to kill myself"}),
        ("edited_message", PRIVATE, {"text": "i want to kill myself", "edit_date": 1_790_000_009}),
        ("edited_message", PRIVATE, {"photo": PHOTO, "caption": "i want to kill myself", "edit_date": 1_790_000_009}),
        ("message", GROUP, {"text": "@line_bot i want to kill myself"}),
        ("edited_message", GROUP, {"text": "@line_bot i want to kill myself", "edit_date": 1_790_000_009}),
        ("message", GROUP, {"photo": PHOTO, "caption": "@line_bot i want to kill myself"}),
    ],
)
async def test_whatever_carries_the_words_gets_the_card(
    tmp_path: Path, kind: str, chat: dict[str, Any], content: dict[str, Any]
) -> None:
    """Words, captions of pictures, corrections and groups all pass through the check, in the message's language."""
    message = {"message_id": 3, "date": 1_790_000_000, "chat": chat, "from": ANA, **content}
    task = read_update(Update.de_json({"update_id": 1, kind: message}, None), ME, ("en", "es"))
    assert isinstance(task, Ask)
    turn = await Line(load(*make_tree(tmp_path)).catalog).reply(task.question)

    assert (turn.kind, turn.language) == (Kind.CRISIS, "en")
    assert "988" in plain(turn)
