"""All that was learned from a catalog's phrases, and the file that keeps it for the next start."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from sys import intern
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.understanding.arrays import only_newest, read_arrays, write_arrays
from bot.understanding.calibration import Calibration
from bot.understanding.examples import Example
from bot.understanding.hybrid import DEFAULT, FOREIGN, Hybrid
from bot.understanding.votes import Votes, fit_votes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.understanding.encoding import Encoder
    from bot.understanding.hybrid import HybridSettings

LEARNING = 10
"""Counted up whenever the way of reading or learning changes, so that nothing learned the old way is taken for new."""

MANY = 6_000
"""Phrases from which an encoder's `Votes` are as good as a `Hybrid`, which would take minutes and a gigabyte."""

EVERY = "*"
"""Stands for every language where one classifier reads them all."""

_FIELDS = ("text", "read", "label", "language")
_BETWEEN = "\x1f"

_NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})

_KEPT = 3
"""Files of what was learned that stay in the cache: of the catalog, and of those before it."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned.

    Attributes:
        examples: the phrases it was learned from.
        vocabulary: their words.
        hybrids: a classifier for each language, with the phrases of its language in order; or one for `EVERY`.
        calibration: how sure they may be; None where nobody asked for it.

    """

    examples: tuple[Example, ...]
    vocabulary: frozenset[str]
    hybrids: Mapping[str, Hybrid | Votes]
    calibration: Calibration | None = None

    def phrases(self, code: str) -> list[Example]:
        """Return the phrases that the classifier of a language was learned from, in its order."""
        return [example for example in self.examples if code in {EVERY, example.language}]


def learn(
    examples: Sequence[Example],
    vocabulary: frozenset[str],
    encoder: Encoder | None,
    *,
    hold_out: bool,
    before: Mapping[str, Hybrid] = MappingProxyType({}),
) -> Learned:
    """Learn from phrases; with `hold_out` the classifiers also say how phrases fare that are held out in turn.

    `before` are classifiers by the digest of what they were learned from: a language that did not change is not learned
    again.
    """
    if encoder is not None and len(examples) >= MANY:
        votes = fit_votes([one.read for one in examples], [one.label for one in examples], encoder)
        votes.held_out = votes.without_own() if hold_out else None
        return Learned(tuple(examples), vocabulary, {EVERY: votes})
    from bot.understanding.fitting import fit  # noqa: PLC0415  # the solvers take 30 MB that only learning needs

    hybrids: dict[str, Hybrid | Votes] = {}
    for code in sorted({example.language for example in examples}):
        own = [example for example in examples if example.language == code]
        foreign = encoder is not None and encoder.languages and code not in encoder.languages
        settings = replace(FOREIGN if foreign else DEFAULT, folds=DEFAULT.folds if hold_out else 0)
        known = before.get(_digest(own, settings))
        hybrids[code] = known or fit([one.read for one in own], [one.label for one in own], encoder, settings)
    return Learned(tuple(examples), vocabulary, hybrids)


def save_learned(folder: Path, name: str, learned: Learned) -> None:
    """Write what was learned below `folder`, and delete what was learned from catalogs of long ago.

    Raises:
        OSError: the folder cannot be written to.

    """
    calibration = learned.calibration
    about = {
        "learning": LEARNING,
        "found": [[at, _found(one)] for at, one in enumerate(learned.examples) if one.found],
        "vocabulary": sorted(learned.vocabulary),
        "hybrids": {code: hybrid.about() for code, hybrid in learned.hybrids.items()},
        "calibration": asdict(calibration) if calibration else None,
    }
    parts = {f"{code}.{part}": array for code, own in learned.hybrids.items() for part, array in own.parts().items()}
    write_arrays(_path(folder, name), about, parts | _columns(learned.examples))
    only_newest(folder, "learned-*.arrays", _KEPT)


def load_learned(
    folder: Path, name: str, encoder: Encoder | None, texts: Mapping[str, str] = MappingProxyType({})
) -> Learned | None:
    """Return what `save_learned` wrote, or None where there is nothing that can be used.

    `texts` are phrases that are in memory already, each under itself: they are not kept a second time.
    """
    try:
        about, parts = read_arrays(_path(folder, name))
        if about["learning"] != LEARNING:
            return None
        hybrids = {code: _made(own, _only(parts, code), encoder) for code, own in about["hybrids"].items()}
        calibration = about["calibration"] and Calibration(**about["calibration"])
        examples = tuple(_examples(parts, dict(about["found"]), texts))
        return Learned(examples, frozenset(about["vocabulary"]), hybrids, calibration)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def learned_before(folder: Path, encoder: Encoder | None) -> dict[str, Hybrid]:
    """Return the classifiers of the newest file in a folder by the digest of what they were learned from."""
    for path in _newest_first(folder)[:1]:
        learned = load_learned(folder, path.stem.removeprefix("learned-"), encoder)
        if learned is not None:
            hybrids = {code: one for code, one in learned.hybrids.items() if isinstance(one, Hybrid)}
            return {_digest(learned.phrases(code), one.settings): one for code, one in hybrids.items()}
    return {}


def _made(about: Mapping[str, Any], parts: Mapping[str, Any], encoder: Encoder | None) -> Hybrid | Votes:
    return Votes.of(about, parts, encoder) if about.get("kind") == "votes" else Hybrid.of(about, parts, encoder)


def plain(example: Example) -> list[Any]:
    """Return an example as JSON can hold it."""
    return [example.text, example.read, example.label, example.language, _found(example)]


def example_from(fields: Sequence[Any]) -> Example:
    """Return the example that `plain` wrote."""
    text, read, label, language, found = fields
    return Example(text, read, label, language, _named(found))


def _columns(examples: Sequence[Example]) -> dict[str, NDArray[np.uint8]]:
    """Return the texts of examples, one array for each field: as JSON, thousands would take much memory to read."""
    columns = {field: _BETWEEN.join(getattr(one, field) for one in examples) for field in _FIELDS}
    return {f"examples.{field}": np.frombuffer(column.encode(), dtype=np.uint8) for field, column in columns.items()}


def _examples(
    parts: Mapping[str, NDArray[Any]], found: Mapping[int, Any], texts: Mapping[str, str]
) -> Iterator[Example]:
    """Yield the examples that `_columns` wrote; what thousands share is kept once."""
    columns = [parts[f"examples.{field}"].tobytes().decode().split(_BETWEEN) for field in _FIELDS]
    for place, (text, read, label, language) in enumerate(zip(*columns, strict=True)):
        if label:  # no example at all is one empty text
            own = texts.get(text, text)
            same = own if read == own else read
            yield Example(own, same, intern(label), intern(language), _named(found.get(place)))


def _found(example: Example) -> dict[str, list[str]]:
    return {slot: sorted(values) for slot, values in example.found.items()}


def _named(found: Mapping[str, Sequence[str]] | None) -> Mapping[str, frozenset[str]]:
    return {slot: frozenset(values) for slot, values in found.items()} if found else _NOTHING


def _only(parts: Mapping[str, Any], code: str) -> dict[str, Any]:
    own = f"{code}."
    return {name.removeprefix(own): array for name, array in parts.items() if name.startswith(own)}


def _path(folder: Path, name: str) -> Path:
    return folder / f"learned-{name}.arrays"


def _digest(examples: Sequence[Example], settings: HybridSettings) -> str:
    phrases = [[one.read, one.label] for one in examples]
    return hashlib.sha256(json.dumps([phrases, asdict(settings)]).encode()).hexdigest()


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("learned-*.arrays"), key=lambda path: path.stat().st_mtime, reverse=True)
