from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.catalog.findings import Level
from bot.catalog.load import load
from bot.errors import RequestError
from bot.staff.lint import lint
from bot.staff.new import new_intent, new_page, new_translation
from bot.staff.stale import due
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from pathlib import Path

DATES = ("2026-11-27", "2027-02-25")


def test_skeletons_pass_the_check(tmp_path: Path) -> None:
    """A new intent with its page and translation has no error: only what is left to write is named."""
    intents, content = make_tree(tmp_path)
    before = {finding.code for finding in load(intents, content).findings}
    new_page(content, "en", "housing/tonight", "beds", DATES)
    page = load(intents, content).catalog.pages["en", "housing/tonight"]
    new_translation(content, page, "es")
    new_intent(load(intents, content).catalog, intents, "housing/tonight", "beds-tonight", "housing/tonight#beds")

    loaded = load(intents, content)

    assert "beds-tonight" in loaded.catalog.intents
    assert [one for one in loaded.findings if one.level is Level.ERROR and one.code not in before] == [
        one for one in loaded.findings if one.code == "unknown-intent"
    ]
    found = lint(loaded.catalog, date(2026, 11, 27))
    assert [one.code for one in found if "housing" in one.mark.file] == []


def test_an_intent_is_added_behind_the_others(tmp_path: Path) -> None:
    """A second intent goes into the same file, and the first stays as it was."""
    intents, content = make_tree(tmp_path)
    file = intents / "cases" / "people.yaml"
    before = file.read_text(encoding="utf-8")

    made = new_intent(load(intents, content).catalog, intents, "cases/people", "case-new", "cases/alice-johnson#now")

    assert made == file
    assert file.read_text(encoding="utf-8").startswith(before.rstrip("\n"))
    assert list(load(intents, content).catalog.intents)[:3] == ["case-release", "case-now", "pardon"]
    assert "case-new" in load(intents, content).catalog.intents


@pytest.mark.parametrize(
    ("where", "name", "told"),
    [
        ("cases", "case-x", "topic/file"),
        ("Cases/People", "case-x", "topic/file"),
        ("../x/y", "case-x", "topic/file"),
        ("cases/people", "Case X", "small letters"),
        ("cases/people", "case-now", "already"),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path: Path, where: str, name: str, told: str) -> None:
    """A place outside, a bad id and an id that is taken are refused, with what was expected."""
    intents, content = make_tree(tmp_path)

    with pytest.raises(RequestError, match=told):
        new_intent(load(intents, content).catalog, intents, where, name, "cases/x#y")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A page that is there is not written over."""
    _, content = make_tree(tmp_path)

    with pytest.raises(RequestError, match="there already"):
        new_page(content, "en", "cases/alice-johnson", "now", DATES)


def test_what_is_due_comes_by_harm(tmp_path: Path) -> None:
    """Hotlines come before pages about law, whatever their dates; what is far away is left out."""
    intents, content = make_tree(tmp_path)
    table = content / "data" / "hotlines.yaml"
    table.parent.mkdir(exist_ok=True)
    table.write_text(
        'hotlines:\n  - id: "988"\n    name: {en: Help, es: Ayuda}\n    say: {en: Call 988, es: Llame al 988}\n'
        "    review_by: 2027-03-01\n",
        encoding="utf-8",
    )
    catalog = load(intents, content).catalog

    found = due(catalog, date(2027, 2, 27))

    assert found[0].harm == 0
    assert sorted(one.harm for one in found) == [one.harm for one in found]
    assert "LATE" in found[1].line(date(2027, 2, 27))
    assert due(catalog, date(2026, 11, 27)) == []
