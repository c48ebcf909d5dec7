from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.catalog.crisis_model import CrisisClass, CrisisRules, LabelledLine, Shared, Sign
from bot.catalog.model import Mark, Phrase
from bot.understanding.arrays import read_arrays, write_arrays
from bot.understanding.crisis import CrisisCheck
from bot.understanding.crisis import scorer as scoring
from bot.understanding.crisis.cache import fingerprint, load_scorer
from bot.understanding.crisis.scorer import ENOUGH

ORDINARY = ["where is the office", "opening hours", "my sister needs a job"] * 20
ASKED = ("everything hurts and my brother is alone", "i want to die", "where is the office", "nights", "")


def _rules(sign: str = "want to die", line: int = 3, families: dict[str, tuple[str, ...]] | None = None) -> CrisisRules:
    mark = Mark("intents/crisis/suicide.yaml", line)
    signs = (Sign("direct", "always", "self", (), (Phrase(sign, "en", mark),)),)
    shared = Shared(families={"relative": ("brother", "sister")} if families is None else families)
    return CrisisRules({"suicide": CrisisClass("suicide", "crisis/suicide", signs, mark=mark)}, shared)


def _lines() -> list[LabelledLine]:
    crises = [
        LabelledLine(f"everything hurts inside my brother alone {n} nights", "suicide", None, "en", "other")
        for n in range(ENOUGH)
    ]
    near = [LabelledLine(f"how do i apply for a job {n}", None, "suicide", "en") for n in range(ENOUGH)]
    return [*crises, *near]


def _check(folder: Path | None) -> CrisisCheck:
    return CrisisCheck(_rules(), _lines(), ORDINARY, folder)


def _kept(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def _told(check: CrisisCheck) -> list[object]:
    return [(check.check(text), check.explain(text)) for text in ASKED]


def _no_learning(*_: object) -> None:
    message = "it learned anew"
    raise AssertionError(message)


def test_what_was_learned_is_read_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start with the same words learns nothing and gives the same verdicts and scores to the last digit."""
    first = _check(tmp_path / "new" / "folder")
    monkeypatch.setattr(scoring, "learn", _no_learning)
    again = _check(tmp_path / "new" / "folder")

    assert again.scorer is not None
    assert first.scorer is not None
    assert again.scorer.tested == first.scorer.tested
    assert _told(again) == _told(first)
    assert any(first.check(text) for text in ASKED)


def test_without_a_folder_nothing_is_kept_and_the_verdicts_are_the_same(tmp_path: Path) -> None:
    """The cache changes how long a start takes, and nothing else."""
    assert _told(_check(None)) == _told(_check(tmp_path))
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "flipped", "array", "other parts", "other shapes"])
def test_a_damaged_or_foreign_file_means_learning_anew(tmp_path: Path, damage: str) -> None:
    """Whatever stands in the file's place, the start succeeds, the verdicts are right, and the file is mended."""
    first = _check(tmp_path)
    file = _kept(tmp_path)
    whole = file.read_bytes()
    about, parts = read_arrays(file)
    _damage(file, whole, about, parts, damage)

    assert load_scorer(tmp_path, file.stem, _rules().shared.families) is None
    assert _told(_check(tmp_path)) == _told(first)
    assert load_scorer(tmp_path, file.stem, _rules().shared.families) is not None


def _damage(file: Path, whole: bytes, about: object, parts: dict[str, np.ndarray], damage: str) -> None:
    middle = len(whole) // 2
    if damage == "array":
        with file.open("wb") as opened:
            np.save(opened, np.zeros(3))
    elif damage == "other parts":
        write_arrays(file, {}, {"weights": np.zeros(3)})
    elif damage == "other shapes":
        write_arrays(file, about, {**parts, "scale": np.zeros(3)})  # type: ignore[arg-type]  # what was read
    else:
        flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        file.write_bytes({"empty": b"", "cut": whole[:middle], "text": b"not numbers", "flipped": flipped}[damage])


def test_any_flipped_bit_is_noticed_or_harmless(tmp_path: Path) -> None:
    """A file with one wrong bit anywhere never raises, and never gives other scores."""
    first = _check(tmp_path)
    file = _kept(tmp_path)
    whole = file.read_bytes()
    noticed = 0
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        scorer = load_scorer(tmp_path, file.stem, _rules().shared.families)
        noticed += scorer is None
        assert scorer is None or np.array_equal(scorer.learned.gate.weights, first.scorer.learned.gate.weights)  # type: ignore[union-attr]  # it learned

    assert noticed > 100


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    """Where the folder is a file, the check is learned and works."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")

    assert _told(_check(blocked)) == _told(_check(None))


def test_a_setting_that_was_turned_is_learned_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learned with another share of false alarms is not used."""
    _check(tmp_path)
    monkeypatch.setattr(scoring, "NEAR_BAR", 0.5)
    _check(tmp_path)

    assert len(list(tmp_path.iterdir())) == 2


def test_what_was_learned_long_ago_is_deleted(tmp_path: Path) -> None:
    """However often signs change, three files stay."""
    for line in ("want to die", "want to go", "want to leave", "want to end", "want it over"):
        CrisisCheck(_rules(line), _lines(), ORDINARY, tmp_path)

    assert len(list(tmp_path.iterdir())) == 3


def test_the_fingerprint_follows_what_is_learned_from() -> None:
    """Another sign, line, phrase or family is another fingerprint; another place in a file is not."""
    lines = _lines()
    same = fingerprint(_rules(), lines, ORDINARY)
    others = [
        fingerprint(_rules("kill myself"), lines, ORDINARY),
        fingerprint(_rules(families={}), lines, ORDINARY),
        fingerprint(_rules(), lines[1:], ORDINARY),
        fingerprint(_rules(), [replace(lines[0], who="self"), *lines[1:]], ORDINARY),
        fingerprint(_rules(), lines, ORDINARY[1:]),
    ]

    assert fingerprint(_rules(line=9), lines, ORDINARY) == same
    assert len({same, *others}) == len(others) + 1
