"""All that was learned from a catalog's phrases, in both languages: one classifier, and how sure it may be."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.calibration import Calibration, HeldOut, calibrate, sample
from bot.understanding.examples import OUT_OF_SCOPE
from bot.understanding.hybrid import DEFAULT, Hybrid
from bot.understanding.reading import Nearest
from bot.understanding.support import Support

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.catalog.model import Intent
    from bot.understanding.encoding import Encoder
    from bot.understanding.examples import Example

    Matrix = NDArray[np.float32]
    Read = tuple[str, Mapping[str, frozenset[str]], str]  # what is read, values found, language

SETTINGS = replace(DEFAULT, landmarks=12_000)
"""Every phrase is a landmark: fewer cost many right answers where intents lie as close as ours."""

MOST_WORDS = 5
"""How many words are named as those that counted."""

MOST_NEAR = 3
"""How many examples are named as the nearest."""


@dataclass(frozen=True, slots=True)
class Matched:
    """What a text may mean.

    Attributes:
        probabilities: by label, best first; what is missing to one is "none of these".
        nearest: the phrases most like it.

    """

    probabilities: tuple[tuple[str, float], ...]
    nearest: tuple[Nearest, ...]


class SpokenEncoder:
    """An encoder that reads a word it knows where a text has the marker of a slot ("xcasex")."""

    def __init__(self, encoder: Encoder, spoken: Mapping[str, str]) -> None:
        """Wrap an encoder; `spoken` gives the words for each marker."""
        self._encoder, self._spoken = encoder, dict(spoken)
        self.name = f"{encoder.name}+{'+'.join(sorted(self._spoken.values()))}" if spoken else encoder.name
        self.dimensions, self.blocks, self.words = encoder.dimensions, encoder.blocks, encoder.words

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return one row for each text, shape (texts, dimensions)."""
        return self._encoder.encode([self._said(text) for text in texts])

    def _said(self, text: str) -> str:
        return " ".join(self._spoken.get(word, word) for word in text.split())


class Matcher:
    """Ranks the labels of a catalog for a text, by the phrases of the text's own language.

    One classifier for each language is half the memory of one for all and as good: a phrase teaches little in another
    language, and the message's own is known (`bot.understanding.language`).
    """

    def __init__(
        self,
        examples: Sequence[Example],
        intents: Mapping[str, Intent],
        learned: Learned | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        """Learn the examples, or take what was `learned` from the same ones before.

        `calibration` is what the examples themselves ask for, held out in turn; set a better one where there is one.
        """
        self.labels = tuple(sorted({example.label for example in examples}))
        self._support = Support(self.labels, intents, examples)
        codes = sorted({example.language for example in examples})
        self._examples = {code: [one for one in examples if one.language == code] for code in codes}
        fitted = {code: _fitted(part, encoder) for code, part in self._examples.items()} if learned is None else {}
        self._hybrids = fitted if learned is None else learned.hybrids
        self._columns = {code: self._places(hybrid.labels) for code, hybrid in self._hybrids.items()}
        self.calibration = Calibration() if learned is None else learned.calibration
        if learned is None and examples:
            self.calibration = calibrate(self.held_out().only(sample(len(examples))))

    def match(self, text: str, found: Mapping[str, frozenset[str]], language: str) -> Matched:
        """Return what a text with slot markers and the values `found` may mean."""
        code = self._language(language)
        if code is None:
            return Matched((), ())
        seen = self._hybrids[code].see([text])
        scores = self._spread(code, self._hybrids[code].scores_of(seen))[0]
        probabilities = self.calibration.probabilities(scores, self._support.fits(text, found))
        order = np.argsort(-probabilities, kind="stable")
        ranked = tuple((self.labels[place], float(probabilities[place])) for place in order)
        matches = self._hybrids[code].nearest_of(seen, MOST_NEAR)
        near = [(self._examples[code][match.place], match.similarity) for match in matches]
        return Matched(ranked, tuple(Nearest(example.text, example.label, share) for example, share in near))

    def words_for(self, text: str, label: str, language: str) -> tuple[str, ...]:
        """Return the words that spoke most for a label, best first; slow, for explaining only."""
        code = self._language(language)
        hybrid = self._hybrids[code] if code else None
        shares = hybrid.words_for(text, label) if hybrid and label in hybrid.labels else {}
        positive = [word for word, share in shares.items() if share > 0]
        return tuple(sorted(positive, key=lambda word: -shares[word])[:MOST_WORDS])

    def held_out(self) -> HeldOut:
        """Return how the phrases fared while they were held out, one language after the other.

        Raises:
            ValueError: what was learned was loaded, and held-out scores are not kept.

        """
        scores = [self._spread(code, self._held_out_of(code)) for code in self._hybrids]
        examples = [example for part in self._examples.values() for example in part]
        return HeldOut(
            scores=np.concatenate([np.zeros((0, len(self.labels)), dtype=np.float32), *scores]),
            fits=self._fits([(example.read, example.found) for example in examples]),
            truth=self._places([example.label for example in examples]),
            outside=np.array([example.outside for example in examples], dtype=np.bool_),
            groups=self._groups(),
        )

    def tested(self, reads: Sequence[Read], labels: Sequence[str]) -> HeldOut:
        """Return how phrases that were never learned fare, with their right labels.

        Raises:
            ValueError: nothing was learned in the language of a phrase.

        """
        rows = []
        for text, _, language in reads:
            code = self._language(language)
            if code is None:
                message = "nothing was learned, so nothing can be tested"
                raise ValueError(message)
            rows.append(self._spread(code, self._hybrids[code].scores([text])))
        return HeldOut(
            scores=np.concatenate([np.zeros((0, len(self.labels)), dtype=np.float32), *rows]),
            fits=self._fits([(text, found) for text, found, _ in reads]),
            truth=self._places(labels),
            outside=np.zeros(len(reads), dtype=np.bool_),
            groups=self._groups(),
        )

    def save(self, folder: Path, name: str) -> None:
        """Write what was learned below `folder`; readers see the whole of it or nothing."""
        folder.mkdir(parents=True, exist_ok=True)
        for code, hybrid in self._hybrids.items():
            part = folder / f".{name}.{code}.part.npz"
            hybrid.save(part)
            part.replace(folder / f"{name}.{code}.npz")
        part = folder / f".{name}.part.json"
        part.write_text(json.dumps({"calibration": asdict(self.calibration), "languages": list(self._hybrids)}))
        part.replace(folder / f"{name}.json")

    def _language(self, wanted: str) -> str | None:
        return wanted if wanted in self._hybrids else next(iter(self._hybrids), None)

    def _held_out_of(self, code: str) -> Matrix:
        scores = self._hybrids[code].held_out
        if scores is None:
            message = "held-out scores are there only after learning, not after loading"
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

    def _groups(self) -> NDArray[np.bool_]:
        return np.array([label.startswith(OUT_OF_SCOPE) for label in self.labels], dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned before: a classifier for each language, and how sure they may be."""

    hybrids: Mapping[str, Hybrid]
    calibration: Calibration


def load_learned(folder: Path, name: str, encoder: Encoder | None) -> Learned | None:
    """Return what `Matcher.save` wrote, or None where there is nothing that can be used."""
    try:
        fields = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        hybrids = {code: Hybrid.load(folder / f"{name}.{code}.npz", encoder) for code in fields["languages"]}
        return Learned(hybrids, Calibration(**fields["calibration"]))
    except (OSError, ValueError, TypeError, KeyError, zipfile.BadZipFile):
        return None


def _fitted(examples: Sequence[Example], encoder: Encoder | None) -> Hybrid:
    return Hybrid.fit([one.read for one in examples], [one.label for one in examples], encoder, SETTINGS)
