import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.crisis.machine import Machine
from bot.understanding.crisis.pattern import Chain, PatternError, chains


def _spell(word: str) -> tuple[str, ...]:
    return {"cant": ("can", "not")}.get(word, (word,))


def _chains(pattern: str) -> list[Chain]:
    return chains(pattern, {"me": ["me", "my self"]}, _spell)


def _found(pattern: str, text: str) -> list[tuple[int, int]]:
    machine = Machine([(0, chain) for chain in _chains(pattern)])
    words = text.split()
    return [(hit.start(words), hit.end) for hit in machine.find(words)]


@pytest.mark.parametrize(
    ("pattern", "text", "places"),
    [
        ("kill|end me", "please end me now", [(1, 2)]),
        ("suicid*", "so suicidal today", [(1, 1)]),
        ("want to? die", "want die want to die", [(0, 1), (2, 4)]),
        ("cant go", "i can not go", [(1, 3)]),
        ("kill ... me", "kill a b c me", [(0, 4)]),
        ("kill ... me", "kill a b c d me", []),
        ("kill .... me", "kill a b c d e f me", [(0, 7)]),
        ("hurt <me>", "hurt my self", [(0, 2)]),
        ("a ... b? c", "a x b c", [(0, 3)]),
        ("a", "b", []),
    ],
)
def test_patterns_find_what_they_say(pattern: str, text: str, places: list[tuple[int, int]]) -> None:
    """Alternatives, endings, optional words, gaps and groups match exactly the words that the manual says."""
    assert _found(pattern, text) == places


@pytest.mark.parametrize("pattern", ["", "... die", "die ...", "kill <nobody>", "<me> " * 12])
def test_bad_patterns_are_refused(pattern: str) -> None:
    """A pattern that cannot be meant is refused with words, not compiled into something else."""
    with pytest.raises(PatternError, match=r"\w"):
        _chains(pattern)


def test_a_gap_does_not_cross_a_sentence() -> None:
    """Words of two sentences are not one sign, unless nothing stands between them."""
    machine = Machine([(0, chain) for chain in _chains("kill ... me")])
    words = ["kill", "it", "then", "me"]

    assert [hit.end for hit in machine.find(words)] == [3]
    assert list(machine.find(words, frozenset({2}))) == []


def _matches(chain: Chain, words: list[str], at: int = 0, place: int = 0) -> bool:
    """Return whether `chain` from `place` matches words from `at` up to the end: the plain definition."""
    if place == len(chain):
        return at == len(words)
    atom = chain[place]
    taken = at < len(words) and atom.takes(words[at]) and _matches(chain, words, at + 1, place + 1)
    return taken or (atom.optional and _matches(chain, words, at, place + 1))


@given(st.integers(0, 10_000))
def test_the_bits_agree_with_the_definition(seed: int) -> None:
    """The machine finds a sequence at a word exactly when some stretch that ends there matches by definition."""
    dice = random.Random(seed)  # noqa: S311  # a test's dice
    parts = ["a", "b", "a|b", "a?", "b?", "...", "c*"]
    pattern = " ".join(["a", *dice.choices(parts, k=dice.randint(0, 4)), "b"])
    words = dice.choices(["a", "b", "c", "cc"], k=9)
    owned = _chains(pattern)
    machine = Machine([(nth, chain) for nth, chain in enumerate(owned)])
    found = {(hit.owner, hit.end) for hit in machine.find(words, most=99)}
    expected = {
        (nth, end)
        for nth, chain in enumerate(owned)
        for end in range(len(words))
        if any(_matches(chain, words[start : end + 1]) for start in range(end + 1))
    }

    assert found == expected
