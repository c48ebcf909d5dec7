import hashlib
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalog import load as loading
from bot.catalog.kept import kept
from bot.catalog.load import load
from bot.errors import CatalogError
from tests.catalog.trees import make_tree, swap


def _file(cache: Path) -> Path:
    (file,) = (cache / "read").iterdir()
    return file


def _refuse(*_: object) -> None:
    message = "it was read anew"
    raise AssertionError(message)


def test_the_same_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start takes what the first one read, findings included, to the last detail."""
    folders, cache = make_tree(tmp_path), tmp_path / "cache"
    first = load(*folders, cache)
    monkeypatch.setattr(loading, "_loaded", _refuse)

    assert load(*folders, cache) == first
    assert first.catalog.intents


def test_a_change_of_any_file_is_seen(tmp_path: Path) -> None:
    """Another word in a page, a file that ends in .yml: each is read anew."""
    intents, content = make_tree(tmp_path)
    cache = tmp_path / "cache"
    seen = [load(intents, content, cache)]
    swap(tmp_path, "content/en/cases/alice-johnson.md", "She came home", "She walked home")
    seen.append(load(intents, content, cache))
    (intents / "more.yml").write_text("topic: cases\n", encoding="utf-8")
    seen.append(load(intents, content, cache))

    assert seen[0] != seen[1] != seen[2]
    assert seen[-1] == load(intents, content)
    assert len(list((cache / "read").iterdir())) == 2  # those before the last two are deleted


def _pickled(value: object) -> bytes:
    whole = pickle.dumps(value)
    return hashlib.sha256(whole).digest() + whole


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda whole: whole[:100],
        lambda whole: whole[:-1] + b"?",
        lambda _: b"not what was written",
        lambda _: _pickled(os.system),
        lambda _: _pickled(Path("/")),
    ],
    ids=["empty", "cut", "flipped", "text", "a function", "a foreign type"],
)
def test_what_is_damaged_or_foreign_is_not_taken(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Whatever stands in the file's place, everything is read anew, nothing in it is run, and the file is mended."""
    folders, cache = make_tree(tmp_path), tmp_path / "cache"
    first = load(*folders, cache)
    file = _file(cache)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    assert load(*folders, cache) == first
    assert _file(cache).read_bytes()[:32] == hashlib.sha256(_file(cache).read_bytes()[32:]).digest()


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """Where the cache is a file, all is read, and nothing is raised."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way", encoding="utf-8")
    folders = make_tree(tmp_path)

    assert load(*folders, blocked) == load(*folders)


def test_what_cannot_be_read_is_told_each_time(tmp_path: Path) -> None:
    """A catalog with nothing to serve raises at every start: a failure is never kept."""
    for _ in range(2):
        with pytest.raises(CatalogError):
            load(tmp_path / "nowhere", tmp_path / "nothing", tmp_path / "cache")


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    """No cache, no file."""
    assert kept(None, "number", [], lambda: 7) == 7
    assert list(tmp_path.iterdir()) == []
