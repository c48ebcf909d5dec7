from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.catalog.answers import Answers
from bot.catalog.load import load
from bot.errors import CatalogError
from tests.catalog.trees import make_tree, swap, write

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "broken.yaml").read_text(encoding="utf-8"))
ALL = {"case-release", "case-now", "pardon", "privacy", "help-now", "menu"}
PERSON = {"case": "dawn-jackson"}


def test_there_are_enough_broken_files() -> None:
    """The table of mistakes holds what staff really get wrong, not a handful."""
    assert len(CASES) >= 50
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_mistake_is_told_and_the_rest_answers(case: dict[str, Any], tmp_path: Path) -> None:
    """A person reads where the mistake is and what to write, and everything else still answers.

    Each finding is one line and has a code.
    """
    intents, content = make_tree(tmp_path)
    swap(tmp_path, case["file"], case["old"], case["new"])

    loaded = load(intents, content)

    told = [str(finding) for finding in loaded.findings]
    assert case["told"] in told
    assert all(finding.code for finding in loaded.findings)
    assert not any("\n" in line for line in told)
    assert set(loaded.catalog.intents) == ALL - set(case["lost"])
    answers = Answers(loaded.catalog)
    served = [intent for intent in loaded.catalog.intents.values() if intent.answer]
    assert served
    assert all(answers.get(intent.answer, {**PERSON, **intent.about}, "en") for intent in served)


def test_the_sound_tree_has_no_error(tmp_path: Path) -> None:
    """What is right gives no error, only hints about what is not translated or stamped."""
    loaded = load(*make_tree(tmp_path))

    assert set(loaded.catalog.intents) == ALL
    assert {finding.code for finding in loaded.findings} == {"untranslated", "unstamped"}


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\xff\xfet\x00", "intents/service/line.yaml:1:1 the file is saved as UTF-16; expected UTF-8"),
        (b"topic: a\x00b", "intents/service/line.yaml:1:1 the file is not a text; expected a text file"),
        (b"topic: s\nx: ni\xf1o\n", "intents/service/line.yaml:2:6 a letter here (perhaps 'ñ') is not saved as UTF-8"),
        (b"", "intents/service/line.yaml:1:1 there is nothing in it"),
        (b"topic: \x1b[0m\n", "intents/service/line.yaml:1:8 an invisible character (U+001B) stands here"),
        (b"x" * 1_000_001, "intents/service/line.yaml:1:1 the file is larger than 1,000,000 bytes"),
        (b"[" * 5_000, "intents/service/line.yaml:1:21 lists and mappings stand more than 20 deep in each other"),
        (b"- topic", "intents/service/line.yaml:1:1 the file is a list; expected lines of the form `key: text`"),
    ],
)
def test_a_file_that_is_no_text_is_told(raw: bytes, told: str, tmp_path: Path) -> None:
    """A file in a wrong encoding, of a wrong kind or size is set aside, and the others answer."""
    intents, content = make_tree(tmp_path)
    (intents / "service/line.yaml").write_bytes(raw)

    loaded = load(intents, content)

    assert any(str(finding).startswith(told) for finding in loaded.findings)
    assert set(loaded.catalog.intents) == {"case-release", "case-now", "pardon"}


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF line ends are hints, not mistakes: marks and texts stay the same."""
    intents, content = make_tree(tmp_path)
    plain = load(intents, content)
    file = intents / "service/line.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    loaded = load(intents, content)

    assert loaded.catalog.intents == plain.catalog.intents
    new = {finding.code for finding in loaded.findings} - {finding.code for finding in plain.findings}
    assert new == {"bom", "crlf"}


def test_links_out_of_the_tree_are_refused(tmp_path: Path) -> None:
    """No link in a staff folder can show what lies outside it; a link that leads nowhere is told."""
    intents, content = make_tree(tmp_path)
    write(tmp_path, "secret.yaml", "topic: x\nintents: []\n")
    (intents / "service/out.yaml").symlink_to(tmp_path / "secret.yaml")
    (intents / "service/circle.yaml").symlink_to(intents / "service/circle.yaml")
    (content / "en/folder").symlink_to(tmp_path)

    loaded = load(intents, content)

    codes = {(finding.mark.file, finding.code) for finding in loaded.findings}
    assert ("intents/service/out.yaml", "link-outside") in codes
    assert ("intents/service/circle.yaml", "unreadable") in codes
    assert ("content/en/folder", "link-outside") in codes
    assert set(loaded.catalog.intents) == ALL


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    """Something that is no ordinary file cannot hang the start."""
    intents, content = make_tree(tmp_path)
    os.mkfifo(intents / "service/pipe.yaml")

    assert "not-a-file" in {finding.code for finding in load(intents, content).findings}


def test_without_phrases_and_line_the_line_still_speaks(tmp_path: Path) -> None:
    """Missing line.yaml and phrases.yaml are told, and built-in words are used in both languages."""
    intents, content = make_tree(tmp_path)
    (content / "phrases.yaml").unlink()
    (content / "line.yaml").unlink()

    loaded = load(intents, content)

    answers = Answers(loaded.catalog)
    assert loaded.catalog.languages == ("en", "es")
    assert answers.phrase("menu", "es") == "Menú"
    assert answers.get("service/line#privacy", {}, "en")
    assert [finding.mark.file for finding in loaded.findings if finding.code == "missing-file"] == [
        "content/line.yaml",
        "content/phrases.yaml",
    ]


def test_without_anything_to_serve_it_says_why(tmp_path: Path) -> None:
    """Only when no answer can be shown at all does loading fail, and its text lists what is wrong."""
    intents, content = make_tree(tmp_path)
    for file in (content / "en").rglob("*.md"):
        file.unlink()
    for file in (content / "es").rglob("*.md"):
        file.unlink()

    with pytest.raises(CatalogError, match=r"intents/service/line\.yaml:5:13 there is no page `service/line`"):
        load(intents, content)
    with pytest.raises(CatalogError, match="does not exist"):
        load(tmp_path / "nowhere", tmp_path / "nothing")


def test_stray_files_are_told(tmp_path: Path) -> None:
    """A file with a slip in its name is not silently left out."""
    intents, content = make_tree(tmp_path)
    write(tmp_path, "content/phrase.yaml", "more: {en: More}\n")
    write(tmp_path, "intents/cases/more.yml", "topic: x\n")
    write(tmp_path, "intents/cases/people.yaml~", "topic: x\n")

    told = [str(finding) for finding in load(intents, content).findings]

    assert any("did you mean `phrases.yaml`?" in line for line in told)
    assert any("intents/cases/more.yml:1:1 files that end in .yml are not read" in line for line in told)
    assert not any("people.yaml~" in line for line in told)


def test_a_slot_missing_for_some_values_is_told_and_served_for_the_others(tmp_path: Path) -> None:
    """A section that one person's page lacks in every language is an error; the other person's is served."""
    intents, content = make_tree(tmp_path)
    swap(tmp_path, "content/en/cases/dawn-jackson.md", "## now", "## then")
    swap(tmp_path, "content/es/cases/dawn-jackson.md", "## now", "## then")

    loaded = load(intents, content)

    assert any("on page `cases/dawn-jackson` there is no section `now`" in str(one) for one in loaded.findings)
    answers = Answers(loaded.catalog)
    assert answers.get("cases/{case}#now", {"case": "alice-johnson"}, "en")
    assert answers.get("cases/{case}#now", {"case": "dawn-jackson"}, "en") is None


def test_a_button_that_would_not_fit_sets_its_intent_aside(tmp_path: Path) -> None:
    """An intent whose button with the longest slot value is over 64 bytes is told, not sent."""
    intents, content = make_tree(tmp_path)
    long_value = "a-person-with-a-very-long-name-indeed-and-more"
    swap(tmp_path, "intents/slots/case.yaml", "  - id: dawn-jackson", f"  - id: {long_value}")

    loaded = load(intents, content)

    told = [finding for finding in loaded.findings if finding.code == "long-pick"]
    assert [finding.what for finding in told] == [
        "a button for `case-release` with its longest slot value needs 66 bytes",
    ]
    assert "case-release" not in loaded.catalog.intents
    assert "case-now" in loaded.catalog.intents


def test_the_version_follows_the_files(tmp_path: Path) -> None:
    """The same files give the same version, a changed one another."""
    intents, content = make_tree(tmp_path)
    first, again = load(intents, content), load(intents, content)
    swap(tmp_path, "content/line.yaml", "For tests", "For testing")

    assert first.catalog.version == again.catalog.version
    assert load(intents, content).catalog.version != first.catalog.version
