"""How hard a text is to read: sentences, syllables and a US school grade, for English and Spanish, without a library.

English: the Flesch-Kincaid grade (Kincaid et al. 1975), 0.39 words a sentence + 11.8 syllables a word - 15.59.
Spanish: Crawford's grade (1985), 0.049 syllables in 100 words - 0.205 sentences in 100 words - 3.407.
Names, numbers and words of the glossary are left out of the syllables: they cannot be made shorter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_END = re.compile(r"(?<!\b[A-Z])(?<!\b(?:St|Dr|Mr|Ms|No|vs|Sr))[.!?]+(?=\s|$)|[:;](?=\s|$)|\s[\u2013\u2014]\s|\n")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_QUOTED = re.compile(r"[\"\u201c\u00ab][^\"\u201d\u00bb]*[\"\u201d\u00bb]")
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+(?:com|org|gov|edu|net|us|info)\b\S*", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+")
_ONE_SOUND = re.compile(r"[^l]ely$|[^aeiouy]ement|[^tdr]ed$|[aeiou]red$|[^aeiouysxczg](?<!sh)(?<!ch)es$")
"""Endings whose e is silent: safely, payment-like, called, hired, phones."""

_TWO_SOUNDS = tuple(
    map(
        re.compile,
        (
            r"(?<![cgt])ia",
            r"iet|dien|creat|theat",
            r"(?<![sgct])io(?!u)|eo$|ea$",
            r"ism$",
            r"[^gq]ua[^aeiou]",
            r"[aeiou]ing$|[aeiou]y[aeiou]",
            r"[^aeioul]l(?:es|ed)$",
        ),
    )
)
"""Two vowels, or a consonant and an l, that sound apart: family-like ia, diet, video, going, settled."""

_STRONG, _WEAK = "aeoáéíóú", "iuü"
_FEWEST = 20
"""Words below which a grade says nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures of one text: words of each sentence, syllables of the words that count, and the grade."""

    sentences: tuple[str, ...]
    words: int
    grade: float | None

    @property
    def longest(self) -> tuple[int, str]:
        """Return the longest sentence with its number of words."""
        return max(((len(_words(one)), one) for one in self.sentences), default=(0, ""))

    @property
    def average(self) -> float:
        """Return words a sentence."""
        return self.words / len(self.sentences) if self.sentences else 0.0


def measure(lines: Iterable[str], language: str, known: Collection[str] = ()) -> Reading:
    """Return how hard `lines` are to read; `known` are terms, in lower case, that do not count."""
    sentences = tuple(part.strip() for line in lines for part in _END.split(_plain(line)) if part and _words(part))
    counted = [word for one in sentences for word in _counted(one, known)]
    words = sum(len(_words(one)) for one in sentences)
    grade = None
    if words >= _FEWEST and counted:
        a_word = sum(syllables(word, language) for word in counted) / len(counted)
        grade = _grade(language, words / len(sentences), a_word)
    return Reading(sentences, words, grade)


def _grade(language: str, a_sentence: float, a_word: float) -> float:
    """Return the grade from words a sentence and syllables a word."""
    if language == "es":
        return 0.049 * 100 * a_word - 0.205 * 100 / a_sentence - 3.407
    return 0.39 * a_sentence + 11.8 * a_word - 15.59


@cache
def syllables(word: str, language: str) -> int:
    """Return how many syllables a word has, by the look of its letters: at least one."""
    return _spanish(word.lower()) if language == "es" else _english(word.lower())


def _english(word: str) -> int:
    """Return the vowel groups, less those that sound as one and more those that sound as two (Fast 1999)."""
    parts = word.replace("\u2019", "'").split("-")
    return sum(_english_part(part.replace("'", "")) for part in parts) if word else 1


def _english_part(word: str) -> int:
    stem = re.sub(r"(?<![aeiouyl])e$|(?<=[aeiouy])le$", "", word) if len(word) > 2 else word  # noqa: PLR2004  # be, me
    fewer = len(_ONE_SOUND.findall(stem))
    more = sum(bool(pattern.search(stem)) for pattern in _TWO_SOUNDS)
    return max(len(_VOWELS.findall(stem)) - fewer + more, 1)


def _spanish(word: str) -> int:
    """Return the vowel nuclei: two strong vowels part, a weak one clings to its neighbour unless it has the accent."""
    word = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "k", word)
    count, before = 0, ""
    for letter in word:
        if letter in _STRONG or letter in _WEAK:
            apart = before in _STRONG and letter in _STRONG if before else True
            accented = before in "íú" or letter in "íú"
            count += 1 if not before or apart or (accented and before != "") else 0
        before = letter if letter in _STRONG + _WEAK else ""
    return max(count, 1)


def _plain(line: str) -> str:
    return _ADDRESS.sub("Web", line)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _counted(sentence: str, known: Collection[str]) -> list[str]:
    """Return the words of a sentence that its writer could have chosen otherwise."""
    text = _QUOTED.sub(" ", sentence)
    low = text.lower()
    for term in known:
        if term in low:
            text = re.sub(rf"\b{re.escape(term)}\b", " ", text, flags=re.IGNORECASE)
    words = _words(text)
    return [word for place, word in enumerate(words) if place == 0 or not word[0].isupper()]
