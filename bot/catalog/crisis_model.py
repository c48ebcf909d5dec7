"""What staff wrote about crises: signs, guards, idioms and labelled lines, before anything is compiled.

A pattern is a line of words: `a|b` either word, `suicid*` any ending, `to?` may be missing, `<me>` a group of words,
`...` up to three and `....` up to six words between. See docs/crisis.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.catalog.model import Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalog.model import Phrase

Strength = Literal["always", "strong", "likely"]
Who = Literal["self", "other", "either"]

URGENCY = (
    "overdose",
    "medical",
    "suicide",
    "threat-others",
    "child-danger",
    "partner-violence",
    "sexual-assault",
    "danger-inside",
    "trafficking",
    "withdrawal",
    "self-harm",
    "no-bed",
)
"""Every crisis class, the one whose help is needed within minutes first: that card is shown first."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Wordings of one kind that speak of a crisis.

    Attributes:
        kind: its name within the class.
        strength: `always` shows the card; `strong` does too, unless the scorer is sure that there is no crisis;
            `likely` only adds to the score.
        who: whose crisis it tells of; `either` leaves that to the rest of the message.
        guards: names of the guards that switch it off.
        patterns: the wordings.

    """

    kind: str
    strength: Strength
    who: Who
    guards: tuple[str, ...]
    patterns: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Guard:
    """Words beside a sign that show that there is no crisis now.

    Attributes:
        name: how signs refer to it.
        before: it counts within so many words before a sign, in the same sentence; 0 for not at all.
        after: the same after a sign.
        reach: `words` (by `before` and `after`), `sentence` or `message`.
        patterns: the words.
        unless: words anywhere in the message that make this guard count for nothing ("again", "right now").

    """

    name: str
    patterns: tuple[Phrase, ...]
    before: int = 0
    after: int = 0
    reach: Literal["words", "sentence", "message"] = "words"
    unless: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """What all classes use: groups of words, guards, idioms and spellings.

    Attributes:
        words: group name -> its words or phrases.
        guards: guards by name.
        usual: the guards of a sign that names none.
        idioms: phrases that are blanked before signs are looked for.
        key_words: words that are recognised with one letter wrong, missing, doubled or swapped.
        spellings: what is typed -> what it stands for.
        families: words that mean the same to the scorer, in both languages, by the family's name.

    """

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guards: Mapping[str, Guard] = field(default_factory=dict)
    usual: tuple[str, ...] = ()
    idioms: tuple[Phrase, ...] = ()
    key_words: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrisisClass:
    """One kind of crisis: its card, its signs, and near-misses that must stay silent."""

    id: str
    card: str
    signs: tuple[Sign, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guards: Mapping[str, Guard] = field(default_factory=dict)
    idioms: tuple[Phrase, ...] = ()
    near_misses: tuple[Phrase, ...] = ()
    mark: Mark = field(default_factory=lambda: Mark("built in", 1))


@dataclass(frozen=True, slots=True)
class CrisisRules:
    """All that was read; a class that is missing here is caught by the signs built into the code."""

    classes: Mapping[str, CrisisClass] = field(default_factory=dict)
    shared: Shared = field(default_factory=Shared)


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A message and what it is; `class_id` is None for a near-miss, which then names in `near` what it resembles."""

    text: str
    class_id: str | None
    near: str | None
    language: str
    who: str | None = None
    mark: Mark = field(default_factory=lambda: Mark("built in", 1))
