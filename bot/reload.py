"""Keeping a running line true to the files of staff: a good change goes live, a bad one waits and is told.

Answers go live as soon as they are read. Phrases must be learned first: until then the line answers from the new pages
with what it had learned before, as long as that names nothing that is gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog
from watchfiles import awatch

from bot.catalog.crisis_files import FOLDER
from bot.catalog.files import shown_name
from bot.catalog.findings import Finding, Level
from bot.catalog.load import load
from bot.catalog.model import Mark
from bot.errors import CatalogError, RequestError
from bot.last_good import LastGood
from bot.line import Line, Parts, open_crisis, open_second_look
from bot.understanding.alike import fits, meaning
from bot.understanding.tuning import FILE, Tuning, read_tuning
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from watchfiles import Change

    from bot.catalog.load import Loaded
    from bot.catalog.model import Catalog
    from bot.settings import Settings
    from bot.understanding.encoding import Encoder

T = TypeVar("T")

QUIET_MS, MOST_MS = 150, 900
"""How long the files must be at rest before a change is read, since an editor writes several times; and at most."""

_KINDS = (".yaml", ".yml", ".md", ".json")
_PLACE = re.compile(r":\d+")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a line comes from: the folders of staff, the encoder, and the cache of what was learned."""

    intents_dir: Path
    content_dir: Path
    encoder: Encoder | None = None
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What became of a change.

    Attributes:
        files: the files that changed since the last good state, as people write them.
        errors: what keeps the change from going live; empty when it is live.
        learning: whether phrases are still being learned; answers are live already.
        findings: everything that is wrong with the files now, warnings too.

    """

    files: tuple[str, ...]
    errors: tuple[Finding, ...] = ()
    learning: bool = False
    findings: tuple[Finding, ...] = ()


def wanted(settings: Settings) -> bool:
    """Say whether changes are watched for: RELOAD, or else whether the folders can be written to at all."""
    if settings.reload is not None:
        return settings.reload
    return all(os.access(folder, os.W_OK) for folder in (settings.intents_dir, settings.content_dir))


def logged(news: News) -> None:
    """Log what became of a change: each error with its file and line, and what to write."""
    for finding in news.errors:
        log.error("a change was not taken over; the last good state stays", finding=str(finding))
    if not news.errors:
        log.info("a change is live", files=list(news.files), phrases="being learned" if news.learning else "learned")


class Reloader:
    """Watches the files of one line. `run` goes on until it is cancelled."""

    def __init__(
        self,
        line: Line,
        sources: Sources,
        known: Iterable[Finding] = (),
        tell: Callable[[News], None] = logged,
    ) -> None:
        """Take a line that was opened from `sources`, with what was wrong in them (`known`).

        `tell` hears what became of each change, in the line's own thread.
        """
        self._line, self._sources, self._tell = line, sources, tell
        known = tuple(known)
        self._known = {_key(finding) for finding in known}
        self._of_crisis = tuple(finding for finding in known if f"/{FOLDER}/" in finding.mark.file)
        self._waiting: set[str] = set()
        self._understood = self._latest = line.catalog
        self._crisis_due = self._words_due = False
        self._due = asyncio.Event()
        self._roots = (sources.intents_dir.resolve(), sources.content_dir.resolve())
        self._good = LastGood(self._roots)

    async def run(self) -> None:
        """Take over changes as they come."""
        logging.getLogger("watchfiles").setLevel(logging.WARNING)  # what became of a change is told here
        learner = asyncio.create_task(self._learn_when_due())
        try:
            watch = awatch(*self._roots, watch_filter=_of_staff, debounce=MOST_MS, step=QUIET_MS)
            async for changes in watch:
                await self.take(Path(path) for _, path in changes)
        except OSError as error:  # too many watches on this machine, for one
            log.warning("the files cannot be watched; changes go live at the next start", reason=error.strerror)
        finally:
            learner.cancel()
            await asyncio.gather(learner, return_exceptions=True)

    async def take(self, paths: Iterable[Path]) -> None:
        """Read everything anew after a change of some files, and let it go live if nothing in it is worse."""
        self._waiting |= {self._shown(path) for path in paths}
        try:
            loaded = await apart(lambda: load(self._sources.intents_dir, self._sources.content_dir))
        except CatalogError as error:
            nothing = Finding(Mark(min(self._waiting, default="intents"), 1), str(error), code="nothing")
            self._tell(News(self._files, (nothing,)))
            return
        errors = self._new_errors(loaded, self._waiting)
        if not errors:
            await self._go_live(loaded)
            return
        broken = {finding.mark.file for finding in errors}
        told = News(tuple(sorted(broken & self._waiting)), errors, findings=(*loaded.findings, *self._of_crisis))
        if broken < self._waiting:
            await self._go_live_without(broken)
        self._tell(told)

    async def _go_live_without(self, broken: set[str]) -> None:
        """Let what changed in other files go live, if it is sound beside the broken files as they were before."""
        own, instead = self._sources, self._good.of(broken)
        try:
            rest = await apart(lambda: load(own.intents_dir, own.content_dir, instead=instead))
        except CatalogError:
            return
        if not self._new_errors(rest, self._waiting - broken):
            await self._go_live(rest, broken)

    async def _go_live(self, loaded: Loaded, broken: Collection[str] = ()) -> None:
        """Take over what was read, in which the `broken` files were as before; they go on waiting."""
        catalog, findings = loaded.catalog, loaded.findings
        old = self._understood
        same = await apart(lambda: meaning(old) == meaning(catalog))
        own = self._roots[0].name
        changed = self._waiting.difference(broken)
        self._crisis_due |= not same or any(name.startswith(f"{own}/crisis/") for name in changed)
        self._words_due |= not same or f"{own}/{FILE}" in changed
        if same or fits(old, catalog):
            self._line.adopt(Parts(catalog, self._line.crisis, self._line.understanding, self._line.bars))
        self._waiting = set(broken)
        await apart(lambda: self._good.take(but=broken))
        self._known = {_key(finding) for finding in findings}
        self._latest = catalog
        due = self._crisis_due or self._words_due
        if due:
            self._due.set()
        self._tell(News(tuple(sorted(changed)), learning=due, findings=(*findings, *self._of_crisis)))

    async def _learn_when_due(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                await self._learn(self._latest)
            except Exception as error:  # noqa: BLE001  # what was learned before goes on answering
                log.error("a change could not be learned", kind=type(error).__name__, reason=str(error))  # noqa: TRY400  # its place says nothing to staff

    async def _learn(self, catalog: Catalog) -> None:
        """Learn what changed; the signs of a crisis first, because that takes seconds and matters most."""
        crisis, words, told = self._crisis_due, self._words_due, []
        self._crisis_due = self._words_due = False
        if crisis:
            told += await self._learn_crisis(catalog)
        if words:
            told += await self._learn_words(catalog)
        if self._latest is catalog:
            self._tell(News((), tuple(told)))

    async def _learn_crisis(self, catalog: Catalog) -> list[Finding]:
        own, understanding = self._sources, self._line.understanding
        check, findings = await apart(lambda: open_crisis(own.intents_dir, catalog, own.cache))
        check.second = await apart(lambda: open_second_look(own.intents_dir, check, understanding, own.cache))
        before = {_key(finding) for finding in self._of_crisis}
        worse = (finding for finding in findings if _key(finding) not in before)
        errors = [finding for finding in worse if finding.level is Level.ERROR]
        if not errors:
            self._of_crisis, now = findings, self._line
            now.adopt(Parts(now.catalog, check, now.understanding, now.bars))
        return errors

    async def _learn_words(self, catalog: Catalog) -> list[Finding]:
        try:
            tuning = read_tuning(self._sources.intents_dir / FILE)
        except RequestError as error:
            return [Finding(Mark(f"{self._roots[0].name}/{FILE}", 1), str(error), code="calibration")]
        understanding = await apart(lambda: self._taught(catalog, tuning))
        if not (self._latest is catalog or fits(catalog, self._latest)):
            return []  # a later change needs other phrases, and is due already
        self._understood = catalog
        bars, own, check = tuning.bars if tuning else self._line.bars, self._sources, self._line.crisis
        check.second = await apart(lambda: open_second_look(own.intents_dir, check, understanding, own.cache))
        self._line.adopt(Parts(self._latest, self._line.crisis, understanding, bars))
        return []

    def _taught(self, catalog: Catalog, tuning: Tuning | None) -> Understanding:
        calibration = tuning.calibration if tuning else None
        return Understanding(catalog, self._sources.encoder, self._sources.cache, calibration)

    def _new_errors(self, loaded: Loaded, changed: Collection[str]) -> tuple[Finding, ...]:
        """Return the errors in files that changed, and those that were not there before."""
        errors = (finding for finding in loaded.findings if finding.level is Level.ERROR)
        return tuple(one for one in errors if one.mark.file in changed or _key(one) not in self._known)

    @property
    def _files(self) -> tuple[str, ...]:
        return tuple(sorted(self._waiting))

    def _shown(self, path: Path) -> str:
        whole = path.parent.resolve() / path.name
        root = next((root for root in self._roots if whole.is_relative_to(root)), None)
        return shown_name(whole, root) if root else path.name


async def apart(work: Callable[[], T]) -> T:
    """Return what `work` returns, done in a thread that does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def hand_over(result: T | None, error: BaseException | None) -> None:
        if not done.cancelled():
            done.set_exception(error) if error else done.set_result(result)  # type: ignore[arg-type]  # one of both is there

    def run() -> None:
        result, failed = None, None
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  # it is raised where the result is awaited
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(hand_over, result, failed)

    threading.Thread(target=run, daemon=True, name="reload").start()
    return await done


def _of_staff(_change: Change, path: str) -> bool:
    name = Path(path).name
    return name.endswith(_KINDS) and not name.startswith((".", "#"))


def _key(finding: Finding) -> tuple[str, str, str]:
    """Return what makes an error the same error after lines moved."""
    return finding.mark.file, finding.code, _PLACE.sub("", finding.what)
