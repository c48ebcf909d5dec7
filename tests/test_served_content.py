"""The real files of staff: nothing in them is broken, and every answer can be shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.catalog.answers import Answers
from bot.catalog.findings import Level
from bot.catalog.load import Loaded, load
from bot.channels.plain import block_text
from bot.store.kept import KEPT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.catalog.answers import Answer

ROOT = Path(__file__).parent.parent
LONGEST = 1_000
"""Characters of one answer, without its footer, as docs/staff.md and the rules for answers have it."""

HOTLINES_BESIDE = 600
"""Characters that printed hotlines may add to that."""


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
    """Answers name their source with the date it was checked; only pages about the line itself need none."""
    for name, _, answer in _answers(loaded):
        assert answer is not None
        assert answer.page.about_the_line or answer.sources, name
        assert all(source.checked for source in answer.sources), name


def test_answers_are_short(loaded: Loaded) -> None:
    """No answer is a wall of text."""
    for name, _, answer in _answers(loaded):
        assert answer is not None
        size = len("\n\n".join(block_text(block) for block in answer.blocks))
        assert size <= LONGEST + HOTLINES_BESIDE * ("hotline(" in answer.page.sections[answer.section].markdown), name


def test_what_is_kept_is_said(loaded: Loaded) -> None:
    """Each thing that the code declares to be kept has its plain words in every language."""
    for kept in KEPT:
        assert set(loaded.catalog.phrases[kept.phrase]) >= set(loaded.catalog.languages)
