"""Which label a text has where there are many phrases: by a direction for each label, and by the votes of its phrases.

An encoder that was taught the line's own questions (`tools/teach_encoder.py`) puts texts that ask the same near each
other, in whatever language. Then two looks are enough, and as good as ridge regression over all phrases, which takes
the square of their number in memory and its cube in time:

- the cosine of the text and the direction of each label (`bot.understanding.directions`), which knows the label;
- the sum of exp(s (cosine - 1)) over the phrases of the likeliest labels, which knows every wording of it (a kernel
  density estimate with the von Mises-Fisher kernel).

The mean of both, as log evidence, is what a label's score is made of. Phrases are kept as bytes, in the order of their
labels, so that one message reads only those of its likeliest labels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.hybrid import Look, Match, encoder_name, places_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

SHARPNESS = 20.0
"""What cosines are multiplied by; the encoder was taught with the same."""

CROWD = 0.3
"""Power of the number of a label's phrases that its votes are divided by: 0 would favour labels with many."""

SPREAD = 24.0
"""Log evidence over which a score falls from 1 to 0."""

LIKELY = 48
"""Labels whose phrases are asked to vote."""

_BYTES = 127.0
_BLOCK = 256
_LEAST = 1e-30


class Votes:
    """Labelled phrases, learned. Gives every label a score for a text: about 1 for its own phrases, else about 0."""

    def __init__(  # noqa: PLR0913  # what was learned has that many parts; callers use `fit_votes` and `of`
        self,
        *,
        encoder: Encoder,
        labels: tuple[str, ...],
        centre: Matrix,
        head: Matrix,
        rows: NDArray[np.int8],
        scales: Matrix,
        order: NDArray[np.int32],
        ends: NDArray[np.int32],
        held_out: Matrix | None = None,
    ) -> None:
        """Take what was learned.

        `head` (labels, dimensions) has a direction of length 1 for each label. `rows` are the phrases in the order of
        their labels, as bytes that `scales` turn back; `order` has the place of each among those given; `ends` has
        where each label's phrases end, after a 0. `held_out` has what each phrase is given without its own vote.
        """
        self.labels, self.held_out = labels, held_out
        self._encoder, self._centre, self._head = encoder, centre, head
        self._rows, self._scales, self._order, self._ends = rows, scales, order, ends
        self._crowd = CROWD * np.log(np.maximum(np.diff(ends), 1)).astype(np.float32)

    def read_with(self, encoder: Encoder | None) -> None:
        """Read texts with this encoder from now on; it must give the rows that the one learned with gives."""
        if encoder is not None:
            self._encoder = encoder

    @property
    def centre(self) -> Matrix:
        """Return the point about which texts are looked at."""
        return self._centre

    def see(self, texts: Sequence[str]) -> Matrix:
        """Return what texts mean, about the centre, one row of length 1 for each."""
        return seen(self._encoder, texts, self._centre)

    def vote(self, row: Matrix, sharpness: float, most: int) -> tuple[NDArray[np.intp], Matrix]:
        """Return the places of the `most` likeliest labels for a row of `see`, and the log of each one's votes."""
        labels, places, _ = self._among(row, most)
        return labels, self._voted(labels, np.exp(sharpness * (self._likeness(places, row) - 1)))

    def look(self, text: str) -> Look:
        """Return what one text is like; only phrases of its likeliest labels get a likeness."""
        return self._look(self.see([text])[0])

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Return the score of each label for each text, shape (texts, labels)."""
        rows = [self._look(row).scores for row in seen(self._encoder, texts, self._centre)]
        return np.array(rows, dtype=np.float32).reshape(len(texts), len(self.labels))

    def nearest(self, look: Look, k: int = 3) -> tuple[Match, ...]:
        """Return the `k` learned phrases most like a text among those of its likeliest labels, best first."""
        k = min(k, len(look.likeness))
        best = np.argpartition(-look.likeness, k - 1)[:k] if k else np.zeros(0, dtype=np.intp)
        ranked = best[np.argsort(-look.likeness[best], kind="stable")]
        return tuple(Match(int(at), float(np.clip(look.likeness[at], 0.0, 1.0))) for at in ranked)

    def neighbours(self, k: int) -> Iterator[tuple[Match, ...]]:
        """Yield for each learned phrase the `k` others most like it, best first; slow, for tools of staff only."""
        every = np.empty((len(self._rows), self._rows.shape[1]), dtype=np.float32)
        every[self._order] = self._floats(slice(None))
        for start in range(0, len(every), _BLOCK):
            for own, row in enumerate(every[start : start + _BLOCK] @ every.T, start):
                row[own] = -1.0
                yield self.nearest(Look(row, row), min(k, len(row) - 1))

    def words_for(self, text: str, label: str) -> dict[str, float]:
        """Return how much each word spoke for `label`: what its score loses when the word is left out."""
        words = list(dict.fromkeys(text.split()))
        without = [" ".join(word for word in text.split() if word != left) for left in words]
        column = self.scores([text, *without])[:, self.labels.index(label)]
        return {word: float(column[0] - score) for word, score in zip(words, column[1:], strict=True)}

    def without_own(self) -> Matrix:
        """Return what each phrase, in the order given, is given when it has no vote, shape (phrases, labels)."""
        held_out = np.zeros((len(self._rows), len(self.labels)), dtype=np.float32)
        for place in range(len(self._rows)):
            row = self._floats(slice(place, place + 1))[0]
            held_out[self._order[place]] = self._look(row, but=place).scores
        return held_out

    def about(self) -> dict[str, Any]:
        """Return the part of what was learned that is text."""
        return {"kind": "votes", "encoder": encoder_name(self._encoder), "labels": list(self.labels)}

    def parts(self) -> dict[str, NDArray[Any]]:
        """Return the part of what was learned that is numbers."""
        return {
            "centre": self._centre, "head": self._head, "rows": self._rows, "scales": self._scales,
            "order": self._order, "ends": self._ends,
        }  # fmt: skip

    @classmethod
    def of(cls, about: Mapping[str, Any], parts: Mapping[str, NDArray[Any]], encoder: Encoder | None) -> Votes:
        """Return what `about` and `parts` were made of.

        Raises:
            ValueError: it was fitted with another encoder, or by another version.

        """
        if encoder is None or about.get("encoder") != encoder_name(encoder):
            message = f"fitted with the encoder {about.get('encoder')}, not with {encoder_name(encoder)}: fit again"
            raise ValueError(message)
        try:
            return cls(encoder=encoder, labels=tuple(about["labels"]), **parts)
        except (KeyError, TypeError, IndexError) as error:
            message = f"what was learned is of another version ({error}): fit again"
            raise ValueError(message) from error

    def _look(self, row: Matrix, but: int | None = None) -> Look:
        likely, places, cosines = self._among(row, LIKELY)
        likeness = self._likeness(places, row)
        votes = np.exp(SHARPNESS * (likeness - 1))
        if but is not None:
            votes[places == but] = 0.0
        voted = self._voted(likely, votes) - self._crowd[likely]
        evidence = (SHARPNESS * (cosines - 1) + voted) / 2
        scores = np.zeros(len(self.labels), dtype=np.float32)
        scores[likely] = np.maximum(0.0, 1 + evidence / SPREAD)
        whole = np.zeros(len(self._rows), dtype=np.float32)
        whole[self._order[places]] = likeness
        return Look(scores, whole)

    def _among(self, row: Matrix, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Matrix]:
        """Return the likeliest labels, the rows of their phrases one label after the other, and the labels' cosines."""
        cosines = self._head @ row
        labels = np.argpartition(-cosines, most)[:most] if len(cosines) > most else np.arange(len(cosines))
        places = np.concatenate([np.arange(self._ends[at], self._ends[at + 1]) for at in labels])
        return labels, places, cosines[labels]

    def _likeness(self, places: NDArray[np.intp], row: Matrix) -> Matrix:
        likeness: Matrix = (self._rows[places].astype(np.float32) @ row) * self._scales[places]
        return likeness

    def _voted(self, labels: NDArray[np.intp], votes: Matrix) -> Matrix:
        """Return the log of each label's votes; every label has a phrase."""
        starts = np.cumsum([0, *(self._ends[labels + 1] - self._ends[labels])[:-1]])
        voted: Matrix = np.log(np.add.reduceat(votes, starts) + _LEAST)
        return voted

    def _floats(self, some: slice) -> Matrix:
        floats: Matrix = self._rows[some].astype(np.float32) * self._scales[some, None]
        return floats


def fit_votes(texts: Sequence[str], labels: Sequence[str], encoder: Encoder, centre: Matrix | None = None) -> Votes:
    """Learn phrases and their labels; about a `centre` of others, or about their own.

    Raises:
        ValueError: there is no phrase, or not one label for each.

    """
    from bot.understanding.directions import fit_directions  # noqa: PLC0415  # only what learns needs it

    names, places = places_of(texts, labels)
    encoded = _last(encoder.encode(texts), encoder)
    centre = encoded.mean(axis=0) if centre is None else centre
    rows = _unit(encoded - centre)
    order = np.argsort(places, kind="stable").astype(np.int32)
    most = np.abs(rows).max(axis=1, keepdims=True)
    scales = (np.maximum(most, 1e-9) / _BYTES).astype(np.float32)
    return Votes(
        encoder=encoder,
        labels=names,
        centre=centre,
        head=fit_directions(rows, places, len(names), SHARPNESS),
        rows=np.rint(rows / scales).astype(np.int8)[order],
        scales=scales[order, 0],
        order=order,
        ends=np.searchsorted(places[order], np.arange(len(names) + 1)).astype(np.int32),
    )


def seen(encoder: Encoder, texts: Sequence[str], centre: Matrix) -> Matrix:
    """Return what texts mean, by the encoder's last layer, about the centre of what was learned; of length 1."""
    return _unit(_last(encoder.encode(texts), encoder) - centre)


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-9))
    return unit


def _last(rows: Matrix, encoder: Encoder) -> Matrix:
    return rows[:, -encoder.blocks[-1] :]
