"""The inbox: updates that wait, their chats' lanes, numbers seen, what was set aside, and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the five tables."""
    _updates()
    _lanes()
    op.create_table(
        "leases",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )


def _updates() -> None:
    op.create_table(
        "inbox",
        *_number(),
        sa.Column("chat", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_inbox_chat_number", "inbox", ["chat", "number"])
    op.create_table("seen", *_number(), sa.Column("at", sa.Float, nullable=False))
    op.create_index("ix_seen_at", "seen", ["at"])
    op.create_table(
        "set_aside",
        *_number(),
        sa.Column("error", sa.String(120), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("ix_set_aside_at", "set_aside", ["at"])


def _number() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    )


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("chat", sa.String(64), primary_key=True),
        sa.Column("bot", sa.BigInteger, nullable=False),
        sa.Column("due", sa.Float, nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_index("ix_lanes_bot_due", "lanes", ["bot", "due"])
