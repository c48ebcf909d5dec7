"""A second look at messages that no sign decided: what they mean, beside what the scorer makes of their words.

The check needs none of this: without an encoder, or when it fails, the scorer decides alone. With it, fewer oblique
messages are missed and fewer ordinary ones alarm. A message is held against the labelled lines that the scorer learned
from and against every phrase of the catalog (`bot.understanding.votes`): how much likelier is it as a crisis than as
anything else? That is added to the scorer's log odds. Weights and bar were chosen on `intents/crisis/tuning` and on the
catalog's held-out tests, from which neither learns: see `benchmarks/crisis`.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.arrays import only_newest, read_arrays, write_arrays
from bot.understanding.hybrid import encoder_name
from bot.understanding.last_layer import LastLayer
from bot.understanding.remembered import RememberingEncoder
from bot.understanding.spoken import SpokenEncoder
from bot.understanding.votes import Votes, fit_votes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.crisis.scorer import Heard
    from bot.understanding.encoding import Encoder

    Matrix = NDArray[np.float32]

SHARPNESS = 40.0
"""What cosines are multiplied by: sharper than for intents, because one line of a crisis that is near is enough."""

LIKELY, LIKELY_ORDINARY = 6, 8
"""Labels of the lines, and of the catalog, whose phrases vote."""

WORDS_COUNT = 0.8
"""What the scorer's log odds count beside those of the meaning."""

CLASS_WORDS_COUNT = 2.0
"""What the scorer's log odds of a class count beside its votes: of 1,250 crises in `tuning`, 93 % get the card of their
own class by both, 91 % by the scorer alone and 85 % by the votes alone."""

BAR = -0.5
"""Log odds from which a message gets a card: likelier a crisis than not."""

DOUBT = -4.0
"""Log odds below which a strong sign alone shows no card; signs that always count are not asked."""

TOLD, CARE = 40, 3.5
"""A message of more than TOLD words tells a story, in which much sounds bad: its log odds count CARE less."""

WORTH = -3.5
"""The scorer's log odds below which no second look is taken: four of five ordinary messages cost nothing that way."""

MOST = 15.0
"""Log odds of the meaning beyond this count as this."""

STRETCH, LONG = 64, 80
"""Of a message of more than LONG words, STRETCH are looked at: those that the scorer holds for the worst."""

LEARNING = 2
"""Counted up whenever the way of reading or learning changes, so that nothing learned the old way is taken for new."""

CRISIS, NO_CRISIS = "crisis/", "no-crisis/"
"""What the labels of lines begin with; a class, or the class that the line resembles, follows."""

_TINY = 1e-6
_KEPT = 2  # files of what was learned that stay in the cache


@dataclass(frozen=True, slots=True)
class Looked:
    """The log odds that a message is of a crisis; its row and its likeliest class, where it was looked at."""

    odds: float
    likely: str
    row: Matrix | None = field(default=None, compare=False, repr=False)


class SecondLook:
    """Looks at what a message means; made by `second_look`."""

    def __init__(self, lines: Votes, ordinary: Votes) -> None:
        """Take the labelled lines, learned, and the catalog's phrases; both must have the same centre and encoder."""
        self._lines, self._ordinary = lines, ordinary
        self._crises = np.array([label.startswith(CRISIS) for label in lines.labels])

    def look(self, words: Sequence[str], heard: Heard) -> Looked:
        """Return what a message means; `heard` is what the scorer says of its words."""
        of_words = log_odds(heard.chance)
        if of_words < WORTH:
            return Looked(of_words - MOST, "")
        row = self._ordinary.see([stretch(words, heard)])[0]
        odds, likely = self._odds(row)
        care = CARE if len(words) > TOLD else 0.0
        return Looked(odds + WORDS_COUNT * of_words - care, likely, row)

    def class_of(self, row: Matrix, shares: Mapping[str, float]) -> str:
        """Return the class that a message is likeliest of, by the votes of all lines and the scorer's `shares`."""
        labels, votes = self._lines.vote(row, SHARPNESS, len(self._lines.labels))
        said = {self._lines.labels[at]: float(vote) for at, vote in zip(labels, votes, strict=True)}
        names = [label.removeprefix(CRISIS) for label in said if label.startswith(CRISIS)]
        best: str = max(names, key=lambda one: said[CRISIS + one] + CLASS_WORDS_COUNT * log_odds(shares.get(one, 0.0)))
        return best

    def _odds(self, row: Matrix) -> tuple[float, str]:
        labels, votes = self._lines.vote(row, SHARPNESS, LIKELY)
        crises = self._crises[labels]
        rest = np.append(self._ordinary.vote(row, SHARPNESS, LIKELY_ORDINARY)[1], votes[~crises])
        if not crises.any():
            return -MOST, ""
        odds = float(np.logaddexp.reduce(votes[crises]) - np.logaddexp.reduce(rest))
        likely = labels[crises][int(votes[crises].argmax())]
        return float(np.clip(odds, -MOST, MOST)), self._lines.labels[likely].removeprefix(CRISIS)


def second_look(  # noqa: PLR0913  # what is learned depends on that much
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    words: Callable[[str], Sequence[str]],
    ordinary: Votes,
    encoder: Encoder,
    cache: Path | None,
) -> SecondLook:
    """Learn from labelled lines, of which `words` gives the words as the check reads them.

    What was learned is kept in the folder `cache`, if there is one, and found there the next time.

    Raises:
        ValueError: there is no line, or not one label for each.

    """
    encoder = LastLayer(encoder)
    reader = SpokenEncoder(encoder)
    if cache is None:
        return SecondLook(fit_votes(_read(texts, words), labels, reader, ordinary.centre), ordinary)
    whole = json.dumps([LEARNING, list(texts), list(labels), encoder_name(reader)]).encode()
    whole += ordinary.centre.tobytes()
    path = cache / "second" / f"second-{hashlib.sha256(whole).hexdigest()[:24]}.arrays"
    with suppress(OSError, ValueError, TypeError, KeyError):
        return SecondLook(Votes.of(*read_arrays(path), reader), ordinary)
    remembering = RememberingEncoder(path.parent, encoder)
    lines = fit_votes(_read(texts, words), labels, SpokenEncoder(remembering), ordinary.centre)
    with suppress(OSError):  # a full disk costs only time
        write_arrays(path, lines.about(), lines.parts())
        remembering.keep()
        only_newest(path.parent, "second-*.arrays", _KEPT)
    return SecondLook(lines, ordinary)


def _read(texts: Sequence[str], words: Callable[[str], Sequence[str]]) -> list[str]:
    return [" ".join(words(text)) for text in texts]


def stretch(words: Sequence[str], heard: Heard) -> str:
    """Return the text that stands for a message: all of it, or the worst stretch of a long one."""
    if len(words) <= LONG:
        return " ".join(words)
    begin = max(0, min((heard.start + heard.end - STRETCH) // 2, len(words) - STRETCH))
    return " ".join(words[begin : begin + STRETCH])


def log_odds(chance: float) -> float:
    """Return a probability as log odds."""
    bounded = min(max(chance, _TINY), 1 - _TINY)
    return float(np.log(bounded / (1 - bounded)))
