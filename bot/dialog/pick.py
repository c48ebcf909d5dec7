"""What a tap means, small enough for a Telegram button (64 bytes) and readable after any restart.

Form: `<verb>:<target>[;<slot>=<value>]*`, for example `a:case-release;case=alice-johnson`.
Nothing is looked up to read it, so a button of last month still works as long as its intent exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import PickError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 64
"""Telegram's limit for callback_data, in bytes of UTF-8."""

_FORM = re.compile(r"([a-z]):([a-z0-9-]*)((?:;[a-z0-9-]+=[a-z0-9-]+)*)")


class Verb(StrEnum):
    """What is asked for by a tap."""

    ANSWER = "a"  # the answer of an intent
    MORE = "m"  # the More section of an intent's answer
    TOPIC = "t"  # the entry intents of a topic
    MENU = "u"  # the list of topics
    LANGUAGE = "l"  # speak this language from now on
    PERSON = "h"  # talk to a person
    NONE = "n"  # none of the readings that were offered
    OPEN = "o"  # what a link names: an intent or a topic; the welcome where it is neither
    GO_ON = "g"  # keep going after a crisis card
    HELPED = "y"  # the answer of an intent helped
    NOT_HELPED = "x"  # it did not


@dataclass(frozen=True, slots=True)
class Pick:
    """A verb, its target (an intent, topic or language id, or empty) and the slots it fixes."""

    verb: Verb
    target: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> str:
        """Return the button's data.

        Raises:
            PickError: it would be longer than 64 bytes.

        """
        slots = "".join(f";{name}={value}" for name, value in sorted(self.slots.items()))
        data = f"{self.verb.value}:{self.target}{slots}"
        if len(data.encode()) > MAX_BYTES:
            message = f"button data is {len(data.encode())} bytes long, {MAX_BYTES} are allowed: {data}"
            raise PickError(message)
        return data

    @classmethod
    def decode(cls, data: str) -> Pick:
        """Return the pick behind a button's data.

        Raises:
            PickError: the data is not of our form.

        """
        found = _FORM.fullmatch(data[: MAX_BYTES + 1])
        if found is None or found[1] not in set(Verb):
            message = "this button's data is not of the form <verb>:<target>;<slot>=<value>"
            raise PickError(message)
        pairs = (part.split("=") for part in found[3].split(";") if part)
        return cls(Verb(found[1]), found[2], dict(pairs))
