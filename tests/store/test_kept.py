from bot.store.kept import KEPT, NOT_ABOUT_PEOPLE, declared
from bot.store.tables import metadata


def test_every_table_is_declared() -> None:
    """Each table is either named under /privacy, or said to hold nothing about people, and never both."""
    named = [table for one in KEPT for table in one.tables]
    assert sorted([*named, *NOT_ABOUT_PEOPLE]) == sorted([*metadata.tables, "alembic_version"])


def test_gaps_are_told_only_when_they_are_kept() -> None:
    """What the operator did not switch on is not said to be kept."""
    assert "kept_gaps" not in dict(declared())
    assert dict(declared(gap_log=True))["kept_gaps"] == 30
