"""Words that lean on what was said before: pronouns, "the other one", "the second one", yes and no.

All functions take normalised text (lower case, no accents, no punctuation) in either language.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from bot.understanding.normalise import normalised

SAME_LABEL = 92
"""RapidFuzz ratio (0 to 100) from which a text counts as a button's label with a slip."""

_SHE = frozenset({"she", "her", "hers", "ella"})
_HE = frozenset({"he", "him", "his", "el"})
_LANGUAGE = re.compile(r"\b(?:espan|spani|ingl|engl|castell|idiom|langua|lengua|biling|tradu|transl|habl|speak)")
_OTHER = re.compile(
    r"(?:(?:and|what|how|about|or|y|que|hay|de|con|tell|me|dime|sobre|now|ok)\s+)*"
    r"(?:the other (?:one|person|woman|man|guy|girl|lady)|the other|the previous one|the one before"
    r"|(?:el|la) otr[oa](?: persona| mujer| hombre)?|(?:el|la) anterior|(?:el|la) de antes)"
)
_NUMBERS = {
    0: "1 one first 1st uno una primero primera primer top",
    1: "2 two second 2nd dos segundo segunda",
    2: "3 three third 3rd tres tercero tercera tercer",
    3: "4 four fourth 4th cuatro cuarto cuarta",
    4: "5 five fifth 5th cinco quinto quinta",
    5: "6 six sixth 6th seis sexto sexta",
    -1: "last ultimo ultima",
}
_POSITIONS = {word: position for position, words in _NUMBERS.items() for word in words.split()}
_AROUND = frozenset(
    {"the", "one", "option", "number", "choice", "answer", "please", "pick", "i", "want", "that", "it"}
    | {"la", "el", "opcion", "numero", "por", "favor", "quiero", "esa", "ese"}
)
_YES = frozenset(
    {"yes", "y", "yeah", "yep", "yup", "ya", "yea", "ye", "sure", "ok", "okay", "k", "correct", "right", "exactly"}
    | {"please", "thats", "that", "one", "it", "si", "sip", "claro", "simon", "dale", "correcto", "exacto", "eso"}
    | {"asi", "es"}
)
_NO = frozenset({"no", "nope", "nah", "neither", "none", "nel", "tampoco", "ninguno", "ninguna"})
_NO_PHRASES = frozenset(
    {"none of these", "none of them", "neither one", "not that", "no thats not it", "ninguna de estas", "no es eso"}
)
_MORE = frozenset(
    {
        "more",
        "mas",
        "tell me more",
        "read more",
        "go on",
        "continue",
        "keep going",
        "and then",
        "dime mas",
        "cuentame mas",
    }
    | {
        "sigue",
        "siga",
        "continua",
        "continue please",
        "more please",
        "mas por favor",
        "show more",
        "see more",
        "ver mas",
    }
)


def refers_to(normal: str) -> str | None:
    """Return "she" or "he" when the text points at one person by a pronoun, else None."""
    words = normal.split()
    if any(word in _SHE for word in words):
        return "she"
    # Spanish "el" is also an article: it counts as a pronoun only where no noun can follow
    for index, word in enumerate(words):
        if word in _HE and (word != "el" or index == len(words) - 1):
            return "he"
    return None


def names_language(text: str) -> bool:
    """Return whether a message says a word about languages: one that only mixes two does not ask for the other."""
    return _LANGUAGE.search(text) is not None


def wants_other(normal: str) -> bool:
    """Say whether the text asks for "the other one"."""
    return _OTHER.fullmatch(normal.strip()) is not None


def position(normal: str) -> int | None:
    """Return which offered choice a number or ordinal means: 0 for the first, -1 for the last, or None."""
    words = normal.split()
    found = [_POSITIONS[word] for word in words if word in _POSITIONS and word != "one"]
    rest = [word for word in words if word not in _POSITIONS and word not in _AROUND]
    if not found and normal.strip() == "one":
        return 0
    return found[0] if len(found) == 1 and not rest else None


def is_yes(normal: str) -> bool:
    """Say whether the text is nothing but a yes."""
    words = normal.split()
    return bool(words) and all(word in _YES for word in words)


def is_no(normal: str) -> bool:
    """Say whether the text is nothing but a no."""
    words = normal.split()
    return normal.strip() in _NO_PHRASES or (bool(words) and all(word in _NO for word in words))


def same_words(label: str, normal: str) -> bool:
    """Say whether the text is a button's label as a person would type it: small slips are forgiven."""
    wanted = " ".join(normalised(label).split())
    return bool(wanted) and fuzz.ratio(wanted, " ".join(normal.split())) >= SAME_LABEL


def wants_more(normal: str) -> bool:
    """Say whether the text asks for the rest of the last answer."""
    return normal.strip() in _MORE
