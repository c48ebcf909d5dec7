"""The real files of staff: nothing in them is broken, and every answer can be shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.catalog.answers import Answers
from bot.catalog.findings import Level
from bot.catalog.load import Loaded, load
from bot.staff.lint import lint
from bot.store.kept import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.catalog.answers import Answer

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """Return everything staff wrote."""
    return load(ROOT / "intents", ROOT / "content")


def _answers(loaded: Loaded) -> Iterator[tuple[str, str, Answer | None]]:
    catalog, answers = loaded.catalog, Answers(loaded.catalog)
    for intent in catalog.intents.values():
        if not intent.answer:
            continue
        values = [dict(intent.about)]
        for slot in intent.slots:
            values = [{**known, slot: value} for known in values for value in catalog.slots[slot].values]
        for known in values:
            for language in catalog.languages:
                yield f"{intent.id} {known} {language}", language, answers.get(intent.answer, known, language)


def test_nothing_is_broken(loaded: Loaded) -> None:
    """No file or entry of the real content is set aside, and nothing is left to warn about."""
    assert [str(finding) for finding in loaded.findings if finding.level is Level.ERROR] == []
    assert [str(finding) for finding in loaded.findings] == []


def test_every_answer_is_there_in_its_language(loaded: Loaded) -> None:
    """Each intent answers for each value of its slots, in each language, in that language."""
    seen = 0
    for name, language, answer in _answers(loaded):
        assert answer is not None, name
        assert answer.language == language, name
        seen += 1

    assert seen > 300


def test_every_answer_has_a_source_and_a_date(loaded: Loaded) -> None:
    """Answers name their source with the date it was checked.

    Pages about the line itself need none, nor do sections that state nothing and say so at the top of their page.
    """
    for name, _, answer in _answers(loaded):
        assert answer is not None
        accepted = f"{answer.section}/no-source" in answer.page.accept
        assert answer.page.about_the_line or answer.sources or accepted, name
        assert all(source.checked for source in answer.sources), name


def test_answers_serve_their_readers(loaded: Loaded) -> None:
    """No answer is long, hard to read, without a source or in words that hurt; no phrase stands where it should not.

    Whether a page is past its review is left to `check`: it must not fail on a day on which nobody changed anything.
    """
    found = lint(loaded.catalog, date.min)

    assert [str(finding) for finding in found] == []


def test_what_is_kept_is_said(loaded: Loaded) -> None:
    """Each thing that the code declares to be kept has its plain words in every language."""
    for kept in KEPT:
        assert set(loaded.catalog.phrases[kept.phrase]) >= set(loaded.catalog.languages)
