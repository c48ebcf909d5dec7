from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.catalog.schema import KINDS, main, schema, stale
from tests.catalog.trees import FILES

ROOT = Path(__file__).parents[2]
SAMPLES = {
    "intents": "intents/cases/people.yaml",
    "slot": "intents/slots/case.yaml",
    "out_of_scope": "intents/out_of_scope.yaml",
    "line": "content/line.yaml",
    "phrases": "content/phrases.yaml",
    "glossary": "content/glossary.yaml",
    "hotlines": "content/data/hotlines.yaml",
    "organisations": "content/data/organisations.yaml",
    "states": "content/data/states.yaml",
}


def test_the_schemas_are_fresh() -> None:
    """Editors underline what the program refuses: run `python -m bot.catalog.schema --write` after a change."""
    assert len(KINDS) == 11
    assert list(stale(ROOT / "schema")) == []


def test_writing_makes_them_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command writes what is missing, and without --write says what is and fails."""
    monkeypatch.chdir(tmp_path)

    assert main([]) == 1
    assert "schema/page.json not fresh" in capsys.readouterr().out
    assert main(["--write"]) == 0
    assert main([]) == 0


@pytest.mark.parametrize("kind", SAMPLES)
def test_editors_accept_what_we_accept(kind: str) -> None:
    """A sound file of each kind has no underlining, even where an editor reads text as a number or a switch."""
    file = SAMPLES[kind]
    text = FILES[file] if file in FILES else (ROOT / file).read_text(encoding="utf-8")
    value = yaml.load(text, Loader=_EditorLoader)  # noqa: S506  # a safe loader without dates

    validator = Draft202012Validator(json.loads(schema(kind)))

    assert [error.message for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize("kind", ["intents", "slot", "line", "hotlines"])
def test_editors_underline_unknown_keys(kind: str) -> None:
    """A key with a slip in it is underlined."""
    file = SAMPLES[kind]
    text = FILES[file] if file in FILES else (ROOT / file).read_text(encoding="utf-8")
    value = yaml.load(text, Loader=_EditorLoader)  # noqa: S506  # a safe loader without dates

    assert list(Draft202012Validator(json.loads(schema(kind))).iter_errors({**value, "slip": "x"}))


class _EditorLoader(yaml.SafeLoader):
    """YAML as editors read it: numbers and switches, but no dates."""


_EditorLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
