"""Taking out of a message what could say who wrote it: numbers, addresses, names after "my name is".

What is left is kept only where GAP_LOG is on, to learn what people ask and the line cannot answer. It errs on the side
of taking out too much.
"""

from __future__ import annotations

import re

LONGEST = 300
"""Letters that are kept of a message."""

_NAME = r"[^\W\d_][\w'’.-]*"  # noqa: RUF001  # people type the curved sign too
_NOT_NAMES = (
    "a|an|the|not|in|on|at|out|from|so|very|just|still|here|home|going|trying|looking|and|but|or|because|el|la|un|una"
    "|de|en|y|pero|que|muy|no|con|para|por"
)
_EMAIL = re.compile(
    r"[\w.+%-]+\s*(?:@|\(at\)|\[at\]|\sarroba\s)\s*[\w-]+(?:\s*(?:\.|\(dot\)|\spunto\s)\s*[\w-]+)+", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|gov|edu|me|us)(?:/\S*)?\b", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w{3,}")
_STREETS = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|court|ct|way|place|pl|highway|hwy|terrace|circle|"
    "parkway|pkwy|apt|apartment|unit|suite"
)
_BETWEEN = r"(?:(?!(?:in|of|the|a|an|to|for|on|my|at|and|or|years?|yrs?|months?|days?|weeks?|hours?)\b)[\w.'-]+\s+)"
_STREET = re.compile(
    rf"(?<![\w-])\d{{1,6}}[a-z]?\s+{_BETWEEN}{{0,4}}?(?:{_STREETS})\b\.?(?:\s*(?:#|apt|apartment|unit|suite)\.?\s*\w+)?",
    re.IGNORECASE,
)
_CALLE = re.compile(
    r"\b(?:calle|avenida|av|carretera|callej[oó]n|paseo)\.?\s+(?:[\w.'-]+\s+){0,4}?(?:#\s*)?\d+\w*", re.IGNORECASE
)
_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*box|apartado(?:\s+postal)?)\s*#?\s*\w+", re.IGNORECASE)
_KIN = "son|daughter|husband|wife|brother|sister|mom|dad|father|mother|cousin|boyfriend|girlfriend|fianc[eé]e?"
_LEADS = (
    r"my\s+(?:full\s+|legal\s+)?name\s*(?:is|['’]s|:)|my\s+names|name\s*:|i\s+am\s+called|they\s+call\s+me",  # noqa: RUF001  # see above
    r"(?:his|her|their)\s+name\s+(?:is|was)|named",
    rf"(?:{_KIN})(?:['’]s)?\s+name\s+(?:is|was)",  # noqa: RUF001  # see above
    r"me\s+llamo|mi\s+nombre\s+(?:completo\s+)?es|(?:se|le)\s+llama|su\s+nombre\s+es",
    r"me\s+dicen|llamad[oa]|nombre\s*:",
)
_GOING_ON = (
    "i|im|my|he|she|is|was|can|how|what|who|when|where|will|would|do|does|did|need|want|get|got|has|have|been|mi|yo"
    "|tengo|quiero|puedo|cómo|como|qué|cuándo"
)
_NAMED = re.compile(
    rf"(?P<lead>\b(?:{'|'.join(_LEADS)})\s+)(?!(?:{_NOT_NAMES})\b){_NAME}"
    rf"(?:\s+(?!(?:{_NOT_NAMES}|{_GOING_ON})\b){_NAME}){{0,3}}",
    re.IGNORECASE,
)
_DIGITS = r"[(+]?[\w(./+-]*\d[\w)./-]*"  # a word with a digit in it
_NUMBER = re.compile(rf"(?<![\w$])(?:#\s*)?{_DIGITS}(?:\s+{_DIGITS})*")
_KEPT = frozenset({"988", "911", "211", "411", "311", "741741"})
_SHORT = 2
"""Digits of a number that says nothing of anybody: an age, a count, a sentence in years."""


def redact(text: str) -> str:
    """Return a message without what could name somebody, cut to `LONGEST` letters.

    Numbers of more than two digits go, except the hotlines' own; so do e-mail addresses, links, handles, streets, and
    up to four words that follow "my name is", "me llamo" and the like.
    """
    found = " ".join(text.split())[: 4 * LONGEST]
    for pattern, word in (
        (_EMAIL, "[e-mail]"),
        (_LINK, "[link]"),
        (_HANDLE, "[handle]"),
        (_BOX, "[address]"),
        (_STREET, "[address]"),
        (_CALLE, "[address]"),
    ):
        found = pattern.sub(word, found)
    found = _NAMED.sub(lambda match: f"{match['lead']}[name]", found)
    return _NUMBER.sub(_number, found)[:LONGEST]


def _number(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    return match[0] if digits in _KEPT or len(digits) <= _SHORT else "[number]"
