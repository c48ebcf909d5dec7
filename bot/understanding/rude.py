"""Rude words beside a question: left out before it is matched, for they pull it away from what it asks.

People who are angry or used to swearing ask the same things as others ("yo dumb ass bot where is my damn license").
A message that is nothing but rude stays as it is: it has an answer of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.understanding.wordlist import word_list, word_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FILE = Path(__file__).parent / "words" / "rude.txt"
_ENOUGH = 2
"""Words beside function words that must be left: with fewer, the rudeness may be all that was said."""

_FUNCTION = word_list("en").function | word_list("es").function
_SAID_TO = "you|your|this|that|tu|este|esta|ese|esa|eres|es"
_BETWEEN = "are|is|a|an|un|una|so|such|tan"


@dataclass(frozen=True, slots=True)
class _Rude:
    """The list, ready for use.

    Attributes:
        words: without one of these a text is not rude.
        meant: what is read for a phrase that is left out ("what" for "what the hell").
        phrase: finds such phrases.
        run: finds rude words in a row, and who is called so.

    """

    words: frozenset[str]
    meant: Mapping[str, str]
    phrase: re.Pattern[str]
    run: re.Pattern[str]


def without_rudeness(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a normalised text without its rude words, and what was left out; the text as it is if little remains."""
    rude = _rude()
    if rude.words.isdisjoint(text.split()):
        return text, ()
    left_out: list[str] = []

    def read(found: re.Match[str]) -> str:
        left_out.append(found[0])
        return rude.meant.get(found[0], "")

    kept = " ".join(rude.run.sub(read, rude.phrase.sub(read, text)).split())
    asks = sum(word not in _FUNCTION for word in kept.split())
    return (kept, tuple(left_out)) if asks >= _ENOUGH else (text, ())


@cache
def _rude() -> _Rude:
    """Return the list as its file has it."""
    kinds = _kinds()
    words, persons, lines = (kinds[kind].split() for kind in ("words", "persons", "line"))
    meant = dict(word_pairs(kinds["phrases"]))
    said = {word for phrase in meant for word in phrase.split()}
    return _Rude(
        words=frozenset({*words, *persons}) | (said - _FUNCTION),
        meant=meant,
        phrase=re.compile(rf"\b{_any(meant)}\b"),
        run=_run(_any(words), _any(persons), _any(lines)),
    )


def _kinds() -> dict[str, str]:
    """Return what stands below each heading ("# words: …") of the file."""
    parts = (part.partition("\n") for part in _FILE.read_text(encoding="utf-8").split("\n# ")[1:])
    return {head.partition(":")[0]: body for head, _, body in parts}


def _run(word: str, person: str, line: str) -> re.Pattern[str]:
    """Return what finds rude words in a row; with a person or the line among them, also who is called so ("you")."""
    called = rf"(?:(?:{_SAID_TO})(?: (?:{_BETWEEN}))* )?(?:{word} )*(?:{person}|{word} {line}|{line} {word})"
    return re.compile(rf"\b(?:{called}(?: (?:{word}|{person}|{line}))*|{word}(?: {word})*)\b")


def _any(some: Iterable[str]) -> str:
    """Return a pattern for any of these, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(some, key=len, reverse=True)))})"
