"""A small catalog built in code: two slots, seven intents, two groups that belong to none, in two languages."""

from __future__ import annotations

import pytest

from bot.catalog.model import (
    Catalog,
    HeldOutTest,
    Intent,
    LineInfo,
    Mark,
    OutOfScopeGroup,
    Phrase,
    Slot,
    SlotValue,
)
from bot.understanding.understand import Understanding

MARK = Mark("fixture.yaml", 1)

EXAMPLES: dict[str, dict[str, list[str]]] = {
    "case-release": {
        "en": [
            "how did {case} get out",
            "who freed {case}",
            "when was {case} released from prison",
            "is {case} out of prison now",
            "how did she get out",
            "what got {case} released",
            "why was {case} let go early",
        ],
        "es": [
            "cómo salió {case}",
            "quién liberó a {case}",
            "cuándo salió {case} de la cárcel",
            "ya salió {case} de prisión",
            "cómo salió ella",
            "por qué dejaron salir a {case}",
        ],
    },
    "case-who": {
        "en": ["who is {case}", "tell me about {case}", "{case}", "what is the story of {case}", "who was {case}"],
        "es": ["quién es {case}", "hábleme de {case}", "{case}", "cuál es la historia de {case}", "quién era {case}"],
    },
    "alice-pardon": {
        "en": ["did alice johnson get a pardon", "alice pardon", "when was alice pardoned", "pardon for alice"],
        "es": ["recibió alice un indulto", "indulto de alice", "cuándo indultaron a alice", "el perdón de alice"],
    },
    "vote": {
        "en": [
            "can i vote in {state}",
            "voting with a felony in {state}",
            "when do i get my right to vote back",
            "am i allowed to vote after prison",
            "can people on parole vote",
        ],
        "es": [
            "puedo votar en {state}",
            "votar con antecedentes en {state}",
            "cuándo recupero mi derecho a votar",
            "se puede votar después de la cárcel",
            "puede votar alguien en libertad condicional",
        ],
    },
    "housing": {
        "en": [
            "i need a place to live",
            "help finding an apartment",
            "where can i sleep tonight",
            "housing with a record",
            "who rents to people with a record",
        ],
        "es": [
            "necesito un lugar donde vivir",
            "ayuda para encontrar apartamento",
            "dónde puedo dormir esta noche",
            "vivienda con antecedentes",
            "quién le renta a gente con antecedentes",
        ],
    },
    "greeting": {"en": ["hello", "hi there", "good morning", "hey"], "es": ["hola", "buenos días", "buenas tardes"]},
    "thanks": {"en": ["thank you", "thanks a lot", "thanks"], "es": ["gracias", "muchas gracias", "se lo agradezco"]},
}
NEEDS: dict[str, tuple[str, ...]] = {"case-release": ("case",), "case-who": ("case",), "vote": ("state",)}
OUTSIDE: dict[str, dict[str, list[str]]] = {
    "everyday": {
        "en": ["what is the weather today", "who won the football game", "tell me a joke", "best pizza near me"],
        "es": ["qué tiempo hace hoy", "quién ganó el partido de fútbol", "cuéntame un chiste", "la mejor pizza"],
    },
    "medicine": {
        "en": ["how much ibuprofen can i take", "what pill is this", "is this rash serious"],
        "es": ["cuánto ibuprofeno puedo tomar", "qué pastilla es esta", "es grave este sarpullido"],
    },
}
CASES = {
    "alice-johnson": ("Alice Johnson", ["alice", "ms johnson"], ["la señora johnson", "alicia johnson"]),
    "dawn-jackson": ("Dawn Jackson", ["dawn", "the new jersey lady"], ["la de nueva jersey"]),
    "momolu-stewart": ("Momolu Stewart", ["momolu", "stewart"], ["el de washington"]),
}
STATES = {
    "OH": ("Ohio", ["OH"], ["OH"]),
    "OR": ("Oregon", ["OR"], ["oregón"]),
    "IN": ("Indiana", ["IN"], ["IN"]),
    "ID": ("Idaho", ["ID"], ["ID"]),
    "NJ": ("New Jersey", ["NJ", "jersey"], ["nueva jersey"]),
    "PA": ("Pennsylvania", ["PA"], ["pensilvania"]),
}


def phrases(texts: dict[str, list[str]]) -> tuple[Phrase, ...]:
    """Return texts by language as phrases."""
    return tuple(Phrase(text, language, MARK) for language, group in texts.items() for text in group)


def slot(name: str, values: dict[str, tuple[str, list[str], list[str]]]) -> Slot:
    """Return a slot whose values are given as (name, English synonyms, Spanish synonyms)."""
    made = {
        key: SlotValue(key, {"en": said, "es": said}, {"en": tuple(en), "es": tuple(es)}, None, MARK)
        for key, (said, en, es) in values.items()
    }
    return Slot(name, {"en": "Which?", "es": "¿Cuál?"}, made, MARK)


def intent(name: str) -> Intent:
    """Return one intent of the fixture."""
    return Intent(
        id=name,
        topic="fixture",
        title={"en": name.replace("-", " "), "es": f"sobre {name}"},
        answer=f"fixture/page#{name}",
        slots=NEEDS.get(name, ()),
        about={"case": "alice-johnson"} if name == "alice-pardon" else {},
        in_general=None,
        urgent=False,
        does=None,
        examples=phrases(EXAMPLES[name]),
        tests=(HeldOutTest("unused", "en", {}, MARK),),
        next=(),
        mark=MARK,
    )


def small_catalog() -> Catalog:
    """Return the fixture catalog."""
    return Catalog(
        line=LineInfo({"en": "Line", "es": "Línea"}, {}, ("en", "es"), {}, ()),
        intents={name: intent(name) for name in EXAMPLES},
        slots={"case": slot("case", CASES), "state": slot("state", STATES)},
        out_of_scope=tuple(OutOfScopeGroup(name, None, phrases(texts), (), MARK) for name, texts in OUTSIDE.items()),
        pages={},
        phrases={},
        data={},
    )


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The fixture catalog."""
    return small_catalog()


@pytest.fixture(scope="session")
def understanding(catalog: Catalog) -> Understanding:
    """What is learned from the fixture catalog."""
    return Understanding(catalog)
