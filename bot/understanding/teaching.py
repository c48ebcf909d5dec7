"""From a catalog to what was learned from it: out of the cache, in a process of its own, or here."""

from __future__ import annotations

import hashlib
import json
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.understanding.apart import Job, learn_apart
from bot.understanding.encoding import OnnxEncoder
from bot.understanding.examples import examples_of, finder_of, labelled, said_in, vocabulary
from bot.understanding.hybrid import encoder_name
from bot.understanding.last_layer import LastLayer
from bot.understanding.learned import LEARNING, learn, load_learned, save_learned
from bot.understanding.learned import MANY as VOTES
from bot.understanding.matcher import Matcher
from bot.understanding.remembered import RememberingEncoder
from bot.understanding.slots import marker
from bot.understanding.spoken import SpokenEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.catalog.model import Catalog, Slot, SlotValue
    from bot.understanding.encoding import Encoder
    from bot.understanding.examples import Example
    from bot.understanding.learned import Learned

MANY = 2_000
"""Phrases from which learning takes a process of its own; fewer are learned in the time that such a process starts."""


def taught(catalog: Catalog, encoder: Encoder | None, cache: Path | None, *, hold_out: bool) -> Learned:
    """Return what can be learned from the catalog's phrases; with `hold_out` it is calibrated by them too.

    What was learned is kept in the folder `cache`, if there is one, and found there the next time.
    """
    spoken = spoken_of(catalog)
    if isinstance(encoder, OnnxEncoder) and len(encoder.blocks) > 1 and _many(catalog):
        encoder = LastLayer(encoder)
    reader = SpokenEncoder(encoder, spoken) if encoder else None
    if cache is None:
        return _learned(catalog, *_phrases(catalog), reader, hold_out=hold_out)
    name = f"{fingerprint(catalog)[:24]}-{hashlib.sha256(encoder_name(reader).encode()).hexdigest()[:12]}"
    known = load_learned(cache, name, reader, {text: text for *_, text in labelled(catalog)})
    if known is not None and (known.calibration is not None or not hold_out):
        return known
    folder = encoder.folder if isinstance(encoder, OnnxEncoder | LastLayer) else None
    there = (encoder.name, folder) if encoder and folder else None
    job = Job(*_phrases(catalog), there, spoken, cache, name)
    apart = not hold_out and len(job.examples) >= MANY and (there is not None or encoder is None)
    known = load_learned(cache, name, reader) if apart and learn_apart(job) else None
    return known or _learned_here(catalog, job, encoder, hold_out=hold_out)


def spoken_of(catalog: Catalog) -> dict[str, str]:
    """Return the words that the encoder reads where a text has the marker of a slot, by marker."""
    return {marker(slot.id): _spoken(slot) for slot in catalog.slots.values()}


def fingerprint(catalog: Catalog) -> str:
    """Return a digest of everything that learning depends on: equal for catalogs that would be understood alike."""
    slots = [
        [slot.id, list(slot.never), [_synonyms(value) for value in slot.values.values()]]
        for slot in catalog.slots.values()
    ]
    needs = [
        [intent.id, list(intent.slots), dict(intent.about), dict(intent.title)] for intent in catalog.intents.values()
    ]
    whole = json.dumps([LEARNING, list(catalog.languages), slots, needs, [*labelled(catalog)]], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _many(catalog: Catalog) -> bool:
    """Say whether the catalog has so many phrases that `Votes` are learned of them, whatever titles add."""
    return sum(1 for _ in labelled(catalog)) >= VOTES


def _synonyms(value: SlotValue) -> list[object]:
    return [value.id, dict(value.name), {code: list(words) for code, words in value.synonyms.items()}]


def _phrases(catalog: Catalog) -> tuple[tuple[Example, ...], frozenset[str]]:
    phrases = said_in(catalog)
    words = vocabulary(phrases)
    return examples_of(catalog, phrases, finder_of(catalog, words)), words


def _learned(
    catalog: Catalog, examples: Sequence[Example], words: frozenset[str], reader: Encoder | None, *, hold_out: bool
) -> Learned:
    learned = learn(examples, words, reader, hold_out=hold_out)
    if not hold_out or not examples:
        return learned
    from bot.understanding.calibrating import calibrate, sample  # noqa: PLC0415  # memory that reading does not need

    held_out = Matcher(catalog.intents, learned).held_out(examples)
    return replace(learned, calibration=calibrate(held_out.only(sample(len(examples)))))


def _learned_here(catalog: Catalog, job: Job, encoder: Encoder | None, *, hold_out: bool) -> Learned:
    remembering = RememberingEncoder(job.folder, encoder) if encoder else None
    reader = SpokenEncoder(remembering, job.spoken) if remembering else None
    learned = _learned(catalog, job.examples, job.vocabulary, reader, hold_out=hold_out)
    for hybrid in learned.hybrids.values():  # phrases are remembered, what people write is not
        hybrid.read_with(SpokenEncoder(encoder, job.spoken) if encoder else None)
    try:
        save_learned(job.folder, job.name, learned)
        if remembering:
            remembering.keep()
    except OSError as error:
        message = f"what was learned could not be kept for the next start: {error.strerror}"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    return learned


def _spoken(slot: Slot) -> str:
    """Return what the encoder reads for any value of a slot: the first value's name, a word that it knows."""
    first = next(iter(slot.values.values()), None)
    return next(iter(first.name.values()), slot.id) if first else slot.id
