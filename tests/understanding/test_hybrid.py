from pathlib import Path

import numpy as np
import pytest

from bot.understanding.arrays import write_arrays
from bot.understanding.encoding import Encoder
from bot.understanding.fitting import fit
from bot.understanding.folds import spread_folds
from bot.understanding.hybrid import Hybrid, HybridSettings
from tests.understanding.bags import Bags

PHRASES = {
    "vote": ["can i vote", "when may i vote again", "voting with a felony", "register to vote", "puedo votar"],
    "job": ["how do i find a job", "who hires felons", "jobs after prison", "work with a record", "busco trabajo"],
    "home": ["where can i live", "find an apartment", "housing with a record", "rent a room", "busco vivienda"],
}
TEXTS = [text for texts in PHRASES.values() for text in texts]
LABELS = [label for label, texts in PHRASES.items() for _ in texts]


@pytest.fixture(params=[Bags(), None], ids=["encoder", "words alone"])
def encoder(request: pytest.FixtureRequest) -> Encoder | None:
    """An encoder that counts words, and none."""
    given: Encoder | None = request.param
    return given


def test_learned_phrases_are_known(encoder: Encoder | None) -> None:
    """Every phrase that was learned is read as its own label."""
    hybrid = fit(TEXTS, LABELS, encoder)
    scores = hybrid.scores(TEXTS)
    assert hybrid.labels == ("home", "job", "vote")
    assert [hybrid.labels[place] for place in scores.argmax(axis=1)] == LABELS


def test_a_new_phrase_is_read_by_its_words(encoder: Encoder | None) -> None:
    """A phrase never learned is read as the label whose words it shares."""
    hybrid = fit(TEXTS, LABELS, encoder)
    assert hybrid.labels[int(hybrid.scores(["may felons vote again"]).argmax())] == "vote"


@pytest.mark.parametrize("text", ["", "🙃", "zzz qqq"])
def test_strange_text_scores_low(text: str) -> None:
    """With words alone, what shares none with the phrases is like none of them."""
    assert np.abs(fit(TEXTS, LABELS, None).scores([text])).max() < 0.2


def test_saved_and_loaded_is_the_same(encoder: Encoder | None, tmp_path: Path) -> None:
    """What was saved scores and compares as before."""
    hybrid = fit(TEXTS, LABELS, encoder)
    hybrid.save(tmp_path / "fit.arrays")
    loaded = Hybrid.load(tmp_path / "fit.arrays", encoder)
    asked = ["can i vote in texas", "who hires"]
    assert loaded.labels == hybrid.labels
    assert np.allclose(loaded.scores(asked), hybrid.scores(asked), atol=1e-6)
    assert loaded.nearest(loaded.look(asked[0])) == hybrid.nearest(hybrid.look(asked[0]))


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    """What was fitted with one encoder is not read with another."""
    fit(TEXTS, LABELS, None).save(tmp_path / "fit.arrays")
    with pytest.raises(ValueError, match="fit again"):
        Hybrid.load(tmp_path / "fit.arrays", Bags())


@pytest.mark.parametrize("damage", ["empty", "text", "half", "other arrays"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    """A file that is cut off, empty or something else gives one kind of error, so that a cache can be made anew."""
    path = tmp_path / "fit.arrays"
    fit(TEXTS, LABELS, None).save(path)
    whole = path.read_bytes()
    path.write_bytes({"empty": b"", "text": b"no numbers", "half": whole[: len(whole) // 2]}.get(damage, whole))
    if damage == "other arrays":
        write_arrays(path, {"encoder": "none"}, {"other": np.zeros(1)})
    with pytest.raises(ValueError, match="fit again"):
        Hybrid.load(path, None)


def test_the_nearest_phrase_is_itself(encoder: Encoder | None) -> None:
    """A learned phrase is nearest to itself, and the order is from near to far."""
    hybrid = fit(TEXTS, LABELS, encoder)
    found = hybrid.nearest(hybrid.look("who hires felons"), 3)
    assert TEXTS[found[0].place] == "who hires felons"
    assert found[0].similarity == pytest.approx(1, abs=0.01)
    assert [match.similarity for match in found] == sorted((match.similarity for match in found), reverse=True)


def test_words_that_counted(encoder: Encoder | None) -> None:
    """The word that a label hangs on counts most for it."""
    shares = fit(TEXTS, LABELS, encoder).words_for("please may i vote", "vote")
    assert max(shares, key=lambda word: shares[word]) == "vote"


def test_held_out_is_what_a_fit_without_them_gives() -> None:
    """Held-out scores agree with fits that never saw the fold (features, learned once, stay the same)."""
    hybrid = fit(TEXTS, LABELS, None, HybridSettings(folds=5))
    folds = spread_folds(LABELS, 5)
    targets = np.array([[label == name for name in hybrid.labels] for label in LABELS], dtype=np.float32)
    sharpness = hybrid.settings.sharpness
    kernel = np.expm1(sharpness * hybrid.likeness(TEXTS)) / np.expm1(sharpness)
    assert hybrid.held_out is not None
    for fold in range(5):
        out = folds == fold
        own = kernel[np.ix_(~out, ~out)] + hybrid.settings.penalty_of_words * np.eye((~out).sum())
        expected = kernel[np.ix_(out, ~out)] @ np.linalg.solve(own, targets[~out])
        assert out.any()
        assert np.allclose(hybrid.held_out[out], expected, atol=0.02)


def test_one_label_alone() -> None:
    """One phrase of one label can be learned."""
    hybrid = fit(["can i vote"], ["vote"], None)
    assert hybrid.scores(["can i vote"])[0, 0] > 0.5


def test_phrases_without_labels_are_refused() -> None:
    """Nothing to learn, or a phrase without a label, is an error that says how many there were."""
    with pytest.raises(ValueError, match="0 phrases"):
        fit([], [], None)
    with pytest.raises(ValueError, match="2 phrases, 1 labels"):
        fit(["a", "b"], ["x"], None)
