"""Signs that need no file: few, plain and certain, for a class whose file is missing or broken."""

from __future__ import annotations

from dataclasses import replace

from bot.catalog.crisis_model import URGENCY, CrisisClass, CrisisRules, Guard, Shared, Sign
from bot.catalog.model import Mark, Phrase

_MARK = Mark("built in", 1)

_SIGNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "overdose": (
        ("overdosing", "overdosed|overdose right? now|help|please|today|tonight", "i|he|she just? overdosed",
         "took too many pills", "took all|whole my|the|bottle? pills", "took a whole bottle", "need narcan",
         "lips|face are|is|turning blue", "turning blue"),
        ("sobredosis ahora|ahorita|ayuda", "tiene|tuvo|es|con una? sobredosis",
         "me|se tome|tomo todas|muchas las? pastillas"),
    ),
    "medical": (
        ("can not breathe", "not breathing", "stopped breathing", "having a heart attack|stroke|seizure",
         "chest pain|pains",
         "will not wake up", "not stop bleeding", "unconscious", "no insulin", "in labor"),
        ("no puede|puedo respirar", "no respira", "dolor de|en el? pecho", "no despierta", "convulsionando",
         "sangrando mucho", "infarto", "sin insulina"),
    ),
    "suicide": (
        ("want to die", "kill myself", "killing myself", "end my life", "end it all", "suicidal", "hang myself",
         "not want to live", "not want to be alive", "no reason to live", "better off without me", "better off dead",
         "kill himself|herself|themselves", "commit suicide"),
        ("quiero morir|morirme|matarme", "me quiero|voy a? matar|morir", "no quiero vivir", "suicidarme", "suicidarse",
         "quitarme la vida", "se quiere matar", "quiere matarse|morirse|morir", "mejor muerto|muerta"),
    ),
    "threat-others": (
        ("going to kill him|her|them|somebody|someone|everyone", "want to kill him|her|them|somebody|someone|people",
         "going to shoot|stab him|her|them|somebody|someone|up"),
        ("lo|la|los voy a matar", "voy a matarlo|matarla|matarlos|matar", "quiero matarlo|matarla|matarlos"),
    ),
    "child-danger": (
        ("hitting|beating|beats|hits|hurting|molesting|molested his|her|my|the|their kid|kids|child|children|baby|son",
         "my kid|child|son|daughter|baby is missing", "left the|her|his kids|baby|child alone",
         "my dad|mom|stepdad hits|beats|touches|hurts me"),
        ("le|les pega|golpea a los|mis|sus|su ninos|hijos|nino|hijo|hija",
         "mi hijo|hija|bebe esta? perdido|perdida|desaparecido|desaparecida",
         "mi papa|mama|padrastro me pega|golpea|toca"),
    ),
    "partner-violence": (
        ("he|she|husband|boyfriend|wife|girlfriend|ex hits|hit|beats|beat|choked|chokes|punched me",
         "going to kill me", "threatened|threatens to kill me", "put his hands on me"),
        ("me pega|golpea|golpeo|ahorca|ahorco", "me va a matar", "me amenaza|amenazo"),
    ),
    "sexual-assault": (
        ("raped me", "i was|got|been raped|molested", "sexually assaulted", "forced me to have sex"),
        ("me violo|violaron", "abuso|abusaron de mi", "fui violada|violado"),
    ),
    "danger-inside": (
        ("guards|guard|cos|officers ... beating|beat|threatening|threatened me|him|my",
         "going to stab|shank|jump me|him",
         "extorting me|him|us|my", "put a hit on me|him"),
        ("guardias|custodios ... golpean|golpearon|amenazan",
         "me|lo quieren|van a? matar ... carcel|prision|adentro|aqui|celda",
         "me|lo|nos estan extorsionando"),
    ),
    "trafficking": (
        ("my pimp", "being trafficked", "forced|forces|makes me to? sell myself|sex", "took my passport"),
        ("me obliga|obligan a prostituirme|vender", "me quito|quitaron el|mi|mis pasaporte|papeles",
         "victima de trata"),
    ),
    "withdrawal": (
        ("dope sick", "dopesick", "in|having|going withdrawal|withdrawals", "detoxing ... help|alone|shaking"),
        ("malilla", "sindrome de abstinencia", "temblando ... alcohol|tomar|droga"),
    ),
    "self-harm": (
        ("cutting|cut|burning|burn|hurting|hurt myself", "self harm", "cut my arms|wrists|legs"),
        ("me corto|corte yo|los|las brazos|piernas?", "cortarme", "lastimarme", "hacerme dano"),
    ),
    "no-bed": (
        ("nowhere to sleep|stay|go", "no place to sleep|stay|go", "where ... sleep tonight",
         "sleeping outside|in my car",
         "homeless tonight", "need a bed|shelter tonight"),
        ("no tengo a|para? donde dormir|ir|quedarme", "donde dormir esta|hoy noche?", "durmiendo en la|el calle|carro"),
    ),
}  # fmt: skip

_NEGATION = (
    ("not", "never", "not going to", "not want to", "not trying to", "not thinking about", "no longer"),
    ("no", "nunca", "no me", "no voy a", "no quiero", "ya no"),
)
_PAST = (("years ago", "year ago", "used to"), ("hace ... anos", "hace anos"))


def completed(rules: CrisisRules) -> CrisisRules:
    """Return `rules` with the built-in signs for every class that is missing, or for all when the shared file is."""
    bare = not rules.shared.guards
    shared = _shared() if bare else rules.shared
    classes = dict(rules.classes)
    for name in URGENCY:
        own = classes.get(name)
        if own is None:
            classes[name] = CrisisClass(name, f"crisis/{name}", (_sign(name),))
        elif bare:  # signs of the file that lean on shared groups cannot be compiled
            classes[name] = replace(own, signs=(*own.signs, _sign(name)))
    return replace(rules, classes=classes, shared=shared)


def _sign(name: str) -> Sign:
    english, spanish = _SIGNS[name]
    return Sign(
        "built-in", "always", "either", ("negation", "past"), (*_phrases(english, "en"), *_phrases(spanish, "es"))
    )


def _shared() -> Shared:
    guards = {
        "negation": Guard("negation", tuple(_both(_NEGATION)), before=1),
        "past": Guard("past", tuple(_both(_PAST)), reach="message"),
    }
    return Shared(guards=guards, usual=("negation", "past"))


def _both(texts: tuple[tuple[str, ...], tuple[str, ...]]) -> tuple[Phrase, ...]:
    return (*_phrases(texts[0], "en"), *_phrases(texts[1], "es"))


def _phrases(texts: tuple[str, ...], language: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(text, language, _MARK) for text in texts)
