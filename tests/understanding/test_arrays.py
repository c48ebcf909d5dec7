from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.understanding.arrays import read_arrays, write_arrays

PARTS = {"numbers": np.arange(6, dtype=np.float32).reshape(2, 3), "none": np.zeros((0, 4), dtype=np.int32)}
ABOUT = {"name": "ñ", "list": [1, None]}
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Arrays come back with their shape and kind, and so does what was said about them."""
    write_arrays(tmp_path / "deep" / "file", ABOUT, PARTS)
    about, parts = read_arrays(tmp_path / "deep" / "file")
    assert about == ABOUT
    assert parts.keys() == PARTS.keys()
    for name, array in PARTS.items():
        assert parts[name].dtype == array.dtype
        assert np.array_equal(parts[name], array)


def test_arrays_cannot_be_changed(tmp_path: Path) -> None:
    """What is mapped is read only."""
    write_arrays(tmp_path / "file", ABOUT, PARTS)
    with pytest.raises(ValueError, match="read-only"):
        read_arrays(tmp_path / "file")[1]["numbers"][0, 0] = 1


@shared
@given(at=st.integers(0), bit=st.integers(0, 7))
def test_one_changed_bit_is_noticed(tmp_path: Path, at: int, bit: int) -> None:
    """Whichever bit of the file changes, the file is refused."""
    path = tmp_path / "file"
    write_arrays(path, ABOUT, PARTS)
    whole = bytearray(path.read_bytes())
    whole[at % len(whole)] ^= 1 << bit
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="damaged"):
        read_arrays(path)


@shared
@given(share=st.floats(0, 0.999))
def test_a_cut_off_file_is_refused(tmp_path: Path, share: float) -> None:
    """A file whose end is missing is refused, wherever it ends."""
    path = tmp_path / "file"
    write_arrays(path, ABOUT, PARTS)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match="damaged"):
        read_arrays(path)


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    """Writing leaves one file, also when there was one before."""
    for _ in range(2):
        write_arrays(tmp_path / "file", ABOUT, PARTS)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    """No file is not a damaged file."""
    with pytest.raises(FileNotFoundError):
        read_arrays(tmp_path / "file")
