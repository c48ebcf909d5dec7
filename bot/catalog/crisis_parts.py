"""The parts of a crisis file: groups of words, guards, signs and phrases, each checked by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, cast

from bot.catalog.crisis_model import Guard, Sign, Strength, Who
from bot.catalog.findings import Finding
from bot.catalog.model import Phrase
from bot.catalog.wording import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.catalog.model import Mark
    from bot.catalog.yaml_text import Loc, Marks

_WHERE = re.compile(r"(before|after|near) (\d{1,2})")
_SIGN_KEYS = frozenset({"strength", "who", "guards", "en", "es"})
_GUARD_KEYS = frozenset({"where", "unless", "en", "es"})
_LANGUAGES = ("en", "es")
_USUAL = "usual"


class Parts:
    """One file's keys; each method takes what is sound and adds a finding for the rest."""

    def __init__(
        self, value: Mapping[str, object], marks: Marks, findings: list[Finding], keys: frozenset[str]
    ) -> None:
        """`findings` is added to."""
        self._value, self._marks, self._findings = value, marks, findings
        self._unknown((), value, keys)

    def mark(self, *loc: str | int) -> Mark:
        """Return where a value stands."""
        return self._marks.at(loc)

    def text(self, key: str) -> str:
        """Return a text, empty when it is missing."""
        value = self._value.get(key, "")
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(phrase.text for phrase in self._listed((key,), self._value.get(key, []), ""))

    def phrases(self, key: str) -> tuple[Phrase, ...]:
        """Return lists of texts by language, as phrases."""
        return tuple(self._by_language((key,), self._mapping((key,), self._value.get(key, {}))))

    def groups(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return lists of words by name."""
        groups = self._mapping((key,), self._value.get(key, {}))
        return {name: tuple(one.text for one in self._listed((key, name), words, "")) for name, words in groups.items()}

    def spellings(self) -> dict[str, str]:
        """Return what is typed -> what it stands for."""
        meant = self._mapping(("spellings",), self._value.get("spellings", {}))
        found = ((name, self._listed(("spellings", name), typed, "")) for name, typed in meant.items())
        return {one.text: name for name, phrases in found for one in phrases}

    def guards(self) -> dict[str, Guard]:
        """Return the guards by name."""
        found = {}
        for name, value in self._mapping(("guards",), self._value.get("guards", {})).items():
            loc: Loc = ("guards", name)
            spec = self._mapping(loc, value)
            self._unknown(loc, spec, _GUARD_KEYS)
            unless = self._mapping((*loc, "unless"), spec.get("unless", {}))
            before, after, reach = self._where(loc, spec.get("where"))
            found[name] = Guard(
                name=name,
                patterns=tuple(self._by_language(loc, spec)),
                before=before,
                after=after,
                reach=reach,
                unless=tuple(self._by_language((*loc, "unless"), unless)),
            )
        return found

    def signs(self, guards: set[str]) -> tuple[Sign, ...]:
        """Return the signs; a guard that is not in `guards` gives a finding and is left out."""
        value = self._mapping(("signs",), self._value.get("signs", {}))
        return tuple(sign for kind, spec in value.items() if (sign := self._sign(kind, spec, guards)))

    def _sign(self, kind: str, value: object, guards: set[str]) -> Sign | None:
        loc: Loc = ("signs", kind)
        spec = self._mapping(loc, value)
        self._unknown(loc, spec, _SIGN_KEYS)
        strength = self._one_of((*loc, "strength"), spec.get("strength", "always"), ("always", "strong", "likely"))
        who = self._one_of((*loc, "who"), spec.get("who", "either"), ("self", "other", "either"))
        patterns = tuple(self._by_language(loc, spec))
        if not patterns:
            self._find(loc, f"the sign `{kind}` has no wording", "`en:` or `es:` with a list")
            return None
        return Sign(kind, cast("Strength", strength), cast("Who", who), self._guarded(loc, spec, guards), patterns)

    def _guarded(self, loc: Loc, spec: Mapping[str, object], guards: set[str]) -> tuple[str, ...]:
        value = spec.get("guards", _USUAL)
        if isinstance(value, str):
            value = [] if value == "none" else [value]
        names = [one.text for one in self._listed((*loc, "guards"), value, "")]
        for name in names:
            if name not in guards and name != _USUAL:
                guess = did_you_mean(name, [*guards, _USUAL])
                self._find(
                    (*loc, "guards"), f"there is no guard called {name}", "a guard of this file or of all", guess
                )
        return tuple(name for name in names if name in guards or name == _USUAL)

    def _where(self, loc: Loc, value: object) -> tuple[int, int, Literal["words", "sentence", "message"]]:
        if value == "sentence":
            return 0, 0, "sentence"
        if value == "message":
            return 0, 0, "message"
        found = _WHERE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self._find(
                loc,
                "`where:` does not say where the guard counts",
                "sentence, message or a number of words",
                "where: before 4",
            )
            return 4, 0, "words"
        count = int(found[2])
        return (0 if found[1] == "after" else count), (0 if found[1] == "before" else count), "words"

    def _one_of(self, loc: Loc, value: object, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            self._find(loc, f"this is not known: {value}", " or ".join(allowed), allowed[0])
            return allowed[0]
        return str(value)

    def _by_language(self, loc: Loc, value: Mapping[str, object]) -> Iterator[Phrase]:
        for language in _LANGUAGES:
            yield from self._listed((*loc, language), value.get(language, []), language)

    def _listed(self, loc: Loc, value: object, language: str) -> list[Phrase]:
        if not isinstance(value, list):
            self._find(loc, "a list is missing here", "lines that begin with a hyphen", "- a few words")
            return []
        texts = [(nth, text) for nth, text in enumerate(value) if isinstance(text, str) and text.strip()]
        if len(texts) < len(value):
            self._find(loc, "something in this list is not a text", "texts only")
        return [Phrase(text.strip(), language, self._marks.at((*loc, nth))) for nth, text in texts]

    def _mapping(self, loc: Loc, value: object) -> Mapping[str, object]:
        if isinstance(value, dict):
            return value
        self._find(loc, "keys are missing here", "`key: …` lines")
        return {}

    def _unknown(self, loc: Loc, value: Mapping[str, object], keys: frozenset[str]) -> None:
        for key in value:
            if key not in keys:
                guess = did_you_mean(key, keys)
                self._find((*loc, key), f"`{key}` is not read by anything", f"one of {', '.join(sorted(keys))}", guess)

    def _find(self, loc: Loc, what: str, expected: str, write: str | None = "") -> None:
        self._findings.append(Finding(self._marks.at(loc), what, expected, write or "", code="crisis-form"))
