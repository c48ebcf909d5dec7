from __future__ import annotations

import pytest

from bot.understanding.spelling import Speller

SPELLER = Speller(
    ["probation officer", "probation rules", "release form"], ["hello", "form"], ["from", "dawn", "salir"]
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("probaton", "probation"),
        ("probatoin", "probation"),
        ("oficer", "officer"),
        ("helo", "hello"),
        ("from", "from"),  # known, though one slip from "form"
        ("dawn", "dawn"),
        ("salir", "salir"),
        ("cat", "cat"),
        ("1234", "1234"),
        ("zzzzzz", "zzzzzz"),
    ],
)
def test_table(typed: str, read: str) -> None:
    """Slips are set right; known, short and strange words are left as they are."""
    assert SPELLER.read(typed) == read


def test_the_more_frequent_word_wins() -> None:
    """Among words equally near, the one that examples use more is read."""
    assert Speller(["rules rules rulet"], [], []).read("rulez") == "rules"
