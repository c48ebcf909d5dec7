"""What a browser sends, read strictly: the JSON of the page's script, and the plain form of a page without it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.dialog.pick import Pick
from bot.errors import PickError, RequestError

_SESSION = re.compile(r"[A-Za-z0-9_-]{32}")
_MOST_FIELDS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a person.

    Attributes:
        session: the session id, one of ours or a new one.
        text: what was written, or empty.
        pick: what was tapped, or None.
        language: the page's language, or empty.
        said: what the page shows as the person's own words: the text, or the tapped button's label.
        forget: whether the chat is to be cleared.

    """

    session: str
    text: str = ""
    pick: Pick | None = None
    language: str = ""
    said: str = ""
    forget: bool = False


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    session: str = ""
    text: str = ""
    pick: str | None = None
    language: str = ""


def new_session() -> str:
    """Return a session id that nobody can guess: 32 characters, 192 bits."""
    return secrets.token_urlsafe(24)


def from_json(body: bytes) -> Asked:
    """Return the request in a JSON body such as `{"session": "…", "text": "how did she get out"}`.

    Raises:
        RequestError: it is not JSON of this form; says where and what was expected, and quotes nothing of it.

    """
    try:
        read = _Body.model_validate_json(body)
    except ValidationError as error:
        raise RequestError(_first(error)) from None
    return Asked(_session(read.session), read.text.strip(), _pick(read.pick), read.language)


def from_form(body: bytes) -> Asked:
    """Return the request in a form; a button's value is its pick, a space, and its label.

    Raises:
        RequestError: there are too many fields, or a button's value is not one of ours.

    """
    try:
        pairs = parse_qsl(body.decode(errors="replace"), errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        message = f"this form has more than {_MOST_FIELDS} fields; the form on the first page has five"
        raise RequestError(message) from None
    fields = dict(pairs)
    text = fields.get("text", "").strip()
    data, _, label = fields.get("pick", "").partition(" ")
    pick = _pick(data or None)
    session, language = _session(fields.get("session", "")), fields.get("lang", "")
    return Asked(session, text, pick, language, said=label if pick else text, forget="forget" in fields)


def _session(sent: str) -> str:
    return sent if _SESSION.fullmatch(sent) else new_session()


def _pick(data: str | None) -> Pick | None:
    try:
        return None if data is None else Pick.decode(data)
    except PickError as error:
        raise RequestError(str(error)) from None


def _first(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
    if not problem["loc"]:
        return 'the body is not JSON; expected an object such as {"session": "", "text": "your question"}'
    return f'the field "{problem["loc"][0]}" has the wrong type; expected text in quotes'
