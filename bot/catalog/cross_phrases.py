"""A phrase may stand once: in one intent, as an example or as a test, or among what belongs to none."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalog.model import Catalog, Intent, Mark, OutOfScopeGroup, Phrase

_NOT_A_WORD = re.compile(r"[^\w{}]+")


@dataclass(frozen=True, slots=True)
class _Claim:
    """Who has a phrase: an intent or group, as an example or as a test, in which language and where."""

    owner: str
    role: str
    language: str
    mark: Mark


def checked(catalog: Catalog) -> tuple[Catalog, list[Finding]]:
    """Return the catalog in which no phrase stands twice (the first one stays), and findings about the others."""
    claims = _Claims()
    intents = {name: claims.examples(intent) for name, intent in catalog.intents.items()}
    groups = tuple(claims.group(group) for group in catalog.out_of_scope)
    intents = {name: claims.tests(intent) for name, intent in intents.items()}
    groups = tuple(claims.group_tests(group) for group in groups)
    synonyms = _synonyms(catalog)
    return replace(catalog, intents=intents, out_of_scope=groups), [*claims.findings, *synonyms]


def folded(text: str) -> str:
    """Return `text` without case, accents and punctuation, to see whether two phrases are one."""
    if text.isascii():  # nearly all are, and there are fifty thousand
        return _NOT_A_WORD.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_A_WORD.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()


_A = {"example": "an example", "test": "a test", "phrase": "a phrase"}


class _Claims:
    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._first: dict[str, _Claim] = {}

    def examples(self, intent: Intent) -> Intent:
        return replace(intent, examples=self._kept(intent.id, "example", intent.examples))

    def group(self, group: OutOfScopeGroup) -> OutOfScopeGroup:
        return replace(group, phrases=self._kept(f"out_of_scope {group.id}", "phrase", group.phrases))

    def group_tests(self, group: OutOfScopeGroup) -> OutOfScopeGroup:
        return replace(group, tests=self._kept(f"out_of_scope {group.id}", "test", group.tests))

    def tests(self, intent: Intent) -> Intent:
        claims = ((one, _Claim(intent.id, "test", one.language, one.mark)) for one in intent.tests)
        return replace(intent, tests=tuple(one for one, claim in claims if self._free(one.say, claim)))

    def _kept(self, owner: str, role: str, phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
        claims = ((one, _Claim(owner, role, one.language, one.mark)) for one in phrases)
        return tuple(one for one, claim in claims if self._free(one.text, claim))

    def _free(self, text: str, claim: _Claim) -> bool:
        """Say whether nobody has the phrase yet; if somebody has, that is a finding."""
        first = self._first.setdefault(folded(text) or text, claim)
        same_list = first.owner == claim.owner and first.role == claim.role
        # "menu" may stand in both languages of one intent
        if first is claim or (same_list and first.language != claim.language):
            return True
        self.findings.append(_twice(first, claim, same_list=same_list))
        return False


def _twice(first: _Claim, claim: _Claim, *, same_list: bool) -> Finding:
    expected = "each phrase once; the first one stays"
    if same_list:
        what = f"this {claim.role} stands twice, first at {first.mark}"
        return Finding(claim.mark, what, expected, level=Level.WARNING, code="phrase-twice")
    if first.owner == claim.owner:
        what = f"this {claim.role} is also {_A[first.role]} of `{claim.owner}`, at {first.mark}"
        return Finding(claim.mark, what, "a test that is worded in another way", code="test-learned")
    what = f"this {claim.role} of `{claim.owner}` is also claimed by `{first.owner}`, at {first.mark}"
    return Finding(claim.mark, what, expected, code="phrase-claimed")


def _synonyms(catalog: Catalog) -> list[Finding]:
    findings = []
    for slot in catalog.slots.values():
        first: dict[tuple[str, str], str] = {}
        for value in slot.values.values():
            for language, words in value.synonyms.items():
                for word in words:
                    owner = first.setdefault((language, folded(word)), value.id)
                    if owner != value.id:
                        what = f"the synonym `{word}` ({language}) of `{value.id}` also means `{owner}`"
                        finding = Finding(
                            value.mark, what, "a word for one of them", level=Level.WARNING, code="synonym-twice"
                        )
                        findings.append(finding)
    return findings
