"""Arrays of numbers in one file that can be mapped into memory, whole or not at all.

The file is a magic word, the sha256 of all that follows, the length of a JSON header, the header, and the arrays one
after another. Mapped pages cost a worker nothing until they are read, and the system can take them back. No pickle and
no zip: whatever is not exactly what was written is refused.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]

_MAGIC = b"line-arrays-1\n"
_LENGTH = 8  # bytes of the header's length
_START = len(_MAGIC) + hashlib.sha256().digest_size + _LENGTH
_ALIGNED = 64
_PORTION = 1 << 20


def write_arrays(path: Path, about: Mapping[str, Any], parts: Mapping[str, Array]) -> None:
    """Write arrays and what is to be said `about` them (JSON); readers see the whole file or the one before.

    Raises:
        OSError: the folder cannot be written to.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = [np.ascontiguousarray(array) for array in parts.values()]
    listed = [[name, array.dtype.str, array.shape] for name, array in zip(parts, arrays, strict=True)]
    header = json.dumps({"about": about, "arrays": listed}).encode()
    header += b" " * _gap(_START + len(header))
    chunks: list[bytes | memoryview] = [len(header).to_bytes(_LENGTH, "little"), header]
    for array in arrays:
        chunks += [array.reshape(-1).view(np.uint8).data, bytes(_gap(array.nbytes))]
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as aside:
        part = Path(aside) / "part"
        with part.open("wb") as file:
            file.writelines([_MAGIC, digest.digest(), *chunks])
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def read_arrays(path: Path) -> tuple[Any, dict[str, Array]]:
    """Return what was said about the arrays, and the arrays: mapped, not to be changed.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not exactly what `write_arrays` wrote.

    """
    with path.open("rb") as file:
        magic, said, digest = file.read(len(_MAGIC)), file.read(hashlib.sha256().digest_size), hashlib.sha256()
        while portion := file.read(_PORTION):
            digest.update(portion)
        if magic != _MAGIC or digest.digest() != said:
            message = f"{path.name} is damaged, or of another kind: fit again"
            raise ValueError(message)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    # nothing below can go astray: every byte is what was written
    length = int.from_bytes(mapped[_START - _LENGTH : _START], "little")
    header, at, arrays = json.loads(mapped[_START : _START + length]), _START + length, {}
    for name, kind, shape in header["arrays"]:
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(mapped, np.dtype(kind), count, at).reshape(shape)
        at += arrays[name].nbytes + _gap(arrays[name].nbytes)
    return header["about"], arrays


def only_newest(folder: Path, pattern: str, most: int) -> None:
    """Delete all files of a pattern but the newest ones; another process may be doing the same."""
    with suppress(OSError):  # what stays is only in the way
        for old in sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime)[:-most]:
            old.unlink(missing_ok=True)


def _gap(size: int) -> int:
    """Return how many bytes are missing to the next place that arrays may begin at."""
    return -size % _ALIGNED
