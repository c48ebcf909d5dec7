from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.channels.plain import plain
from bot.dialog.conversation import LAPSE_SECONDS
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Kind

if TYPE_CHECKING:
    from tests.dialog.conftest import Talk

ALICE, DAWN = "alice-johnson", "dawn-jackson"


def _labels(turn: object) -> list[str]:
    return [choice.label for choice in turn.choices]  # type: ignore[attr-defined]  # a Turn


def test_answers_when_sure(talk: Talk) -> None:
    """A likely intent is answered with its source, its date, More and what comes next."""
    turn = talk.says("how did alice get out", ("case-release", 0.9), case=(ALICE,))

    assert turn.kind is Kind.ANSWER
    assert turn.intents == ("case-release",)
    assert turn.slots == {"case": ALICE}
    assert plain(turn).startswith("She came home on June 6, 2018.")
    assert "Source: NPR, June 6, 2018 (https://npr.example.org/alice) (checked November 2026)" in plain(turn)
    assert _labels(turn) == ["More", "Where is Alice Johnson now?", "Menu"]


def test_says_what_is_old(talk: Talk) -> None:
    """A page past its review date still answers, and says that it may be old."""
    talk.now += 200 * 86_400
    turn = talk.says("how did alice get out", ("case-release", 0.9), case=(ALICE,))

    assert "This may be out of date" in plain(turn)


def test_asks_for_a_missing_slot(talk: Talk) -> None:
    """Without a name the line asks which person, and takes the name as the answer."""
    asked = talk.says("how did she get out", ("case-release", 0.9))
    assert asked.kind is Kind.CLARIFY
    assert plain(asked) == "Which person do you mean?"
    assert _labels(asked) == ["Alice Johnson", "Dawn Jackson"]

    turn = talk.says("dawn", ("case-now", 0.4), case=(DAWN,), bare=True)
    assert (turn.kind, turn.intents, turn.slots) == (Kind.ANSWER, ("case-release",), {"case": DAWN})


def test_a_name_after_one_reading_says_yes_to_it(talk: Talk) -> None:
    """When the one reading that was offered lacks a name, a bare name is the answer to both."""
    offered = talk.says("out?", ("case-release", 0.3))
    assert offered.kind is Kind.CLARIFY
    turn = talk.says("dawn", ("case-now", 0.9), case=("dawn-jackson",), bare=True)
    assert (turn.intents, dict(turn.slots)) == (("case-release",), {"case": "dawn-jackson"})


def test_a_new_question_wins_over_the_one_asked_back(talk: Talk) -> None:
    """Who asks something else while a slot is wanted gets an answer to that."""
    talk.says("how did she get out", ("case-release", 0.9))
    turn = talk.says("where is dawn now", ("case-now", 0.9), case=(DAWN,))

    assert turn.intents == ("case-now",)


def test_follow_up_keeps_the_person(talk: Talk) -> None:
    """A question without a name is about the person talked about."""
    talk.says("how did alice get out", ("case-release", 0.9), case=(ALICE,))
    turn = talk.says("where is she now", ("case-now", 0.9))

    assert turn.slots == {"case": ALICE}


def test_another_person_same_question(talk: Talk) -> None:
    """A name alone asks the last question for somebody else."""
    talk.says("where is alice now", ("case-now", 0.9), case=(ALICE,))
    turn = talk.says("and dawn?", ("case-release", 0.5), case=(DAWN,), bare=True)

    assert (turn.intents, turn.slots) == (("case-now",), {"case": DAWN})


def test_the_other_one(talk: Talk) -> None:
    """The other one is the person talked about before."""
    talk.says("where is alice now", ("case-now", 0.9), case=(ALICE,))
    talk.says("and dawn?", case=(DAWN,), bare=True)
    turn = talk.says("what about the other one")

    assert (turn.intents, turn.slots) == (("case-now",), {"case": ALICE})


def test_a_pronoun_that_does_not_fit(talk: Talk) -> None:
    """He is not taken for a woman who was talked about: the line asks."""
    talk.says("where is alice now", ("case-now", 0.9), case=(ALICE,))
    turn = talk.says("how did he get out", ("case-release", 0.9))

    assert turn.kind is Kind.CLARIFY


def test_topic_change_forgets_the_person(talk: Talk) -> None:
    """After talk of something else, a question with neither name nor pronoun is not about the last person."""
    talk.says("where is alice now", ("case-now", 0.9), case=(ALICE,))
    talk.conversation = talk.conversation.with_(slots={}, earlier=(("case", ALICE),))

    assert talk.says("release date", ("case-release", 0.9)).kind is Kind.CLARIFY
    assert talk.says("how did she get out", ("case-release", 0.9)).slots == {"case": ALICE}


def test_two_people_two_answers(talk: Talk) -> None:
    """Two names get both answers, each under its title."""
    turn = talk.says("where are alice and dawn now", ("case-now", 0.9), case=(ALICE, DAWN))

    assert "Where is Alice Johnson now?" in plain(turn)
    assert "At last report she was at home." in plain(turn)


def test_about_somebody_else_is_dropped(talk: Talk) -> None:
    """An intent about Alice is no reading of a message that names Dawn; its share goes to the others."""
    turn = talk.says("was dawn pardoned", ("pardon", 0.6), ("case-release", 0.3), case=(DAWN,))

    assert (turn.kind, turn.intents) == (Kind.ANSWER, ("case-release",))
    assert turn.confidence == pytest.approx(0.75)


def test_clarifies_when_two_are_near(talk: Talk) -> None:
    """Two near readings are offered with a way out; a number, an ordinal, or the words choose."""
    turn = talk.says("alice free", ("case-release", 0.45), ("case-now", 0.40), case=(ALICE,))
    assert turn.kind is Kind.CLARIFY
    assert _labels(turn) == ["How did Alice Johnson get out?", "Where is Alice Johnson now?", "None of these"]

    assert talk.says("the second one").intents == ("case-now",)


def test_words_of_a_button_choose(talk: Talk) -> None:
    """The words of a choice, typed with a slip, choose it."""
    talk.says("alice free", ("case-release", 0.45), ("case-now", 0.40), case=(ALICE,))

    assert talk.says("where is alice jonson now").intents == ("case-now",)


def test_no_is_none_of_these(talk: Talk) -> None:
    """A no to a clarifying question is a miss with doors, not a new question."""
    talk.says("alice free", ("case-release", 0.45), ("case-now", 0.40), case=(ALICE,))

    assert talk.says("no", ("menu", 0.9)).kind is Kind.FALLBACK


def test_yes_to_a_single_reading(talk: Talk) -> None:
    """A yes to one offered reading takes it."""
    turn = talk.says("alice", ("case-release", 0.3), case=(ALICE,))
    assert _labels(turn) == ["How did Alice Johnson get out?", "None of these"]

    assert talk.says("si").intents == ("case-release",)


def test_more(talk: Talk) -> None:
    """More shows the rest, by tap or by word, and is not offered again."""
    talk.says("how did alice get out", ("case-release", 0.9), case=(ALICE,))
    turn = talk.says("tell me more", ("menu", 0.5))

    assert plain(turn).startswith("1. First the letter.\n2. Then the meeting.")
    assert "More" not in _labels(turn)


def test_two_misses_offer_a_person(talk: Talk) -> None:
    """A first miss shows doors; a second in a row offers a person; an answer ends the count."""
    first = talk.says("xyzzy")
    assert first.kind is Kind.FALLBACK
    assert "Talk to a person" in _labels(first)

    second = talk.says("plugh")
    assert _labels(second)[0] == "Talk to a person"
    assert plain(second) != plain(first)

    talk.says("where is alice now", ("case-now", 0.9), case=(ALICE,))
    assert plain(talk.says("xyzzy")) == plain(first)


def test_out_of_scope_group_has_its_own_words(talk: Talk) -> None:
    """What a group of out-of-scope phrases says is said, and it stays a fallback."""
    turn = talk.says("how is the weather", group="everyday")

    assert turn.kind is Kind.FALLBACK
    assert plain(turn).startswith("That is not what this line is for.")


def test_language_follows_the_message(talk: Talk) -> None:
    """A Spanish message gets Spanish words, unless the person chose another language."""
    turn = talk.says("como salio alice", ("case-release", 0.9), case=(ALICE,), language="es")
    assert plain(turn).startswith("Salió el 6 de junio de 2018.")

    talk.taps(Pick(Verb.LANGUAGE, "en"))
    turn = talk.says("como salio alice", ("case-release", 0.9), case=(ALICE,), language="es")
    assert plain(turn).startswith("She came home")


def test_missing_translation_says_so(talk: Talk) -> None:
    """An answer that exists in one language only is shown with a line in the person's language."""
    turn = talk.says("a quien llamo", ("help-now", 0.9), language="es")

    assert plain(turn).startswith("Por ahora tenemos esta respuesta solo en inglés.")
    assert "988" in plain(turn)


def test_lapse(talk: Talk) -> None:
    """After thirty minutes the person talked about is forgotten, the language is not."""
    talk.says("donde esta alice", ("case-now", 0.9), case=(ALICE,), language="es")
    talk.now += LAPSE_SECONDS + 1

    turn = talk.says("y ella como salio", ("case-release", 0.9), language="es")
    assert turn.kind is Kind.CLARIFY


@pytest.mark.parametrize(
    "pick",
    [Pick(Verb.ANSWER, "gone"), Pick(Verb.ANSWER, "case-now", {"case": "nobody"}), Pick(Verb.TOPIC, "gone")],
)
def test_old_buttons(talk: Talk, pick: Pick) -> None:
    """A button whose intent, person or topic is gone says so and offers the menu."""
    turn = talk.taps(pick)

    assert "earlier talk" in plain(turn)
    assert _labels(turn) == ["Menu"]


def test_menu_topics_and_welcome(talk: Talk) -> None:
    """The menu lists topics, a topic lists questions, the start greets."""
    assert talk.says("menu", ("menu", 0.9)).kind is Kind.ANSWER
    topic = talk.conversation.offered[0]

    assert talk.taps(Pick.decode(topic)).choices
    assert "988" in plain(talk.taps(Pick(Verb.MENU, "start")))


def test_links(talk: Talk) -> None:
    """A link opens its answer or topic; one that names nothing of ours opens the welcome."""
    assert plain(talk.taps(Pick(Verb.OPEN, "privacy"))).startswith("The Test Line keeps no words.")
    assert "The people" in plain(talk.taps(Pick(Verb.OPEN, "cases")))
    assert "988" in plain(talk.taps(Pick(Verb.OPEN, "whatever")))


def test_person(talk: Talk) -> None:
    """Who asks for a person gets a handoff with a number."""
    turn = talk.taps(Pick(Verb.PERSON))

    assert turn.kind is Kind.HANDOFF
    assert "988" in plain(turn)


def test_every_choice_leads_somewhere(talk: Talk) -> None:
    """Each button under each turn leads to a turn with words."""
    seen = 0
    for turn in (talk.says("alice", ("case-release", 0.9), case=(ALICE,)), talk.says("x"), talk.says("y")):
        for choice in turn.choices:
            assert plain(talk.taps(Pick.decode(choice.pick.encode())))
            seen += 1

    assert seen > 6
