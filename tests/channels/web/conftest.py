"""A line that answers from a few fixed turns, and the web chat over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.catalog.model import Catalog, LineInfo
from bot.catalog.richtext import Block, Shape, Span
from bot.channels.web import build_app
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice, Kind, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.test_utils import TestClient as _Client
    from aiohttp.web import Application, Request

    from bot.line import Message

    Client = _Client[Request, Application]

TEXTS = {
    "language_name": {"en": "English", "es": "Español"},
    "web_title": {"en": "{name}", "es": "{name}"},
    "web_intro": {
        "en": "Ask about the film, its five people, and second chances. "
        "People wrote every answer, and each one names its source.",
        "es": "Pregunte sobre el documental, sus cinco personas y las segundas oportunidades. "
        "Personas escribieron cada respuesta, y cada una nombra su fuente.",
    },
    "web_placeholder": {"en": "Write your question", "es": "Escriba su pregunta"},
    "web_send": {"en": "Send", "es": "Enviar"},
    "web_note": {
        "en": "Information, not legal advice. Not an emergency line. Do not write names or case numbers.",
        "es": "Información, no asesoría legal. No es una línea de emergencia. No escriba nombres ni números de caso.",
    },
    "menu_intro": {
        "en": "What is it about? Pick a topic, or just write your question.",
        "es": "¿De qué se trata? Elija un tema, o escriba su pregunta.",
    },
}
NAMES = {"en": "Second Chance Line", "es": "Línea Segunda Oportunidad"}


def line_of(text: str) -> tuple[Span, ...]:
    """Return one unstyled line."""
    return (Span(text),)


TOPICS = {
    "en": ("The documentary", "The five people", "About this line"),
    "es": ("El documental", "Las cinco personas", "Sobre esta línea"),
}
WELCOME = {
    "en": "I am a program. I find answers that people wrote and checked.",
    "es": "Soy un programa. Busco respuestas que personas escribieron y revisaron.",
}
ANSWER = (
    Block(Shape.PARAGRAPH, (line_of("Alice Johnson came home on June 6, 2018, after almost 22 years in prison."),)),
    Block(
        Shape.BULLETS,
        (
            (Span("June 6, 2018", bold=True), Span(": President Trump commuted (shortened) her life sentence.")),
            (Span("August 28, 2020", bold=True), Span(": He gave her a full pardon (official forgiveness).")),
        ),
    ),
    Block(
        Shape.FOOTER,
        (
            (
                Span("Source: "),
                Span("NPR, June 6, 2018", href="https://www.npr.org/"),
                Span(" (checked November 2026)"),
            ),
            line_of("Information, not legal advice"),
        ),
    ),
)
CRISIS = (
    Block(Shape.PARAGRAPH, (line_of("You do not have to be alone with this. A person is there for you right now."),)),
    Block(
        Shape.BULLETS,
        (
            (Span("988 Suicide & Crisis Lifeline", bold=True), Span(": Call or text 988 (24 hours, free)")),
            (Span("Crisis Text Line", bold=True), Span(": Text HOME to 741741 (24 hours)")),
            (Span("Emergency", bold=True), Span(": Call 911 (24 hours)")),
        ),
    ),
    Block(Shape.PARAGRAPH, (line_of("You can keep asking me things too."),)),
)
NEXT = (
    Choice("Where is she now?", Pick(Verb.ANSWER, "case-now", {"case": "alice-johnson"})),
    Choice("Who helped her?", Pick(Verb.ANSWER, "case-helpers", {"case": "alice-johnson"})),
    Choice("Menu", Pick(Verb.MENU)),
)


@dataclass
class StubLine:
    """Answers "crisis" with a card, "boom" by raising, a language tap in that language, all else with one answer."""

    catalog: Catalog
    ready: bool = True
    heard: list[Message] = field(default_factory=list)
    forgot: list[tuple[str, str]] = field(default_factory=list)
    next_turn: Turn | None = None
    languages: tuple[str, ...] = ("en", "es")

    async def reply(self, message: Message) -> Turn:
        """Return the turn that the message asks for."""
        self.heard.append(message)
        language = message.language_hint or "en"
        if message.text == "boom":
            raise ValueError(message.text)
        if self.next_turn is not None:
            return self.next_turn
        if message.pick == Pick(Verb.MENU, "start"):
            topics = zip(("film", "cases", "service"), TOPICS[language], strict=True)
            choices = tuple(Choice(label, Pick(Verb.TOPIC, topic)) for topic, label in topics)
            return Turn(Kind.ANSWER, language, (Block(Shape.PARAGRAPH, (line_of(WELCOME[language]),)),), choices)
        if message.pick is not None and message.pick.verb is Verb.LANGUAGE:
            said = {"en": "I will answer in English from now on.", "es": "Desde ahora contesto en español."}
            target = message.pick.target
            return Turn(Kind.ANSWER, target, (Block(Shape.PARAGRAPH, (line_of(said[target]),)),))
        if message.text == "crisis":
            return Turn(Kind.CRISIS, language, CRISIS, (Choice("Keep going", Pick(Verb.GO_ON)),))
        return Turn(Kind.ANSWER, language, ANSWER, NEXT)

    def urgent(self, text: str) -> bool:
        """Take one word for a crisis."""
        return "crisis" in text

    async def forget(self, channel: str, sender: str) -> None:
        """Note down who is to be forgotten."""
        self.forgot.append((channel, sender))

    def phrase(self, phrase: str, language: str, /, **values: str) -> str:
        """Return a phrase as the real line would."""
        return TEXTS[phrase][language].format(**values)

    def name(self, language: str) -> str:
        """Return the line's name."""
        return NAMES[language]


@pytest.fixture
def line() -> StubLine:
    """Return a line of fixed answers in English and Spanish."""
    tagline = {
        "en": "Plain answers about second chances, each with its source and its date",
        "es": "Respuestas claras sobre segundas oportunidades, con su fuente y su fecha",
    }
    info = LineInfo(name=NAMES, tagline=tagline, languages=("en", "es"), contact={}, topics=())
    return StubLine(Catalog(info, intents={}, slots={}, out_of_scope=(), pages={}, phrases={}, data={}))


@pytest.fixture
async def client(line: StubLine) -> AsyncIterator[Client]:
    """Return a client of the web chat over the stub line."""
    async with TestClient(TestServer(build_app(line))) as opened:
        yield opened
