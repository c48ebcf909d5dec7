from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.normalise import HEAD, TAIL, normalise, normalised

anything = st.text(st.characters(codec=None), max_size=300)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("HELLO   World!!", "hello world"),
        ("What\u2019s Dawn's case?", "what is dawn case"),
        ("whats up", "what is up"),
        ("I can't, we'll see", "i can not we will see"),
        ("how r u", "how are you"),
        ("xq salió", "porque salio"),
        ("x favor q paso", "por favor que paso"),
        ("malcolm x", "malcolm x"),
        ("holaaaa", "hola"),
        ("pleeease", "please"),
        ("freeee", "free"),
        ("D.C. law", "dc law"),
        ("\uff46\uff55\uff4c\uff4c \ufb01ne", "full fine"),
        ("pro\u200bba\u00adtion", "probation"),
        ("a\x00b\tc\nd", "ab c d"),
        ("ñandú ¿cómo?", "nandu como"),
        ("\N{THUMBS UP SIGN}", "yes"),
        ("ok \N{GRINNING FACE}", "okay"),
        ("um how did she get out lol", "how did she get out"),
        ("jajaja", "jajaja"),
        ("#cut50", "cut50"),
        ("2000000", "2000000"),
        ("", ""),
        ("\ud800", ""),
    ],
)
def test_table(typed: str, read: str) -> None:
    """What people type is read as the words they mean."""
    assert normalised(typed) == read


@given(anything)
def test_any_text_gives_words_that_lie_where_they_say(text: str) -> None:
    """Any text at all is normalised, and every word's offsets cut out that word."""
    normal = normalise(text)
    assert all(normal.text[word.start : word.end] == word.text for word in normal.words)
    assert " ".join(word.text for word in normal.words) == normal.text


@pytest.mark.parametrize("piece", ["a", "é́̂", "aaa'", ", ", "\u202e", "\ufdfa", "word "])
def test_a_hundred_thousand_characters_are_cut(piece: str) -> None:
    """A huge message is matched by its two ends only, whatever it is made of."""
    huge = "first " + (piece * 100_000)[:100_000] + " last"
    words = [word.text for word in normalise(huge).words]
    assert words[0] == "first"
    assert words[-1] == "last"
    assert sum(map(len, words)) <= 18 * (HEAD + TAIL)


def test_spanish_signs_are_counted() -> None:
    """The ñ that folding takes away is still known to have been typed."""
    assert normalise("¿año?").spanish == 2
    assert normalise("ano").spanish == 0


def test_capitals_and_commas_are_remembered() -> None:
    """A word knows whether it was typed in capitals and after a comma."""
    portland, oregon = normalise("portland, OR").words
    assert (portland.shouted, oregon.shouted, oregon.comma) == (False, True, True)
    assert normalise("CAN I VOTE").shouting
