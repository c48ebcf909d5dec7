from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.understanding.loans import native
from bot.understanding.understand import Understanding
from bot.understanding.wordlist import word_list
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "language", "read"),
    [
        ("vote", "es", "votar"),
        ("votar", "en", "vote"),
        ("trabajo", "en", "job"),
        ("vote", "en", "vote"),
        ("parole", "es", "parole"),
        ("vote", "fr", "vote"),
    ],
)
def test_a_loan_is_read_as_a_word_of_the_sentence(word: str, language: str, read: str) -> None:
    """A listed word of the other language becomes one of the sentence's; all other words stay."""
    assert native(word, language) == read


def test_no_function_word_is_a_loan() -> None:
    """Words that hold a sentence together are never replaced: they tell its language."""
    functional = word_list("en").function | word_list("es").function

    assert functional
    assert [word for word in functional for code in ("en", "es") if native(word, code) != word] == []


def test_a_mixed_message_is_understood_and_explained(tmp_path: Path) -> None:
    """An English word in a Spanish question finds the Spanish example, and `--why` shows how it was read."""
    make_tree(tmp_path)
    swap(tmp_path, "intents/cases/people.yaml", "- le dieron indulto a alice", "- le dieron un indulto a alice")
    catalog = load(tmp_path / "intents", tmp_path / "content").catalog

    reading = Understanding(catalog).read("a alice le dieron un pardon", current="es")

    assert reading.candidates[0].intent == "pardon"
    assert ("pardon", "indulto") in reading.spelling
