"""What the crisis check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.catalog.model import Mark


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message of a crisis.

    Attributes:
        class_id: the class whose card is shown: the most urgent one found.
        who: whose crisis it is; `other` when somebody writes to help.
        sign: the kind of sign that was found, "scorer" when none was but the score is high enough.
        mark: where that sign is written; None for the scorer.
        score: the scorer's probability that this is a crisis, 0 to 1; 1.0 before it has learned anything.
        stage: which of the two stages found it.
        language: the language of the message, "en" or "es".
        guards: guards seen in the message, also those that switched off another sign.
        also: other classes found, most urgent first.
        card: the page of the card, such as "crisis/suicide".

    """

    class_id: str
    who: Literal["self", "other"]
    sign: str
    mark: Mark | None
    score: float
    stage: Literal["sign", "scorer"]
    language: str
    guards: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    card: str = ""
