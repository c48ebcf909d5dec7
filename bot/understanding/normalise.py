"""A message as typed -> the words it is matched by, each knowing how it was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.understanding import textspeak
from bot.understanding.fold import fold
from bot.understanding.wordlist import ORDINARY

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD, TAIL = 3_072, 1_024
"""A longer message is matched by its first and last characters only; what lies between is left out."""

MAX_WORD = 64
"""Characters kept of one word: nothing longer is a word, and long runs would cost time."""

_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`\u2032\uff07", "'"))
_SPANISH = re.compile("[ñÑ¿¡]")
_ACCENTED = re.compile("[áéíóúÁÉÍÓÚ]")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|,")
_RUN = re.compile(r"([^\W\d_])\1{2,}")
_LAUGH = re.compile(r"(?:[jh][aeiou]){2,}[jh]?")
_TAILS = {"ll": "will", "re": "are", "d": "would", "ve": "have", "m": "am"}
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Word:
    """One normalised word.

    Attributes:
        text: the word as it is matched.
        start: where it begins in the normalised text.
        end: where it ends there.
        typed: the folded form that was typed; empty for the later words of a contraction.
        shouted: whether it was typed in capitals ("TX").
        capital: whether it began with a capital.
        comma: whether a comma stood right before it.

    """

    text: str
    start: int
    end: int
    typed: str
    shouted: bool = False
    capital: bool = False
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised message.

    Attributes:
        text: the words with one space between them.
        words: the words in order.
        spanish: how many ñ, ¿ and ¡ were typed.
        accents: how many accented vowels were typed.
        shouting: whether most letters are capitals, so that capitals say nothing.

    """

    text: str
    words: tuple[Word, ...]
    spanish: int = 0
    accents: int = 0
    shouting: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    """One typed token and the words it stands for."""

    raw: str
    typed: str
    words: tuple[str, ...]
    comma: bool


def normalise(text: str) -> Normal:
    """Return the words of a message: folded, contractions spelt out, no punctuation, emoji or control characters.

    Takes time in proportion to at most 4,096 characters, whatever the length of the message.
    """
    short = text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"
    composed = unicodedata.normalize("NFC", short)
    letters = [char for char in composed if char.isalpha()]
    shouted = sum(char.isupper() for char in letters)
    words = _without_fillers(list(_placed(_tokens(_cleaned(composed)))))
    return Normal(
        text=" ".join(word.text for word in words),
        words=tuple(words),
        spanish=len(_SPANISH.findall(composed)),
        accents=len(_ACCENTED.findall(composed)),
        shouting=len(letters) > 3 and shouted > _HALF * len(letters),  # noqa: PLR2004  # "TX?" alone is not shouting
    )


def normalised(text: str) -> str:
    """Return only the normalised text."""
    return normalise(text).text


def _cleaned(text: str) -> str:
    for emoji, word in textspeak.EMOJI_WORDS.items():
        text = text.replace(emoji, f" {word} ")
    composed = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    visible = "".join(_visible(char) for char in composed)
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), visible)


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"} else char


def _tokens(text: str) -> Iterator[_Token]:
    raws = [raw[:MAX_WORD] for raw in _TOKEN.findall(text)]
    folded = [*map(fold, raws), ""]
    for place, raw in enumerate(raws):
        if raw != ",":
            comma = place > 0 and raws[place - 1] == ","
            yield _Token(raw, folded[place], _spelt_out(folded[place], folded[place + 1]), comma)


def _spelt_out(word: str, following: str) -> tuple[str, ...]:
    stem, _, tail = word.partition("'")
    if tail:
        return _apostrophe(stem, tail)
    if stem == "x" and following in textspeak.POR_BEFORE:
        return ("por",)
    short = _shortened(stem)
    return tuple(textspeak.EXPANDED.get(short, short).split())


def _apostrophe(stem: str, tail: str) -> tuple[str, ...]:
    if tail == "s":
        return (stem, "is") if stem in textspeak.IS_AFTER else (stem,)
    if tail in _TAILS:
        return (stem, _TAILS[tail])
    joined = stem + tail
    return tuple(textspeak.EXPANDED.get(joined, joined).split())


def _shortened(word: str) -> str:
    """Return a word with letters repeated for stress ("pleeease") reduced to one, or to two where that is a word."""
    if _RUN.search(word) is None:
        return word
    once, twice = _RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)
    return twice if once not in ORDINARY and twice in ORDINARY else once


def _placed(tokens: Iterator[_Token]) -> Iterator[Word]:
    at = 0
    for token in tokens:
        for nth, text in enumerate(token.words):
            typed = token.typed if nth == 0 else ""
            yield Word(
                text, at, at + len(text), typed, token.raw.isupper(), token.raw[:1].isupper(), token.comma and nth == 0
            )
            at += len(text) + 1


def _without_fillers(words: list[Word]) -> list[Word]:
    first, last = 0, len(words)
    while first < last and _is_filler(words[first].text):
        first += 1
    while last > first and _is_filler(words[last - 1].text):
        last -= 1
    if first == last:
        return words
    shift = words[first].start
    return [_moved(word, shift) for word in words[first:last]] if shift else words[first:last]


def _moved(word: Word, shift: int) -> Word:
    return Word(word.text, word.start - shift, word.end - shift, word.typed, word.shouted, word.capital, word.comma)


def _is_filler(word: str) -> bool:
    return word in textspeak.FILLERS or _LAUGH.fullmatch(word) is not None
