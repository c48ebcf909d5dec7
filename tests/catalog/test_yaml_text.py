from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog import yaml_text
from bot.catalog.model import Mark
from bot.catalog.yaml_text import read_yaml
from tests.catalog.trees import FILES


@pytest.mark.parametrize("text", ["no", "22:30", "0123", "2026-11-22", "~", "null", "1e3", "0x1F", "yes", "=", ".5"])
def test_every_scalar_stays_as_typed(text: str) -> None:
    """What YAML would make a number, a date or a switch stays the text that somebody typed."""
    assert read_yaml(f"key: {text}\n", "f.yaml").value == {"key": text}


def test_marks_point_at_keys_items_and_scalars() -> None:
    """Each key, list item and text knows its line and column, counted in letters from 1."""
    marks = read_yaml("ñandú:\n  - ¿qué?\n  - {en: a, es: b}\n", "f.yaml", first_line=10).marks

    assert marks.key(("ñandú",)) == Mark("f.yaml", 10, 1)
    assert marks.at(("ñandú", 0)) == Mark("f.yaml", 11, 5)
    assert marks.key(("ñandú", 1, "es")) == Mark("f.yaml", 12, 13)
    assert marks.at(("ñandú", 1, "es")) == Mark("f.yaml", 12, 17)
    assert marks.at(("ñandú", 1, "es", "deeper", 3)) == Mark("f.yaml", 12, 17)
    assert str(marks.at(("nothing",))) == "f.yaml:10:1"


def test_a_key_that_stands_twice_keeps_the_first() -> None:
    """Both lines are named, the first value is kept, and the place is marked as broken."""
    document = read_yaml("a: 1\nb: 2\na:\n  c: 3\n", "f.yaml")

    assert document.value == {"a": "1", "b": "2"}
    assert [str(finding) for finding in document.findings] == [
        "f.yaml:3:1 `a` stands twice here, first in line 1; expected each key once: delete or rename one"
    ]
    assert document.broken == (("a",),)


def test_alias_bombs_do_nothing() -> None:
    """Anchors are refused where the first one stands, before anything is copied."""
    bomb = "a: &a [x, x]\n" + "".join(f"{name}: &{name} [*a, *a, *a]\n" for name in "bcdefgh")

    document = read_yaml(bomb, "f.yaml")

    assert document.value is None
    assert [finding.code for finding in document.findings] == ["special-sign"]


def test_tags_run_nothing() -> None:
    """A tag that would build an object is refused as text that needs quotes."""
    document = read_yaml("a: !!python/object/apply:os.system [ls]\n", "f.yaml")

    assert document.value is None
    assert document.findings[0].mark == Mark("f.yaml", 1, 4)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab:-{}[]\"'#&*!|>%@`,? \n\t\\é", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    """Whatever stands in a file, there is a value or a finding, and every finding has a place in the file."""
    document = read_yaml(text, "f.yaml")

    assert document.value is not None or document.findings
    assert all(1 <= finding.mark.line <= text.count("\n") + 2 for finding in document.findings)


def test_both_parsers_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was built without libyaml, the same files give the same values and marks."""
    texts = [text for name, text in FILES.items() if name.endswith(".yaml")]
    quick = [read_yaml(text, "f.yaml") for text in texts]
    monkeypatch.setattr(yaml_text, "_LOADER", yaml.SafeLoader)

    slow = [read_yaml(text, "f.yaml") for text in texts]

    assert len(slow) > 5
    assert slow == quick


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: b: c", "quote-colon"),
        ('a: "b', "open-quote"),
        ("a: [b, c\nd: e", "open-bracket"),
        ("a: {en: who {case}, es: b}", "quote-brace"),
        ("- {case} now", "quote-brace"),
        ("a: @b", "special-sign"),
        ("a: &b c", "special-sign"),
        ("a:\n\t- b", "tab"),
        ("a: 'it's'", "quote-inside"),
        ('a: "\\q"', "backslash"),
        ("key:value\nother: x", "colon-space"),
        ("a: b\nc\n", "no-colon"),
        ("a: b\n  c: d", "indent"),
        ("a: b\n---\nc: d", "two-documents"),
    ],
)
def test_both_parsers_complain_alike(text: str, code: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mistake has its own kind word, whichever parser stumbles over it."""
    monkeypatch.setattr(yaml_text, "_LOADER", loader)

    assert [finding.code for finding in read_yaml(text, "f.yaml").findings] == [code]
