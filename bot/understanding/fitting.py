"""Learning a `Hybrid` from labelled phrases. Only what learns imports this: the solvers take 30 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.blend import Against, Blend, Seen
from bot.understanding.folds import spread_folds
from bot.understanding.hybrid import DEFAULT, Hybrid, HybridSettings, joined, places_of, sharp
from bot.understanding.logistic import Directions, fit_logistic
from bot.understanding.packed import PackedRidge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

_OPINION_FOLDS = 3  # fewer than for the ridge, since each is a fit of its own
_NOTHING = np.zeros((0, 0), dtype=np.float32)


def fit(
    texts: Sequence[str], labels: Sequence[str], encoder: Encoder | None, settings: HybridSettings = DEFAULT
) -> Hybrid:
    """Learn phrases and their labels; the hybrid's `labels` are the sorted labels.

    Raises:
        ValueError: there is no phrase, or not one label for each.

    """
    names, places = places_of(texts, labels)
    targets = np.eye(len(names), dtype=np.float32)[places]
    blend, seen = Blend.learn(texts, encoder, settings.gram_share)
    ridge = PackedRidge(
        _kernel(seen, settings.sharpness), targets, settings.penalty if encoder else settings.penalty_of_words
    )
    asked = encoder is not None and settings.opinion > 0 and len(names) > 1
    directions = Directions(seen.meaning, len(names)) if asked else None
    held_out = None
    if settings.folds:
        held_out = ridge.held_out(spread_folds(labels, settings.folds))
        held_out = _second(held_out, seen, targets, directions, settings.opinion) if directions else held_out
    weights = np.ascontiguousarray(ridge.weights.T)
    del ridge  # its factor is as large as all else together
    return Hybrid(
        blend=blend,
        phrases=Against.of(seen),
        weights=weights,
        opinion=fit_logistic(seen.meaning, targets, directions) if directions else _NOTHING,
        places=places,
        labels=names,
        settings=settings,
        held_out=held_out,
    )


def _kernel(seen: Seen, sharpness: float) -> Callable[[slice, slice], Matrix]:
    def kernel(rows: slice, columns: slice) -> Matrix:
        likeness: Matrix = seen.meaning[rows] @ seen.meaning[columns].T
        likeness += (seen.grams[rows] @ seen.grams[columns].T).toarray()
        return sharp(likeness, sharpness)

    return kernel


def _second(scores: Matrix, seen: Seen, targets: Matrix, directions: Directions, share: float) -> Matrix:
    """Return held-out `scores` joined by a second opinion of each phrase that was held out from it too."""
    folds = spread_folds([str(place) for place in targets.argmax(axis=1)], _OPINION_FOLDS)
    for inside in (folds == fold for fold in range(_OPINION_FOLDS)):
        opinion = fit_logistic(seen.meaning[~inside], targets[~inside], directions)
        scores[inside] = joined(scores[inside], seen.meaning[inside] @ opinion, share)
    return scores
