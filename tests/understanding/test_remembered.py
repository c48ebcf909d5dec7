from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.understanding.remembered import Remembered, RememberingEncoder


class Counting:
    """An encoder that keeps what it was asked for."""

    name = "counting/1"
    dimensions = 3
    blocks: tuple[int, ...] = (1, 2)
    words: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the length of each text, and thirds of it."""
        self.asked += texts
        return np.array([[len(text), len(text) / 3, 1] for text in texts], dtype=np.float32)


def test_only_new_phrases_are_encoded(tmp_path: Path) -> None:
    """After one phrase was edited, one phrase is encoded, and every row is what it was."""
    first, second = Counting(), Counting()
    before = RememberingEncoder(tmp_path, first)
    rows = before.encode(["a", "bb", "a"])
    before.keep()
    after = RememberingEncoder(tmp_path, second)
    again = after.encode(["bb", "ccc", "a"])
    assert (first.asked, second.asked) == (["a", "bb"], ["ccc"])
    assert np.array_equal(again[[2, 0]], rows[:2])


def test_phrases_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    """The file holds the phrases of the last time, not of all times."""
    for texts in (["a", "bb"], ["bb"]):
        remembering = RememberingEncoder(tmp_path, Counting())
        remembering.encode(texts)
        remembering.keep()
    last = Counting()
    RememberingEncoder(tmp_path, last).encode(["a", "bb"])
    assert last.asked == ["a"]


def test_a_damaged_file_is_as_none(tmp_path: Path) -> None:
    """A damaged file is not used, and is written anew."""
    for _ in range(2):
        remembering = RememberingEncoder(tmp_path, Counting())
        assert remembering.encode(["a"]).tolist() == [[1.0, float(np.float16(1 / 3)), 1.0]]
        remembering.keep()
        (file,) = tmp_path.iterdir()
        file.write_bytes(file.read_bytes()[:-1])


def test_the_file_alone_is_enough(tmp_path: Path) -> None:
    """Where all is remembered no encoder is needed; what is not remembered cannot be asked for."""
    remembering = RememberingEncoder(tmp_path, Counting())
    rows = remembering.encode(["a", "bb"])
    remembering.keep()
    remembered = Remembered(tmp_path, Counting.name)
    assert remembered.blocks == Counting.blocks
    assert np.array_equal(remembered.encode(["a", "bb"]), rows)
    with pytest.raises(KeyError):
        remembered.encode(["ccc"])
