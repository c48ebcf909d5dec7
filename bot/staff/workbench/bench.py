"""The workbench's own state: the line, what is wrong with its files, and a number that counts up when that changes."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.channels.telegram.flow import clean
from bot.dialog.conversation import Conversation
from bot.dialog.pick import Pick, Verb
from bot.errors import RequestError
from bot.line import Message
from bot.reload import apart, logged
from bot.staff.edit import Edit, Wish, placed
from bot.staff.lint import lint
from bot.staff.overmatch import CODES, RELEASE, read_release
from bot.staff.workbench.effect import effect
from bot.staff.workbench.views import confusion, coverage, finding_row, inspected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.catalog.findings import Finding
    from bot.line import Line
    from bot.reload import News, Sources

PATIENCE_SECONDS = 20.0
"""How long a question for news is held open."""


class Bench:
    """One line on the bench."""

    def __init__(self, line: Line, sources: Sources, findings: Iterable[Finding] = ()) -> None:
        """Take a line that was opened from `sources`, and what was wrong with its files."""
        self._line, self._sources = line, sources
        self._read = self._findings = tuple(findings)
        self._refused: tuple[Finding, ...] = ()
        self._said = ""
        self._version = 0
        self._changed = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._confusion: tuple[object, list[dict[str, Any]]] | None = None

    def hear(self, news: News) -> None:
        """Take note of a change of the files, and look at them anew."""
        logged(news)
        self._refused = news.errors
        if news.errors:
            self._said = "A change was not taken over. The last good state stays until it is mended."
        else:
            self._said = "The change is live." + (" Its phrases are being learned." if news.learning else "")
        if news.findings:
            self._read = self._findings = news.findings
        self._bump()
        self.look()

    def look(self) -> None:
        """Begin to check everything that staff wrote, unless that is under way."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def close(self) -> None:
        """Stop what is under way."""
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def live(self, seen: int) -> dict[str, Any]:
        """Return the state of the files once it is newer than `seen`, or after `PATIENCE_SECONDS`."""
        if seen >= self._version:
            changed = self._changed
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), PATIENCE_SECONDS)
        rows = [finding_row(one) for one in dict.fromkeys((*self._refused, *self._findings))]
        return {"version": self._version, "said": self._said, "refused": len(self._refused), "findings": rows}

    def about(self) -> dict[str, Any]:
        """Return what the page needs to begin with: languages, intents and groups to choose from."""
        catalog = self._line.catalog
        return {
            "name": self._line.name(self._line.languages[0]),
            "languages": list(self._line.languages),
            "owners": [*catalog.intents, *(f"out_of_scope/{one.id}" for one in catalog.out_of_scope)],
            "version": self._version,
        }

    def ask(self, text: str, pick: str, conversation: str) -> dict[str, Any]:
        """Return the reply to words or a tap in a conversation, with all that led to it."""
        talk = Conversation.from_json(conversation) if conversation else Conversation()
        chosen = Pick.decode(pick) if pick else None if text else Pick(Verb.MENU, "start")
        message = Message("terminal", "workbench", clean(text), chosen)
        return inspected(self._line, self._line.turn(message, talk, self._line.now()), text)

    async def coverage(self) -> list[dict[str, Any]]:
        """Return every intent with its counts."""
        release = read_release(self._sources.intents_dir / RELEASE)
        return await apart(lambda: coverage(self._line, release))

    async def confusion(self) -> list[dict[str, Any]]:
        """Return the pairs of intents that lie close; computed once for what was learned."""
        understanding = self._line.understanding
        if self._confusion is None or self._confusion[0] is not understanding:
            self._confusion = (understanding, await apart(lambda: confusion(understanding.neighbours())))
        return self._confusion[1]

    def edit(self, wish: Wish) -> Edit:
        """Return the change that puts a phrase into its file.

        Raises:
            RequestError: it cannot be put there.

        """
        return placed(self._line.catalog, self._sources.intents_dir, wish)

    async def effect(self, wish: Wish) -> list[dict[str, Any]]:
        """Return what else changes once a phrase is learned.

        Raises:
            RequestError: it cannot be put there.

        """
        self.edit(wish)
        return await apart(lambda: effect(self._line, wish, self._sources.cache))

    def wish(self, fields: dict[str, Any]) -> Wish:
        """Return the wish in a request of the page; a test gets the values that are found in it and its intent takes.

        Raises:
            RequestError: it is not of the expected form.

        """
        text, owner, role, language = (str(fields.get(name, "")) for name in ("text", "owner", "role", "language"))
        text = " ".join(clean(text).split())
        if role == "test":
            intent = self._line.catalog.intents.get(owner)
            hits = self._line.understanding.read(text).slots if intent and intent.slots else ()
            slots = {hit.slot: hit.value for hit in hits if intent and hit.slot in intent.slots and not hit.denied}
            return Wish(text, owner, "test", language, slots)
        if role == "example":
            return Wish(text, owner, "example", language, {})
        message = f'"role" is {role!r}; expected example or test'
        raise RequestError(message)

    async def _look(self) -> None:
        catalog, known = self._line.catalog, self._read
        today = datetime.now(UTC).date()
        found = await apart(lambda: lint(catalog, today, known, CODES))
        if catalog is self._line.catalog:
            self._findings = found
            self._bump()
        else:
            self._looking = asyncio.create_task(self._look())

    def _bump(self) -> None:
        self._version += 1
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
