from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.errors import RequestError
from bot.staff.edit import Edit, Role, Wish, placed
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = "intents/cases/people.yaml"


def _placed(folder: Path, text: str, owner: str = "case-now", role: Role = "example", **slots: str) -> Edit:
    intents, content = folder / "intents", folder / "content"
    return placed(load(intents, content).catalog, intents, Wish(text, owner, role, "en", slots))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("where does she live", "        - where does she live"),
        ("no", '        - "no"'),
        ("what now: home", '        - "what now: home"'),
        ("{case} today", '        - "{case} today"'),
        ("she said “now” # really", '        - "she said “now” # really"'),
        ("  two   blanks ", "        - two blanks"),
        ("-", '        - "-"'),
    ],
)
def test_a_phrase_is_one_line_more(tmp_path: Path, text: str, line: str) -> None:
    """The phrase becomes one line at the end of its list, in quotes where YAML needs them; no other byte changes."""
    make_tree(tmp_path)

    edit = _placed(tmp_path, text)

    new = [one for one in edit.diff.splitlines() if one.startswith(("+", "-"))][2:]
    assert new == [f"+{line}"]
    edit.write()
    intent = load(tmp_path / "intents", tmp_path / "content").catalog.intents["case-now"]
    assert " ".join(text.split()) in [one.text for one in intent.examples]


def test_comments_and_windows_lines_stay(tmp_path: Path) -> None:
    """A file with remarks and CRLF keeps both."""
    make_tree(tmp_path)
    swap(
        tmp_path,
        PEOPLE,
        "        - what does {case} do today\n",
        "        - what does {case} do today  # heard often\n",
    )
    file = tmp_path / PEOPLE
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    edit = _placed(tmp_path, "where does she live")

    assert "# heard often\r\n        - where does she live\r\n" in edit.after
    assert edit.after.replace("        - where does she live\r\n", "") == edit.before


def test_a_test_has_its_values(tmp_path: Path) -> None:
    """A test is written with the values that must be found in it, and never learned."""
    make_tree(tmp_path)

    edit = _placed(tmp_path, "alice these days", role="test", case="alice-johnson")

    assert "+        - {say: alice these days, case: alice-johnson}" in edit.diff.splitlines()


def test_a_list_that_is_missing_is_made(tmp_path: Path) -> None:
    """An intent without tests gets its first one; the rest of the file says what it said before."""
    make_tree(tmp_path)

    _placed(tmp_path, "was she forgiven", "pardon", "test").write()

    intents = load(tmp_path / "intents", tmp_path / "content").catalog.intents
    assert [one.say for one in intents["pardon"].tests] == ["was she forgiven"]
    assert len(intents["case-release"].examples) == 5


def test_a_phrase_of_nobody(tmp_path: Path) -> None:
    """A phrase can go to a group of what belongs to no question, to be learned or to be tried only."""
    make_tree(tmp_path)

    assert "+        - is it raining" in _placed(tmp_path, "is it raining", "out_of_scope/everyday").diff
    diff = _placed(tmp_path, "is it raining", "out_of_scope/everyday", "test").diff
    assert "+    tests:" in diff
    assert "is it raining" in diff


@pytest.mark.parametrize(("text", "owner"), [("", "case-now"), ("x" * 301, "case-now"), ("hello", "nobody")])
def test_what_cannot_be_placed(tmp_path: Path, text: str, owner: str) -> None:
    """Nothing, a whole page, and an intent that does not exist are refused with what was expected."""
    make_tree(tmp_path)

    with pytest.raises(RequestError, match=r"letters|choose"):
        _placed(tmp_path, text, owner)


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """An edit that was made before somebody saved the file does not undo their work."""
    make_tree(tmp_path)
    edit = _placed(tmp_path, "where does she live")
    swap(tmp_path, PEOPLE, "who freed {case}", "who saved {case}")

    with pytest.raises(RequestError, match="changed meanwhile"):
        edit.write()
    assert "where does she live" not in (tmp_path / PEOPLE).read_text(encoding="utf-8")
