"""Where names stand among tens of thousands of others, at twelve bytes a name; in a dict each takes two hundred."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Names:
    """Knows names by their hashes of 64 bits, which are looked up for a whole message at once.

    Of a hundred thousand names two share a hash once in a billion starts; then one counts as the other.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Take the names; each has the place at which it stands."""
        hashes = _hashes(names)
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._sorted = hashes[self._order]

    def places(self, names: Sequence[str]) -> NDArray[np.intp]:
        """Return the place of each name, -1 where it is not known."""
        if not len(self._sorted):
            return np.full(len(names), -1, dtype=np.intp)
        wanted = _hashes(names)
        found = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[found] == wanted, self._order[found], -1).astype(np.intp)


def _hashes(names: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, names), dtype=np.int64, count=len(names))
