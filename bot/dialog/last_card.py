"""The help card of last resort: shown when every card that staff wrote is missing or broken.

The numbers stand in code here, and only here, because help must not depend on a file. A test holds them against
`content/data/hotlines.yaml`, where each has its source.
"""

from __future__ import annotations

from bot.catalog.richtext import Block, Shape, Span

_CARDS = {
    "en": (
        (
            ("988", "988 Suicide & Crisis Lifeline: call or text "),
            ("911", "Emergency: call "),
            ("211", "Shelter, food: call "),
        ),
        "You do not have to be alone with this. A person can help you right now.",
        "I am a program and cannot see if you are safe.",
    ),
    "es": (
        (
            ("988", "Línea 988 de crisis: llame o mande un texto al "),
            ("911", "Emergencia: llame al "),
            ("211", "Techo, comida: llame al "),
        ),
        "No tiene que pasar esto a solas. Una persona puede ayudarle ahora mismo.",
        "Soy un programa y no puedo ver si usted está a salvo.",
    ),
}

NUMBERS = ("988", "911", "211")
"""Every number on the card."""


def last_card(language: str) -> tuple[Block, ...]:
    """Return the card in a language, English where there is none in it."""
    numbers, words, honest = _CARDS.get(language, _CARDS["en"])
    lines = tuple((Span(text), Span(number, bold=True, href=f"tel:{number}")) for number, text in numbers)
    return (
        Block(Shape.BULLETS, lines),
        Block(Shape.PARAGRAPH, ((Span(words),),)),
        Block(Shape.PARAGRAPH, ((Span(honest),),)),
    )
