"""Faults on demand: what the next calls of a method meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GARBAGE = b"<html><body>502 Bad Gateway</body></html>"
_WORDS = {
    400: "Bad Request: something is wrong with it",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


@dataclass(slots=True)
class Fault:
    """One way to fail.

    Attributes:
        code: HTTP status of the answer; 200 lets the call through (for `latency` alone).
        description: the words of the refusal; by default Telegram's for that status.
        parameters: `retry_after` or `migrate_to_chat_id`.
        latency: seconds before the answer.
        body: bytes sent in place of JSON.
        drop: close the connection in place of an answer.
        done: do what was asked before failing, so that only the answer is lost.
        chat: only calls for this chat fail.
        times: how many calls still fail.
        met: how many calls have failed.

    """

    code: int = 200
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    latency: float = 0.0
    body: bytes | None = None
    drop: bool = False
    done: bool = False
    chat: int | None = None
    times: int = 1
    met: int = 0

    @property
    def passes(self) -> bool:
        """Say whether the call is only slowed down."""
        return self.code == 200 and self.body is None and not self.drop  # OK

    def answer(self) -> dict[str, Any]:
        """Return the refusal as the Bot API words it."""
        words = self.description or _WORDS.get(self.code, "Error")
        if "retry_after" in self.parameters and not self.description:
            words = f"Too Many Requests: retry after {self.parameters['retry_after']}"
        parameters = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.code, "description": words, **parameters}


class Faults:
    """The faults that wait, by method."""

    def __init__(self) -> None:
        """Start healthy."""
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, method: str, fault: Fault) -> Fault:
        """Let the next calls of a method meet a fault, after those added before."""
        self._waiting.setdefault(method.lower(), []).append(fault)
        return fault

    def clear(self) -> None:
        """Heal everything."""
        self._waiting.clear()

    def next(self, method: str, chat: object) -> Fault | None:
        """Return the fault that this call meets, using it up, or None."""
        for fault in self._waiting.get(method.lower(), []):
            if fault.times > 0 and fault.chat in {None, _number(chat)}:
                fault.times -= 1
                fault.met += 1
                return fault
        return None


def _number(chat: object) -> int | None:
    try:
        return int(str(chat))
    except ValueError:
        return None
