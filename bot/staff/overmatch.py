"""`run_bot.py check --phrases`: which phrases reach the wrong answer, or nearly do, and what to write about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.catalog.crisis_files import load_crisis, load_labelled
from bot.catalog.findings import Finding, Level
from bot.dialog.turn import Kind
from bot.errors import RequestError
from bot.staff.tried import Trial, before, released, trials, tried
from bot.understanding.examples import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.catalog.model import Catalog, Mark
    from bot.line import Line
    from bot.staff.tried import Outcome
    from bot.understanding.matcher import Neighbours

RELEASE = "release.json"
"""The file in the folder of the intents that says how sure the line was of each test at the last release."""

NEAR_TIE = 0.1
"""A right answer that is less than this ahead of another intent is a near-tie."""

FELL = 0.15
"""From this loss of confidence on, a phrase has got worse since the release."""

MOST_ALIKE = 0.75
"""Likeness from which an example among phrases of another intent is told."""

_ASTRAY = 3  # of the nearest phrases, all of them of one other intent

CODES = frozenset(
    {
        *("stolen", "near-tie", "asked-back", "not-offered", "not-found", "alarm", "overmatch"),
        *("near-miss-card", "less-sure", "example-astray"),
    }
)
"""The codes of all findings here."""

Release = dict[str, dict[str, float]]


def phrase_findings(line: Line, intents_dir: Path, *, release_on: str | None = None) -> tuple[Finding, ...]:
    """Send every phrase through the line and return what is wrong (minutes for thousands of phrases).

    With `release_on`, a date, also write how sure the line is of each test to the release file.

    Raises:
        RequestError: the release file is damaged.

    """
    release = read_release(intents_dir / RELEASE)
    outcomes = tuple(tried(line, trials(line.catalog, near_misses(intents_dir))))
    if release_on:
        write_release(intents_dir / RELEASE, release_on, released(outcomes))
    astray = neighbour_findings(line.understanding.neighbours(_ASTRAY), line.catalog)
    return (*outcome_findings(outcomes, line.catalog, release), *astray)


def near_misses(intents_dir: Path) -> Iterator[Trial]:
    """Yield every message that resembles a crisis and is none: those beside the signs, and the held-out ones."""
    for one in load_crisis(intents_dir).rules.classes.values():
        yield from (Trial(phrase.text, None, "near-miss", phrase.language, phrase.mark) for phrase in one.near_misses)
    for line in load_labelled(intents_dir)[0]:
        if line.class_id is None:
            yield Trial(line.text, None, "near-miss", line.language, line.mark)


def read_release(path: Path) -> Release:
    """Return what the release file says; nothing where there is none yet.

    Raises:
        RequestError: the file is damaged.

    """
    try:
        found: Release = json.loads(path.read_text(encoding="utf-8"))["confidence"]
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        message = f"{path} cannot be read; write it anew: run_bot.py check --phrases --release"
        raise RequestError(message) from None
    return found


def write_release(path: Path, date: str, confidence: Release) -> None:
    """Write the release file: the day, and how sure the line was of each test."""
    text = json.dumps({"date": date, "confidence": confidence}, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def outcome_findings(
    outcomes: Iterable[Outcome], catalog: Catalog, release: Mapping[str, Mapping[str, float]]
) -> Iterator[Finding]:
    """Yield what is wrong with what became of the phrases, each as what a person who writes it would meet."""
    places = _places(catalog)
    for outcome in outcomes:
        if outcome.trial.source == "near-miss":
            yield from _near_miss(outcome)
        elif outcome.trial.owner is None:
            yield from _outside(outcome, places)
        else:
            yield from _test(outcome, places)
            yield from _fell(outcome, release)


def neighbour_findings(neighbours: Iterable[Neighbours], catalog: Catalog) -> Iterator[Finding]:
    """Yield the examples that stand among phrases of one other intent: what is like them would be taken for that."""
    places = _places(catalog)
    for one in neighbours:
        near = one.others[:_ASTRAY]
        owners = {other.intent for other in near}
        mark = places.get((one.label, one.text))
        if mark is None or len(near) < _ASTRAY or len(owners) > 1 or one.label in owners:
            continue
        if near[0].similarity < MOST_ALIKE:
            continue
        what = (
            f"the example “{one.text}” of `{_short(one.label)}` stands among phrases of `{_short(near[0].intent)}`, "
            f"such as “{near[0].text}”{_at(places, near[0].intent, near[0].text)}: who writes something like it may "
            "read the other answer"
        )
        write = "move it there, or add two or three examples that say what makes this question another one"
        yield _warning(mark, what, "examples that stand together", write, "example-astray")


def _test(outcome: Outcome, places: Mapping[tuple[str, str], Mark]) -> Iterator[Finding]:
    trial, rival = outcome.trial, outcome.rival
    says = f"“{trial.text}” of `{trial.owner}`"
    own = f"add an example to `{trial.owner}` that is worded like it, not the same"
    if outcome.right:
        if rival and outcome.confidence - rival.confidence < NEAR_TIE:
            what = (
                f"{says} is answered, but only just before `{rival.intent}` ({outcome.confidence:.2f} to "
                f"{rival.confidence:.2f}): with one word more a person may read the other answer"
            )
            yield _warning(trial.mark, what, "a clear lead", own, "near-tie")
    elif outcome.kind is Kind.CRISIS:
        what = f"{says} gets a crisis card: somebody with an ordinary question is taken for somebody in danger"
        yield _warning(trial.mark, what, "the answer", "see run_bot.py check --crisis “…” for the sign", "alarm")
    elif outcome.answered:
        other = outcome.intents[0] if outcome.intents else "another page"
        near = next((one for one in outcome.nearest if one.intent == other), None)
        like = f", because of “{near.text}”{_at(places, other, near.text)}" if near else ""
        what = f"{says} is answered by `{other}`{like}: a person reads an answer to another question"
        yield _warning(trial.mark, what, f"the answer of `{trial.owner}`", own, "stolen")
    elif outcome.kind is Kind.CLARIFY and trial.owner in outcome.intents:
        what = f"{says} is not answered but asked back: a person must tap once more"
        yield _warning(trial.mark, what, "the answer", own, "asked-back")
    elif outcome.kind is Kind.CLARIFY:
        what = f"{says} is asked back without this question among the readings: a person does not find it"
        yield _warning(trial.mark, what, "the answer", own, "not-offered")
    else:
        what = f"{says} is not found: a person is told that the line does not know, although it does"
        yield _warning(trial.mark, what, "the answer", own, "not-found")


def _outside(outcome: Outcome, places: Mapping[tuple[str, str], Mark]) -> Iterator[Finding]:
    if outcome.right or outcome.kind is Kind.CRISIS:
        return
    name = outcome.intents[0] if outcome.intents else "a page"
    near = next((one for one in outcome.nearest if one.intent == name), None)
    like = f", because of “{near.text}”{_at(places, name, near.text)}" if near else ""
    what = (
        f"“{outcome.trial.text}” belongs to no intent, but `{name}` answers it{like}: "
        "a person is given something that they did not ask for"
    )
    write = "add two or three more phrases like it here, or delete the example that draws it"
    yield _warning(outcome.trial.mark, what, "no answer", write, "overmatch")


def _near_miss(outcome: Outcome) -> Iterator[Finding]:
    if not outcome.right:
        what = f"“{outcome.trial.text}” only sounds like a crisis, but gets a card: the person feels misunderstood"
        write = "add a guard or an idiom beside the sign, or a line like it to intents/crisis/learn"
        yield _warning(outcome.trial.mark, what, "an ordinary reply", write, "near-miss-card")


def _fell(outcome: Outcome, release: Mapping[str, Mapping[str, float]]) -> Iterator[Finding]:
    was = before(release, outcome.trial)
    if was is not None and was - outcome.confidence >= FELL:
        what = (
            f"the line is less sure of “{outcome.trial.text}” than at the last release ({was:.2f}, now "
            f"{outcome.confidence:.2f}): what was learned since draws it away"
        )
        rival = f" `{outcome.rival.intent}`" if outcome.rival else ""
        write = f"look at the newest examples of{rival or ' its neighbours'}"
        yield _warning(outcome.trial.mark, what, "no loss", write, "less-sure")


def _places(catalog: Catalog) -> dict[tuple[str, str], Mark]:
    found = {(one.id, phrase.text): phrase.mark for one in catalog.intents.values() for phrase in one.examples}
    for group in catalog.out_of_scope:
        found |= {(f"{OUT_OF_SCOPE}{group.id}", phrase.text): phrase.mark for phrase in group.phrases}
    return found


def _at(places: Mapping[tuple[str, str], Mark], label: str, text: str) -> str:
    mark = places.get((label, text))
    return f" ({mark.file}:{mark.line})" if mark else ""


def _short(label: str) -> str:
    return label.removeprefix(OUT_OF_SCOPE)


def _warning(mark: Mark, what: str, expected: str, write: str, code: str) -> Finding:
    return Finding(mark, what, expected, write, Level.WARNING, code)
