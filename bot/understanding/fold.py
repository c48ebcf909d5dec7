"""Letters made comparable: lower case, one form per letter, no accents."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
"""Latin letters that Unicode does not take apart."""


def fold(text: str) -> str:
    """Return `text` in lower case, in compatibility form (NFKD), without accents and other combining marks."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    marks = [char for char in set(apart) if unicodedata.combining(char)]
    return apart.translate(dict.fromkeys(map(ord, marks))).translate(_LETTERS)
