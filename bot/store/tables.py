"""Every table of the store. The migrations make them; a test proves that both say the same."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
"""What is remembered between two messages of somebody: ids and counts, under a keyed hash of who."""

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)
"""Keys that all processes share, such as the one behind the keyed hashes."""

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("chat", sa.String(64), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index("ix_inbox_chat_number", "chat", "number"),
)
"""Updates that were taken over from Telegram and are not answered yet; a row goes with its answer."""

lanes = sa.Table(
    "lanes",
    metadata,
    sa.Column("chat", sa.String(64), primary_key=True),
    sa.Column("bot", sa.BigInteger, nullable=False),
    sa.Column("due", sa.Float, nullable=False),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("until", sa.Float, nullable=False),
    sa.Index("ix_lanes_bot_due", "bot", "due"),
)
"""Chats with updates that wait; whoever holds the lease (`owner`, until `until`) works on the chat, nobody else."""

seen = sa.Table(
    "seen",
    metadata,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
"""Numbers of updates that were taken over, so that one that comes again is dropped."""

set_aside = sa.Table(
    "set_aside",
    metadata,
    sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("error", sa.String(120), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
"""Updates that failed every time: number, kind and place of the fault; what was written is not kept."""

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("until", sa.Float, nullable=False),
)
"""What only one process does at a time, such as polling."""

counts = sa.Table(
    "counts",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("intent", sa.String(80), primary_key=True),
    sa.Column("language", sa.String(12), primary_key=True),
    sa.Column("channel", sa.String(16), primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)
"""How often each kind of turn was given on a day."""

taps = sa.Table(
    "taps",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("intent", sa.String(80), primary_key=True),
    sa.Column("language", sa.String(12), primary_key=True),
    sa.Column("helpful", sa.Boolean, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)
"""How often an answer was said to help, or not, on a day."""

gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String(12), nullable=False),
    sa.Column("nearest", sa.String(80), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
"""Questions that the line could not answer, redacted; only where the operator switched GAP_LOG on."""
