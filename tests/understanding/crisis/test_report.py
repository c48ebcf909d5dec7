import pytest

from bot.catalog.crisis_model import CrisisRules, LabelledLine
from bot.staff.crisis_report import Report, Row, report
from bot.understanding.crisis import CrisisCheck


def test_the_interval_is_wilson_s() -> None:
    """The 95 % interval agrees with the published example of 81 of 263 (Newcombe 1998)."""
    low, high = Row("recall", "all", 81, 263).interval

    assert low == pytest.approx(0.2553, abs=1e-4)
    assert high == pytest.approx(0.3662, abs=1e-4)


def test_a_report_counts_by_class_language_and_kind() -> None:
    """Recall, own card and false alarms are counted apart, and no message stands in the report."""
    lines = [
        LabelledLine("i want to die", "suicide", None, "en", "self"),
        LabelledLine("quiero morirme", "suicide", None, "es", "self"),
        LabelledLine("blah", "suicide", None, "en", "self"),
        LabelledLine("not suicidal", None, "suicide", "en"),
    ]
    made = report(CrisisCheck(CrisisRules()), lines, ["hello", "i want to die"])
    rows = {(row.kind, row.name): (row.hits, row.total) for row in made.rows}

    assert rows["recall", "all"] == (2, 3)
    assert rows["recall", "en"] == (1, 2)
    assert rows["card", "suicide"] == (2, 3)
    assert rows["alarms", "suicide"] == (0, 1)
    assert rows["alarms", "ordinary"] == (1, 2)
    assert "morirme" not in made.text()
    assert "66.7 %" in made.text()


def test_floors_fail_with_enough_messages_only() -> None:
    """A figure below its floor fails the report once at least twenty messages were counted."""
    assert Report((Row("recall", "en", 19, 20, 0.97),)).failed
    assert Report((Row("recall", "mixed", 9, 10, 0.97),)).passed
    assert Report((Row("alarms", "ordinary", 4, 1000, 0.003),)).failed
    assert Report((Row("alarms", "ordinary", 3, 1000, 0.003),)).passed
    assert not Report(()).passed


def test_a_floor_missed_beyond_chance_stops_the_check() -> None:
    """`check` fails when a floor lies outside the 95 % interval; one message too few is only printed."""
    assert Report((Row("recall", "en", 900, 1000, 0.97),)).stops
    assert Report((Row("alarms", "ordinary", 100, 10_000, 0.003),)).stops
    assert not Report((Row("recall", "en", 231, 239, 0.97),)).stops
    assert not Report((Row("recall", "en", 20, 20, 0.97),)).stops
    assert not Report((Row("recall", "mixed", 2, 10, 0.97),)).stops
