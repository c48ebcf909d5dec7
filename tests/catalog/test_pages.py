from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.load import load
from bot.catalog.pages import digest, read_page, stamp_translation
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.load import Loaded

PATH = "cases/alice-johnson"


def codes(loaded: Loaded, file: str) -> list[str]:
    """Return the codes of the findings about one file."""
    return [finding.code for finding in loaded.findings if finding.mark.file == file]


def test_a_digest_is_of_the_words() -> None:
    """The stamp is the start of a SHA-256 and does not change with the space around a text."""
    assert digest("\nText.\n\n") == hashlib.sha256(b"Text.").hexdigest()[:8]


def test_stamping_changes_front_matter_only(tmp_path: Path) -> None:
    """A stamp adds `translates` and nothing else; stamping again changes nothing; the warning is gone."""
    intents, content = make_tree(tmp_path)
    page = load(intents, content).catalog.pages["en", PATH]
    file = content / "es/cases/alice-johnson.md"
    before = file.read_text(encoding="utf-8")

    assert stamp_translation(file, page)
    assert not stamp_translation(file, page)

    after = file.read_text(encoding="utf-8")
    stamp = "translates:\n" + "".join(f"  {name}: {digest(one.markdown)}\n" for name, one in page.sections.items())
    assert after == before.replace("---\n\n## release\n", f"{stamp}---\n\n## release\n")
    assert codes(load(intents, content), "content/es/cases/alice-johnson.md") == []


def test_a_changed_original_makes_its_translation_stale(tmp_path: Path) -> None:
    """When the English text changes after a stamp, the Spanish section is named, with where to look."""
    intents, content = make_tree(tmp_path)
    file = content / "es/cases/alice-johnson.md"
    stamp_translation(file, load(intents, content).catalog.pages["en", PATH])
    swap(tmp_path, "content/en/cases/alice-johnson.md", "She works for others.", "She works for many others.")

    loaded = load(intents, content)

    stale = [str(finding) for finding in loaded.findings if finding.code == "stale"]
    told = (
        "content/es/cases/alice-johnson.md:25:1 section `now` was changed in `en` after it was translated; "
        "expected a look at content/en/cases/alice-johnson.md:23:1, then a new stamp"
    )
    assert stale == [told]
    assert stamp_translation(file, loaded.catalog.pages["en", PATH])
    assert codes(load(intents, content), "content/es/cases/alice-johnson.md") == []


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    """A stamped file keeps the line ends of its editor."""
    intents, content = make_tree(tmp_path)
    page = load(intents, content).catalog.pages["en", PATH]
    file = content / "es/cases/alice-johnson.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    stamp_translation(file, page)

    assert b"translates:\r\n" in file.read_bytes()
    assert b"\n" not in file.read_bytes().replace(b"\r\n", b"")


def test_a_file_without_front_matter_is_not_stamped(tmp_path: Path) -> None:
    """What is no page is left alone."""
    intents, content = make_tree(tmp_path)
    file = tmp_path / "other.md"
    file.write_text("# Title\n", encoding="utf-8")

    with pytest.raises(ValueError, match="front matter"):
        stamp_translation(file, load(intents, content).catalog.pages["en", PATH])
    assert file.read_text(encoding="utf-8") == "# Title\n"


def test_unreached_pages_and_sections_are_told(tmp_path: Path) -> None:
    """An answer that no intent leads to is named, once for a whole page."""
    intents, content = make_tree(tmp_path)
    swap(tmp_path, "content/en/service/line.md", "## not-covered", "## lonely\n\nText.\n\n## not-covered")
    (content / "en/service/extra.md").write_bytes((content / "en/service/line.md").read_bytes())

    told = [finding for finding in load(intents, content).findings if finding.code == "unreached"]

    assert [finding.what for finding in told] == [
        "no intent leads to page `service/extra`",
        "no intent leads to section `lonely`",
    ]


_PIECES = [
    "---",
    "title: Help",
    "about_the_line: true",
    "sources:",
    "## about",
    "##",
    "## about",
    "A text.",
    "",
    "\t- x",
    "a: [b",
]


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=12), max_size=14), st.booleans())
def test_any_file_is_a_page_or_is_told(lines: list[str], sound: bool) -> None:  # noqa: FBT001  # drawn by hypothesis
    """Whatever stands in a page, with sound front matter or without, reading it shows a page or says what is wrong."""
    front = ["---", "title: Help", "about_the_line: true", "---"] if sound else []

    page, findings = read_page("\n".join([*front, *lines]), "help.md", "en", "service/help")

    assert findings or page is not None
    assert page is None or page.sections
