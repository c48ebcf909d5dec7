"""The page's own words, in every language it speaks, and the doors it shows even when the line is gone.

They stand here and not in the files of staff because they must be shown when those files cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_LANGUAGE = "en"
"""Language of a word that is missing in another one."""

EXIT = "https://www.weather.gov"
"""Where the quick exit leads: a page that nobody needs to explain."""


@dataclass(frozen=True, slots=True)
class Door:
    """A place where help is, whatever happens to this line: a number to tap and what to say of it."""

    href: str
    number: str
    say: str


_DOORS: Mapping[str, tuple[Door, ...]] = {
    "en": (
        Door("tel:911", "911", "In danger now: call 911"),
        Door("tel:988", "988", "In a dark place: call or text 988, day or night"),
    ),
    "es": (
        Door("tel:911", "911", "En peligro ahora: llame al 911"),
        Door("tel:988", "988", "En un momento oscuro: llame al 988 y oprima 2, de día o de noche"),
    ),
}

_WORDS: Mapping[str, Mapping[str, str]] = {
    "skip": {"en": "Skip to the question box", "es": "Ir a la caja de preguntas"},
    "talk": {"en": "Conversation", "es": "Conversación"},
    "exit": {"en": "Quick exit", "es": "Salida rápida"},
    "wipe": {"en": "Clear chat", "es": "Borrar chat"},
    "cleared": {
        "en": "Cleared. What this line kept about this chat is deleted.",
        "es": "Listo. Se borró lo que esta línea guardaba de este chat.",
    },
    "you": {"en": "You", "es": "Usted"},
    "busy": {"en": "Looking for an answer…", "es": "Buscando una respuesta…"},
    "how": {"en": "How this line works", "es": "Cómo funciona esta línea"},
    "retry": {"en": "Try again", "es": "Intentar otra vez"},
    "danger": {"en": "Danger", "es": "Peligro"},
    "listen": {"en": "Crisis", "es": "Crisis"},
    "home": {"en": "To the first page", "es": "A la primera página"},
    "unreachable": {
        "en": "The line cannot be reached right now. It is not your fault. Please try again in a moment.",
        "es": "Ahora no se puede conectar con la línea. No es por usted. Intente otra vez en un momento.",
    },
    "now": {"en": "If you cannot wait:", "es": "Si no puede esperar:"},
    "missing": {
        "en": "There is no page at this address. The line itself is on the first page.",
        "es": "En esta dirección no hay ninguna página. La línea está en la primera página.",
    },
    "too_big": {
        "en": "That is too much for this line to read at once. Please send your main question in one or two sentences.",
        "es": "Es demasiado para que esta línea lo lea de una vez. Mande su pregunta principal en una o dos oraciones.",
    },
    "bad_request": {
        "en": "This line could not read what your browser sent. Please go back and send your question again.",
        "es": "Esta línea no pudo leer lo que mandó su navegador. Vuelva atrás y mande su pregunta otra vez.",
    },
    "broken": {
        "en": "Sorry, something went wrong on our side. It was not you. Please try again.",
        "es": "Disculpe, algo falló de nuestro lado. No fue por usted. Intente otra vez.",
    },
}

_PROBLEMS: Mapping[int, str] = {404: "missing", 405: "missing", 413: "too_big", 500: "broken"}


def word(name: str, language: str) -> str:
    """Return one of the page's own words, in its first language where this one is missing."""
    texts = _WORDS[name]
    return texts.get(language, texts[FIRST_LANGUAGE])


def doors(language: str) -> tuple[Door, ...]:
    """Return where help is, in a language."""
    return _DOORS.get(language, _DOORS[FIRST_LANGUAGE])


def problem(status: int, language: str) -> str:
    """Return what went wrong, for the person: `status` is that of HTTP."""
    return word(_PROBLEMS.get(status, "bad_request"), language)


def word_names() -> tuple[str, ...]:
    """Return the name of every word there is."""
    return tuple(_WORDS)
