"""What a message means after an answer: people go on in few words ("and if they say no", "y cuanto cuesta").

What was asked before says which questions are near: those of its topic, and those that staff put next to it. A message
that leans on it in so many words is also read together with it. What the numbers below do was measured on 562 such
messages, written for pairs of questions, and on 600 messages that begin something new (decision 0018).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bot.catalog.model import Intent

    Matrix = NDArray[np.float32]

TOGETHER = 0.5
"""What the reading together with the question before counts beside that of the message alone."""

_TOPIC, _NEXT = 0.03, 0.03
_SAME, _SAME_TOGETHER = 0.05, 0.2  # what the question before loses: it was answered, and read together all is like it
_MOST_WORDS = 10

_OPENING_WORDS = "and y but pero so ok okay entonces then also tambien"
_POINTING_WORDS = """
it that there those them this these then too also instead either neither
eso esa ese esos esas ahi alla alli tambien tampoco lo otro otra
"""
_OPENING, _POINTING = frozenset(_OPENING_WORDS.split()), frozenset(_POINTING_WORDS.split())


def leans(text: str) -> bool:
    """Say whether a normalised text is short and leans on what was said before it."""
    words = text.split()
    return 0 < len(words) <= _MOST_WORDS and (words[0] in _OPENING or not _POINTING.isdisjoint(words))


class Following:
    """How near each label is to the question answered last."""

    def __init__(self, labels: Sequence[str], intents: Mapping[str, Intent]) -> None:
        """Note the topic of each label and what comes next to it."""
        self._places = {label: place for place, label in enumerate(labels) if label in intents}
        topics = {topic: number for number, topic in enumerate({one.topic for one in intents.values()})}
        self._topics = np.array([topics[intents[label].topic] if label in intents else -1 for label in labels])
        self._intents = intents

    def knows(self, intent: str) -> bool:
        """Say whether there is such a question."""
        return intent in self._places

    def gains(self, intent: str, *, together: bool) -> Matrix:
        """Return what the score of each label gains after `intent`; `together` says that both were read as one."""
        place = self._places[intent]
        gains = np.where(self._topics == self._topics[place], np.float32(_TOPIC), np.float32(0.0))
        gains[[self._places[name] for name in self._intents[intent].next if name in self._places]] += _NEXT
        gains[place] -= _SAME_TOGETHER if together else _SAME
        return gains
