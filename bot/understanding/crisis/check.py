"""The crisis check: a message in, a verdict or None out. It needs no clock, no network, and no file but its cache.

Signs decide first, then a scorer. Where there is an encoder with a second look, it decides together with the scorer;
where there is none, or it fails, the scorer alone.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from bot.catalog.crisis_model import URGENCY, CrisisRules, LabelledLine
from bot.understanding.crisis import scorer as scoring
from bot.understanding.crisis.builtin import completed
from bot.understanding.crisis.cache import fingerprint, load_scorer, save_scorer
from bot.understanding.crisis.scorer import Heard
from bot.understanding.crisis.second import BAR, DOUBT
from bot.understanding.crisis.signs import Found, Seen, Signs
from bot.understanding.crisis.verdict import Verdict
from bot.understanding.wordlist import word_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.catalog.findings import Finding
    from bot.understanding.crisis.scorer import Scorer
    from bot.understanding.crisis.second import Looked, SecondLook

LIKELY_ALONE = 2
"""Kinds of likely signs of one class that decide together while the scorer has learned nothing."""

MOST_ORDINARY = 12_000
"""Ordinary phrases that are learned from; of more, some are left out, evenly."""

SURE, UNLIKELY = 0.5, 0.1
"""From SURE on the scorer's class counts beside those of signs; a sign's class below UNLIKELY stands behind it."""

SCORER = "scorer"
_RANK = {name: place for place, name in enumerate(URGENCY)}
_HALF = 0.5
_STRENGTHS = ("likely", "strong", "always")
_FIRST = frozenset({"i", "me", "my", "myself", "yo", "mi"})
_THIRD = frozenset(
    {
        "he", "she", "him", "her", "his", "they", "them", "someone", "somebody", "friend", "son", "daughter",
        "brother", "sister", "husband", "wife", "mom", "mother", "dad", "father", "cousin", "boyfriend",
        "girlfriend", "roommate", "homie", "cellmate", "cellie", "celly", "bunkie", "neighbor", "uncle", "aunt",
        "nephew", "grandson", "hijo", "hija", "amigo", "amiga", "hermano", "hermana", "esposo", "esposa", "marido",
        "mama", "papa", "primo", "prima", "novio", "novia", "vecino", "vecina", "companero", "companera", "alguien",
        "el", "ella", "tio", "tia", "nieto", "nieta", "sobrino", "sobrina",
    }
)  # fmt: skip
"""Words that tell of somebody else."""


class CrisisCheck:
    """Signs that decide alone, then a scorer for what they miss. Built once; `check` may be called from any task.

    `second` looks at what a message means where no sign decides; the scorer decides alone while it is None.
    """

    def __init__(
        self,
        rules: CrisisRules,
        learn: Sequence[LabelledLine] = (),
        ordinary: Sequence[str] = (),
        cache: Path | None = None,
    ) -> None:
        """Compile the rules and learn from the lines (some seconds for thousands of them).

        Args:
            rules: what staff wrote; a class that is missing is caught by the signs built into the code.
            learn: labelled lines.
            ordinary: phrases that are certainly no crisis.
            cache: a folder where what was learned is kept for the next start; nothing is kept when None.

        """
        self.second: SecondLook | None = None
        whole = completed(rules)
        self._cards = {name: one.card for name, one in whole.classes.items()}
        self._signs = Signs(whole)
        self._scorer = self._remembered(whole, learn, _evenly(ordinary, MOST_ORDINARY), cache)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the patterns that could not be compiled, as findings for their writers."""
        return tuple(self._signs.findings)

    @property
    def scorer(self) -> Scorer | None:
        """Return what was learned, with its cross-validation; None when there were too few lines."""
        return self._scorer

    def check(self, text: str) -> Verdict | None:
        """Return what crisis a message speaks of, or None; takes time linear in at most 8,192 characters."""
        return self._verdict(self._signs.see(text))

    def words(self, text: str) -> Sequence[str]:
        """Return the words of a message as the check reads them."""
        return self._signs.see(text).tokens.words

    def weigh(self, text: str) -> Heard:
        """Return what the scorer says of a message."""
        return self._heard(self._signs.see(text))

    def signed(self, text: str) -> bool:
        """Say whether signs alone decide that a message is of a crisis."""
        seen = self._signs.see(text)
        heard = self._heard(seen)
        return bool(self._deciding(seen, heard, self._looked(seen, heard)))

    def explain(self, text: str) -> list[str]:
        """Return, one fact a line, which signs, guards and scores decided, in words for staff."""
        seen = self._signs.see(text)
        verdict = self._verdict(seen)
        told = [f"verdict     {_told(verdict)}", f"read as     {' '.join(seen.tokens.words)}"]
        told += [_told_sign(one, seen) for one in seen.found]
        told += [f"guard       {name} is in the message" for name in seen.guards]
        told += [f"idiom       “{text}” is not looked at" for text in seen.idioms]
        if self._scorer:
            bar, floor = self._scorer.bar, self._scorer.floor
            heard = self._scorer.hear(seen)
            told.append(f"score       {heard.chance:.3f}; a card from {bar:.3f}, with a strong sign from {floor:.3f}")
            shares = sorted(self._scorer.classes(seen, heard).items(), key=lambda one: -one[1])
            told += [f"class       {share:.3f}  {name}" for name, share in shares]
            told += self._told_second(seen, heard)
        return told

    def _told_second(self, seen: Seen, heard: Heard) -> list[str]:
        looked = self._looked(seen, heard)
        if looked is None:
            return []
        bar = f"a card from {BAR:.2f} where no sign decides, with a strong sign from {DOUBT:.2f}"
        return [f"second look {looked.odds:.2f}; {bar}; likeliest {looked.likely}"]

    def _remembered(
        self, rules: CrisisRules, learn: Sequence[LabelledLine], ordinary: Sequence[str], cache: Path | None
    ) -> Scorer | None:
        """Return what was learned from the same before, or learn it now and keep it; a full disk costs only time."""
        families = rules.shared.families
        lines = (*learn, *_near(rules)) if learn else ()
        if cache is None or not lines:
            return self._learned(lines, ordinary, families)
        name = f"crisis-{fingerprint(rules, lines, ordinary)[:24]}"
        known = load_scorer(cache, name, families)
        scorer = known or self._learned(lines, ordinary, families)
        if scorer and known is None:
            with suppress(OSError):
                save_scorer(cache, name, scorer)
        return scorer

    def _learned(
        self, lines: Sequence[LabelledLine], ordinary: Sequence[str], families: Mapping[str, Sequence[str]]
    ) -> Scorer | None:
        if not lines:
            return None
        seen = [self._signs.see(line.text) for line in lines]
        common = [self._signs.see(text) for text in ordinary]
        caught = np.array([_strength(each) for each in (*seen, *common)])
        return scoring.learn(lines, seen, common, caught, families)

    def _verdict(self, seen: Seen) -> Verdict | None:
        heard = self._heard(seen)
        looked = self._looked(seen, heard)
        if deciding := self._deciding(seen, heard, looked):
            return self._by_sign(deciding, seen, heard, looked)
        if self._scorer is None or not seen.tokens.words:
            return None
        if looked is not None:
            if looked.odds < BAR:
                return None
            name = self._meant(seen, heard, looked) or looked.likely
            return self._made(name, seen, self._who(seen, heard), heard.chance, None)
        return self._by_score(self._scorer, seen, heard) if heard.chance >= self._scorer.bar else None

    def _heard(self, seen: Seen) -> Heard:
        return self._scorer.hear(seen) if self._scorer else Heard(1.0, 0, 0)

    def _looked(self, seen: Seen, heard: Heard) -> Looked | None:
        """Return the second look, or None where there is none: then the scorer decides."""
        if self.second is None or self._scorer is None or not seen.tokens.words:
            return None
        try:
            return self.second.look(seen.tokens.words, heard)
        except Exception:  # noqa: BLE001  # it must not take the check with it; the reading, by the same encoder, tells
            return None

    def _deciding(self, seen: Seen, heard: Heard, looked: Looked | None) -> list[Found]:
        """Return the signs that show a card: those that always do; strong ones unless all else speaks against them."""
        trusted = self._scorer is None or heard.chance >= self._scorer.floor
        trusted = trusted and (looked is None or looked.odds >= DOUBT)
        enough = ("always", "strong") if trusted else ("always",)
        deciding = [one for one in seen.standing if one.sign.strength in enough]
        if deciding or self._scorer:
            return deciding
        kinds: dict[str, set[str]] = {}
        for one in seen.standing:
            kinds.setdefault(one.class_id, set()).add(one.sign.kind)
        return [one for one in seen.standing if len(kinds[one.class_id]) >= LIKELY_ALONE]

    def _meant(self, seen: Seen, heard: Heard, looked: Looked | None) -> str | None:
        """Return the class that the second look and the scorer together hold for the likeliest; None without both."""
        if self.second is None or self._scorer is None or looked is None or looked.row is None:
            return None
        return self.second.class_of(looked.row, self._scorer.classes(seen, heard))

    def _by_sign(self, deciding: list[Found], seen: Seen, heard: Heard, looked: Looked | None) -> Verdict:
        classes = self._ranked({one.class_id for one in deciding}, seen, heard)
        meant = None if any(one.sign.strength == "always" for one in deciding) else self._meant(seen, heard, looked)
        classes = [meant, *(name for name in classes if name != meant)] if meant else classes
        by = min(deciding, key=lambda one: (one.class_id != classes[0], one.start))
        who = by.sign.who if by.sign.who != "either" and by.class_id == classes[0] else self._who(seen, heard)
        return replace(self._made(classes[0], seen, who, heard.chance, by), also=tuple(classes[1:]))

    def _ranked(self, signed: set[str], seen: Seen, heard: Heard) -> list[str]:
        """Return the classes of a message, the one whose card is shown first.

        A class that only the words of a sign suggest, and nothing else in the message, stands behind the others.
        """
        if self._scorer is None:
            return sorted(signed, key=_RANK.__getitem__)
        shares = self._scorer.classes(seen, heard)
        sure = {name for name, share in shares.items() if share >= SURE and share == max(shares.values())}
        doubted = {name for name in signed if shares.get(name, 1.0) < UNLIKELY and sure}
        return sorted(signed | sure, key=lambda name: (name in doubted, _RANK[name]))

    def _by_score(self, scorer: Scorer, seen: Seen, heard: Heard) -> Verdict:
        shares = scorer.classes(seen, heard)
        likely = max(shares, key=lambda name: (shares[name], name))
        return self._made(likely, seen, self._who(seen, heard), heard.chance, None)

    def _made(
        self,
        name: str,
        seen: Seen,
        who: Literal["self", "other"],
        score: float,
        by: Found | None,
    ) -> Verdict:
        return Verdict(
            class_id=name,
            who=who,
            sign=by.sign.kind if by else SCORER,
            mark=by.phrase.mark if by else None,
            score=score,
            stage="sign" if by else "scorer",
            language=_language(seen, by),
            guards=seen.guards,
            card=self._cards.get(name, f"crisis/{name}"),
        )

    def _who(self, seen: Seen, heard: Heard) -> Literal["self", "other"]:
        if self._scorer:
            return "other" if self._scorer.other(seen, heard) >= _HALF else "self"
        words = seen.tokens.words
        return "other" if _THIRD.intersection(words) and not _FIRST.intersection(words) else "self"


def _evenly(texts: Sequence[str], most: int) -> Sequence[str]:
    """Return at most `most` of the texts, left out evenly."""
    if len(texts) <= most:
        return texts
    return [texts[place * len(texts) // most] for place in range(most)]


def _near(rules: CrisisRules) -> Iterator[LabelledLine]:
    """Yield the near-misses that stand beside the signs, so that the scorer leaves them alone too."""
    for name, one in rules.classes.items():
        for phrase in one.near_misses:
            yield LabelledLine(phrase.text, None, name, phrase.language, None, phrase.mark)


def _strength(seen: Seen) -> int:
    """Return 2 for a message with a sign that always shows the card, 1 for a strong one, else 0."""
    return max((_STRENGTHS.index(one.sign.strength) for one in seen.standing), default=0)


def _language(seen: Seen, by: Found | None) -> str:
    english, spanish = word_list("en"), word_list("es")
    words = seen.tokens.words
    ours = sum(1 + (word in english.function) for word in words if word in english.all and word not in spanish.all)
    theirs = sum(1 + (word in spanish.function) for word in words if word in spanish.all and word not in english.all)
    theirs += 2 * min(seen.tokens.spanish, 2)
    if ours == theirs:
        return by.phrase.language if by else "en"
    return "es" if theirs > ours else "en"


def _told(verdict: Verdict | None) -> str:
    if verdict is None:
        return "no crisis card"
    also = f"; also {', '.join(verdict.also)}" if verdict.also else ""
    where = f" ({verdict.mark})" if verdict.mark else ""
    return f"{verdict.class_id}, {verdict.who}, in {verdict.language}, by {verdict.sign}{where}{also}"


def _told_sign(found: Found, seen: Seen) -> str:
    words = " ".join(seen.tokens.words[found.start : found.end + 1])
    fate = f"switched off by the guard {found.guard}" if found.guard else found.sign.strength
    return f"sign        {found.class_id}: {found.sign.kind}, “{words}”, {fate} ({found.phrase.mark})"
