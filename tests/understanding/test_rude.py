from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.understanding.normalise import normalised
from bot.understanding.rude import without_rudeness
from bot.understanding.understand import Understanding
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("yo u dumb ass bot wen can i see my kid", "yo when can i see my kid"),
        ("pinche maquina inutil, komo le mando dinero a mi viejo", "como le mando dinero a mi viejo"),
        ("you are a stupid bot, who is alice johnson", "who is alice johnson"),
        ("where the hell do i get my license back", "where do i get my license back"),
        ("i need to get my ass out of this shitty halfway house", "i need to get me out of this halfway house"),
        ("a la verga con esto, quiero borrar mi record", "con esto quiero borrar mi record"),
        ("my son of a bitch ex will not let me see my kids", "my ex will not let me see my kids"),
    ],
)
def test_rude_words_beside_a_question_are_left_out(text: str, read: str) -> None:
    """Somebody who swears is read by what they ask, and by nothing they call us."""
    assert without_rudeness(normalised(text))[0] == read


@pytest.mark.parametrize("text", ["fuck you stupid bot", "eres un pendejo", "que mierda es esto", "i feel useless", ""])
def test_a_message_that_is_little_else_stays(text: str) -> None:
    """An insult has an answer of its own, so it is not emptied; nor is a feeling."""
    assert without_rudeness(normalised(text)) == (normalised(text), ())


@pytest.mark.parametrize(
    "text",
    [
        "are you a bot or a machine, my ex called you a liar and this is the voting machine question",
        "they put my son in a hole for three weeks who do i call",
        "my brother is retarded can he get ssi when he comes home",
    ],
)
def test_words_that_are_the_matter_are_never_left_out(text: str) -> None:
    """What somebody asks about stays; a bot, a machine or "you" are left out only beside a rude word."""
    assert without_rudeness(normalised(text)) == (normalised(text), ())


def test_what_was_left_out_is_told(tmp_path: Path) -> None:
    """`--why` shows rude words as left out, so that staff see what was read."""
    make_tree(tmp_path)
    catalog = load(tmp_path / "intents", tmp_path / "content").catalog

    reading = Understanding(catalog).read("did alice get a damn pardon from the president")

    assert ("damn", "") in reading.spelling
    assert reading.candidates[0].intent == "pardon"
