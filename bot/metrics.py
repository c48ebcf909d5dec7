"""What is counted while the line runs, for Prometheus. No label holds what a person wrote or who they are."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

if TYPE_CHECKING:
    from collections.abc import Iterator

REGISTRY = CollectorRegistry()
"""What METRICS_PORT shows."""

ProcessCollector(registry=REGISTRY)

UPDATES = Counter(
    "line_updates",
    "Updates of Telegram by what became of them: taken, repeated, unreadable, answered, retried, set_aside.",
    ["fate"],
    registry=REGISTRY,
)
TURNS = Counter(
    "line_turns", "Replies by channel, kind of turn and language.", ["channel", "kind", "language"], registry=REGISTRY
)
SECONDS = Histogram(
    "line_seconds",
    "Time by stage: take (into the inbox), wait (in the inbox), reply (the line itself), send, answer (all of it).",
    ["stage"],
    registry=REGISTRY,
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
)
SENDS = Counter(
    "line_sends",
    "Messages to Telegram by outcome: sent, gone, refused, unsure; and what was met on the way: flood, repeated.",
    ["outcome"],
    registry=REGISTRY,
)
POLLS = Counter("line_polls", "Polls by outcome: good, failed, conflict, rebuilt.", ["outcome"], registry=REGISTRY)
WEB = Counter("line_web_requests", "Web requests by status.", ["status"], registry=REGISTRY)
LIMITED = Counter("line_limited", "Messages and requests over a limit, by channel.", ["channel"], registry=REGISTRY)
INBOX_DEPTH = Gauge("line_inbox_depth", "Updates that wait for their answer.", registry=REGISTRY)
SET_ASIDE = Gauge("line_set_aside", "Updates that were set aside within thirty days.", registry=REGISTRY)
LAST_POLL = Gauge("line_last_good_poll_timestamp_seconds", "When Telegram last answered a poll.", registry=REGISTRY)
CATALOG_LOADED = Gauge("line_catalog_loaded_timestamp_seconds", "When the catalog was read.", registry=REGISTRY)
CATALOG_FINDINGS = Gauge("line_catalog_errors", "Parts of staff's files that are set aside.", registry=REGISTRY)
RELOAD_FAILURES = Counter("line_reload_failures", "Reloads that kept the earlier catalog.", registry=REGISTRY)


_STAGES = {stage: SECONDS.labels(stage) for stage in ("take", "wait", "reply", "send", "answer")}


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Measure a stage, in seconds, however it ends."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        _STAGES[stage].observe(time.perf_counter() - begun)


def waited(seconds: float) -> None:
    """Note how long an update was in the inbox before it was begun."""
    _STAGES["wait"].observe(max(seconds, 0.0))
