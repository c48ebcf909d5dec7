"""The second look decides with the scorer where no sign does, and never takes the check with it."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.catalog.crisis_model import CrisisRules
from bot.understanding.crisis import CrisisCheck
from bot.understanding.crisis.scorer import ENOUGH, Heard
from bot.understanding.crisis.second import FILE, SecondLook, load_second_look, stretches
from bot.understanding.encoding import BUILT_IN, load_encoder
from tests.understanding.crisis.test_check import _lines, _rules


class Alarmed:
    """An encoder whose only number says whether a text has the word "pills"; it may be broken."""

    name = "alarmed"
    dimensions = 3
    blocks: tuple[int, ...] = (2, 1)
    words: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def __init__(self, folder: Path | None = None, *, broken: bool = False) -> None:
        """Take the folder that it pretends to come from."""
        self.folder, self.broken = folder, broken

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return two columns that must be left alone, and the one that counts."""
        if self.broken:
            raise RuntimeError
        return np.array([[9.0, 9.0, float("pills" in text.split())] for text in texts], dtype=np.float32)


PARTS = {
    "weights": np.array([10.0]), "bias": np.array(-5.0), "classes": np.array(["overdose", "suicide"]),
    "class_weights": np.array([[1.0], [-1.0]]), "class_bias": np.zeros(2),
    "blend": np.array([1.0, 0.0, 0.0]), "bar": np.array(1.0),
}  # fmt: skip


def _check(encoder: Alarmed) -> CrisisCheck:
    return CrisisCheck(_rules(), _lines(ENOUGH), second=SecondLook(encoder, PARTS, ("overdose", "suicide")))


def test_it_finds_what_signs_and_scorer_miss() -> None:
    """A message that neither signs nor words give away gets the card of the class that it is likeliest of."""
    verdict = _check(Alarmed()).check("how do i apply for pills")

    assert verdict is not None
    assert (verdict.class_id, verdict.stage, verdict.mark) == ("overdose", "scorer", None)


def test_it_may_calm_the_scorer_but_no_sign() -> None:
    """What only the scorer holds for a crisis gets no card when the meaning speaks against it; a sign always counts."""
    oblique = "everything hurts inside alone 3 nights"

    assert CrisisCheck(_rules(), _lines(ENOUGH)).check(oblique) is not None
    assert _check(Alarmed()).check(oblique) is None
    assert _check(Alarmed()).check("i want to die") is not None


def test_when_it_breaks_the_scorer_decides() -> None:
    """An encoder that fails costs the second look, never the check."""
    check = _check(Alarmed(broken=True))

    assert check.check("everything hurts inside alone 3 nights") is not None
    assert check.check("i want to die") is not None
    assert check.check("how do i apply for pills") is None


def test_without_a_scorer_there_is_no_second_look() -> None:
    """Where too little was learned for a scorer, signs decide alone."""
    second = SecondLook(Alarmed(), PARTS, ("overdose", "suicide"))

    assert CrisisCheck(CrisisRules({}), second=second).check("how do i apply for pills") is None


def test_staff_see_it() -> None:
    """What the second look says stands in the explanation."""
    assert any(line.startswith("second look 5.00; a card from 1.00") for line in _check(Alarmed()).explain("pills"))


def test_a_long_message_is_looked_at_in_three_stretches() -> None:
    """Begin, end and the scorer's worst stretch are read, however long a message is."""
    words = [f"w{at}" for at in range(400)]
    found = stretches(words, Heard(0.4, 100, 124))

    assert [text.split()[0] for text in found] == ["w0", "w96", "w368"]
    assert all(len(text.split()) == 32 for text in found)
    assert stretches(words[:40], Heard(0.4, 0, 40)) == [" ".join(words[:40])]


def _folder(folder: Path) -> Path:
    np.savez(folder / FILE, allow_pickle=False, **PARTS)  # type: ignore[arg-type]  # numpy's stub takes no names
    digest = hashlib.sha256((folder / FILE).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({"sha256": {FILE: digest}}))
    return folder


def test_it_is_read_from_beside_its_encoder(tmp_path: Path) -> None:
    """The numbers are read from the encoder's own folder."""
    second = load_second_look(Alarmed(_folder(tmp_path)))

    assert second is not None
    assert second.bar == 1.0
    assert second.look(["pills"], Heard(0.5, 0, 1)).likely == "overdose"


@pytest.mark.parametrize("harm", ["cut", "other", "manifest", "missing"])
def test_a_damaged_file_costs_the_second_look_only(tmp_path: Path, harm: str) -> None:
    """A file that is not what the manifest names is not used, and nothing is raised."""
    path = _folder(tmp_path) / FILE
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif harm == "other":
        (tmp_path / "manifest.json").write_text(json.dumps({"sha256": {FILE: "0" * 64}}))
    elif harm == "manifest":
        (tmp_path / "manifest.json").write_text("{")
    else:
        path.unlink()

    assert load_second_look(Alarmed(tmp_path)) is None


def test_no_encoder_no_second_look() -> None:
    """Words alone, and an encoder from nowhere, have none."""
    assert load_second_look(None) is None
    assert load_second_look(Alarmed()) is None


def test_the_line_comes_with_one() -> None:
    """The encoder that comes with the line has its second look, and it tells a goodbye from a question."""
    second = load_second_look(load_encoder(None))

    assert (BUILT_IN / FILE).is_file()
    assert second is not None
    heard = Heard(0.3, 0, 9)
    bleak = second.look("i gave my dog away nobody needs me here anymore".split(), heard)
    plain = second.look("how do i get a copy of my birth certificate".split(), heard)
    assert bleak.odds > plain.odds + 2
    assert bleak.likely == "suicide"
