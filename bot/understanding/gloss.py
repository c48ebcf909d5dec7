"""Spanish read as English, word by word: the encoder knows English best, and a rough gloss is enough for it.

People's Spanish is glossed, not translated, and nobody is shown it: only the encoder reads it, beside the Spanish.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.understanding.wordlist import word_list, word_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).parent / "words" / "glossary.txt"
_LONGEST = 4
"""Words of the longest group that is looked for."""


@dataclass(frozen=True, slots=True)
class _Glossary:
    """The list, ready for use: the English of words and groups, and which words are English as well."""

    meant: Mapping[str, str]
    openers: frozenset[str]
    english: frozenset[str]


def glossed(text: str) -> str:
    """Return a normalised text with its Spanish words read as English; an English text as it is."""
    words = text.split()
    glossary = _glossary()
    if not _is_spanish(words, glossary):
        return text
    read: list[str] = []
    at = 0
    while at < len(words):
        length = _group(words, at, glossary)
        group = " ".join(words[at : at + length])
        read.append(glossary.meant.get(group, group))
        at += length
    return " ".join(filter(None, read))


@cache
def edition() -> str:
    """Return what the glossary is called in what was learned with it: another one reads otherwise."""
    return f"gloss-{hashlib.sha256(_FILE.read_bytes()).hexdigest()[:8]}"


def _is_spanish(words: list[str], glossary: _Glossary) -> bool:
    """Return whether more words are Spanish only than English only."""
    known = word_list("en").all
    spanish = sum(word in glossary.meant and word not in glossary.english for word in words)
    english = sum(word in known and word not in glossary.meant for word in words)
    return spanish > 0 and spanish >= english


def _group(words: list[str], at: int, glossary: _Glossary) -> int:
    """Return how many words from `at` on are read as one."""
    if words[at] in glossary.openers:
        for length in range(min(_LONGEST, len(words) - at), 1, -1):
            if " ".join(words[at : at + length]) in glossary.meant:
                return length
    return 1


@cache
def _glossary() -> _Glossary:
    """Return the list as its file has it."""
    text = _FILE.read_text(encoding="utf-8")
    meant, lines = dict(word_pairs(text)), text.splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith("# english"))
    english = " ".join(lines[start + 1 : lines.index("", start)])
    return _Glossary(meant, frozenset(said.split()[0] for said in meant if " " in said), frozenset(english.split()))
