"""The files of staff as they were when they were last taken over, so that one broken file holds up no other."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from bot.catalog.files import listed, read_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path


class LastGood:
    """Keeps the files below some folders, packed (a megabyte for five), by the names that people write."""

    def __init__(self, roots: Iterable[Path]) -> None:
        """Take the files as they are now."""
        self._roots = tuple(roots)
        self._packed: dict[str, bytes] = {}
        self.take()

    def take(self, but: Collection[str] = ()) -> None:
        """Take the files as they are now, except those named: of them what was taken before stays."""
        files = (read_file(path, root) for root in self._roots for path in listed(root))
        now = {file.name: zlib.compress(file.raw, 1) for file in files if file.name not in but}
        self._packed = now | {name: self._packed[name] for name in but if name in self._packed}

    def of(self, names: Iterable[str]) -> Mapping[str, bytes | None]:
        """Return each file as it was, by its name; None for one that was not there."""
        packed = {name: self._packed.get(name) for name in names}
        return {name: None if one is None else zlib.decompress(one) for name, one in packed.items()}
