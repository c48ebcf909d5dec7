"""The matcher as it stands in a conversation, over any labelled phrases: spelling, scores, confidence, threshold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from bot.staff.measures import Confidence
from bot.understanding.fitting import fit as fit_hybrid
from bot.understanding.hybrid import DEFAULT, HybridSettings
from bot.understanding.spelling import Speller
from bot.understanding.wordlist import ORDINARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder
    from bot.understanding.hybrid import Hybrid

    Matrix = NDArray[np.float32]

OUTSIDE = "oos"
"""The label of texts that belong to no intent."""

CAUTION = 0.015
"""Share of in-scope texts that may lose their right answer to the threshold."""

UNKNOWN_SHARE = 0.15
"""Share of out-of-scope texts that is reckoned with where the line is used."""

_WORD = re.compile(r"[^\W\d_]+")
_STEM = 3
_STARTS = ("un", "re", "mis", "dis", "pre", "over")
_ENDS = (
    *(("", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ed", "ing"), ("ing", ""), ("ing", "e")),
    *(("ing", "ed"), ("er", ""), ("er", "e"), ("er", "ing"), ("ly", ""), ("en", ""), ("mente", "")),
)
"""Ends of words, and what stands there in another form of the word."""

_NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_]+")


class Fitted:
    """Labelled phrases, learned; reads any text as one of the labels, with a probability that this is right."""

    def __init__(self, hybrid: Hybrid, speller: Speller, known: frozenset[str], learned: Sequence[str]) -> None:
        """Take what was fitted, the words that are no slips and the label of each phrase; see `fit`."""
        self._hybrid, self._speller, self._known, self._learned = hybrid, speller, known, learned
        self._inside = np.array([label != OUTSIDE for label in hybrid.labels])
        self._confidence = Confidence(())
        self.labels = tuple(label for label in hybrid.labels if label != OUTSIDE)
        self.threshold: float | None = None

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        encoder: Encoder | None,
        settings: HybridSettings = DEFAULT,
        *,
        name_labels: bool = True,
    ) -> Fitted:
        """Learn phrases; with `name_labels` the name of each label is one more phrase of it."""
        names = sorted(set(labels) - {OUTSIDE}) if name_labels else []
        texts, labels = [*texts, *map(spoken, names)], [*labels, *names]
        read, common = [_words(text) for text in texts], ORDINARY | encoder.words if encoder else ORDINARY
        speller = Speller(map(" ".join, read), common, ())
        return cls(fit_hybrid(texts, labels, encoder, settings), speller, common.union(*read), labels)

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return the score of each label (and of none of them) for each text."""
        rows = [self._hybrid.look(self.spelt(text)).scores for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), len(self._hybrid.labels))

    def best(self, scores: Matrix) -> list[str]:
        """Return the best label for each row of scores."""
        return [self.labels[place] for place in scores[:, self._inside].argmax(axis=1)]

    def sure(self, scores: Matrix) -> NDArray[np.float64]:
        """Return the probability that the best label is right, for each row of scores."""
        return self._confidence.of(*self._parts(scores))

    def calibrate(self, scores: Matrix, labels: Sequence[str]) -> None:
        """Learn the confidence from scores of texts not learned, and the threshold if some are out of scope."""
        inside = np.array([label != OUTSIDE for label in labels])
        right = np.array(self.best(scores)) == np.array(labels)
        self._confidence = Confidence.learn(*self._parts(scores), right, _weights(inside))
        if not inside.all():
            self.threshold = careful(self.sure(scores)[inside], right[inside])

    def calibrate_held_out(self) -> None:
        """Do the same with the phrases themselves, each as the others see it."""
        if self._hybrid.held_out is not None:
            self.calibrate(self._hybrid.held_out, self._learned)

    def spelt(self, text: str) -> str:
        """Return the text with its slips set right."""
        return _WORD.sub(lambda match: self._read(match.group()), text)

    def _read(self, word: str) -> str:
        plain = word.lower()
        if any(stem in self._known for stem in stems(plain)):
            return word
        read = self._speller.read(plain)
        return word if read == plain else read

    def _parts(self, scores: Matrix) -> tuple[Matrix, Matrix]:
        """Return the scores of the labels, and of "none of these": 0 when no such phrases were learned."""
        return scores[:, self._inside], scores[:, ~self._inside].sum(axis=1)


def careful(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the highest threshold at which at most `CAUTION` of all in-scope texts lose their right answer.

    So caution has a fixed price, and out-of-scope texts in `val`, always few, only shape the confidence.
    """
    allowed = int(CAUTION * len(sure))
    ordered = np.sort(sure[right])
    return float(ordered[min(allowed, len(ordered) - 1)]) if len(ordered) else 1.0


def _weights(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much each text counts: out-of-scope texts, if there are any, `UNKNOWN_SHARE` together."""
    share = (~inside).mean()
    if share in {0.0, 1.0}:
        return np.ones(len(inside))
    weights: NDArray[np.float64] = np.where(inside, (1 - UNKNOWN_SHARE) / (1 - share), UNKNOWN_SHARE / share)
    return weights


def spoken(label: str) -> str:
    """Return the words a label's name is made of: "card_arrival" and "cardArrival" are "card arrival"."""
    return " ".join(_NAME_PART.findall(label)).lower()


def stems(word: str) -> Iterator[str]:
    """Yield what `word` may be a form of: a word that is known in another form is not misspelt ("unblocked")."""
    for form in (word, *(word.removeprefix(start) for start in _STARTS if word.startswith(start))):
        for end, instead in _ENDS:
            if form.endswith(end) and len(form) - len(end) >= _STEM:
                yield form.removesuffix(end) + instead


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
