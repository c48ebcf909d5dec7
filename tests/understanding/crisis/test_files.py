import shutil
from pathlib import Path

import pytest

from bot.catalog.crisis_files import load_crisis, load_labelled
from bot.catalog.crisis_model import URGENCY
from bot.understanding.crisis import CrisisCheck

INTENTS = Path(__file__).parents[3] / "intents"

CLASS = """class: suicide
card: crisis/suicide
words:
  want: [want, wanna]
signs:
  direct:
    who: self
    guards: none
    en:
      - <want> ... die
"""


def _folder(root: Path, **files: str) -> Path:
    (root / "crisis" / "learn").mkdir(parents=True)
    for name, text in files.items():
        (root / "crisis" / name.replace("__", "/")).write_text(text, encoding="utf-8")
    return root


def test_a_class_is_read(tmp_path: Path) -> None:
    """A sound class file gives signs with their places; the classes without a file are named in findings."""
    loaded = load_crisis(_folder(tmp_path, **{"suicide.yaml": CLASS}))
    sign = loaded.rules.classes["suicide"].signs[0]

    assert (sign.kind, sign.strength, sign.who, sign.guards) == ("direct", "always", "self", ())
    assert sign.patterns[0].mark.line == 10
    assert sum(finding.code == "crisis-missing" for finding in loaded.findings) == len(URGENCY) - 1


@pytest.mark.parametrize(
    "broken",
    [
        CLASS.replace("en:", "en"),
        CLASS.replace("class: suicide", "class: sadness"),
        CLASS.replace("guards: none", "strength: likely"),
        "- a list",
        "",
        "class: [unfinished",
        CLASS.replace("      - <want> ... die\n", "      []\n"),
    ],
)
def test_a_broken_file_never_silences_help(tmp_path: Path, broken: str) -> None:
    """Whatever is wrong in a class file gives a finding, and the built-in signs stand in."""
    loaded = load_crisis(_folder(tmp_path, **{"suicide.yaml": broken}))

    assert any("suicide" in finding.mark.file for finding in loaded.findings)
    assert CrisisCheck(loaded.rules).check("i want to kill myself") is not None


def test_a_missing_folder_never_silences_help(tmp_path: Path) -> None:
    """Without any folder the built-in signs work and findings say what is missing."""
    loaded = load_crisis(tmp_path)

    assert loaded.findings
    assert CrisisCheck(loaded.rules).check("i want to kill myself") is not None


def test_an_unknown_guard_or_key_is_named(tmp_path: Path) -> None:
    """A misspelt guard or key is reported with what was probably meant."""
    text = CLASS.replace("guards: none", "guards: [negatoin]\n    strenght: likely")
    findings = [f for f in load_crisis(_folder(tmp_path, **{"suicide.yaml": text})).findings if f.code == "crisis-form"]

    assert len(findings) == 2
    assert any(finding.write == "strength" for finding in findings)


def test_learn_lines_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    """Sound lines are learned; a bad line is named by file and line without its text."""
    lines = (
        '{"text": "a", "class": "suicide", "language": "en", "who": "self"}\n'
        '{"text": "b", "class": null, "near": "suicide", "language": "es"}\n'
        "not json secret\n"
        '{"text": "secret", "class": "sadness", "language": "en"}\n'
        '{"text": "secret", "class": null, "language": "fr"}\n'
    )
    loaded = load_crisis(_folder(tmp_path, **{"learn__a.jsonl": lines}))
    wrong = [finding for finding in loaded.findings if finding.code == "jsonl"]

    assert [line.text for line in loaded.lines] == ["a", "b"]
    assert [finding.mark.line for finding in wrong] == [3, 4, 5]
    assert not any("secret" in str(finding) for finding in wrong)


def test_the_project_s_own_rules_are_sound() -> None:
    """Every class has a file, every pattern compiles, and no near-miss written beside a sign gets a card."""
    loaded = load_crisis(INTENTS)
    check = CrisisCheck(loaded.rules, loaded.lines)
    near = [phrase for one in loaded.rules.classes.values() for phrase in one.near_misses]

    assert set(loaded.rules.classes) == set(URGENCY)
    assert check.findings == ()
    assert [str(finding) for finding in loaded.findings] == []
    assert len(near) > 40
    assert [str(phrase.mark) for phrase in near if check.check(phrase.text)] == []


def test_the_project_s_rules_hold_when_the_shared_file_is_gone(tmp_path: Path) -> None:
    """Losing the file of shared words costs signs but never the plainest help."""
    shutil.copytree(INTENTS / "crisis", tmp_path / "crisis", ignore=shutil.ignore_patterns("labelled", "learn"))
    (tmp_path / "crisis" / "shared.yaml").unlink()
    check = CrisisCheck(load_crisis(tmp_path).rules)

    assert all(check.check(text) for text in ("i want to kill myself", "no puede respirar", "nowhere to sleep"))


def test_labelled_lines_are_apart_from_learned_ones(tmp_path: Path) -> None:
    """The held-out lines come from their own folder, and learning never sees them."""
    root = _folder(tmp_path)
    (root / "crisis" / "labelled").mkdir()
    row = '{"text": "x", "class": "no-bed", "language": "en", "who": "self"}'
    (root / "crisis" / "labelled" / "a.jsonl").write_text(row, encoding="utf-8")

    assert [line.class_id for line in load_labelled(root)[0]] == ["no-bed"]
    assert load_crisis(root).lines == ()


def test_a_broken_tuning_line_is_told(tmp_path: Path) -> None:
    """A line that cannot be read is named, though nothing learns from it."""
    root = _folder(tmp_path)
    (root / "crisis" / "tuning").mkdir()
    (root / "crisis" / "tuning" / "a.jsonl").write_text("{", encoding="utf-8")

    assert "jsonl" in [one.code for one in load_crisis(root).findings]


@pytest.mark.parametrize("folder", ["labelled", "tuning"])
def test_a_line_of_the_exam_is_not_learned(tmp_path: Path, folder: str) -> None:
    """A learn line that stands among those held out, but for case and marks, is refused and named in a finding."""
    root = _folder(tmp_path, **{"suicide.yaml": CLASS, "learn__a.jsonl": _line("I am done, bye!") + _line("help")})
    (root / "crisis" / folder).mkdir()
    (root / "crisis" / folder / "exam.jsonl").write_text(_line("i am done bye"), encoding="utf-8")
    loaded = load_crisis(root)

    assert [line.text for line in loaded.lines] == ["help"]
    (refused,) = (one for one in loaded.findings if one.code == "crisis-exam")
    assert str(refused.mark).startswith(f"{root.name}/crisis/learn/a.jsonl:1")


def _line(text: str) -> str:
    return f'{{"text": "{text}", "class": "suicide", "language": "en"}}\n'


def test_no_line_of_ours_stands_in_the_exam() -> None:
    """The learn lines and the exam have not one message in common."""
    assert not [one for one in load_crisis(INTENTS).findings if one.code == "crisis-exam"]


def test_families_have_a_file_of_their_own(tmp_path: Path) -> None:
    """Words that mean the same are read from families.yaml, which is no class."""
    files = {"shared.yaml": "words: {}\nguards: {}\n", "families.yaml": "families:\n  kin: [son, hijo]\n"}
    loaded = load_crisis(_folder(tmp_path, **files))

    assert loaded.rules.shared.families == {"kin": ("son", "hijo")}
