"""Which phrases are held out together, in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SEED = 20201


def spread_folds(labels: Sequence[str], folds: int) -> NDArray[np.intp]:
    """Return a fold for each phrase: shuffled with a fixed seed, each label spread over all folds."""
    turns: dict[str, int] = {}
    result = np.zeros(len(labels), dtype=np.intp)
    for place in np.random.default_rng(_SEED).permutation(len(labels)):
        turns[labels[place]] = turns.get(labels[place], int(place)) + 1
        result[place] = turns[labels[place]] % folds
    return result
