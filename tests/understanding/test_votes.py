from pathlib import Path

import numpy as np
import pytest

from bot.understanding import learned as learning
from bot.understanding.examples import Example
from bot.understanding.learned import EVERY, learn, load_learned, save_learned
from bot.understanding.votes import Votes, fit_votes
from tests.understanding.bags import Bags
from tests.understanding.test_hybrid import LABELS, TEXTS


class Renamed(Bags):
    """The same encoder by another name."""

    name = "others"


def test_learned_phrases_are_known() -> None:
    """Every phrase that was learned is read as its own label, and scores stay between 0 and 1."""
    votes = fit_votes(TEXTS, LABELS, Bags())
    scores = votes.scores(TEXTS)

    assert [votes.labels[place] for place in scores.argmax(axis=1)] == LABELS
    assert scores.min() >= 0
    assert scores.max() <= 1.01


def test_a_new_phrase_is_read_by_what_it_means() -> None:
    """A phrase that was not learned goes to the label whose phrases it is like, with the nearest of them named."""
    votes = fit_votes(TEXTS, LABELS, Bags())
    look = votes.look("where can i find a room")
    best = votes.nearest(look, 2)

    assert votes.labels[int(look.scores.argmax())] == "home"
    assert LABELS[best[0].place] == "home"
    assert best[0].similarity >= best[1].similarity


def test_what_is_like_nothing_scores_low() -> None:
    """A text that shares nothing with any phrase scores far below a learned one."""
    votes = fit_votes(TEXTS, LABELS, Bags())

    assert votes.look("zxq wvu").scores.max() < votes.look(TEXTS[0]).scores.max() - 0.3


def test_the_order_of_phrases_is_kept() -> None:
    """The nearest phrase of a learned one is itself, whatever order the labels stand in."""
    order = np.random.default_rng(3).permutation(len(TEXTS))
    texts, labels = [TEXTS[at] for at in order], [LABELS[at] for at in order]
    votes = fit_votes(texts, labels, Bags())

    for place, text in enumerate(texts):
        assert texts[votes.nearest(votes.look(text), 1)[0].place] == text, place


def test_neighbours_leave_the_phrase_itself_out() -> None:
    """Each phrase gets as many others as were asked for, best first, never itself."""
    votes = fit_votes(TEXTS, LABELS, Bags())
    found = list(votes.neighbours(3))

    assert len(found) == len(TEXTS)
    for own, matches in enumerate(found):
        assert len(matches) == 3
        assert own not in [match.place for match in matches]
        assert [match.similarity for match in matches] == sorted((one.similarity for one in matches), reverse=True)


def test_without_its_own_vote_a_phrase_scores_less() -> None:
    """What a phrase is given without its own vote is below what it gets with it."""
    votes = fit_votes(TEXTS, LABELS, Bags())
    places = [votes.labels.index(label) for label in LABELS]
    every = np.arange(len(TEXTS))

    assert (votes.without_own()[every, places] < votes.scores(TEXTS)[every, places]).all()


def test_words_that_counted() -> None:
    """The word that tells labels apart counts most."""
    words = fit_votes(TEXTS, LABELS, Bags()).words_for("when may i vote please", "vote")

    assert words["vote"] > words["please"]


def test_no_phrases_are_refused() -> None:
    """Nothing can be learned from nothing, and the message says what was given."""
    with pytest.raises(ValueError, match="got 0 phrases"):
        fit_votes([], [], Bags())


def test_many_phrases_are_learned_once_for_all_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From many phrases on there is one classifier for every language, and a file brings back the same scores."""
    monkeypatch.setattr(learning, "MANY", 10)
    examples = [
        Example(text, text, label, "es" if "o" in text[-2:] else "en", {})
        for text, label in zip(TEXTS, LABELS, strict=True)
    ]
    learned = learn(examples, frozenset(), Bags(), hold_out=True)
    save_learned(tmp_path, "a", learned)
    again = load_learned(tmp_path, "a", Bags())

    assert list(learned.hybrids) == [EVERY]
    assert learned.phrases(EVERY) == examples
    assert again is not None
    assert isinstance(again.hybrids[EVERY], Votes)
    assert np.array_equal(again.hybrids[EVERY].scores(TEXTS), learned.hybrids[EVERY].scores(TEXTS))
    assert learned.hybrids[EVERY].held_out is not None


def test_another_encoder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learned with one encoder is not read with another, or with none."""
    monkeypatch.setattr(learning, "MANY", 10)
    examples = [Example(text, text, label, "en", {}) for text, label in zip(TEXTS, LABELS, strict=True)]
    save_learned(tmp_path, "a", learn(examples, frozenset(), Bags(), hold_out=False))

    assert load_learned(tmp_path, "a", Renamed()) is None
    assert load_learned(tmp_path, "a", None) is None
