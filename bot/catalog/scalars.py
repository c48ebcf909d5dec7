"""The small texts that staff files are made of: ids, dates, addresses, yes and no; each says itself what it expects."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, LiteralString, NoReturn

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

MAX_INTENT_ID = 30
"""Letters in an intent's id: with a slot value it has to fit into the 64 bytes of a Telegram button."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?")
_REFERENCE = re.compile(r"[a-z0-9{}_-]+(/[a-z0-9{}_-]+)+(#[a-z0-9{}_-]+)?")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+")
_YES_NO = {"true": True, "false": False}


def slug(text: str) -> str:
    """Return `text` as an id: lower case, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def refuse(code: str, what: str, expected: str = "", write: str = "") -> NoReturn:
    """Refuse a value in words that findings pass on as they stand.

    Raises:
        PydanticCustomError: always.

    """
    context = {"code": code, "what": what, "expected": expected, "write": write}
    kind: LiteralString = "staff"
    raise PydanticCustomError(kind, "{what}", context)


def _text(value: str) -> str:
    if not value.strip():
        refuse("empty", "is empty", 'a text; one that begins with # needs quotes: "#…"')
    return value.strip()


def _id(value: str) -> str:
    if not _ID.fullmatch(value):
        refuse("bad-id", f"is no id: {value}", "lower-case letters, digits and hyphens", slug(value))
    return value


def _intent_id(value: str) -> str:
    if len(_id(value)) > MAX_INTENT_ID:
        what = f"is {len(value)} letters long: {value}"
        refuse("long-id", what, f"at most {MAX_INTENT_ID}", value[:MAX_INTENT_ID].strip("-"))
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        refuse("bad-language", f"`{value}` is no language code", "two lower-case letters", "en")
    return value


def _reference(value: str) -> str:
    if not _REFERENCE.fullmatch(value):
        refuse("bad-reference", f"is no page: {value}", "folder/page#section without .md", _mended(value))
    return value


def _mended(value: str) -> str:
    page, _, section = value.partition("#")
    page = re.sub(r"^/?(content/)?([a-z]{2}/)?", "", page.strip().lower()).removesuffix(".md").replace(" ", "-")
    return f"{page}#{slug(section)}" if section else page


def _web(value: str) -> str:
    if not _WEB.fullmatch(value):
        refuse("bad-address", f"is no web address: {value}", "an address with https://", f"https://{value}")
    return value


def _checked(value: str) -> str:
    if not _DATE.fullmatch(value):
        refuse("bad-date", f"is no month: {value}", "year-month or year-month-day", "2026-11")
    return value


def _day(value: Any) -> Any:  # noqa: ANN401  # pydantic hands over whatever stood in the file
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        refuse("bad-date", f"is no day: {value}", "year-month-day", "2026-11-22")


def _flag(value: Any) -> Any:  # noqa: ANN401  # pydantic hands over whatever stood in the file
    if isinstance(value, str) and value in _YES_NO:
        return _YES_NO[value]
    refuse("bad-flag", f"is neither true nor false: {value}", "true or false", "true")


# Editors read `988`, `no` and `2026` as numbers and switches; to us they are text, so their schema allows both.
_ANY_SCALAR = {"type": ["string", "number", "boolean"]}

Text = Annotated[str, AfterValidator(_text), WithJsonSchema({**_ANY_SCALAR, "minLength": 1})]
FreeText = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]
Id = Annotated[str, AfterValidator(_id), WithJsonSchema({**_ANY_SCALAR, "pattern": f"^{_ID.pattern}$"})]
IntentId = Annotated[
    str,
    AfterValidator(_intent_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID.pattern}$", "maxLength": MAX_INTENT_ID}),
]
Language = Annotated[str, AfterValidator(_language)]
Reference = Annotated[
    str, AfterValidator(_reference), WithJsonSchema({"type": "string", "pattern": f"^{_REFERENCE.pattern}$"})
]
Web = Annotated[str, AfterValidator(_web), WithJsonSchema({"type": "string", "pattern": f"^{_WEB.pattern}$"})]
Checked = Annotated[str, AfterValidator(_checked), WithJsonSchema({**_ANY_SCALAR, "pattern": f"^{_DATE.pattern}$"})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"})]
Flag = Annotated[bool, BeforeValidator(_flag), WithJsonSchema({"type": "boolean"})]
