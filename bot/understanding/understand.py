"""One message -> one Reading. Pure: the same catalog and message always give the same reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.understanding.bare import is_bare
from bot.understanding.clauses import clauses
from bot.understanding.examples import OUT_OF_SCOPE, blanked, blanks_of, finder_of
from bot.understanding.following import leans
from bot.understanding.language import LanguageGuesser
from bot.understanding.loans import native
from bot.understanding.matcher import Asked, Matcher
from bot.understanding.normalise import normalise
from bot.understanding.reading import Candidate, LanguageGuess, Reading
from bot.understanding.rude import without_rudeness
from bot.understanding.slots import marked, marker, without
from bot.understanding.spelling import Speller
from bot.understanding.teaching import taught
from bot.understanding.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bot.catalog.model import Catalog, Slot
    from bot.understanding.calibration import Calibration, HeldOut
    from bot.understanding.encoding import Encoder
    from bot.understanding.matcher import Matched, Neighbours
    from bot.understanding.normalise import Normal
    from bot.understanding.reading import Nearest, SlotHit
    from bot.understanding.tuning import Tuning
    from bot.understanding.votes import Votes

MOST_CANDIDATES = 5
"""How many intents a reading names."""

_HALF = 0.5
_PLAINLY = 0.55  # similarity to a phrase of the group, of at most 1


class Understanding:
    """Everything learned from one catalog; reads messages."""

    def __init__(
        self,
        catalog: Catalog,
        encoder: Encoder | None = None,
        cache: Path | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        """Learn the catalog's phrases, slots and languages (some seconds for thousands of phrases).

        Args:
            catalog: what staff wrote.
            encoder: turns sentences into meaning; words alone decide when None.
            cache: a folder where what was learned is kept for the next start; nothing is kept when None.
            calibration: turns scores into probabilities; fitted to the examples when None.

        """
        self.encoder = encoder
        self._blanks = blanks_of(catalog)
        self._titles = {intent.id: intent.title for intent in catalog.intents.values()}
        self._markers = frozenset(marker(slot) for slot in catalog.slots)
        self._places = frozenset(marker(slot.id) for slot in catalog.slots.values() if _is_place(slot))
        learned = taught(catalog, encoder, cache, hold_out=calibration is None)
        self._finder = finder_of(catalog, learned.vocabulary)
        reads = {
            code: [example.read for example in learned.examples if example.language == code]
            for code in catalog.languages
        }
        self._guesser = LanguageGuesser(reads, self._markers | self._finder.words)
        self._spellers = {code: self._speller(code, reads) for code in reads}
        self._matcher = Matcher(catalog.intents, learned)
        self._matcher.calibration = calibration or self._matcher.calibration

    def read(
        self,
        text: str,
        *,
        current: str | None = None,
        chosen: bool = False,
        wants: str | None = None,
        after: str | None = None,
    ) -> Reading:
        """Return what a message means.

        `current` is the conversation's language and `chosen` says that the person chose it. `wants` is the slot that
        the line has just asked for, if any: then a lone abbreviation ("ok", "in") is taken for its value. `after` is
        the intent answered last, on which a short message may lean.
        """
        normal = normalise(text)
        hits = self._finder.find(normal, wants=wants)
        own = self._language(normal, hits, current)
        asked, spelling = self._asked(normal, hits, own.code)
        asked = replace(asked, after=after, together=self._together(asked, after))
        plain = Reading(
            text=text,
            normal=normal.text,
            language=LanguageGuess(current, certain=True, scores=own.scores) if chosen and current else own,
            slots=hits,
            spelling=spelling,
            bare=is_bare(asked.text.split(), self._markers),
            points=self._finder.pointed(normal),
            placeless=asked.placeless,
        )
        return _with_meaning(plain, self._matcher.match(asked)) if asked.text else plain

    def tuned(self, catalog: Catalog, held_out: Sequence[tuple[str, str]], date: str) -> Tuning:
        """Return calibration and bars; `date` is the day it is made.

        They are fitted on the catalog's tests and on `held_out`: more messages that nothing was learned from, each
        behind the intent that was meant. Tests alone would flatter, for a test that is not kept moves there.
        """
        tests = [(intent.id, test.say) for intent in catalog.intents.values() for test in intent.tests]
        tests += held_out
        outside = [(f"{OUT_OF_SCOPE}{one.id}", test.text) for one in catalog.out_of_scope for test in one.tests]
        from bot.understanding.bars import tune  # noqa: PLC0415  # takes memory that reading does not need

        return tune(self._tested(tests), self._tested(outside), date)

    def _tested(self, tests: Sequence[tuple[str, str]]) -> HeldOut:
        """Return how texts fare that were never learned; each with its right label."""
        return self._matcher.tested([self._read_as(text) for _, text in tests], [label for label, _ in tests])

    def read_clauses(self, text: str, *, current: str | None = None, chosen: bool = False) -> tuple[Reading, ...]:
        """Return a reading of each question in a message that asks several, nothing for one that asks one."""
        return tuple(self.read(clause, current=current, chosen=chosen) for clause in clauses(text))

    def _read_as(self, text: str) -> Asked:
        normal = normalise(text)
        hits = self._finder.find(normal)
        return self._asked(normal, hits, self._language(normal, hits, None).code)[0]

    def _asked(
        self, normal: Normal, hits: Sequence[SlotHit], language: str
    ) -> tuple[Asked, tuple[tuple[str, str], ...]]:
        """Return what is matched, and the words that were read as others."""
        read, spelling = self._spelt(normal, hits, language)
        named = [hit for hit in hits if not hit.denied]
        found = {hit.slot: frozenset(h.value for h in named if h.slot == hit.slot) for hit in named}
        placeless = without(read, self._places) if self._places & set(read.split()) else ""
        empty = is_bare(placeless.split(), self._markers)
        return Asked(read, found, language, None if empty else placeless), spelling

    def _together(self, asked: Asked, after: str | None) -> str | None:
        """Return a text that leans on what was answered last behind that question; None for one that stands alone."""
        if after not in self._titles or not leans(asked.text):
            return None
        titles = self._titles[after]
        title = normalise(blanked(titles.get(asked.language) or next(iter(titles.values()), "")))
        before, _ = self._spelt(title, self._finder.find(title), asked.language)
        return f"{before} {asked.text}"

    @property
    def calibration(self) -> Calibration:
        """Return what turns scores into probabilities."""
        return self._matcher.calibration

    @property
    def votes(self) -> Votes | None:
        """Return the classifier of all languages, where there is one."""
        return self._matcher.votes

    def neighbours(self, k: int = 5) -> Iterator[Neighbours]:
        """Yield each learned phrase with the `k` others most like it; takes seconds, for tools of staff."""
        return self._matcher.neighbours(k)

    def words_for(self, reading: Reading) -> tuple[str, ...]:
        """Return the words of a message that spoke most for its first candidate, best first; for explaining."""
        if not reading.candidates:
            return ()
        asked = self._read_as(reading.text)
        words = self._matcher.words_for(asked.text, reading.candidates[0].intent, asked.language)
        return tuple(word for word in words if word not in self._markers)

    def _speller(self, code: str, reads: dict[str, list[str]]) -> Speller:
        others = [other for other in reads if other != code]
        foreign = {word for other in others for text in reads[other] for word in text.split()}
        foreign |= {word for other in others for word in word_list(other).all}
        return Speller(reads[code], word_list(code).all, foreign | self._finder.words | self._markers)

    def _language(self, normal: Normal, hits: Sequence[SlotHit], current: str | None) -> LanguageGuess:
        """Return the message's own language, whatever language was chosen to be spoken."""
        return self._guesser.weigh(normal, [(hit.start, hit.end) for hit in hits], current=current)

    def _spelt(self, normal: Normal, hits: Sequence[SlotHit], language: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return what the classifier reads and the words that were read as others."""
        speller = self._spellers.get(language)
        if speller is None:
            return marked(normal, hits, self._blanks), ()
        kept, rude = without_rudeness(marked(normal, hits, self._blanks))
        words, named = kept.split(), _names(normal)
        read = [word if word in named else speller.read(native(word, language)) for word in words]
        pairs = [(word, meant) for word, meant in zip(words, read, strict=True) if word != meant]
        return " ".join(read), tuple(dict.fromkeys([*((said, "") for said in rude), *pairs]))


def _is_place(slot: Slot) -> bool:
    """Return whether a slot's values are no persons."""
    return all(value.pronoun is None for value in slot.values.values())


def _names(normal: Normal) -> frozenset[str]:
    """Return words that are written like names: a capital inside a sentence that is not all capitals."""
    capitals = [word for word in normal.words if word.capital]
    if len(capitals) > _HALF * len(normal.words):
        return frozenset()
    return frozenset(word.text for word in capitals if word.start > 0)


def _with_meaning(plain: Reading, matched: Matched) -> Reading:
    """Return the reading with what its words may mean."""
    ranked = matched.probabilities
    intents = [(label, share) for label, share in ranked if share > 0 and not label.startswith(OUT_OF_SCOPE)]
    candidates = tuple(Candidate(label, min(1.0, share)) for label, share in intents[:MOST_CANDIDATES])
    likeliest = not candidates or matched.outside > candidates[0].confidence
    return replace(
        plain,
        candidates=candidates,
        out_of_scope=matched.outside,
        group=_group(ranked, matched.outside, matched.nearest) if likeliest else None,
        nearest=matched.nearest,
    )


def _group(ranked: Sequence[tuple[str, float]], outside: float, nearest: Sequence[Nearest]) -> str | None:
    """Return the group that makes up most of what is out of scope, if the message is near one of its phrases.

    A group has words of its own ("I cannot help with that"): said to the wrong person they hurt, so it must be plain.
    """
    groups = [(label, share) for label, share in ranked if label.startswith(OUT_OF_SCOPE)]
    if not groups or groups[0][1] < _HALF * outside:
        return None
    label = groups[0][0]
    near = any(one.intent == label and one.similarity >= _PLAINLY for one in nearest)
    return label.removeprefix(OUT_OF_SCOPE) if near else None
