"""Which label a text has, by what it means (the encoder) and how it is written (grams).

Kernel ridge regression over both is joined by a logistic regression on the meaning: each alone is 0.3 points worse.
The kernel of two texts is exp(s x) - 1, scaled to 1 at x = 1, of their similarity x (`bot.understanding.blend`). Beyond
`HybridSettings.landmarks` phrases the weights lie on landmarks only, so memory and time stay linear in the phrases.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.blend import Against, Blend, Seen, sparse_from, sparse_parts
from bot.understanding.grams import Grams
from bot.understanding.landmarks import LandmarkRidge, choose_landmarks, spread_folds
from bot.understanding.logistic import Directions, fit_logistic, shares
from bot.understanding.whole import WholeRidge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

_BLOCK = 256
_OPINION_FOLDS = 3  # fewer than for the ridge, since each is a fit of its own
_NOTHING = np.zeros((0, 0), dtype=np.float32)
_LIKELY = 10
"""Labels whose phrases are looked through for the nearest."""


@dataclass(frozen=True, slots=True)
class HybridSettings:
    """How a `Hybrid` learns; all were chosen on `train` and `val` of three public sets (benchmarks/matching).

    Attributes:
        gram_share: share of the similarity that is spelling rather than meaning (all of it without an encoder).
        sharpness: how much more a close phrase counts than a distant one.
        penalty: how much smoother the scores are than the labels; `penalty_of_words` is for words alone.
        opinion: share of the scores that a logistic regression on the meaning has (none without an encoder).
        landmarks: most phrases that weights lie on.
        folds: parts that are held out in turn for calibration; with 0 `held_out` stays None.

    """

    gram_share: float = 0.1
    sharpness: float = 1.5
    penalty: float = 0.03
    penalty_of_words: float = 0.3
    opinion: float = 1 / 3
    landmarks: int = 3000
    folds: int = 10


DEFAULT = HybridSettings()


@dataclass(frozen=True, slots=True)
class Match:
    """A learned phrase, by its place among those given, and how like the text it is (0 to 1)."""

    place: int
    similarity: float


class Hybrid:
    """Labelled phrases, learned. Gives every label a score for a text: about 1 for its own phrases, else about 0."""

    def __init__(  # noqa: PLR0913  # a fit has that many parts; callers use `fit` and `load`
        self,
        *,
        blend: Blend,
        landmarks: Against,
        weights: Matrix,
        opinion: Matrix,
        phrases: Seen,
        places: NDArray[np.intp],
        labels: tuple[str, ...],
        settings: HybridSettings,
    ) -> None:
        """Take what was learned; `places` has the label of each of the `phrases`."""
        self.labels, self.settings = labels, settings
        self._blend, self._landmarks, self._weights = blend, landmarks, weights
        self._opinion = opinion
        self._phrases, self._places = phrases, places
        self.held_out: Matrix | None = None

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], encoder: Encoder | None, settings: HybridSettings = DEFAULT
    ) -> Hybrid:
        """Learn phrases and their labels.

        Afterwards `labels` is the sorted labels and `held_out` has what each phrase would be given by the phrases of
        the other folds, shape (texts, labels); it is not saved.

        Raises:
            ValueError: there is no phrase, or not one label for each.

        """
        if not texts or len(texts) != len(labels):
            message = (
                f"expected one label for each of at least one phrase; got {len(texts)} phrases, {len(labels)} labels"
            )
            raise ValueError(message)
        names = tuple(sorted(set(labels)))
        places = np.searchsorted(np.array(names), np.array(labels)).astype(np.intp)
        blend, seen = Blend.learn(texts, encoder, settings.gram_share)
        landmarks = choose_landmarks(labels, settings.landmarks)
        against = Against(seen[landmarks])
        targets = np.eye(len(names), dtype=np.float32)[places]
        penalty = settings.penalty if encoder else settings.penalty_of_words

        def kernel(some: NDArray[np.intp]) -> Matrix:
            return _sharp(against.likeness(seen[some]), settings.sharpness)

        few = len(landmarks) < len(texts)
        ridge = LandmarkRidge(kernel, landmarks, targets, penalty) if few else WholeRidge(kernel, targets, penalty)
        asked = encoder is not None and settings.opinion > 0 and len(names) > 1
        directions = Directions(seen.meaning, len(names)) if asked else None
        learned = cls(
            blend=blend,
            landmarks=against,
            weights=ridge.weights,
            opinion=fit_logistic(seen.meaning, targets, directions) if directions else _NOTHING,
            phrases=_brief(seen, encoder),
            places=places,
            labels=names,
            settings=settings,
        )
        if settings.folds:
            scores = ridge.held_out(spread_folds(labels, settings.folds))
            learned.held_out = (
                learned._second(scores, seen.meaning, targets, directions, labels) if directions else scores
            )
        return learned

    def likeness(self, texts: Sequence[str]) -> Matrix:
        """Return how like each text is to each landmark (each phrase, when they are few): (texts, landmarks)."""
        return self._landmarks.likeness(self.see(texts))

    def see(self, texts: Sequence[str]) -> Seen:
        """Return texts as rows, to be scored and compared without being encoded twice."""
        return self._blend.see(texts)

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return the score of each label for each text, shape (texts, labels)."""
        blocks = [self.scores_of(self.see(texts[start : start + _BLOCK])) for start in range(0, len(texts), _BLOCK)]
        return np.concatenate(blocks or [np.zeros((0, len(self.labels)), dtype=np.float32)])

    def scores_of(self, seen: Seen) -> Matrix:
        """Return the score of each label for texts already seen, shape (texts, labels)."""
        scores: Matrix = _sharp(self._landmarks.likeness(seen), self.settings.sharpness) @ self._weights
        return self._joined(scores, seen.meaning, self._opinion)

    def _second(
        self, scores: Matrix, meaning: Matrix, targets: Matrix, directions: Directions, labels: Sequence[str]
    ) -> Matrix:
        """Return held-out `scores` joined by a second opinion of each phrase that was held out from it too."""
        folds = spread_folds(labels, _OPINION_FOLDS)
        for inside in (folds == fold for fold in range(_OPINION_FOLDS)):
            opinion = fit_logistic(meaning[~inside], targets[~inside], directions)
            scores[inside] = self._joined(scores[inside], meaning[inside], opinion)
        return scores

    def _joined(self, scores: Matrix, meaning: Matrix, opinion: Matrix) -> Matrix:
        """Return the mean of both parts' scores, weighted; the ridge alone where there is no second opinion."""
        share = self.settings.opinion
        if not opinion.size or not share:
            return scores
        joined: Matrix = (1 - share) * scores + share * shares(meaning @ opinion)
        return joined

    def nearest(self, text: str, k: int = 3) -> tuple[Match, ...]:
        """Return the `k` learned phrases most like the text among those of its likeliest labels, best first."""
        return self.nearest_of(self.see([text]), k)

    def nearest_of(self, seen: Seen, k: int = 3, scores: Matrix | None = None) -> tuple[Match, ...]:
        """Return the nearest phrases to the one text that was seen; with an encoder, nearest in meaning.

        `scores` are its scores, if they are known already: shape (1, labels).
        """
        known = self.scores_of(seen) if scores is None else scores
        likely = np.argsort(-known[0], kind="stable")[:_LIKELY]
        among = np.flatnonzero(np.isin(self._places, likely))
        rows, own = self._phrases[among], _brief(seen, self._blend.encoder)
        meaning = rows.meaning.astype(np.float32) @ own.meaning[0].astype(np.float32)
        likeness = meaning if self._blend.encoder else (rows.grams @ own.grams.T).toarray()[:, 0]
        best = np.argsort(-likeness, kind="stable")[:k]
        return tuple(Match(int(among[at]), float(np.clip(likeness[at], 0.0, 1.0))) for at in best)

    def words_for(self, text: str, label: str) -> dict[str, float]:
        """Return how much each word spoke for `label`: what its score loses when the word is left out.

        The text is encoded once for each word: for `--why`, not for every message.
        """
        words = list(dict.fromkeys(text.split()))
        without = [" ".join(word for word in text.split() if word != left) for left in words]
        column = self.scores([text, *without])[:, self.labels.index(label)]
        return {word: float(column[0] - score) for word, score in zip(words, column[1:], strict=True)}

    def save(self, path: Path) -> None:
        """Write what was learned (without `held_out`) to a .npz file that holds numbers and plain text only."""
        used = np.flatnonzero(self._blend.grams.idf)
        np.savez(
            path,
            allow_pickle=False,
            labels=np.array(self.labels),
            places=self._places.astype(np.int32),
            settings=np.array(json.dumps(asdict(self.settings))),
            encoder=np.array(_name(self._blend.encoder)),
            unseen=np.array(self._blend.grams.unseen),
            columns=used.astype(np.int32),
            idf=self._blend.grams.idf[used],
            centre=self._blend.centre,
            weights=self._weights,
            opinion=self._opinion,
            **_seen_parts("landmarks", self._landmarks.seen),
            **_seen_parts("phrases", self._phrases),
        )

    @classmethod
    def load(cls, path: Path, encoder: Encoder | None) -> Hybrid:
        """Read what `save` wrote; `encoder` must be the one it was fitted with.

        Raises:
            ValueError: it was fitted with another encoder, or the file is not one that this version wrote.
            FileNotFoundError: there is no such file.

        """
        try:
            with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                parts = {name: file[name] for name in file.files}
            return cls._from(parts, encoder)
        except (KeyError, ValueError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
            message = f"{path} cannot be used ({error}): fit again"
            raise ValueError(message) from error

    @classmethod
    def _from(cls, parts: dict[str, NDArray[Any]], encoder: Encoder | None) -> Hybrid:
        if str(parts["encoder"]) != _name(encoder):
            message = f"fitted with the encoder {parts['encoder']}, not with {_name(encoder)}"
            raise ValueError(message)
        settings = HybridSettings(**json.loads(str(parts["settings"])))
        grams = Grams.of(parts["columns"], parts["idf"], float(parts["unseen"]))
        return cls(
            blend=Blend(encoder, parts["centre"], grams, settings.gram_share),
            landmarks=Against(_seen_from("landmarks", parts)),
            weights=parts["weights"],
            opinion=parts["opinion"],
            phrases=_seen_from("phrases", parts),
            places=parts["places"].astype(np.intp),
            labels=tuple(map(str, parts["labels"])),
            settings=settings,
        )


def _sharp(likeness: Matrix, sharpness: float) -> Matrix:
    sharp: Matrix = np.expm1(np.float32(sharpness) * likeness)
    sharp /= np.float32(np.expm1(sharpness))
    return sharp


def _brief(seen: Seen, encoder: Encoder | None) -> Seen:
    """Return what is kept of all phrases to find the nearest: the last layer in half precision, or else the grams."""
    if encoder is None:
        return seen
    last = seen.meaning[:, -encoder.blocks[-1] :]
    length = np.maximum(np.linalg.norm(last, axis=1, keepdims=True), np.float32(1e-9))
    return Seen((last / length).astype(np.float16), seen.grams[:, :0])


def _name(encoder: Encoder | None) -> str:
    return encoder.name if encoder else "none"


def _seen_parts(name: str, seen: Seen) -> dict[str, NDArray[Any]]:
    parts = sparse_parts(seen.grams) | {"meaning": seen.meaning}
    return {f"{name}_{part}": array for part, array in parts.items()}


def _seen_from(name: str, parts: dict[str, NDArray[Any]]) -> Seen:
    own = {part.removeprefix(f"{name}_"): array for part, array in parts.items() if part.startswith(f"{name}_")}
    return Seen(own["meaning"], sparse_from(own))
