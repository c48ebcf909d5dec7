"""What a message was understood to mean, with honest confidence. Understanding decides nothing; the dialog does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SlotHit:
    """A slot value found in the message.

    Attributes:
        slot: the slot.
        value: the value's id.
        start: where it begins in the normalised text, in characters.
        end: where it ends there.
        score: how sure it is, from 0 to 1.
        role: the part it plays by the words around it ("home"); None where they do not say.
        denied: whether the message names it to take it back ("not ohio, georgia").

    """

    slot: str
    value: str
    start: int
    end: int
    score: float
    role: str | None = None
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Nearest:
    """An example that looks like the message, with its similarity (0 to 1)."""

    text: str
    intent: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that may be meant; `confidence` is the calibrated probability that it is."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language of a message; `certain` is False for words that belong to both or neither."""

    code: str
    certain: bool
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, understood.

    Attributes:
        text: the message as it came.
        normal: the normalised text (lower case, no accents, no emoji).
        language: its language.
        slots: slot values found in it, in order of appearance.
        candidates: intents with calibrated confidence, best first, at most five.
        out_of_scope: probability that it belongs to no intent.
        group: the out-of-scope group it is nearest to, when `out_of_scope` is the likeliest reading.
        nearest: the nearest examples, best first, at most three.
        spelling: words that were read as other words, as (typed, read); read as "" where they were left out as rude.
        bare: True when, without its slots, next to nothing is left ("and dawn?").
        points: slots and roles that it points at without naming a value ("where i live"), as (slot, role).
        placeless: what was also read, with the places left out; None where none is named.

    """

    text: str
    normal: str
    language: LanguageGuess
    slots: tuple[SlotHit, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    out_of_scope: float = 1.0
    group: str | None = None
    nearest: tuple[Nearest, ...] = ()
    spelling: tuple[tuple[str, str], ...] = ()
    bare: bool = False
    points: tuple[tuple[str, str], ...] = ()
    placeless: str | None = None
