"""Every phrase that staff know the right reply to, sent through the whole line as a stranger would send it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dialog.conversation import Conversation
from bot.dialog.turn import Kind
from bot.line import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.catalog.model import Catalog, Mark
    from bot.line import Line
    from bot.understanding.reading import Candidate, Nearest


@dataclass(frozen=True, slots=True)
class Trial:
    """A phrase to send.

    Attributes:
        text: the phrase.
        owner: the intent that must be reached; None for a phrase that no intent may answer.
        source: "test", "out-of-scope" or "near-miss" (of a crisis).
        language: the language it was filed under.
        mark: where it stands.

    """

    text: str
    owner: str | None
    source: str
    language: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a trial: the kind of turn, the intents it names, and how sure of which intents the line was."""

    trial: Trial
    kind: Kind
    intents: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    nearest: tuple[Nearest, ...]

    @property
    def confidence(self) -> float:
        """Return how sure the line was of the right intent; 0 where there is none or it was no candidate."""
        return next((one.confidence for one in self.candidates if one.intent == self.trial.owner), 0.0)

    @property
    def rival(self) -> Candidate | None:
        """Return the likeliest intent that is not the right one."""
        return next((one for one in self.candidates if one.intent != self.trial.owner), None)

    @property
    def right(self) -> bool:
        """Say whether a person gets what staff meant them to get."""
        if self.trial.owner is None:
            return self.kind is not Kind.CRISIS if self.trial.source == "near-miss" else not self.answered
        return self.answered and self.trial.owner in self.intents

    @property
    def answered(self) -> bool:
        """Say whether the line answered, rather than asked back or passed."""
        return self.kind in {Kind.ANSWER, Kind.HANDOFF}


def trials(catalog: Catalog, near_misses: Iterable[Trial] = ()) -> Iterator[Trial]:
    """Yield every held-out test, those that belong to no intent among them, and the near-misses."""
    for intent in catalog.intents.values():
        for test in intent.tests:
            yield Trial(test.say, intent.id, "test", test.language, test.mark)
    for group in catalog.out_of_scope:
        for phrase in group.tests:
            yield Trial(phrase.text, None, "out-of-scope", phrase.language, phrase.mark)
    yield from near_misses


def tried(line: Line, given: Iterable[Trial]) -> Iterator[Outcome]:
    """Yield what becomes of each trial, each in a conversation of its own."""
    for trial in given:
        turn = line.turn(Message("terminal", "check", trial.text), Conversation(), line.now())
        reading = turn.reading
        offered = tuple(choice.pick.target for choice in turn.choices) if turn.kind is Kind.CLARIFY else ()
        intents = (*turn.intents, *offered)
        yield Outcome(
            trial, turn.kind, intents, reading.candidates if reading else (), reading.nearest if reading else ()
        )


def released(outcomes: Iterable[Outcome]) -> dict[str, dict[str, float]]:
    """Return how sure the line was of each held-out test, by intent, for the release file."""
    found: dict[str, dict[str, float]] = {}
    for outcome in outcomes:
        if outcome.trial.owner:
            found.setdefault(outcome.trial.owner, {})[outcome.trial.text] = round(outcome.confidence, 3)
    return found


def before(release: Mapping[str, Mapping[str, float]], trial: Trial) -> float | None:
    """Return how sure the line was of a test at the last release, or None where it was not there."""
    return release.get(trial.owner or "", {}).get(trial.text)
