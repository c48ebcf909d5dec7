"""Slash commands, as what the line is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.dialog.pick import MAX_BYTES, Pick, Verb
from bot.errors import PickError

if TYPE_CHECKING:
    from collections.abc import Collection

COMMANDS: Final = ("start", "help", "topics", "language", "privacy", "forget", "about")
"""The commands in the order of the menu; the phrase `command_<name>` describes each."""

START: Final = Pick(Verb.MENU, "start")
"""The first words of the line to somebody new."""

_FORM = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_PAYLOAD = re.compile(r"[a-z0-9-]+")
_ANSWERS: Final = {"help": "help", "privacy": "privacy", "forget": "forget", "about": "who-runs-this"}
"""Commands that open an answer, with its intent."""


def parse(text: str) -> tuple[str, str | None, str] | None:
    """Return the name (lower case), the bot addressed by `@` (or None) and the rest of a command, or None."""
    found = _FORM.fullmatch(text)
    return (found[1].lower(), found[2], (found[3] or "").strip()) if found else None


def pick_of(name: str, rest: str, languages: Collection[str]) -> Pick | None:
    """Return what one of our commands asks for, or None if the command is not ours."""
    if name == "start":
        return _started(rest)
    if name == "topics":
        return Pick(Verb.MENU)
    if name == "language":
        return Pick(Verb.LANGUAGE, rest.lower() if rest.lower() in languages else "")
    return Pick(Verb.ANSWER, _ANSWERS[name]) if name in _ANSWERS else None


def _started(payload: str) -> Pick:
    """A link `t.me/<bot>?start=<id>` opens an answer or topic; anybody can make one, so what is odd is left out."""
    if not _PAYLOAD.fullmatch(payload) or len(payload) > MAX_BYTES:
        return START
    try:
        return Pick.decode(Pick(Verb.OPEN, payload).encode())
    except PickError:
        return START
