"""What Telegram refuses, and in which words (collected from its Bot API server and from answers of the real one)."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

JSON = dict[str, Any]

MOST_UNITS = 4096
MOST_BYTES = 64
MOST_BUTTONS = 100
MOST_ENTITIES = 100

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
TWO_POLLERS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_ENTITY_TYPES = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
    "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
    "custom_emoji", "date_time",
}  # fmt: skip


class Refused(Exception):  # noqa: N818  # a refusal is an answer of the API, not an error of ours
    """The API answers with an error: HTTP status, description, and parameters such as `retry_after`."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        """Keep what is answered."""
        super().__init__(description)
        self.description = description
        self.code = code
        self.parameters = parameters


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(text: object) -> str:
    """Return a message's text.

    Raises:
        Refused: it is missing, blank, too long or not Unicode.

    """
    if not isinstance(text, str) or not text:
        message = "Bad Request: message text is empty"
        raise Refused(message)
    if not text.strip():
        message = "Bad Request: text must be non-empty"
        raise Refused(message)
    if re.search("[\ud800-\udfff]", text):
        message = "Bad Request: strings must be encoded in UTF-8"
        raise Refused(message)
    if units(text) > MOST_UNITS:
        message = "Bad Request: message is too long"
        raise Refused(message)
    return text


def check_entities(text: str, entities: list[JSON]) -> None:
    """Check each entity and that none crosses another.

    Telegram mends crossing entities and leaves out those above 100; here both are refused (in the words of its inner
    API), because a bot that relies on the mending does not know what its readers see.

    Raises:
        Refused: an entity is out of range, halves a character, is of no known kind, or crosses another.

    """
    for entity in entities:
        _check_entity(text, entity)
    if len(entities) > MOST_ENTITIES:
        message = "Bad Request: ENTITIES_TOO_LONG"
        raise Refused(message)
    for one, other in combinations(entities, 2):
        first, second = sorted((one, other), key=lambda entity: (entity["offset"], -entity["length"]))
        end = first["offset"] + first["length"]
        if second["offset"] < end < second["offset"] + second["length"]:
            message = "Bad Request: ENTITY_BOUNDS_INVALID"
            raise Refused(message)


def _check_entity(text: str, entity: JSON) -> None:
    offset, length, kind = entity.get("offset", 0), entity.get("length", 0), entity.get("type")
    wrong = ""
    if kind not in _ENTITY_TYPES:
        wrong = "can't parse MessageEntity: Unsupported type specified"
    elif offset < 0:
        wrong = f"receive an entity with incorrect offset {offset}"
    elif length < 0:
        wrong = f"receive an entity with incorrect length {length}"
    elif offset > units(text):
        wrong = f"entity begins after the end of the text at UTF-16 offset {offset}"
    elif offset + length > units(text):
        wrong = (
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text"
            f" at UTF-16 offset {offset + length}"
        )
    elif _halves(text, offset):
        wrong = f"entity begins in a middle of a UTF-16 symbol at byte offset {offset}"
    elif _halves(text, offset + length):
        wrong = (
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol at byte offset {offset}"
        )
    elif kind == "text_link":
        wrong = _wrong_link(entity.get("url"))
    if wrong:
        message = f"Bad Request: {wrong}"
        raise Refused(message)


def _halves(text: str, offset: int) -> bool:
    """Say whether a UTF-16 offset lies between the two halves of a character."""
    before = text.encode("utf-16-le")[: offset * 2]
    return bool(before) and 0xD8 <= before[-1] <= 0xDB


def _wrong_link(url: object) -> str:
    if not isinstance(url, str):
        return "can't parse MessageEntity: Can't find field \"url\""
    if not url:
        return "entity URL '' is invalid: URL host is empty"
    scheme = re.match(r"([a-z]+):", url)
    if scheme and scheme[1] not in {"http", "https", "tg"}:
        return f"entity URL '{url}' is invalid: Unsupported URL protocol"
    if not re.fullmatch(r"((https?|tg)://)?[^\s/]+\.[^\s/]+(/\S*)?", url) and not url.startswith("tg://"):
        return f"entity URL '{url}' is invalid: Wrong HTTP URL"
    return ""


def check_markup(markup: object) -> None:
    """Check an inline keyboard (other keyboards pass).

    Raises:
        Refused: a button has no label or no data, its data is too long, or there are too many buttons.

    """
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        return
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list):
        message = 'Bad Request: field "inline_keyboard" must be of type Array'
        raise Refused(message)
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        message = "Bad Request: reply markup is too long"
        raise Refused(message)
    for button in buttons:
        _check_button(button)


def _check_button(button: JSON) -> None:
    wrong = ""
    if not str(button.get("text", "")).strip():
        wrong = "can't parse inline keyboard button: Can't find field \"text\""
    elif not set(button) - {"text"} or button.get("callback_data") == "":
        wrong = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    elif len(str(button.get("callback_data", "")).encode()) > MOST_BYTES:
        wrong = "BUTTON_DATA_INVALID"
    if wrong:
        message = f"Bad Request: {wrong}"
        raise Refused(message)
