"""A frightened message -> plain words: accents, leetspeak, spaced or glued letters, text-speak and misspellings undone.

Emoji are kept apart: they are context for the scorer, never a sign by themselves.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import TYPE_CHECKING

from bot.understanding import textspeak
from bot.understanding.crisis.glued import Unglue
from bot.understanding.fold import fold, replaced
from bot.understanding.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEPT = 4_096
"""Of a longer message the first and the last so many characters are read."""

MAX_WORD = 48
"""Letters kept of one word."""

MOST_STRANGE = 80
"""Words of one message that are nobody's words and may be looked through for a disguise; more are only padding."""

EMOJI = {
    "\N{HOCHO}": "knife",
    "\N{DAGGER KNIFE}": "knife",
    "\N{PILL}": "pill",
    "\N{SYRINGE}": "needle",
    "\N{LOUDLY CRYING FACE}": "crying",
    "\N{CRYING FACE}": "crying",
    "\N{BROKEN HEART}": "broken",
    "\N{DROP OF BLOOD}": "blood",
    "\N{PISTOL}": "gun",
    "\N{COFFIN}": "coffin",
    "\N{SKULL}": "skull",
    "\N{FACE WITH TEARS OF JOY}": "laughing",
    "\N{ROLLING ON THE FLOOR LAUGHING}": "laughing",
    "\N{FACE SCREAMING IN FEAR}": "fear",
    "\N{SQUARED SOS}": "sos",
}
"""Emoji with a meaning -> the name under which the scorer knows it."""

_QUOTES = dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4`\u2032\uff07", "'")
_TOKEN = re.compile(r"[@$]?[a-z0-9][a-z0-9'@$!*]{0,63}|[.!?]+|\n\n")
_LEET = str.maketrans("01345789@$!|", "oieastbgasil")
_RUN = re.compile(r"(.)\1{2,}")
_SPANISH = re.compile("[\u00f1\u00d1\u00bf\u00a1]")
_STEPS = {("my", "self"): "myself", ("him", "self"): "himself", ("her", "self"): "herself", ("any", "more"): "anymore"}
_SECOND = frozenset(second for _, second in _STEPS)
_MOST_CACHED = 20_000
_SPACED = 4  # single letters in a row that are a word in disguise


@dataclass(frozen=True, slots=True)
class Tokens:
    """A message read.

    Attributes:
        words: normalised words in order.
        breaks: places of the words that begin a new sentence.
        sentence: of each word the number of its sentence.
        emoji: names of the emoji with a meaning.
        spanish: how many letters and marks were typed that only Spanish has.

    """

    words: tuple[str, ...]
    breaks: frozenset[int]
    sentence: tuple[int, ...]
    emoji: frozenset[str]
    spanish: int


class Reader:
    """Turns messages into words; knows the words that signs are made of, so that a disguise can be seen through."""

    def __init__(self, spellings: Mapping[str, str], key_words: Iterable[str]) -> None:
        """Take what is typed -> meant, and the words that are known even when misspelt."""
        self._spellings = {**textspeak.EXPANDED, **{fold(typed): fold(meant) for typed, meant in spellings.items()}}
        self._plain = word_list("en").all | word_list("es").all
        self._known = self._plain | set(self._spellings)
        self._unglue = Unglue((), self._plain, ())
        self._keys = tuple(fold(word) for word in key_words)
        self._cache: dict[str, tuple[str, ...]] = {}

    def learn(self, vocabulary: Iterable[str]) -> None:
        """Take in the words of the signs, once all patterns are compiled."""
        words = frozenset(vocabulary)
        self._unglue = Unglue(words, self._plain, self._keys)
        self._known = self._plain | set(self._spellings) | words | set(self._keys)
        self._cache.clear()

    def spell(self, word: str) -> tuple[str, ...]:
        """Return the words that one word of a pattern stands for; nothing is guessed."""
        return self._expanded(fold(replaced(word, _QUOTES)))

    def read(self, text: str) -> Tokens:
        """Return the words of a message; takes time in proportion to at most 8,192 characters."""
        short = _ends(text)
        composed = _composed(short)
        words, breaks = self._words(_TOKEN.findall(_visible(fold(composed))))
        emoji = frozenset(name for sign, name in EMOJI.items() if sign in short)
        return Tokens(
            tuple(words), frozenset(breaks), _numbers(breaks, len(words)), emoji, len(_SPANISH.findall(composed))
        )

    def _words(self, tokens: list[str]) -> tuple[list[str], set[int]]:
        words: list[str] = []
        breaks: set[int] = set()
        at = strange = 0
        while at < len(tokens):
            token, taken = tokens[at], 1
            if token[0] in ".!?\n":
                if len(token) == 1 or token.strip("."):  # "..." is a pause, not an end
                    breaks.add(len(words))
            else:
                if len(token) == 1 and (taken := _spaced(tokens, at)) > 1:
                    token = "".join(one for one in tokens[at : at + taken] if one != ".")
                strange += token not in self._known
                # counted for every message alike, so that what was read before changes nothing
                more = (self._cache.get(token) or self._word(token)) if strange <= MOST_STRANGE else (token,)
                if _SECOND.isdisjoint(more):
                    words += more
                else:
                    _join(words, more)
            at += taken
        return words, breaks

    def _word(self, token: str) -> tuple[str, ...]:
        known = self._cache.get(token)
        if known is None:
            known = self._found(token.rstrip("'@$!*"))
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            self._cache[token] = known
        return known

    def _found(self, token: str) -> tuple[str, ...]:
        token = token[:MAX_WORD]
        if token.isdigit():
            return (token,)
        if token in self._known:
            return self._expanded(token)
        if "*" in token:
            return self._expanded(self._unglue.starred(token) or token.replace("*", ""))
        letters = token.translate(_LEET)
        if letters != token:
            return self._unmasked(token, letters)
        return self._plain_word(token)

    def _unmasked(self, token: str, letters: str) -> tuple[str, ...]:
        short = self._shortened(letters)
        if short in self._known or self._unglue.key(short):
            return self._plain_word(short)
        parts = re.findall(r"[a-z0-9']+", token)
        if len(parts) > 1:
            return tuple(word for part in parts for word in self._word(part))
        return self._unglue.parts(short) or self._expanded(parts[0] if parts else token)

    def _plain_word(self, word: str) -> tuple[str, ...]:
        short = self._shortened(word)
        if short in self._known or "'" in short:
            return self._expanded(short)
        if key := self._unglue.key(short):
            return self._expanded(key)
        parts = self._unglue.parts(short)
        return tuple(one for part in parts for one in self._expanded(part)) if parts else (short,)

    def _shortened(self, word: str) -> str:
        if not _RUN.search(word):
            return word
        twice, once = _RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)
        return twice if twice in self._known and once not in self._known else once

    def _expanded(self, word: str) -> tuple[str, ...]:
        if word in self._spellings:
            return tuple(self._spellings[word].split())
        stem, _, tail = word.partition("'")
        if not (stem and tail):
            return self._expanded(tail) if tail else (stem,) if stem else ()
        if tail == "s":
            return (stem, "is") if stem in textspeak.IS_AFTER else (stem,)
        joined = stem + tail
        if joined in self._spellings:
            return tuple(self._spellings[joined].split())
        return (stem, {"ll": "will", "re": "are", "d": "would", "ve": "have", "m": "am"}.get(tail, tail))


def _ends(text: str) -> str:
    """Return the first and the last KEPT characters of a long text."""
    return text if len(text) <= 2 * KEPT else f"{text[:KEPT]} {text[-KEPT:]}"


def _composed(text: str) -> str:
    """Return `text` with each letter in its usual form, and straight quotes."""
    if text.isascii():
        return text.replace("`", "'")
    return _ends(unicodedata.normalize("NFKC", replaced(text, _QUOTES)))


def _visible(text: str) -> str:
    """Return `text` without the characters that only tell how to set it, such as soft hyphens."""
    if text.isascii():
        return text
    return replaced(text, {char: "" for char in set(text) if unicodedata.category(char) == "Cf"})


def _numbers(breaks: Iterable[int], words: int) -> tuple[int, ...]:
    """Return of each word the number of its sentence."""
    bounds = [0, *sorted(place for place in breaks if place < words), words]
    return tuple(chain.from_iterable(repeat(nth, end - start) for nth, (start, end) in enumerate(pairwise(bounds))))


def _join(words: list[str], more: Iterable[str]) -> None:
    """Append words; a word that was typed as two becomes one."""
    for word in more:
        joined = _STEPS.get((words[-1], word)) if words else None
        if joined:
            words[-1] = joined
        else:
            words.append(word)


def _spaced(tokens: list[str], at: int) -> int:
    """Return how many tokens from `at` are one word typed letter by letter; 1 for an ordinary word."""
    end, letters = at, 0
    while end < len(tokens) and (len(tokens[end]) == 1 and (tokens[end].isalpha() or tokens[end] == ".")):
        letters += tokens[end].isalpha()
        end += 1
    return end - at if letters >= _SPACED else 1
