import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.clauses import MOST_CLAUSES, clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("who is dawn and how did she get out", ("who is dawn", "how did she get out")),
        ("who is dawn? how did she get out?", ("who is dawn", "how did she get out")),
        ("quién es dawn y cómo salió", ("quién es dawn", "cómo salió")),
        ("¿quién es dawn? ¿y cómo salió?", ("quién es dawn", "y cómo salió")),
        ("when was the film shown, and where can i watch it", ("when was the film shown", "where can i watch it")),
        ("what about alice and dawn", ()),
        ("how did alice get out", ()),
        ("hi. who is kim", ()),
        ("", ()),
    ],
)
def test_clauses(text: str, parts: tuple[str, ...]) -> None:
    """Several questions are told apart in both languages; one question stays whole."""
    assert clauses(text) == parts


@given(st.text(max_size=3000))
def test_any_text(text: str) -> None:
    """Whatever is written, there are no or several parts, all of them from the text."""
    parts = clauses(text)

    assert len(parts) != 1
    assert len(parts) <= MOST_CLAUSES
    assert all(part in text for part in parts)
