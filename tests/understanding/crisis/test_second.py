"""The second look decides with the scorer where no sign does, and never takes the check with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from bot.understanding.crisis import CrisisCheck
from bot.understanding.crisis.scorer import ENOUGH, Heard
from bot.understanding.crisis.second import BAR, MOST, WORTH, Looked, SecondLook, log_odds, second_look, stretch
from bot.understanding.votes import fit_votes
from tests.understanding.bags import Bags
from tests.understanding.crisis.test_check import _lines, _rules

ORDINARY = {"job": ["how do i find a job", "who will hire me"], "vote": ["can i vote again", "register to vote"]}
LINES = {
    "crisis/suicide": ["nobody needs me here anymore", "i gave my dog away and said goodbye"],
    "crisis/overdose": ["he took all his pills", "she is blue and took something"],
    "no-crisis/suicide": ["the movie about goodbye made me cry"],
}
OBLIQUE = "everything hurts inside alone 3 nights"


class Saying:
    """Stands for a second look that always says the same, or breaks."""

    def __init__(self, odds: float | None) -> None:
        """Take the log odds; None breaks."""
        self.odds = odds

    def look(self, _words: Sequence[str], _heard: Heard) -> Looked:
        """Say it."""
        if self.odds is None:
            raise RuntimeError
        return Looked(self.odds, "overdose")


def _check(odds: float | None) -> CrisisCheck:
    check = CrisisCheck(_rules(), _lines(ENOUGH))
    check.second = cast("SecondLook", Saying(odds))
    return check


def _second(cache: Path | None = None) -> SecondLook:
    texts = [text for some in ORDINARY.values() for text in some]
    ordinary = fit_votes(texts, [label for label, some in ORDINARY.items() for _ in some], Bags())
    lines = [(text, label) for label, some in LINES.items() for text in some]
    return second_look(
        [text for text, _ in lines],
        [label for _, label in lines],
        words=str.split,
        ordinary=ordinary,
        encoder=Bags(),
        cache=cache,
    )


def test_it_finds_what_signs_and_scorer_miss() -> None:
    """A message that neither signs nor words give away gets the card of the class that it is likeliest of."""
    assert CrisisCheck(_rules(), _lines(ENOUGH)).check("how do i apply for a job") is None
    verdict = _check(BAR + 0.1).check("how do i apply for a job")

    assert verdict is not None
    assert (verdict.class_id, verdict.stage, verdict.mark) == ("overdose", "scorer", None)


def test_it_may_calm_the_scorer_but_no_sign() -> None:
    """What only the scorer holds for a crisis gets no card when the meaning speaks against it; a sign always counts."""
    assert CrisisCheck(_rules(), _lines(ENOUGH)).check(OBLIQUE) is not None
    assert _check(BAR - 0.1).check(OBLIQUE) is None
    assert _check(-MOST).check("i want to die") is not None


def test_when_it_breaks_the_scorer_decides() -> None:
    """An encoder that fails costs the second look, never the check."""
    check = _check(None)

    assert check.check(OBLIQUE) is not None
    assert check.check("i want to die") is not None
    assert check.check("how do i apply for a job") is None


def test_without_a_scorer_there_is_no_second_look() -> None:
    """Where too little was learned for a scorer, signs decide alone."""
    check = CrisisCheck(_rules())
    check.second = cast("SecondLook", Saying(MOST))

    assert check.check("how do i apply for a job") is None


def test_staff_see_it() -> None:
    """What the second look says stands in the explanation, with its bar."""
    told = _check(5.0).explain("how do i apply for a job")

    assert any(line.startswith(f"second look 5.00; a card from {BAR:.2f}") and "overdose" in line for line in told)


def test_what_is_like_a_crisis_is_told_from_what_is_not() -> None:
    """A message near labelled crises is likelier one than a message near the catalog's phrases, and of their class."""
    second, heard = _second(), Heard(0.5, 0, 5)
    bleak = second.look(["nobody", "needs", "me"], heard)
    pills = second.look(["took", "all", "the", "pills"], heard)
    plain = second.look(["who", "will", "give", "me", "a", "job"], heard)

    assert bleak.odds > BAR > plain.odds
    assert (bleak.likely, pills.likely) == ("suicide", "overdose")


def test_the_scorer_has_a_say_in_which_card_it_is() -> None:
    """Where the votes name one class, the scorer's certainty about another turns them; without it they stand."""
    second = _second()
    row = second.look(["nobody", "needs", "me"], Heard(0.5, 0, 5)).row

    assert row is not None
    assert second.class_of(row, {"suicide": 0.5, "overdose": 0.5}) == "suicide"
    assert second.class_of(row, {"suicide": 0.001, "overdose": 0.999}) == "overdose"


def test_no_look_where_words_are_plainly_harmless() -> None:
    """Far below the scorer's bar nothing is encoded, and nothing alarms."""
    chance = 1 / (1 + np.exp(-(WORTH - 0.1)))
    looked = _second().look(["nobody", "needs", "me", "here", "anymore"], Heard(chance, 0, 5))

    assert looked.odds < BAR - MOST / 2
    assert log_odds(chance) == pytest.approx(WORTH - 0.1)


def test_a_long_message_is_looked_at_where_it_is_worst() -> None:
    """However long a message is, one stretch of it is read, around the scorer's worst."""
    words = [f"w{at}" for at in range(400)]

    assert stretch(words, Heard(0.4, 100, 124)).split()[0] == "w80"
    assert stretch(words, Heard(0.4, 0, 24)).split()[0] == "w0"
    assert stretch(words, Heard(0.4, 376, 400)).split()[-1] == "w399"
    assert len(stretch(words, Heard(0.4, 100, 124)).split()) == 64
    assert stretch(words[:40], Heard(0.4, 0, 40)) == " ".join(words[:40])


def test_it_is_kept_for_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learned once is read the next time, and a damaged file is learned anew."""
    heard, words = Heard(0.5, 0, 5), ["nobody", "needs", "me"]
    before = _second(tmp_path).look(words, heard)
    (kept,) = (tmp_path / "second").glob("second-*.arrays")
    with monkeypatch.context() as patched:
        patched.setattr("bot.understanding.crisis.second.fit_votes", None)
        again = _second(tmp_path).look(words, heard)
    kept.write_bytes(kept.read_bytes()[:-20])
    mended = _second(tmp_path).look(words, heard)

    assert before == again == mended
