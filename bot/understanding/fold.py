"""Letters made comparable: lower case, one form per letter, no accents."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
"""Latin letters that Unicode does not take apart."""

_FEW = 12
"""Different marks up to which it is quicker to take out one after the other."""


def fold(text: str) -> str:
    """Return `text` in lower case, in compatibility form (NFKD), without accents and other combining marks."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    marks = {char: "" for char in set(apart) if unicodedata.combining(char)}
    return replaced(replaced(apart, marks), _LETTERS)


def replaced(text: str, signs: Mapping[str, str]) -> str:
    """Return `text` with other texts for some single characters."""
    if len(signs) > _FEW:
        return text.translate({ord(sign): instead for sign, instead in signs.items()})
    for sign, instead in signs.items():
        text = text.replace(sign, instead)
    return text
