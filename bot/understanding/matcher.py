"""All that was learned from a catalog's phrases, in both languages: one classifier, and how sure it may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.understanding.calibration import Calibration, HeldOut
from bot.understanding.examples import OUT_OF_SCOPE
from bot.understanding.following import TOGETHER, Following
from bot.understanding.hybrid import Look
from bot.understanding.learned import EVERY
from bot.understanding.reading import Nearest
from bot.understanding.support import Support
from bot.understanding.votes import Votes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.catalog.model import Intent
    from bot.understanding.examples import Example
    from bot.understanding.hybrid import Match
    from bot.understanding.learned import Learned

    Matrix = NDArray[np.float32]

MOST_WORDS = 5
"""How many words are named as those that counted."""

MOST_NEAR = 3
"""How many examples are named as the nearest."""


MOST_LABELS = 40
"""How many labels are named with their probability; those beyond have next to none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be matched.

    Attributes:
        text: the message as the classifiers read it, values as markers.
        found: the values found in it, by slot.
        language: its language.
        placeless: the text without its places, where it names some: intents that take none are found by that.
        after: the intent answered last, if any.
        together: the text behind the question answered last, where it leans on it.

    """

    text: str
    found: Mapping[str, frozenset[str]]
    language: str
    placeless: str | None = None
    after: str | None = None
    together: str | None = None


@dataclass(frozen=True, slots=True)
class Matched:
    """What a text may mean.

    Attributes:
        probabilities: by label, best first, at most `MOST_LABELS`.
        outside: the probability that no intent is meant.
        nearest: the phrases most like it.

    """

    probabilities: tuple[tuple[str, float], ...]
    outside: float
    nearest: tuple[Nearest, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A learned phrase with its label and language, and the phrases most like it, best first."""

    text: str
    label: str
    language: str
    others: tuple[Nearest, ...]


class _Said(NamedTuple):
    """The phrases of one classifier in its order, as columns: a tuple for each would take three times the memory."""

    texts: list[str]
    labels: list[str]
    languages: list[str]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> _Said:
        """Return the columns of examples."""
        return cls([one.text for one in examples], [one.label for one in examples], [one.language for one in examples])

    def near(self, matches: Iterable[Match]) -> tuple[Nearest, ...]:
        """Return the phrases that matches name."""
        return tuple(Nearest(self.texts[one.place], self.labels[one.place], one.similarity) for one in matches)


class Matcher:
    """Ranks the labels of a catalog for a text, by the phrases of the text's own language.

    A classifier for each language is half the memory of one for all and as good, where a phrase teaches little in
    another language; an encoder that was taught our languages needs only one (`bot.understanding.votes`).
    """

    def __init__(self, intents: Mapping[str, Intent], learned: Learned) -> None:
        """Take what was learned from the phrases of `intents` and from those out of scope.

        `calibration` may be set; where nobody measured one it is a guess.
        """
        examples = learned.examples
        self.labels = tuple(sorted({example.label for example in examples}))
        self.calibration = learned.calibration or Calibration()
        self._groups = np.array([label.startswith(OUT_OF_SCOPE) for label in self.labels], dtype=np.bool_)
        self._support = Support(self.labels, intents, examples)
        self._following = Following(self.labels, intents)
        self._hybrids = learned.hybrids
        self._columns = {code: self._places(hybrid.labels) for code, hybrid in self._hybrids.items()}
        self._said = {code: _Said.of(learned.phrases(code)) for code in self._hybrids}

    @property
    def votes(self) -> Votes | None:
        """Return the classifier of all languages, where there is one."""
        found = self._hybrids.get(EVERY)
        return found if isinstance(found, Votes) else None

    def match(self, asked: Asked) -> Matched:
        """Return what a message may mean."""
        code = self._language(asked.language)
        if code is None:
            return Matched((), 1.0, ())
        hybrid = self._hybrids[code]
        scores, look = self._scores(code, asked)
        if asked.after is not None and self._following.knows(asked.after):
            scores = self._followed(code, asked, asked.after, scores)
        probabilities = self.calibration.probabilities(scores, self._support.fits(asked.text, asked.found))
        order = np.argsort(-probabilities, kind="stable")[:MOST_LABELS].tolist()
        ranked = tuple((self.labels[place], float(probabilities[place])) for place in order)
        outside = float(np.clip(1.0 - probabilities[~self._groups].sum(), 0.0, 1.0))
        return Matched(ranked, outside, self._said[code].near(hybrid.nearest(look, MOST_NEAR)))

    def words_for(self, text: str, label: str, language: str) -> tuple[str, ...]:
        """Return the words that spoke most for a label, best first; slow, for explaining only."""
        code = self._language(language)
        hybrid = self._hybrids[code] if code else None
        shares = hybrid.words_for(text, label) if hybrid and label in hybrid.labels else {}
        positive = [word for word, share in shares.items() if share > 0]
        return tuple(sorted(positive, key=lambda word: -shares[word])[:MOST_WORDS])

    def neighbours(self, k: int) -> Iterator[Neighbours]:
        """Yield each phrase with the `k` others of its language that are most like it; slow, for tools of staff."""
        for code, hybrid in self._hybrids.items():
            said = self._said[code]
            for text, label, language, matches in zip(*said, hybrid.neighbours(k), strict=True):
                yield Neighbours(text, label, language, said.near(matches))

    def held_out(self, examples: Sequence[Example]) -> HeldOut:
        """Return how the phrases fared while they were held out, one language after the other.

        Raises:
            ValueError: nothing was held out.

        """
        scores = [self._spread(code, self._held_out_of(code)) for code in self._hybrids]
        examples = [one for code in self._hybrids for one in examples if code in {EVERY, one.language}]
        return HeldOut(
            scores=np.concatenate([np.zeros((0, len(self.labels)), dtype=np.float32), *scores]),
            fits=self._fits([(example.read, example.found) for example in examples]),
            truth=self._places([example.label for example in examples]),
            outside=np.array([example.outside for example in examples], dtype=np.bool_),
            groups=self._groups,
        )

    def tested(self, asked: Sequence[Asked], labels: Sequence[str]) -> HeldOut:
        """Return how phrases that were never learned fare, with their right labels.

        Raises:
            ValueError: nothing was learned in the language of a phrase.

        """
        rows = []
        for one in asked:
            code = self._language(one.language)
            if code is None:
                message = "nothing was learned, so nothing can be tested"
                raise ValueError(message)
            rows.append(self._scores(code, one)[0][None])
        return HeldOut(
            scores=np.concatenate([np.zeros((0, len(self.labels)), dtype=np.float32), *rows]),
            fits=self._fits([(one.text, one.found) for one in asked]),
            truth=self._places(labels),
            outside=np.array([label.startswith(OUT_OF_SCOPE) for label in labels], dtype=np.bool_),
            groups=self._groups,
        )

    def _scores(self, code: str, asked: Asked) -> tuple[Matrix, Look]:
        """Return the score of each label of all languages; for labels without a place the better of both readings."""
        look = self._hybrids[code].look(asked.text)
        scores = self._spread(code, look.scores[None])[0]
        if not asked.placeless:
            return scores, look
        other = self._hybrids[code].look(asked.placeless)
        better = np.maximum(scores, self._spread(code, other.scores[None])[0])
        nearer = Look(look.scores, np.maximum(look.likeness, other.likeness))
        return np.where(self._support.takes(asked.found), scores, better), nearer

    def _followed(self, code: str, asked: Asked, after: str, scores: Matrix) -> Matrix:
        """Return the scores as they are after the answer of another question."""
        if asked.together:
            both = self._spread(code, self._hybrids[code].look(asked.together).scores[None])[0]
            scores = (scores + TOGETHER * both) / (1 + TOGETHER)
        return scores + self._following.gains(after, together=bool(asked.together))

    def _language(self, wanted: str) -> str | None:
        return wanted if wanted in self._hybrids else next(iter(self._hybrids), None)

    def _held_out_of(self, code: str) -> Matrix:
        scores = self._hybrids[code].held_out
        if scores is None:
            message = "nothing was held out: learn again, without a cache"
            raise ValueError(message)
        return scores

    def _spread(self, code: str, scores: Matrix) -> Matrix:
        """Return one language's scores in the order of all labels; a label without phrases in it scores nothing."""
        spread = np.zeros((len(scores), len(self.labels)), dtype=np.float32)
        spread[:, self._columns[code]] = scores
        return spread

    def _fits(self, texts: Sequence[tuple[str, Mapping[str, frozenset[str]]]]) -> NDArray[np.bool_]:
        rows = [self._support.fits(text, found) for text, found in texts]
        return np.array(rows, dtype=np.bool_).reshape(len(texts), len(self.labels))

    def _places(self, labels: Sequence[str]) -> NDArray[np.intp]:
        places = {label: place for place, label in enumerate(self.labels)}
        return np.array([places[label] for label in labels], dtype=np.intp)
