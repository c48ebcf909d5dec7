"""An encoder that remembers phrases in a file, so that learning an edited phrase means encoding one phrase."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.arrays import read_arrays, write_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

_KEPT = np.float16


class RememberingEncoder:
    """Encodes what it does not remember. All rows are rounded as in the file: remembered or not, they are the same."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Remember what the file of this encoder in `folder` holds: nothing, when it is missing or damaged."""
        self.name, self.dimensions = encoder.name, encoder.dimensions
        self.blocks, self.languages = encoder.blocks, encoder.languages
        self._encoder, self._path = encoder, _path(folder, encoder.name)
        self._rows: dict[int, NDArray[np.float16]] = {}
        with suppress(FileNotFoundError, ValueError, KeyError):
            about, rows = _read(self._path)
            self._rows = rows if tuple(about["blocks"]) == self.blocks else {}
        self._kept, self._used = frozenset(self._rows), set[int]()

    @property
    def words(self) -> frozenset[str]:
        """Return the words that the encoder knows as a whole."""
        return self._encoder.words

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions)."""
        keys = {text: _key(text) for text in texts}
        new = [text for text, key in keys.items() if key not in self._rows]
        self._rows |= {keys[text]: row for text, row in zip(new, self._encoded(new), strict=True)}
        self._used.update(keys.values())
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at, text in enumerate(texts):
            rows[at] = self._rows[keys[text]]
        return rows

    def keep(self) -> None:
        """Write the rows that were asked for, and only those, unless the file holds just them.

        Raises:
            OSError: the folder cannot be written to.

        """
        if self._used != self._kept:
            keys = np.array(sorted(self._used), dtype=np.uint64)
            write_arrays(
                self._path,
                {"blocks": self.blocks, "languages": sorted(self.languages)},
                {"keys": keys, "rows": np.array([self._rows[int(key)] for key in keys])},
            )

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float16]:
        return self._encoder.encode(texts).astype(_KEPT) if texts else np.zeros((0, self.dimensions), dtype=_KEPT)


class Remembered:
    """Stands for an encoder where all phrases are remembered: nothing but the file is needed."""

    def __init__(self, folder: Path, name: str) -> None:
        """Take the file of the encoder `name` in `folder`.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is damaged.

        """
        about, self._rows = _read(_path(folder, name))
        self.name, self.blocks = name, tuple(about["blocks"])
        self.dimensions = sum(self.blocks)
        self.languages = frozenset(about["languages"])

    @property
    def words(self) -> frozenset[str]:
        """Return nothing: which words the encoder knows is not remembered."""
        return frozenset()

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions).

        Raises:
            KeyError: a text is not remembered.

        """
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for at, text in enumerate(texts):
            rows[at] = self._rows[_key(text)]
        return rows


def _read(path: Path) -> tuple[Any, dict[int, NDArray[np.float16]]]:
    about, parts = read_arrays(path)
    return about, dict(zip(parts["keys"].tolist(), parts["rows"], strict=True))


def _path(folder: Path, name: str) -> Path:
    return folder / f"phrases-{''.join(char if char.isalnum() or char in '-_.' else '-' for char in name)}.arrays"


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
