"""The composition root: one object that answers messages.

    message -> crisis check -> conversation so far -> understanding -> dialog -> Turn

`Line.reply` is the only way through the house; every channel and every tool of staff takes it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.catalog.answers import Answers
from bot.catalog.crisis_files import load_crisis
from bot.catalog.crisis_model import CrisisRules
from bot.catalog.findings import Finding
from bot.catalog.load import load
from bot.catalog.model import Mark
from bot.catalog.phrases import said
from bot.counting import Book, with_taps
from bot.dialog.conversation import Conversation
from bot.dialog.dialog import Dialog
from bot.dialog.memory import OWN_TOPIC
from bot.dialog.pick import Pick, Verb
from bot.errors import RequestError
from bot.heap import give_back
from bot.message import Message
from bot.store.conversations import ConversationStore, MemoryStore
from bot.store.kept import declared
from bot.understanding.crisis import CrisisCheck
from bot.understanding.crisis.check import MOST_ORDINARY
from bot.understanding.crisis.second import CRISIS, NO_CRISIS, SecondLook, second_look
from bot.understanding.tuning import FILE, Bars, read_tuning
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.catalog.model import Catalog
    from bot.dialog.turn import Turn
    from bot.understanding.encoding import Encoder
    from bot.understanding.tuning import Tuning

__all__ = ["LONGEST", "START", "Line", "Message", "open_crisis", "open_line"]

LONGEST = 20_000
"""Characters of a message that are read; what is beyond is kept from slowing the line down."""

STORY = 24
"""Words from which an example counts as a story."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a line answers from; a reload puts others in their place, all at once."""

    catalog: Catalog
    crisis: CrisisCheck
    understanding: Understanding
    bars: Bars


class Line:
    """The line over one catalog and one store."""

    def __init__(  # noqa: PLR0913  # the root is where all parts meet
        self,
        catalog: Catalog,
        store: ConversationStore | None = None,
        *,
        crisis: CrisisCheck | None = None,
        encoder: Encoder | None = None,
        cache: Path | None = None,
        tuning: Tuning | None = None,
        book: Book | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Fit the understanding to the catalog; `clock` gives seconds since 1970.

        Without a `crisis` check the signs that are built into the program are used: there is always one. Without an
        `encoder` words alone are matched. In the folder `cache` what was learned is kept for the next start. `tuning`
        says how sure is sure enough; without it the examples themselves say. In the `book` turns are counted.
        """
        self._store: ConversationStore = store or MemoryStore()
        self._clock = clock
        self.book = book
        understanding = Understanding(catalog, encoder, cache, tuning.calibration if tuning else None)
        bars = tuning.bars if tuning else Bars()
        self.adopt(Parts(catalog, crisis or CrisisCheck(CrisisRules()), understanding, bars))

    def adopt(self, parts: Parts) -> None:
        """Answer from other parts from the next message on; call it in the thread that answers.

        A turn is made without a pause (`turn` awaits nothing), so that no message sees half of each.
        """
        self.catalog, self.crisis = parts.catalog, parts.crisis
        self.understanding, self.bars = parts.understanding, parts.bars
        self.answers = Answers(parts.catalog)
        kept = declared(gap_log=bool(self.book and self.book.gap_log))
        self._dialog = Dialog(parts.catalog, self.answers, parts.bars, kept=kept)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that the line speaks, its first one first."""
        return self.catalog.languages

    @property
    def ready(self) -> bool:
        """Say whether there is a catalog to answer from."""
        return bool(self.catalog.intents)

    def now(self) -> float:
        """Return the time, in seconds since 1970."""
        return self._clock()

    async def reply(self, message: Message) -> Turn:
        """Return the turn for a message. Never raises: a fault of ours becomes a turn that shows where help is."""
        now = self._clock()
        conversation = await self._recall(message)
        try:
            turn = self.turn(message, conversation, now)
        except Exception as error:  # noqa: BLE001  # the person must get a reply whatever broke; the fault is logged
            _tell("reply failed", error, message)
            return self._dialog.sorry(self._at_home(conversation, message), now)
        await self._remember(message, turn)
        return await self._counted(message, turn, now)

    def turn(self, message: Message, conversation: Conversation, now: float) -> Turn:
        """Return the turn for a message in a conversation; nothing is read or kept.

        The crisis check comes first and fails towards help; whatever breaks afterwards cannot take its card away.
        """
        talk = self._at_home(conversation, message).resumed(now)
        if message.pick is not None:
            return self._dialog.tap(message.pick, talk, now)
        try:
            verdict = self.crisis.check(message.text)
        except Exception as error:  # noqa: BLE001  # a broken check must show help, whatever broke it
            _tell("crisis check failed", error, message)
            return self._dialog.card(None, None, talk, now)
        if verdict is None:
            return self._ordinary(message, talk, now)
        return self._dialog.card(verdict, self._asked_too(message, talk, now), talk, now)

    def urgent(self, text: str) -> bool:
        """Say whether words are about a crisis; for channels, to let them pass limits and other messages."""
        try:
            return bool(text) and self.crisis.check(text) is not None
        except Exception:  # noqa: BLE001  # a broken check must let help through, whatever broke it
            return True

    def _asked_too(self, message: Message, talk: Conversation, now: float) -> Turn | None:
        """Return what else a crisis message asked; a fault in that must not cost the card."""
        try:
            return self._ordinary(message, talk, now)
        except Exception as error:  # noqa: BLE001  # see above
            _tell("reply failed", error, message)
            return None

    def _ordinary(self, message: Message, talk: Conversation, now: float) -> Turn:
        reading = self.understanding.read(
            message.text[:LONGEST], current=talk.language, chosen=talk.chosen, wants=talk.wants, after=talk.intent
        )
        parts = self.understanding.read_clauses(
            message.text[:LONGEST], current=reading.language.code, chosen=talk.chosen
        )
        return self._dialog.hear(reading, talk, now, parts)

    def after_tap(self, pick: Pick, turn: Turn) -> Turn:
        """Return the turn that a tap on one of a turn's choices would lead to."""
        conversation = turn.conversation or Conversation(language=turn.language)
        return self._dialog.tap(pick, conversation, conversation.at)

    async def forget(self, channel: str, sender: str) -> None:
        """Delete what is kept about a sender, at once."""
        await self._store.delete(channel, sender)

    async def moved(self, channel: str, sender: str, new_sender: str) -> None:
        """Keep a conversation whose chat was given a new id."""
        await self._store.move(channel, sender, new_sender)

    async def language_of(self, channel: str, sender: str) -> str | None:
        """Return the language last spoken with a sender, or None."""
        state = await self._store.get(channel, sender)
        return Conversation.from_json(state).language if state else None

    def phrase(self, phrase: str, language: str, /, **values: str) -> str:
        """Return one of the line's own phrases."""
        return self.answers.phrase(phrase, self.spoken(language), **values)

    def name(self, language: str) -> str:
        """Return what the line is called."""
        return self.catalog.line.name[self.spoken(language)]

    def spoken(self, hint: str | None) -> str:
        """Return the language of ours that fits a hint such as "es-MX", or the first one."""
        code = (hint or "").replace("_", "-").split("-")[0].lower()
        return code if code in self.languages else self.languages[0]

    def _at_home(self, conversation: Conversation, message: Message) -> Conversation:
        """Give a conversation without a language that of the person's app."""
        if conversation.language in self.languages:
            return conversation
        return replace(conversation, language=self.spoken(message.language_hint) if message.language_hint else None)

    async def _recall(self, message: Message) -> Conversation:
        """Return the talk so far; a store that fails costs the memory of it, not the reply."""
        try:
            state = await self._store.get(message.channel, message.sender)
            return Conversation.from_json(state) if state else Conversation()
        except Exception as error:  # noqa: BLE001  # see above
            _tell("a conversation could not be read", error, message)
            return Conversation()

    async def _counted(self, message: Message, turn: Turn, now: float) -> Turn:
        """Count a turn and put the buttons below it that ask whether it helped; the reply never waits for a fault."""
        if self.book is None:
            return turn
        try:
            await self.book.note(turn, message.channel, message.text, message.pick, now)
        except Exception as error:  # noqa: BLE001  # the reply is made; a count may be lost
            _tell("a turn could not be counted", error, message)
        asked = [self.catalog.intents[name] for name in turn.intents if name in self.catalog.intents]
        return with_taps(turn, self.phrase) if len(asked) == 1 and not asked[0].does else turn

    async def _remember(self, message: Message, turn: Turn) -> None:
        try:
            if turn.forget or turn.conversation is None:
                await self._store.delete(message.channel, message.sender)
            else:
                state = turn.conversation.to_json()
                await self._store.put(message.channel, message.sender, state, turn.conversation.at)
        except Exception as error:  # noqa: BLE001  # the reply is made; it must not be lost with the memory of it
            _tell("a conversation could not be kept", error, message)


def open_line(  # noqa: PLR0913  # what a line is made of
    intents_dir: Path,
    content_dir: Path,
    store: ConversationStore | None = None,
    *,
    encoder: Encoder | None = None,
    cache: Path | None = None,
    book: Book | None = None,
) -> tuple[Line, tuple[Finding, ...]]:
    """Read the files of staff and return the line over them, with what is wrong in them.

    Raises:
        CatalogError: nothing in them can be served.

    """
    loaded = load(intents_dir, content_dir, cache)
    crisis, findings = open_crisis(intents_dir, loaded.catalog, cache)
    give_back()  # what follows may learn in a process of its own, which needs the room
    tuning = None
    try:
        tuning = read_tuning(intents_dir / FILE)
    except RequestError as error:
        findings = (*findings, Finding(Mark(f"{intents_dir.name}/{FILE}", 1), str(error), code="calibration"))
    line = Line(loaded.catalog, store, crisis=crisis, encoder=encoder, cache=cache, tuning=tuning, book=book)
    crisis.second = open_second_look(intents_dir, crisis, line.understanding, cache)
    return line, (*loaded.findings, *findings)


def open_crisis(
    intents_dir: Path, catalog: Catalog, cache: Path | None = None
) -> tuple[CrisisCheck, tuple[Finding, ...]]:
    """Return the crisis check over staff's signs, with what is wrong in them; the catalog's phrases are no crisis.

    In the folder `cache` what was learned is kept for the next start.
    """
    rules, lines, findings = load_crisis(intents_dir, cache)
    check = CrisisCheck(rules, lines, _ordinary(catalog), cache)
    return check, (*findings, *check.findings)


def _ordinary(catalog: Catalog) -> list[str]:
    """Return the catalog's phrases that the scorer learns to leave alone, at most MOST_ORDINARY.

    Short words of everyday talk and long stories must not be among those left out: the first are few, and in the others
    much sounds bad.
    """
    small_talk: list[str] = []
    stories: list[str] = []
    others: list[str] = []
    spoken = [(intent.topic == OWN_TOPIC, intent.examples) for intent in catalog.intents.values()]
    spoken += [(False, group.phrases) for group in catalog.out_of_scope]
    for own, phrases in spoken:
        for _, text in said(phrases):
            kind = small_talk if own else stories if len(text.split()) > STORY else others
            kind.append(text)
    every = 1 + len(others) // max(1, MOST_ORDINARY - len(small_talk) - len(stories))
    return [*small_talk, *stories, *others[::every]]


def open_second_look(
    intents_dir: Path, check: CrisisCheck, understanding: Understanding, cache: Path | None = None
) -> SecondLook | None:
    """Return the crisis check's second look, or None where nothing was learned that it could look with.

    In the folder `cache` what was learned is kept for the next start.
    """
    votes, encoder, lines = understanding.votes, understanding.encoder, load_crisis(intents_dir, cache).lines
    if votes is None or encoder is None or not lines:
        return None
    labels = [f"{CRISIS}{one.class_id}" if one.class_id else f"{NO_CRISIS}{one.near}" for one in lines]
    texts = [one.text for one in lines]
    return second_look(texts, labels, words=check.words, ordinary=votes, encoder=encoder, cache=cache)


START = Pick(Verb.MENU, "start")
"""The pick behind /start: the welcome and the topics."""


def _tell(what: str, error: BaseException, message: Message) -> None:
    """Log a fault by kind and place: a traceback or the error's own text may quote the message."""
    log.error(what, kind=type(error).__name__, at=_place(error), channel=message.channel)


def _place(error: BaseException) -> str:
    """Return `file:line` of the innermost frame: enough to find a fault, and no word of a message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "unknown"
