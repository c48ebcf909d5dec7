from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.catalog.load import load
from bot.channels.plain import plain
from bot.dialog.conversation import Conversation
from bot.dialog.last_card import NUMBERS
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Kind
from bot.line import START, Line, Message, open_crisis
from bot.store.conversations import MemoryStore
from bot.understanding.crisis import CrisisCheck
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.catalog.crisis_model import CrisisRules
    from bot.catalog.model import Catalog
    from bot.understanding.crisis import Verdict

MARKER = "zanzibar-marker-4711"


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Return the tiny catalog."""
    return load(*make_tree(tmp_path_factory.mktemp("tree"))).catalog


@pytest.fixture(scope="module")
def line(catalog: Catalog) -> Line:
    """Return a line over the tiny catalog."""
    return Line(catalog)


def test_the_crisis_check_learns_what_is_ordinary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions, small talk and what belongs to no intent are all examples of no crisis; titles and tests are not."""
    intents, content = make_tree(tmp_path)
    learned: list[str] = []

    class Watched(CrisisCheck):
        def __init__(self, rules: CrisisRules, _lines: object, ordinary: Sequence[str], _cache: object) -> None:
            learned.extend(ordinary)
            super().__init__(rules)

    monkeypatch.setattr("bot.line.CrisisCheck", Watched)
    open_crisis(intents, load(intents, content).catalog)

    assert {"how did she get out of prison", "who won the game", "con quién sale"} <= set(learned)
    assert "alice now" not in learned


async def test_a_talk(line: Line) -> None:
    """A talk keeps who it is about; two senders do not mix."""
    first = await line.reply(Message("web", "a", "how did alice get out"))
    assert first.intents == ("case-release",)

    await line.reply(Message("web", "b", "where is dawn now"))
    turn = await line.reply(Message("web", "a", "where is she now"))
    assert (turn.intents, turn.slots) == (("case-now",), {"case": "alice-johnson"})


async def test_forget(line: Line) -> None:
    """After forgetting, nothing of the talk is left."""
    await line.reply(Message("web", "c", "where is alice now"))
    await line.forget("web", "c")

    assert await line.language_of("web", "c") is None


async def test_the_app_language_is_a_first_guess(line: Line) -> None:
    """A Spanish phone is greeted in Spanish; a message in English is still answered in English."""
    start = await line.reply(Message("web", "d", pick=START, language_hint="es-MX"))
    assert start.language == "es"

    turn = await line.reply(Message("web", "d", "how did alice get out of prison", language_hint="es-MX"))
    assert turn.language == "en"


async def test_crisis_comes_first(line: Line) -> None:
    """A crisis gets its card in its own language, whatever language was chosen, and the talk goes on."""
    await line.reply(Message("web", "e", pick=Pick(Verb.LANGUAGE, "en")))
    turn = await line.reply(Message("web", "e", "me quiero matar"))
    assert (turn.kind, turn.language, turn.intents) == (Kind.CRISIS, "es", ("crisis-suicide",))
    assert "988" in plain(turn)

    again = await line.reply(Message("web", "e", "how did alice get out"))
    assert again.kind is Kind.ANSWER


async def test_crisis_with_a_question(line: Line) -> None:
    """What else a crisis message asked is answered below the card."""
    turn = await line.reply(Message("web", "f", "i want to kill myself. how did alice get out of prison"))

    assert turn.kind is Kind.CRISIS
    assert plain(turn).index("988") < plain(turn).index("She came home")


async def test_a_broken_check_shows_help(catalog: Catalog) -> None:
    """When the crisis check itself fails, help is shown, and no word of the message is logged."""
    line = Line(catalog)

    class Broken:
        def check(self, text: str) -> Verdict | None:
            raise ValueError(text)

    line.crisis = Broken()  # type: ignore[assignment]  # a broken one
    with capture_logs() as logs:
        turn = await line.reply(Message("web", "g", f"hello {MARKER}"))

    assert turn.kind is Kind.CRISIS
    assert all(number in plain(turn) for number in NUMBERS)
    assert logs
    assert MARKER not in str(logs)


async def test_a_broken_store_costs_only_the_memory(catalog: Catalog) -> None:
    """When nothing can be remembered, the question is still answered, and no word is logged."""

    class Broken(MemoryStore):
        async def get(self, channel: str, sender: str) -> str | None:
            raise OSError(channel + sender + MARKER)

        async def put(self, channel: str, sender: str, state: str, at: float) -> None:
            raise OSError(channel + sender + state + str(at) + MARKER)

    with capture_logs() as logs:
        turn = await Line(catalog, Broken()).reply(Message("web", "h", f"{MARKER} how did alice get out"))

    assert turn.kind is Kind.ANSWER
    assert [entry["kind"] for entry in logs] == ["OSError", "OSError"]
    assert MARKER not in str(logs)


async def test_a_fault_of_ours_shows_help(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """When understanding breaks, the person gets an apology with numbers; a crisis message still gets its card."""
    line = Line(catalog)

    def broken(*_: object) -> None:
        raise RuntimeError(MARKER)

    monkeypatch.setattr(line, "_ordinary", broken)
    with capture_logs() as logs:
        turn = await line.reply(Message("web", "h", "how did alice get out"))
        crisis = await line.reply(Message("web", "h", "i want to kill myself"))

    assert turn.kind is Kind.FALLBACK
    assert "988" in plain(turn)
    assert crisis.kind is Kind.CRISIS
    assert MARKER not in str(logs)


async def test_crisis_survives_a_broken_store(catalog: Catalog) -> None:
    """A crisis message is met with its card even when nothing can be remembered."""

    class Broken(MemoryStore):
        async def get(self, channel: str, sender: str) -> str | None:
            raise OSError(channel + sender)

    turn = await Line(catalog, Broken()).reply(Message("web", "i", "i want to kill myself"))

    assert turn.kind is Kind.CRISIS


async def test_state_holds_no_words(catalog: Catalog) -> None:
    """What is kept of a talk holds no word of what was written."""
    kept: list[str] = []

    class Watching(MemoryStore):
        async def put(self, channel: str, sender: str, state: str, at: float) -> None:
            kept.append(state)
            await super().put(channel, sender, state, at)

    line = Line(catalog, Watching())
    for text in (MARKER, f"how did alice get out {MARKER}", f"{MARKER} i want to die", f"where {MARKER} now"):
        await line.reply(Message("web", "j", text))

    assert len(kept) == 4
    assert MARKER not in "".join(kept)
    assert "zanzibar" not in "".join(kept)


@given(text=st.text(max_size=300) | st.text(alphabet="ab 🙂ñ\u202e\x00\n", max_size=2000), tap=st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_the_line(line: Line, text: str, *, tap: bool) -> None:
    """Whatever is written, there is a turn with words, and its buttons lead somewhere."""
    turn = line.turn(Message("web", "k", text), Conversation(), 1_795_000_000.0)

    assert plain(turn).strip()
    assert "{" not in plain(turn).replace("{Braces}", "")
    if tap and turn.choices:
        assert plain(line.after_tap(turn.choices[-1].pick, turn)).strip()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "alice " * 16_000,
        "é🙂" * 50_000,
        "kill " * 20_000,
        "\n" * 100_000,
        "no " * 33_000,
        "\ud800" * 999,
    ],
)
async def test_monsters(line: Line, text: str) -> None:
    """A hundred thousand characters of anything are answered."""
    turn = await asyncio.wait_for(line.reply(Message("web", "l", text)), timeout=10)

    assert plain(turn).strip()
