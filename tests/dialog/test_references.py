import pytest

from bot.dialog import references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how long was she in", "she"),
        ("y ella", "she"),
        ("what about him", "he"),
        ("y el", "he"),
        ("donde ver el documental", None),
        ("who made it", None),
    ],
)
def test_pronoun(text: str, expected: str | None) -> None:
    """A pronoun points at a woman or a man; the Spanish article does not."""
    assert references.refers_to(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", 1),
        ("the second one", 1),
        ("la segunda", 1),
        ("one", 0),
        ("first one please", 0),
        ("the last one", -1),
        ("opcion 3", 2),
        ("2 years", None),
        ("first step act", None),
        ("who was the first lady", None),
    ],
)
def test_position(text: str, expected: int | None) -> None:
    """A number or ordinal alone picks a choice; inside a question it does not."""
    assert references.position(text) == expected


@pytest.mark.parametrize("text", ["yes", "si", "yeah that one", "claro", "ok", "simon"])
def test_yes(text: str) -> None:
    """A yes is known in both languages."""
    assert references.is_yes(text)


@pytest.mark.parametrize("text", ["no", "nope", "none of these", "ninguna de estas", "nel"])
def test_no(text: str) -> None:
    """A no is known in both languages."""
    assert references.is_no(text)


@pytest.mark.parametrize("text", ["yes but who is dawn", "no money for bail", "si salgo que hago", ""])
def test_longer_texts_are_neither(text: str) -> None:
    """A question that begins with yes or no is still a question."""
    assert not references.is_yes(text)
    assert not references.is_no(text)


@pytest.mark.parametrize(
    "text", ["what about the other one", "and the other one", "y la otra", "el otro", "the other person"]
)
def test_other(text: str) -> None:
    """The other one is asked for in both languages."""
    assert references.wants_other(text)


def test_other_needs_nothing_else() -> None:
    """A question that merely says "other" is no reference."""
    assert not references.wants_other("what other cases did kim help")


def test_label_with_a_slip() -> None:
    """A button's words count when typed with a slip, and not when only alike."""
    assert references.same_words("Where is Dawn Jackson now?", "where is dawn jackon now")
    assert not references.same_words("Where is Dawn Jackson now?", "where is alice johnson now")


@pytest.mark.parametrize(
    "text", ["en espanol por favor", "do you speak spanish", "habla ingles", "otro idioma", "translate"]
)
def test_a_word_about_languages(text: str) -> None:
    """A message that names a language, or speaking, may ask for one."""
    assert references.names_language(text)


@pytest.mark.parametrize("text", ["quiero vote in nevada", "mi hearing is monday", "where is ella", "engine trouble"])
def test_mixing_languages_asks_for_none(text: str) -> None:
    """A message in two languages at once asks for neither."""
    assert not references.names_language(text)
