"""What is remembered between turns: ids and counts, never words that somebody wrote."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LAPSE_SECONDS = 30 * 60
"""After this silence a conversation is over: only the chosen language is kept (DESIGN: 30 minutes)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state between two turns.

    Attributes:
        language: the language of the last turn, or None before the first.
        chosen: whether the person chose that language (then a message's own language does not change it).
        intent: the intent answered last.
        slots: slot values that are being talked about, e.g. {"case": "dawn-jackson"}.
        earlier: slot values talked about before those, newest first, for "the other one"; as (slot, value).
        said: the value last said in each role of a slot, e.g. {"state/home": "tx"}.
        wants: the slot that the line asked for last, or None.
        pending: intents that wait: one for a missing slot, up to three for a clarifying question.
        offered: data of the picks under the last turn, in order, for "the second one".
        misses: fallbacks in a row.
        cards: crisis classes shown in this conversation.
        at: when the last turn was made, seconds since 1970 (UTC).

    """

    language: str | None = None
    chosen: bool = False
    intent: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[tuple[str, str], ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    wants: str | None = None
    pending: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    misses: int = 0
    cards: tuple[str, ...] = ()
    at: float = 0.0

    def resumed(self, now: float) -> Conversation:
        """Return this conversation as it stands at `now`: after the lapse only the language is left."""
        if now - self.at <= LAPSE_SECONDS:
            return self
        return Conversation(language=self.language, chosen=self.chosen, at=now)

    def with_(self, **changes: object) -> Conversation:
        """Return a copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names are checked by dataclasses.replace

    def to_json(self) -> str:
        """Return the state as JSON, for the store."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Conversation:
        """Return the state from the store; what an older or newer version wrote and we do not know is left out."""
        known = {name: value for name, value in json.loads(text).items() if name in cls.__dataclass_fields__}
        for name in ("pending", "offered", "cards"):
            known[name] = tuple(known.get(name, ()))
        known["earlier"] = tuple((slot, value) for slot, value in known.get("earlier", ()))
        return cls(**known)
