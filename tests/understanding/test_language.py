from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.language import LanguageGuesser

GUESSER = LanguageGuesser(
    {"en": ["how did xcasex get out", "can i vote", "parole hearing"], "es": ["como salio xcasex", "puedo votar"]},
    {"xcasex", "dawn", "alice"},
)


@pytest.mark.parametrize(
    ("text", "current", "code", "certain"),
    [
        ("how did she get out of prison", None, "en", True),
        ("how did she get out of prison", "es", "en", True),
        ("cómo salió ella de la cárcel", None, "es", True),
        ("como salio ella de la carcel", "en", "es", True),
        ("quiero saber about la probation de alice", "en", "es", True),
        ("what is the libertad condicional", "es", "en", True),
        ("hola", "en", "es", True),
        ("gracias", "en", "es", True),
        ("hello", "es", "en", True),
        ("no", "en", "en", False),
        ("no", "es", "es", False),
        ("me", "es", "es", False),
        ("dawn", "es", "es", False),
        ("ok", "es", "es", False),
        ("pizza", "en", "en", False),
        ("", "es", "es", False),
        ("", None, "en", False),
        ("?? 123", "es", "es", False),
        ("¿y mañana?", "en", "es", True),
    ],
)
def test_table(text: str, current: str | None, code: str, certain: bool) -> None:  # noqa: FBT001  # a table's column
    """The language follows the words; unclear words leave it as it is."""
    guess = GUESSER.guess(text, current=current)
    assert (guess.code, guess.certain) == (code, certain)


def test_a_name_tells_no_language() -> None:
    """Words that stand side by side in the examples of every language are a name, whatever each may mean alone."""
    examples = {"en": ["who is van jones", "can i vote"], "es": ["quien es van jones", "puedo votar"]}
    assert LanguageGuesser(examples).guess("van jones", current=None).code == "en"
    assert LanguageGuesser(examples).guess("y van jones", current="en").code == "en"
    assert LanguageGuesser({"en": ["can i vote"], "es": ["puedo votar"]}).guess("van jones", current=None).code == "es"


@given(st.text(st.characters(codec=None), max_size=200), st.sampled_from([None, "en", "es"]))
def test_any_text_has_a_language(text: str, current: str | None) -> None:
    """Any text gets one of the languages; an uncertain one never leaves the conversation's."""
    guess = GUESSER.guess(text, current=current)
    assert guess.code in {"en", "es"}
    assert guess.certain or current is None or guess.code == current
