"""The second stage: a linear scorer for oblique messages, learned from the project's own labelled lines at start.

One line tells a crisis from everything else, twelve more tell which crisis (one against the rest), one whose it is.
The bar is set by cross-validation: as low as false alarms on held-out folds allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bot.catalog.crisis_model import URGENCY
from bot.understanding.crisis.grams import RULE, Grams
from bot.understanding.crisis.logistic import Lines, chance, fit_lines
from bot.understanding.crisis.nearness import Nearness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bot.catalog.crisis_model import LabelledLine
    from bot.understanding.crisis.signs import Seen

PENALTY, CLASS_PENALTY = 0.15, 0.02
"""Ridge of the line that tells a crisis, and of the lines that tell which one."""

ORDINARY_WEIGHT = 1.5
"""What an ordinary phrase counts in learning; a labelled line counts 1 (they are many and short)."""

NEAR_BAR, ORDINARY_BAR = 0.04, 0.02
"""Shares of near-misses and ordinary phrases that may get a card in cross-validation; `check` allows 3 % and 0.3 %.

A fold leaves out all lines of some writers at once, and ordinary phrases by whole topics: both are harder than what
comes, because the last line has learned from every writer and from every topic that the line answers.
"""

FLOOR = 0.5
"""Below this probability a strong sign alone shows no card: everything else in the message speaks against it."""

FOLDS = 5
LOWEST, HIGHEST = 0.25, 0.9
"""The bar stays between these, whatever the lines say."""

WINDOW, STEP, LONG = 24, 8, 40
"""A message of more than LONG words is scored by stretches of WINDOW words; the highest counts."""

WRITERS = ("writer-", "worn-out-")
"""How the names of files begin whose lines were written by people who had not seen the signs."""

ENOUGH = 40  # lines of each side below which nothing can be learned
MOST_STRANGE = 80
"""Words of one message that were never learned and are scored by their letters; what comes after them is padding."""

_MOST_WORDS = 1_600
_MOST_CACHED = 60_000
_PORTION = 256
_NEVER = FOLDS  # the fold of a line that every line but none leaves out


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """Each labelled line's probability from the other folds, and the bar that was chosen from them."""

    lines: tuple[float, ...]
    ordinary: tuple[float, ...]
    bar: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The probability that a message is of a crisis, 0 to 1, and the stretch of words (start, end) that says so."""

    chance: float
    start: int
    end: int


class Learned(NamedTuple):
    """All that was learned.

    Attributes:
        gate: the line that tells a crisis from everything else.
        heads: a line for each of `classes`.
        other: the line that tells whose crisis it is.

    """

    grams: Grams
    gate: Lines
    classes: tuple[str, ...]
    heads: Lines
    other: Lines
    tested: CrossValidation


class _Share(NamedTuple):
    """The pull of a word's grams towards a crisis, the sum of their squared scales, and its group of families."""

    pull: float
    size: float
    group: int


class Scorer:
    """Scores messages; made by `learn`."""

    def __init__(self, learned: Learned) -> None:
        """Take what was learned."""
        self.learned = learned
        self._bias = float(learned.gate.bias[0])
        scale, self._weights = learned.grams.scale, learned.gate.weights[0].astype(np.float64)
        self._pulls = np.append(self._weights * scale, 0.0)  # the last one is of grams that were not learned
        self._sizes = np.append(scale * scale, 0.0)
        pairs = learned.grams.of_kind("q").items()
        self._near = Nearness({name: (self._pulls[at], self._sizes[at]) for at, name in pairs})
        words = sorted(learned.grams.of_kind("w").values())
        self._known = frozenset(words)
        self._words: dict[str, _Share] = {}
        for start in range(0, len(words), _PORTION):  # all, so that a long message costs no more the first time
            self._meet(words[start : start + _PORTION])

    @property
    def tested(self) -> CrossValidation:
        """Return how the learned lines fared while they were held out."""
        return self.learned.tested

    @property
    def floor(self) -> float:
        """Return the probability below which a strong sign alone shows no card."""
        return min(FLOOR, self.bar)

    @property
    def bar(self) -> float:
        """Return the probability from which a message gets a card."""
        return self.tested.bar

    def classes(self, seen: Seen, heard: Heard) -> dict[str, float]:
        """Return for each class the probability that it is this one, given that it is a crisis."""
        odds = self.learned.heads.odds(*self._row(seen, heard))
        return {name: chance(one) for name, one in zip(self.learned.classes, odds.tolist(), strict=True)}

    def other(self, seen: Seen, heard: Heard) -> float:
        """Return the probability that the message is about somebody else."""
        return chance(float(self.learned.other.odds(*self._row(seen, heard))[0]))

    def hear(self, seen: Seen) -> Heard:
        """Return the probability that a message is of a crisis; of a long one that of its worst stretch."""
        words = seen.tokens.words[:_MOST_WORDS]
        pulls, sizes = self._sums(words)
        rules = RULE * float(self._weights[self.learned.grams.rules(seen)].sum())
        odds, start, end = max(
            ((pulls[end] - pulls[start]) / ((sizes[end] - sizes[start]) ** 0.5 or 1.0), start, end)
            for start, end in _stretches(len(words))
        )
        return Heard(chance(odds + rules + self._bias), start, end)

    def _sums(self, words: Sequence[str]) -> tuple[list[float], list[float]]:
        """Return the pulls and the sizes of all words up to each place, with those of the pairs that end there."""
        if len(self._words) >= _MOST_CACHED:
            self._words.clear()
        read = words[: self._end(words)]
        self._meet([word for word in dict.fromkeys(read) if word not in self._words])
        shares = [*(self._words[word] for word in read), *[_Share(0.0, 0.0, 0)] * (len(words) - len(read))]
        pulls, sizes, groups = zip(*shares, strict=True) if shares else ((), (), ())
        pairs = self.learned.grams.places([f"p{before} {word}" for before, word in pairwise(("^", *words))])
        near_pulls, near_sizes = self._near.along((0, *groups))
        near_pulls[1:] += self._pulls[pairs] + pulls
        near_sizes[1:] += self._sizes[pairs] + sizes
        return near_pulls.cumsum().tolist(), near_sizes.cumsum().tolist()

    def _end(self, words: Sequence[str]) -> int:
        """Return where the padding begins: at the word after MOST_STRANGE that were never learned."""
        strange = 0
        for place, word in enumerate(words):
            strange += word not in self._known
            if strange > MOST_STRANGE:
                return place
        return len(words)

    def _meet(self, words: Sequence[str]) -> None:
        """Work out what each of these words says."""
        if not words:
            return
        grams = [self.learned.grams.of_word(word) for word in words]
        starts = np.cumsum([0, *map(len, grams[:-1])])
        places = self.learned.grams.places([*chain.from_iterable(grams)])
        pulls, sizes = (np.add.reduceat(one[places], starts).tolist() for one in (self._pulls, self._sizes))
        groups = (self._near.group(self.learned.grams.families(word)) for word in words)
        self._words.update(zip(words, map(_Share, pulls, sizes, groups), strict=True))

    def _row(self, seen: Seen, heard: Heard) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        return self.learned.grams.row(seen.tokens.words[heard.start : heard.end], seen)


def learn(
    lines: Sequence[LabelledLine],
    seen: Sequence[Seen],
    ordinary: Sequence[Seen],
    caught: NDArray[np.int_],
    families: Mapping[str, Sequence[str]],
) -> Scorer | None:
    """Return a scorer, or None when there are too few lines of either side.

    `seen` has what the rules see in each line, `caught` how strong their
    strongest sign is: 2 always, 1 strong, 0 none (lines, then ordinary).
    """
    yes = np.array([line.class_id is not None for line in lines], dtype=bool)
    if yes.sum() < ENOUGH or (~yes).sum() + len(ordinary) < ENOUGH:
        return None
    grams = Grams(families)
    folds = _folds(lines, len(ordinary))
    rows = grams.learn([*seen, *ordinary], _written_to_signs(lines))
    target = np.concatenate([yes, np.zeros(len(ordinary), dtype=bool)])
    weight = np.concatenate([np.ones(len(lines)), np.full(len(ordinary), ORDINARY_WEIGHT)])
    gate, chances = _gate(rows, target, weight, folds)
    crises = [at for at, line in enumerate(lines) if line.class_id is not None]
    classes, heads, other = _heads(rows[crises], [lines[at] for at in crises])
    tested = _tested(chances, target[: len(lines)], caught, folds != _NEVER)
    return Scorer(Learned(grams, gate, classes, heads, other, tested))


def _folds(lines: Sequence[LabelledLine], ordinary: int) -> NDArray[np.intp]:
    """Return the fold in which each line, then each ordinary phrase, is left out.

    All lines of a writer's file are left out together, to tell of messages by somebody unseen. What staff add
    themselves, with the signs or the check's mistakes in view, would flatter: it is never left out. Neighbouring
    ordinary phrases are of one intent.
    """
    files = [PurePath(line.mark.file) for line in lines]
    writers = sorted({file for file in files if file.stem.startswith(WRITERS)})
    if len(writers) >= FOLDS:
        folds = {file: place % FOLDS for place, file in enumerate(writers)}
        of_lines = [folds.get(file, _NEVER) for file in files]
    else:
        of_lines = [place % FOLDS for place in range(len(lines))]
    return np.array([*of_lines, *(place * FOLDS // ordinary for place in range(ordinary))], dtype=np.intp)


def _written_to_signs(lines: Sequence[LabelledLine]) -> frozenset[int]:
    """Return the places of the lines in a class's own files, which its signs were written to fit."""
    return frozenset(place for place, line in enumerate(lines) if PurePath(line.mark.file).stem in URGENCY)


def _gate(
    rows: Any,  # noqa: ANN401
    target: NDArray[np.bool_],
    weight: NDArray[np.float64],
    folds: NDArray[np.intp],
) -> tuple[Lines, NDArray[np.float64]]:
    """Return the line that tells a crisis, and each row's probability from the line that has not seen its fold."""
    left_out = folds[:, None] == np.arange(FOLDS + 1)  # nothing is left out for the last line
    yes = np.repeat(target[:, None], FOLDS + 1, axis=1)
    lines = fit_lines(rows, yes, np.where(left_out, 0.0, weight[:, None]), PENALTY)
    odds = lines.scores(rows)[np.arange(len(target)), folds]
    return lines.only(FOLDS, FOLDS + 1), np.array([chance(float(one)) for one in odds])


def _heads(rows: Any, lines: Sequence[LabelledLine]) -> tuple[tuple[str, ...], Lines, Lines]:  # noqa: ANN401
    """Return the classes with a line for each, and the line that tells whose crisis it is."""
    kinds = np.array([line.class_id for line in lines])
    classes = tuple(sorted(set(kinds.tolist())))
    yes = np.stack([*(kinds == name for name in classes), np.array([line.who == "other" for line in lines])], axis=1)
    share = np.maximum(yes.sum(axis=0), 1) / len(yes)
    made = fit_lines(rows, yes, np.where(yes, np.minimum(0.5 / share, 6.0), 1.0), CLASS_PENALTY)
    return classes, made.only(0, len(classes)), made.only(len(classes), len(classes) + 1)


def _tested(
    chances: NDArray[np.float64], target: NDArray[np.bool_], caught: NDArray[np.int_], left_out: NDArray[np.bool_]
) -> CrossValidation:
    """Return the cross-validation; `target` is of the labelled lines, which come before the ordinary phrases."""
    lines = len(target)
    near = ~target & left_out[:lines]
    # a message with a sign is decided by it, so it cannot be a false alarm of the bar
    signed = (caught == 2) | ((caught == 1) & (chances >= FLOOR))  # noqa: PLR2004  # 2: always, 1: strong
    bar = max(
        _bar(chances[:lines][near], signed[:lines][near], NEAR_BAR),
        _bar(chances[lines:], signed[lines:], ORDINARY_BAR),
        LOWEST,
    )
    return CrossValidation(tuple(chances[:lines].tolist()), tuple(chances[lines:].tolist()), min(bar, HIGHEST))


def _bar(scores: NDArray[np.float64], signed: NDArray[np.bool_], share: float) -> float:
    """Return the lowest bar at which false alarms, those of signs counted in, stay at `share` of all messages."""
    allowed = max(0, int(share * len(scores)) - int(signed.sum()))
    falling = np.sort(scores[~signed])[::-1]
    return float(falling[allowed]) + 1e-6 if allowed < len(falling) else 0.0


def _stretches(words: int) -> list[tuple[int, int]]:
    if words <= LONG:
        return [(0, words)]
    return [(start, min(start + WINDOW, words)) for start in range(0, words - STEP, STEP)]
