"""Words that are not written in answers, and what to write instead: person-first, and US spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERSON = "a word that makes a person their conviction"
_BRITISH = "British spelling"
_SPANISH_PERSON = "una palabra que reduce a la persona a su condena"

_ENGLISH = {
    r"inmates?|prisoners?": ("person in prison, people in prison", _PERSON),
    r"felons?|convicts?|ex-?cons?|ex-?felons?|ex-?convicts?|ex-?offenders?|jailbirds?": (
        "person with a conviction, formerly incarcerated person",
        _PERSON,
    ),
    r"offenders?|perpetrators?": ("person convicted of …", _PERSON),
    r"parolees?|probationers?": ("person on parole, person on probation", _PERSON),
    r"criminals|a criminal(?=[.,;:?]|$)": ("person convicted of a crime", _PERSON),
    r"illegals|illegal (?:alien|immigrant)s?|aliens?": ("immigrant without papers", _PERSON),
    r"addicts?|junk(?:y|ies)|alcoholics": ("person with an addiction", _PERSON),
    r"hookers?|prostitutes?": ("person in sex work, or person who was trafficked", _PERSON),
    r"the homeless": ("people without a home", _PERSON),
    r"the mentally ill|handicapped": ("people with a mental illness, people with a disability", _PERSON),
    r"committed? suicide|commits? suicide|(?:un)?successful suicide|failed suicide": (
        "died by suicide, tried to end their life",
        "words that hurt (safe messaging)",
    ),
    r"misdemeanours?": ("misdemeanor", _BRITISH),
    r"offences?": ("offense", _BRITISH),
    r"programmes?": ("program", _BRITISH),
    r"centres?": ("center", _BRITISH),
    r"licence[sd]?": ("license", _BRITISH),
    r"behaviours?": ("behavior", _BRITISH),
    r"cheques?": ("check", _BRITISH),
    r"organisations?|recognis\w+|authoris\w+|apologis\w+": ("the spelling with z", _BRITISH),
    r"utili[sz]e\w*": ("use", "a long word for a short one"),
    r"prior to": ("before", "two words for one"),
    r"in order to": ("to", "three words for one"),
    r"pursuant to|aforementioned|herein|thereof|hereby": ("plain words", "lawyers' words"),
    r"click here": ("what stands behind the link", "a link that says nothing"),
}
_SPANISH = {
    r"reos?|recluso?s?|reclusas?|presidiarios?|presidiarias?|convictos?|convictas?|exconvictos?|internos?": (
        "persona en prisión",
        _SPANISH_PERSON,
    ),
    r"(?:los|las|un|una|el|la|unos|unas|otros|otras|ex)[ -]pres[oa]s?": ("persona en prisión", _SPANISH_PERSON),
    r"delincuentes?|criminales|un criminal|ofensor(?:es|a|as)?": ("persona condenada por …", _SPANISH_PERSON),
    r"ilegales|inmigrantes? ilegal(?:es)?": ("inmigrante sin papeles", _SPANISH_PERSON),
    r"adictos?|adictas?|drogadictos?|drogadictas?": ("persona con adicción", _SPANISH_PERSON),
    r"cometi[óo] suicidio|comet(?:er|ió|en) suicidio": ("murió por suicidio", "palabras que hieren"),
    r"haga clic aquí|pulse aquí": ("lo que hay detrás del enlace", "un enlace que no dice nada"),
    r"t[uú] (?:puedes|debes|tienes)|puedes|debes|tienes": ("usted: puede, debe, tiene", "trato de tú"),
}
_QUOTED = re.compile(r"[\"\u201c\u00ab][^\"\u201d\u00bb]*[\"\u201d\u00bb]")


@dataclass(frozen=True, slots=True)
class Avoided:
    """A word that stands in a text and should not: which, why, and what to write instead."""

    word: str
    why: str
    instead: str


def avoided(text: str, language: str) -> Iterator[Avoided]:
    """Yield the words of a text that should not stand there; quoted words and official names are left alone."""
    plain = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    for pattern, (instead, why) in _COMPILED.get(language, ()):
        for found in pattern.finditer(plain):
            if not _is_name(plain, found):
                yield Avoided(found[0], why, instead)


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Return whether the word is part of an official name: in capitals beside another word in capitals."""
    if not found[0][0].isupper():
        return False
    before = re.search(r"(\w+)[ -]$", text[: found.start()])
    after = re.match(r"[ -](\w+)", text[found.end() :])
    return bool((before and before[1][0].isupper()) or (after and after[1][0].isupper()))


_COMPILED = {
    code: [(re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), row) for pattern, row in table.items()]
    for code, table in (("en", _ENGLISH), ("es", _SPANISH))
}
