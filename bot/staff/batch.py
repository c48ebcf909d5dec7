"""Many questions at once: JSON lines in, JSON lines out, in the same order (`ask --batch`)."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.channels.plain import plain
from bot.dialog.conversation import Conversation
from bot.errors import RequestError
from bot.line import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.dialog.turn import Turn
    from bot.line import Line


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a batch; lines with the same `conversation` are one talk, others are each fresh."""

    id: object
    text: str
    conversation: str | None = None
    turn: object = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is not a question: its number in the file, from 1, and what is wrong with it."""

    number: int
    what: str


def read_question(line: str, languages: tuple[str, ...]) -> Question:
    """Return the question in one JSON line.

    Raises:
        RequestError: it is not a JSON object with a text, or one of its fields is of the wrong kind.

    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        message = 'not JSON; write one object a line, for example {"id": 1, "text": "who is dawn"}'
        raise RequestError(message) from None
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        message = 'no "text"; write for example {"id": 1, "text": "who is dawn"}'
        raise RequestError(message)
    language = fields.get("language")
    if language is not None and language not in languages:
        message = f'"language" is {language!r}; expected one of {", ".join(languages)}, or leave it out'
        raise RequestError(message)
    talk = fields.get("conversation")
    return Question(fields.get("id"), fields["text"], None if talk is None else str(talk), fields.get("turn"), language)


def answer_all(line: Line, lines: Iterable[str]) -> Iterator[dict[str, Any] | Unreadable]:
    """Yield the reply to each line, or what is wrong with it; blank lines are passed over."""
    talks: dict[str, Conversation] = {}
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            question = read_question(text, line.languages)
        except RequestError as error:
            yield Unreadable(number, str(error))
            continue
        yield _answered(line, question, talks)


def as_record(line: Line, turn: Turn) -> dict[str, Any]:
    """Return a turn as the fields of a batch's output, without `id` and `ms`."""
    return {
        "kind": turn.kind.value,
        "intents": list(turn.intents),
        "slots": dict(turn.slots),
        "confidence": round(turn.confidence, 4),
        "language": turn.language,
        "reply": plain(turn),
        "options": [choice.label for choice in turn.choices],
        "option_answers": [plain(line.after_tap(choice.pick, turn)) for choice in turn.choices],
    }


def _answered(line: Line, question: Question, talks: dict[str, Conversation]) -> dict[str, Any]:
    conversation = talks.get(question.conversation or "", Conversation()) if question.conversation else Conversation()
    if question.language:
        conversation = conversation.with_(language=question.language, chosen=True)
    began = time.perf_counter()
    message = Message("terminal", question.conversation or "", question.text)
    turn = line.turn(message, conversation, time.time())
    spent = time.perf_counter() - began
    if question.conversation is not None:
        talks[question.conversation] = turn.conversation or Conversation()
    given = {"id": question.id} | ({"turn": question.turn} if question.turn is not None else {})
    return given | as_record(line, turn) | {"ms": round(spent * 1000, 3)}
