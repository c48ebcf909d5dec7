from pathlib import Path

from bot.catalog.held_out import load_held_out
from bot.catalog.load import load
from tests.catalog.trees import make_tree

FILE = """\
case-release:
  en:
    - so is she home now or what
    - "how did alice get out"
  es: [y ya salió]
case-relase:
  en: [a word too few]
"""


def _held_out(tmp_path: Path, text: str) -> tuple[list[tuple[str, str, str]], list[str]]:
    intents, content = make_tree(tmp_path)
    (intents / "held_out").mkdir()
    (intents / "held_out" / "cases.yaml").write_text(text, encoding="utf-8")
    loaded = load_held_out(intents, load(intents, content).catalog)
    return [(one.intent, one.phrase.language, one.phrase.text) for one in loaded.phrases], [*map(str, loaded.findings)]


def test_messages_come_with_their_intent_and_language(tmp_path: Path) -> None:
    """What strangers wrote is read with who was meant; a misspelt intent is told with the right name and the line."""
    phrases, findings = _held_out(tmp_path, FILE)

    assert ("case-release", "en", "so is she home now or what") in phrases
    assert ("case-release", "es", "y ya salió") in phrases
    assert any("held_out/cases.yaml:7" in one and "did you mean `case-release`" in one for one in findings)


def test_the_catalog_does_not_know_them(tmp_path: Path) -> None:
    """Held-out messages are no part of what the line learns or serves, and make no finding there."""
    intents, content = make_tree(tmp_path)
    before = load(intents, content)
    (intents / "held_out").mkdir()
    (intents / "held_out" / "cases.yaml").write_text(FILE, encoding="utf-8")
    after = load(intents, content)

    assert after.catalog.intents == before.catalog.intents
    assert after.findings == before.findings


def test_what_somebody_learns_from_measures_nothing(tmp_path: Path) -> None:
    """A message that is also an example is left out, and the finding names the example's intent."""
    intents, content = make_tree(tmp_path)
    catalog = load(intents, content).catalog
    example = catalog.intents["case-release"].examples[0].text.upper()
    phrases, findings = _held_out(tmp_path / "other", f"case-release:\n  en: ['{example}']\n")

    assert phrases == []
    assert [one for one in findings if "also stands at `case-release`" in one]


def test_a_broken_file_costs_only_itself(tmp_path: Path) -> None:
    """A file that is no YAML is told with its line; no folder at all is no mistake."""
    intents, content = make_tree(tmp_path)
    catalog = load(intents, content).catalog
    assert load_held_out(intents, catalog) == ((), ())

    phrases, findings = _held_out(tmp_path / "other", "case-release: [\n")
    assert phrases == []
    assert findings
