"""A small house for tests of the dialog: a catalog from files, and readings made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.catalog.answers import Answers
from bot.catalog.load import load
from bot.channels.plain import plain
from bot.dialog.conversation import Conversation
from bot.dialog.dialog import Dialog
from bot.understanding.normalise import normalised
from bot.understanding.reading import Candidate, LanguageGuess, Reading, SlotHit
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from pathlib import Path

    from bot.dialog.pick import Pick
    from bot.dialog.turn import Turn

NOON = 1_795_000_000.0
"""November 18, 2026: before the review date of every page in the tree."""


@dataclass
class Talk:
    """One conversation with the dialog; readings are given by the test, so that no matcher can change them."""

    dialog: Dialog
    conversation: Conversation
    now: float = NOON

    def says(
        self, text: str, *candidates: tuple[str, float], case: tuple[str, ...] = (), bare: bool = False, **more: object
    ) -> Turn:
        """Return the turn for a message that was understood as told."""
        normal = normalised(text)
        hits = tuple(SlotHit("case", value, 0, 1, 1.0) for value in case)
        language = LanguageGuess(str(more.get("language", "en")), certain=True)
        group = more.get("group")
        ranked = tuple(Candidate(intent, confidence) for intent, confidence in candidates)
        reading = Reading(text, normal, language, hits, ranked, group=str(group) if group else None, bare=bare)
        return self._keep(self.dialog.hear(reading, self.conversation, self.now))

    def taps(self, pick: Pick) -> Turn:
        """Return the turn for a tap."""
        return self._keep(self.dialog.tap(pick, self.conversation, self.now))

    def _keep(self, turn: Turn) -> Turn:
        self.conversation = turn.conversation or Conversation()
        return turn


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    """Return a new conversation."""
    catalog = load(*make_tree(tmp_path)).catalog
    return Talk(Dialog(catalog, Answers(catalog)), Conversation())


def words(turn: Turn) -> str:
    """Return a turn's words."""
    return plain(turn)
