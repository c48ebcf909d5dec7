"""Counts of turns, taps of feedback, and the questions that could not be answered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "counts",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("intent", sa.String(80), primary_key=True),
        sa.Column("language", sa.String(12), primary_key=True),
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
    )
    op.create_table(
        "taps",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("intent", sa.String(80), primary_key=True),
        sa.Column("language", sa.String(12), primary_key=True),
        sa.Column("helpful", sa.Boolean, primary_key=True),
        sa.Column("n", sa.Integer, nullable=False),
    )
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("nearest", sa.String(80), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_gaps_at", "gaps", ["at"])
