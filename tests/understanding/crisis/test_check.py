import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.crisis_model import URGENCY, CrisisClass, CrisisRules, Guard, LabelledLine, Shared, Sign
from bot.catalog.model import Mark, Phrase
from bot.understanding.crisis import CrisisCheck
from bot.understanding.crisis.scorer import ENOUGH

MARK = Mark("intents/crisis/suicide.yaml", 3)


def _phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(text, "en", MARK) for text in texts)


def _rules() -> CrisisRules:
    guards = {
        "negation": Guard("negation", _phrases("not", "not going to"), before=1),
        "past": Guard("past", _phrases("years ago"), reach="message", unless=_phrases("again")),
    }
    shared = Shared(guards=guards, usual=("negation", "past"), idioms=_phrases("kill myself laughing"))
    signs = (
        Sign("direct", "always", "self", ("usual",), _phrases("kill myself", "want to die")),
        Sign("certain", "always", "self", (), _phrases("right now kill myself")),
        Sign("hint", "likely", "self", ("usual",), _phrases("goodbye")),
        Sign("other hint", "likely", "self", ("usual",), _phrases("burden")),
    )
    return CrisisRules({"suicide": CrisisClass("suicide", "crisis/suicide", signs, mark=MARK)}, shared)


@pytest.fixture(scope="module")
def check() -> CrisisCheck:
    """Return a check with a few rules that has learned nothing."""
    return CrisisCheck(_rules())


def _lines(count: int) -> list[LabelledLine]:
    crises = [
        LabelledLine(f"everything hurts inside alone {n} nights", "suicide", None, "en", "self") for n in range(count)
    ]
    near = [LabelledLine(f"how do i apply for a job {n}", None, "suicide", "en") for n in range(count)]
    return [one for pair in zip(crises, near, strict=True) for one in pair]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i want to die", True),
        ("im going to kill myself", True),
        ("im not going to kill myself", False),
        ("i said not today. kill myself", True),
        ("wanted to kill myself years ago", False),
        ("wanted to kill myself years ago and now again", True),
        ("right now kill myself years ago", True),
        ("i could kill myself laughing", False),
        ("not you but kill myself", True),
        ("what is the weather", False),
        ("", False),
    ],
)
def test_signs_guards_and_idioms(check: CrisisCheck, text: str, found: bool) -> None:  # noqa: FBT001  # a table of cases
    """A sign shows the card, a guard in its reach or an idiom silences it, and `unless` undoes a guard."""
    assert (check.check(text) is not None) is found


def test_a_verdict_says_why(check: CrisisCheck) -> None:
    """The verdict names class, card, sign, place, person and language."""
    verdict = check.check("i want to die")

    assert verdict is not None
    assert (verdict.class_id, verdict.card, verdict.sign, verdict.mark) == ("suicide", "crisis/suicide", "direct", MARK)
    assert (verdict.who, verdict.language, verdict.stage) == ("self", "en", "sign")


def test_who_is_in_danger_is_learned() -> None:
    """The scorer says whether a message speaks of its writer, also where no pronoun tells."""
    told = [LabelledLine(f"lo tienen amenazado {n} nights", "suicide", None, "es", "other") for n in range(ENOUGH)]
    check = CrisisCheck(_rules(), [*_lines(ENOUGH), *told], ["where is the office", "opening hours"] * 30)

    other, own = check.check("lo tienen amenazado nights"), check.check("everything hurts inside alone nights")

    assert other is not None
    assert own is not None
    assert (other.who, own.who) == ("other", "self")


def test_two_likely_signs_decide_while_nothing_is_learned(check: CrisisCheck) -> None:
    """Without a scorer one hint is silent and two kinds of hints show the card."""
    assert check.check("goodbye") is None
    assert check.check("goodbye i am a burden") is not None


@pytest.mark.parametrize(
    ("text", "class_id"),
    [
        ("hes not breathing", "medical"),
        ("she overdosed please help", "overdose"),
        ("he hits me", "partner-violence"),
        ("my pimp", "trafficking"),
        ("dope sick", "withdrawal"),
        ("nowhere to sleep", "no-bed"),
        ("me violaron", "sexual-assault"),
        ("los voy a matar", "threat-others"),
        ("me corto los brazos", "self-harm"),
        ("quiero morirme", "suicide"),
        ("my son is missing", "child-danger"),
        ("they put a hit on me", "danger-inside"),
    ],
)
def test_help_works_with_no_file_at_all(text: str, class_id: str) -> None:
    """With no rules every class is still caught by the signs built into the code."""
    verdict = CrisisCheck(CrisisRules()).check(text)

    assert verdict is not None
    assert verdict.class_id == class_id


def test_the_most_urgent_class_comes_first() -> None:
    """Of several classes the most urgent card is shown, and the others are named."""
    verdict = CrisisCheck(CrisisRules()).check("i want to die he hits me and i took all my pills")

    assert verdict is not None
    assert verdict.class_id == "overdose"
    assert verdict.also == ("suicide", "partner-violence")


def test_the_scorer_hears_what_no_sign_hears() -> None:
    """What resembles learned crisis lines gets a card without any sign, and what resembles near-misses does not."""
    check = CrisisCheck(_rules(), _lines(ENOUGH), ["where is the office", "opening hours"] * 30)
    verdict = check.check("everything hurts inside and i am alone these nights")

    assert verdict is not None
    assert (verdict.stage, verdict.sign, verdict.class_id) == ("scorer", "scorer", "suicide")
    assert check.check("how do i apply for this job") is None


def test_a_cry_in_a_long_story_is_heard() -> None:
    """A crisis in the middle of a long ordinary message is scored by itself."""
    check = CrisisCheck(_rules(), _lines(ENOUGH), ["where is the office", "opening hours"] * 30)
    story = "how do i apply for a job " * 20

    cry = "everything hurts inside alone everything hurts inside alone everything hurts alone nights"

    assert check.check(story) is None
    assert check.check(f"{story} {cry} {story}") is not None


def test_learning_is_deterministic() -> None:
    """The same lines give the same scores to the last digit."""
    first, second = (CrisisCheck(_rules(), _lines(ENOUGH), ["opening hours"] * 50) for _ in range(2))

    assert first.scorer is not None
    assert second.scorer is not None
    assert first.scorer.tested == second.scorer.tested
    assert first.explain("alone at night") == second.explain("alone at night")


def test_explain_names_sign_guard_and_score(check: CrisisCheck) -> None:
    """The explanation for staff shows the sign, its file and line, and the guard that switched it off."""
    told = "\n".join(check.explain("im not going to kill myself"))

    assert "no crisis card" in told
    assert "switched off by the guard negation" in told
    assert "intents/crisis/suicide.yaml:3" in told


def test_a_bad_pattern_is_a_finding_and_the_rest_works() -> None:
    """A pattern that cannot be read is set aside with its place; the other signs still show the card."""
    sign = Sign("broken", "always", "self", (), _phrases("kill <unknown>", "want to die"))
    check = CrisisCheck(CrisisRules({"suicide": CrisisClass("suicide", "crisis/suicide", (sign,))}, _rules().shared))

    assert [finding.mark for finding in check.findings] == [MARK]
    assert check.check("i want to die") is not None


@given(st.text(max_size=400))
def test_any_text_gets_a_verdict_or_none(text: str) -> None:
    """No text raises, and every verdict is of a known class and language."""
    verdict = CHECK.check(text)

    assert verdict is None or (verdict.class_id in URGENCY and verdict.language in {"en", "es"})


CHECK = CrisisCheck(CrisisRules())
