import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.understanding.crisis.text import KEPT, Reader

SPELLINGS = {"kms": "kill myself", "kiero": "quiero"}
KEYS = ("suicide", "overdosed", "breathing", "suicidarme")
VOCABULARY = ("i", "want", "to", "die", "kill", "myself", "suicide", "hang", "quiero", "morir", "me", "end")


@pytest.fixture
def reader() -> Reader:
    """Return a reader that knows a few words."""
    made = Reader(SPELLINGS, KEYS)
    made.learn(VOCABULARY)
    return made


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I WANT TO DIE", "i want to die"),
        ("i wanna diiiie", "i want to die"),
        ("su1c1de", "suicide"),
        ("k!ll myself", "kill myself"),
        ("h4ng", "hang"),
        ("$uicide", "suicide"),
        ("k*ll", "kill"),
        ("k i l l myself", "kill myself"),
        ("k.i.l.l", "kill"),
        ("iwanttodie", "i want to die"),
        ("killmyself", "kill myself"),
        ("suiside", "suicide"),
        ("overdosd", "overdosed"),
        ("breathin", "breathing"),
        ("kms", "kill myself"),
        ("kiero morír", "quiero morir"),
        ("mequieromorir", "me quiero morir"),
        ("kill my self", "kill myself"),
        ("i can\N{RIGHT SINGLE QUOTATION MARK}t", "i can not"),
        ("my therapist", "my therapist"),
        ("call 988 or 2nite", "call 988 or tonight"),
        ("stop!please", "stop please"),
        ("", ""),
    ],
)
def test_disguises_are_seen_through(reader: Reader, typed: str, read: str) -> None:
    """Leetspeak, stars, spaced or glued letters, text-speak and misspellings are read as what they mean."""
    assert " ".join(reader.read(typed).words) == read


def test_sentences_and_emoji(reader: Reader) -> None:
    """A full stop ends a sentence, three dots are a pause, and emoji are kept beside the words."""
    tokens = reader.read("i want... to die. end me \N{PILL}")

    assert tokens.words == ("i", "want", "to", "die", "end", "me")
    assert tokens.breaks == frozenset({4})
    assert tokens.emoji == frozenset({"pill"})


def test_both_ends_of_a_long_message_are_read(reader: Reader) -> None:
    """Of a very long message the beginning and the end are read, and what lies between is left out."""
    words = reader.read("suicide " + "blah " * 3 * KEPT + "hang").words

    assert words[0] == "suicide"
    assert words[-1] == "hang"
    assert len(words) < KEPT


@given(st.text(max_size=300))
@example("0!\N{ACUTE ACCENT}0")  # a quote behind a sign that stands for a letter
def test_anything_can_be_read(text: str) -> None:
    """No text, however odd, stops the reader; words are lower case and never empty."""
    made = Reader(SPELLINGS, KEYS)
    made.learn(VOCABULARY)
    words = made.read(text).words

    assert all(words)
    assert " ".join(words) == " ".join(words).lower()
