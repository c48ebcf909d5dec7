"""Are the phrases that the line learns from well chosen? Twice the same, too few, or with somebody's data in them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.understanding.normalise import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.catalog.model import Catalog, Mark

FEWEST, MOST = 10, 40
"""Examples of an intent in one language."""

_PRIVATE = {
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}"),
    "a phone number": re.compile(r"(?<!\d)(?:1[-. ]?)?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)"),
    "a Social Security number": re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"),
    "a bot token": re.compile(r"\d{8,12}:[A-Za-z0-9_-]{30,}"),
}
_FOREIGN = ("CYRILLIC", "GREEK", "FULLWIDTH", "MATHEMATICAL")


def phrase_findings(catalog: Catalog) -> Iterator[Finding]:
    """Yield what is wrong with examples, tests and out-of-scope phrases."""
    owners: dict[tuple[str, str], tuple[str, Mark, str]] = {}
    for owner, language, text, mark in _learned(catalog):
        yield from _letters(text, mark)
        first = owners.setdefault((language, normalised(text) or text), (owner, mark, text))
        if first[1] != mark and (first[0] != owner or first[2] == text):
            what = f"“{text}” stands twice: here and at {first[1]} (`{first[0]}`)"
            yield _warning(mark, what, "each phrase once, where it belongs", "phrase-twice")
    for intent in catalog.intents.values():
        yield from _counts(catalog, intent.id)
        for test in intent.tests:
            yield from _letters(test.say, test.mark)
            if (test.language, normalised(test.say)) in owners:
                owner = owners[test.language, normalised(test.say)][0]
                what = f"the test “{test.say}” is also an example (of `{owner}`), so it tests nothing"
                yield _warning(test.mark, what, "words that nothing was learned from", "test-learned")


def _learned(catalog: Catalog) -> Iterator[tuple[str, str, str, Mark]]:
    for intent in catalog.intents.values():
        yield from ((intent.id, one.language, one.text, one.mark) for one in intent.examples)
    for group in catalog.out_of_scope:
        yield from ((group.id, one.language, one.text, one.mark) for one in group.phrases)


def _counts(catalog: Catalog, name: str) -> Iterator[Finding]:
    intent = catalog.intents[name]
    for code in catalog.languages:
        count = sum(one.language == code for one in intent.examples)
        if 0 < count < FEWEST:
            what = f"`{name}` has {count} examples in `{code}`"
            yield _warning(intent.mark, what, f"{FEWEST} to {MOST}, as different as people are", "few-examples")
        if count and not any(test.language == code for test in intent.tests):
            what = f"`{name}` has no test in `{code}`"
            yield _warning(intent.mark, what, "three to six under `tests:`", "no-tests")


def _letters(text: str, mark: Mark) -> Iterator[Finding]:
    for kind, pattern in _PRIVATE.items():
        if pattern.search(text):
            yield _warning(mark, f"{kind} stands in this phrase", "a phrase without anybody's data", "private")
    foreign = next((char for char in text if _is_foreign(char)), None)
    if foreign:
        name = unicodedata.name(foreign, "a strange letter").lower()
        what = f"“{foreign}” only looks like a letter of ours: it is {name}"
        yield _warning(mark, what, "the letter from your own keyboard", "look-alike")


def _is_foreign(char: str) -> bool:
    return char.isalpha() and unicodedata.name(char, "").startswith(_FOREIGN)


def _warning(mark: Mark, what: str, expected: str, code: str) -> Finding:
    return Finding(mark, what, expected, level=Level.WARNING, code=code)
