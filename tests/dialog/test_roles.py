from __future__ import annotations

from dataclasses import replace

import pytest

from bot.catalog.model import Intent, Mark
from bot.dialog.conversation import Conversation
from bot.dialog.roles import heard, hits_of, in_roles, taken, told_by
from bot.understanding.reading import LanguageGuess, Reading, SlotHit

VOTE = Intent(
    id="vote", topic="rights", title={"en": "Vote"}, answer="a/b#c", slots=("state",), about={}, in_general=None,
    urgent=False, does=None, examples=(), tests=(), next=(), mark=Mark("x", 1), takes={"state": "home"},
)  # fmt: skip
CLEAR = replace(VOTE, id="clear", takes={"state": "case"})
ANY = replace(VOTE, id="any", takes={})
TALK = Conversation(said={"state/home": "tx", "state/case": "oh"}, slots={"state": "oh"})


def reading(*named: str, points: tuple[tuple[str, str], ...] = ()) -> Reading:
    """Return a reading that names states, each as `value`, `value:role` or `-value` (taken back)."""
    hits = []
    for at, one in enumerate(named):
        value, _, role = one.lstrip("-").partition(":")
        hits.append(SlotHit("state", value, at, at + 1, 1.0, role or None, one.startswith("-")))
    return Reading("", "", LanguageGuess("en", certain=True), tuple(hits), points=points)


@pytest.mark.parametrize(
    ("named", "intent", "values"),
    [
        (("oh:case", "tx:home"), VOTE, ("tx",)),
        (("oh:case", "tx:home"), CLEAR, ("oh",)),
        (("oh:case", "tx:home"), ANY, ("oh", "tx")),
        (("oh:case", "tx"), VOTE, ("tx",)),
        (("oh", "tx:home"), CLEAR, ("oh",)),
        (("oh:case",), VOTE, ("oh",)),
        (("oh:case", "ga:case"), VOTE, ("oh", "ga")),
        (("oh", "ga"), VOTE, ("oh", "ga")),
        (("-oh", "ga"), VOTE, ("ga",)),
    ],
)
def test_an_intent_takes_the_states_of_its_role(
    named: tuple[str, ...], intent: Intent, values: tuple[str, ...]
) -> None:
    """Of several states an intent takes those in its role, else those in none; one alone is taken whatever its role."""
    read = reading(*named)
    talk = heard(Conversation(), read)
    assert taken(intent, hits_of(read), read, talk)["state"] == values


def test_where_none_is_named_the_last_in_the_role_is_taken() -> None:
    """A question without a state is about the one said in its role, whatever was talked about in between."""
    known = {"state": ("oh",)}
    assert taken(VOTE, known, reading(), TALK)["state"] == ("tx",)
    assert taken(CLEAR, known, reading(), TALK)["state"] == ("oh",)
    assert taken(ANY, known, reading(), TALK)["state"] == ("oh",)


def test_here_is_home() -> None:
    """When the message says "here" it is the home that counts, whatever the intent takes; else it is asked for."""
    here = reading(points=(("state", "home"),))
    assert taken(CLEAR, {"state": ("oh",)}, here, TALK)["state"] == ("tx",)
    assert taken(ANY, {"state": ("ga",)}, here, Conversation())["state"] == ("ga",)
    assert taken(VOTE, {"state": ("oh",)}, here, Conversation(said={"state/case": "oh"}))["state"] == ()


def test_one_state_said_at_all_is_taken() -> None:
    """Where only one state was ever said, it is taken whatever its role."""
    assert taken(VOTE, {}, reading(), Conversation(said={"state/case": "oh"}))["state"] == ("oh",)


def test_roles_are_remembered() -> None:
    """What a message says of a state is kept; what is taken back is not; the last one counts."""
    talk = heard(heard(Conversation(), reading("oh:case", "tx:home")), reading("-tx:home", "ga:home", "nv"))
    assert talk.said == {"state/case": "oh", "state/home": "ga"}
    assert Conversation.from_json(talk.to_json()) == talk


def test_an_answer_settles_a_role_that_nobody_named() -> None:
    """The state that an answer took as a home is the home until something better is said."""
    assert in_roles(Conversation(), VOTE, {"state": "ga"}) == {"state/home": "ga"}
    assert in_roles(TALK, VOTE, {"state": "ga"})["state/home"] == "tx"


def test_a_place_said_before_is_told() -> None:
    """A state that the person gave for themselves, or points at, makes a question about it, not a general one."""
    here = reading(points=(("state", "home"),))
    assert told_by(here, TALK) == {"state"}
    assert told_by(reading(), Conversation(said={"state/case": "oh"})) == {"state"}
    assert told_by(here, Conversation()) == set()
