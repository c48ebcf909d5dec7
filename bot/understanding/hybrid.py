"""Which label a text has, by what it means (the encoder) and how it is written (grams).

Kernel ridge regression over both is joined by a logistic regression on the meaning: each alone is 0.3 points worse.
The kernel of two texts is exp(s x) - 1, scaled to 1 at x = 1, of their similarity x (`bot.understanding.blend`), and
weights lie on every phrase: with fewer, a third of the right answers is lost where intents are close. How it is
learned is in `bot.understanding.fitting`, apart, because the solvers take memory that reading does not need.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.arrays import read_arrays, write_arrays
from bot.understanding.blend import Against, Blend
from bot.understanding.grams import Grams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

_BLOCK = 256
_ALL = 64  # up to so many labels all are scored
_NEAR, _SAID = 128, 16  # phrases and opinions whose labels are scored where there are more
_LIKELY = 10  # labels whose phrases are looked through for the nearest
_NOTHING = np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class HybridSettings:
    """How a `Hybrid` learns; all were chosen on `train` and `val` of three public sets (benchmarks/matching).

    Attributes:
        gram_share: share of the similarity that is spelling rather than meaning (all of it without an encoder).
        sharpness: how much more a close phrase counts than a distant one.
        penalty: how much smoother the scores are than the labels; `penalty_of_words` is for words alone.
        opinion: share of the scores that a logistic regression on the meaning has (none without an encoder).
        folds: parts that are held out in turn for calibration; with 0 `held_out` stays None.

    """

    gram_share: float = 0.1
    sharpness: float = 1.5
    penalty: float = 0.03
    penalty_of_words: float = 0.3
    opinion: float = 1 / 3
    folds: int = 10


DEFAULT = HybridSettings()

FOREIGN = HybridSettings(gram_share=0.3, sharpness=0.5, opinion=0.1)
"""For a language that the encoder was not made for: spelling counts more there; chosen on phrases held out in turn."""


@dataclass(frozen=True, slots=True)
class Match:
    """A learned phrase, by its place among those given, and how like the text it is (0 to 1)."""

    place: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Look:
    """What one text is like: `scores` of each label, and `likeness` to each phrase (about 0 to 1)."""

    scores: Matrix
    likeness: Matrix


class Hybrid:
    """Labelled phrases, learned. Gives every label a score for a text: about 1 for its own phrases, else about 0."""

    def __init__(  # noqa: PLR0913  # a fit has that many parts; callers use `fit` and `load`
        self,
        *,
        blend: Blend,
        phrases: Against,
        weights: Matrix,
        opinion: Matrix,
        places: NDArray[np.integer[Any]],
        labels: tuple[str, ...],
        settings: HybridSettings,
        held_out: Matrix | None = None,
    ) -> None:
        """Take what was learned; `places` has the label of each of the `phrases`, `weights` is (labels, phrases).

        `held_out` has what each phrase would be given by the phrases of the other folds, shape (texts, labels); it is
        not saved.
        """
        self.labels, self.settings, self.held_out = labels, settings, held_out
        self._blend, self._phrases, self._weights = blend, phrases, weights
        self._opinion, self._places = opinion, places

    def read_with(self, encoder: Encoder | None) -> None:
        """Read texts with this encoder from now on; it must give the rows that the one learned with gives."""
        self._blend.encoder = encoder

    def likeness(self, texts: Sequence[str]) -> Matrix:
        """Return how like each text is to each phrase, shape (texts, phrases)."""
        return self._phrases.likeness(self._blend.see(texts))

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return the score of each label for each text, shape (texts, labels)."""
        blocks = [self._scores(texts[at : at + _BLOCK]) for at in range(0, len(texts), _BLOCK)]
        return np.concatenate(blocks or [np.zeros((0, len(self.labels)), dtype=np.float32)])

    def look(self, text: str) -> Look:
        """Return what one text is like; labels that none of its nearest phrases has may get too low a score."""
        seen = self._blend.see([text])
        likeness = self._phrases.likeness_of_one(seen)
        opinion = seen.meaning @ self._opinion if self._opinion.size else _NOTHING
        likely = self._likely(likeness, opinion)
        scores = np.zeros((1, len(self.labels)), dtype=np.float32)
        scores[0, likely] = self._weights[likely] @ sharp(likeness, self.settings.sharpness)
        return Look(joined(scores, opinion, self.settings.opinion)[0], likeness)

    def nearest(self, look: Look, k: int = 3) -> tuple[Match, ...]:
        """Return the `k` learned phrases most like a text among those of its likeliest labels, best first."""
        likely = np.argsort(-look.scores, kind="stable")[:_LIKELY]
        among = np.flatnonzero(np.isin(self._places, likely))
        best = among[np.argsort(-look.likeness[among], kind="stable")[:k]]
        return tuple(Match(int(at), float(np.clip(look.likeness[at], 0.0, 1.0))) for at in best)

    def neighbours(self, k: int) -> Iterator[tuple[Match, ...]]:
        """Yield for each learned phrase the `k` others most like it, best first; slow, for tools of staff only."""
        for start in range(0, len(self._places), _BLOCK):
            likeness = self._phrases.among(slice(start, min(start + _BLOCK, len(self._places))))
            for row, own in zip(likeness, range(start, len(self._places)), strict=False):
                row[own] = -1.0
                best = np.argpartition(-row, min(k, len(row) - 1))[:k]
                ranked = best[np.argsort(-row[best], kind="stable")]
                yield tuple(Match(int(at), float(np.clip(row[at], 0.0, 1.0))) for at in ranked if at != own)

    def _scores(self, texts: Sequence[str]) -> Matrix:
        seen = self._blend.see(texts)
        scores: Matrix = sharp(self._phrases.likeness(seen), self.settings.sharpness) @ self._weights.T
        opinion = seen.meaning @ self._opinion if self._opinion.size else _NOTHING
        return joined(scores, opinion, self.settings.opinion)

    def _likely(self, likeness: Matrix, opinion: Matrix) -> NDArray[np.integer[Any]]:
        """Return the labels worth scoring: to score all would read all weights, and that takes longest of all."""
        if len(self.labels) <= _ALL:
            return np.arange(len(self.labels))
        near = self._places[np.argpartition(-likeness, min(_NEAR, len(likeness) - 1))[:_NEAR]]
        said = np.argpartition(-opinion[0], _SAID)[:_SAID] if opinion.size else near
        return np.union1d(near, said)

    def words_for(self, text: str, label: str) -> dict[str, float]:
        """Return how much each word spoke for `label`: what its score loses when the word is left out.

        The text is encoded once for each word: for `--why`, not for every message.
        """
        words = list(dict.fromkeys(text.split()))
        without = [" ".join(word for word in text.split() if word != left) for left in words]
        column = self.scores([text, *without])[:, self.labels.index(label)]
        return {word: float(column[0] - score) for word, score in zip(words, column[1:], strict=True)}

    def save(self, path: Path) -> None:
        """Write what was learned (without `held_out`) to a file, whole or not at all.

        Raises:
            OSError: the folder cannot be written to.

        """
        write_arrays(path, self.about(), self.parts())

    @classmethod
    def load(cls, path: Path, encoder: Encoder | None) -> Hybrid:
        """Read what `save` wrote; `encoder` must be the one it was fitted with.

        Raises:
            ValueError: it was fitted with another encoder, or the file is not one that this version wrote.
            FileNotFoundError: there is no such file.

        """
        return cls.of(*read_arrays(path), encoder)

    def about(self) -> dict[str, Any]:
        """Return the part of what was learned that is text."""
        named = {"encoder": encoder_name(self._blend.encoder), "labels": list(self.labels)}
        return named | {"settings": asdict(self.settings), "unseen": self._blend.grams.unseen}

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return the part of what was learned that is numbers."""
        blend, used = self._blend, np.flatnonzero(self._blend.grams.idf)
        directions = np.zeros((0, 0), dtype=np.float32) if blend.directions is None else blend.directions
        return {
            "places": self._places.astype(np.int32),
            "columns": used.astype(np.int32),
            "idf": blend.grams.idf[used],
            "centre": blend.centre,
            "directions": directions,
            "weights": self._weights,
            "opinion": self._opinion,
            **self._phrases.parts(),
        }

    @classmethod
    def of(cls, about: Mapping[str, Any], parts: Mapping[str, NDArray[Any]], encoder: Encoder | None) -> Hybrid:
        """Return what `about` and `parts` were made of.

        Raises:
            ValueError: it was fitted with another encoder, or by another version.

        """
        try:
            if about["encoder"] != encoder_name(encoder):
                message = f"fitted with the encoder {about['encoder']}, not with {encoder_name(encoder)}: fit again"
                raise ValueError(message)
            settings = HybridSettings(**about["settings"])
            grams = Grams.of(parts["columns"], parts["idf"], about["unseen"])
            directions = parts["directions"] if parts["directions"].size else None
            return cls(
                blend=Blend(encoder, parts["centre"], grams, settings.gram_share, directions),
                phrases=Against(parts["meaning"], (parts["data"], parts["indices"], parts["indptr"])),
                weights=parts["weights"],
                opinion=parts["opinion"],
                places=parts["places"],
                labels=tuple(about["labels"]),
                settings=settings,
            )
        except (KeyError, TypeError, IndexError) as error:
            message = f"what was learned is of another version ({error}): fit again"
            raise ValueError(message) from error


def places_of(texts: Sequence[str], labels: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Return the sorted labels, and the place of each text's label among them.

    Raises:
        ValueError: there is no phrase, or not one label for each.

    """
    if not texts or len(texts) != len(labels):
        message = f"expected one label for each of at least one phrase; got {len(texts)} phrases, {len(labels)} labels"
        raise ValueError(message)
    names = tuple(sorted(set(labels)))
    return names, np.searchsorted(np.array(names), np.array(labels))


def sharp(likeness: Matrix, sharpness: float) -> Matrix:
    """Return the kernel for likenesses; they are left as they are."""
    sharpened: Matrix = np.expm1(np.float32(sharpness) * likeness)
    sharpened /= np.float32(np.expm1(sharpness))
    return sharpened


def joined(scores: Matrix, logits: Matrix, share: float) -> Matrix:
    """Return the mean of both parts' scores, weighted; the ridge alone where there is no second opinion.

    `logits` (texts, labels) are those of the second opinion, and are overwritten.
    """
    if not logits.size or not share:
        return scores
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits *= share / logits.sum(axis=1, keepdims=True)
    both: Matrix = (1 - share) * scores + logits
    return both


def encoder_name(encoder: Encoder | None) -> str:
    """Return what an encoder is called in files."""
    return encoder.name if encoder else "none"
