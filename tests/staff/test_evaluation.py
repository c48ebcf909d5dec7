import json
from pathlib import Path

import numpy as np
import pytest

from bot.errors import RequestError
from bot.staff.evaluation import Row, evaluate, read_rows
from bot.staff.fitted import Fitted, careful, spoken, stems
from bot.staff.measures import auroc, calibration_error
from bot.staff.slips import slipped

_KINDS = {
    "vote_rights": "can i {} vote in {} now",
    "find_job": "help me {} find work in {} today",
    "child_support": "do i {} owe support in {} still",
}
_FILLERS = ("please", "really", "again", "maybe", "ever", "just")
_PLACES = ("ohio", "texas", "georgia", "maine", "iowa", "utah")


def _rows() -> list[Row]:
    rows = []
    for number, (first, second) in enumerate((a, b) for a in _FILLERS for b in _PLACES):
        split = ("train", "val", "test")[number % 3]
        rows += [Row(form.format(first, second), label, split) for label, form in _KINDS.items()]
        rows.append(Row(f"weather {first} {second} tomorrow {number}", "oos", split))
    return rows


def test_an_easy_set_is_read_right() -> None:
    """Fitted on one split and measured on another, with every field the report promises."""
    report = evaluate(_rows(), fit="train", on="test", encoder=None).as_dict()
    names = ("accuracy", "in_scope_accuracy", "oos_recall", "auroc", "ece", "typo6", "typo3")
    assert report["accuracy"] == 1
    assert report["fitted"] == report["tested"] == 48
    assert report["encoder"] == "none"
    assert all(0 <= float(report[name] or 0) <= 1 for name in names)
    assert float(report["oos_recall"] or 0) > 0.9
    assert {"p50_ms", "p95_ms", "peak_mb", "fit_s"} < set(report)


def test_without_out_of_scope_its_fields_are_null() -> None:
    """A set without out-of-scope rows has no recall, no rejection and no area under the curve."""
    rows = [row for row in _rows() if row.label != "oos"]
    report = evaluate(rows, fit="train", on="test", encoder=None).as_dict()
    assert [report[name] for name in ("in_scope_accuracy", "oos_recall", "auroc", "threshold")] == [None] * 4
    assert json.loads(json.dumps(report)) == report


def test_without_val_the_phrases_themselves_are_held_out() -> None:
    """A set without `val` is calibrated by the phrases that were learned, each as the others see it."""
    rows = [row for row in _rows() if row.split != "val"]
    report = evaluate(rows, fit="train", on="test", encoder=None)
    assert report.accuracy == 1
    assert report.threshold is not None


def test_a_split_that_is_not_there_is_named() -> None:
    """A wrong split says which there are."""
    with pytest.raises(RequestError, match="no split 'train_10'; it has: test, train, val"):
        evaluate(_rows(), fit="train_10", on="test", encoder=None)


def test_rows_are_read(tmp_path: Path) -> None:
    """A set is JSON lines; blank lines are nothing."""
    path = tmp_path / "set.jsonl"
    path.write_text('{"text": "hi\u2028there", "label": "x", "split": "val", "more": 1}\n\n', encoding="utf-8")
    assert read_rows(path) == (Row("hi\u2028there", "x", "val"),)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "secret"}', '{"text": 1, "label": "x", "split": "y"}', "3"])
def test_a_bad_row_is_named_without_its_text(tmp_path: Path, line: str) -> None:
    """What is wrong is told by file and line; what it says is not repeated."""
    path = tmp_path / "set.jsonl"
    path.write_text(f'{{"text": "a", "label": "b", "split": "c"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(RequestError, match=r"set\.jsonl:2: expected") as caught:
        read_rows(path)
    assert "secret" not in str(caught.value)


def test_slips_change_every_third_word() -> None:
    """One word in three has a slip, always the same for a seed, and others are left alone."""
    texts = ["where can people register", "before they vote again 2024"]
    once = slipped(texts, 3, 1)
    words, read = " ".join(texts).split(), " ".join(once).split()
    assert slipped(texts, 3, 1) == once
    changed = [at for at, (before, after) in enumerate(zip(words, read, strict=True)) if before != after]
    assert set(changed) <= {2, 5}


def test_calibration_error_of_known_numbers() -> None:
    """Right half of the time at a confidence of 0.8 is an error of 0.3."""
    assert calibration_error(np.full(10, 0.8), np.arange(10) % 2 == 0) == pytest.approx(0.3)


def test_area_under_the_curve_of_known_numbers() -> None:
    """Ties count half."""
    assert auroc(np.array([0.5, 0.9]), np.array([0.5, 0.1])) == pytest.approx(0.875)


def test_caution_has_its_price() -> None:
    """At the threshold, no more in-scope texts than allowed lose their right answer."""
    sure = np.linspace(0, 1, 1000)
    threshold = careful(sure, np.ones(1000, dtype=np.bool_))
    assert (sure < threshold).sum() == 15


@pytest.mark.parametrize("label", ["card_arrival", "cardArrival", "card-arrival", "CARD/ARRIVAL", "card arrival"])
def test_names_of_labels_are_words(label: str) -> None:
    """A label's name is read as words however it is put together."""
    assert spoken(label) == "card arrival"


def test_another_form_of_a_word_is_no_slip() -> None:
    """A word whose stem is known is left alone; a slip is set right."""
    fitted = Fitted.fit(["block the card", "receive money", "transfer money"], ["a", "b", "b"], None)
    assert {"block", "receive"} <= set(stems("unblocked")) | set(stems("receiving"))
    assert fitted.spelt("unblocked Card, recieve monney!") == "unblocked Card, receive money!"
