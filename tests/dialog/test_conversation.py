from bot.dialog.conversation import LAPSE_SECONDS, Conversation


def _talk() -> Conversation:
    return Conversation(
        language="es",
        chosen=True,
        intent="case-time",
        slots={"case": "dawn-jackson"},
        earlier=(("case", "alice-johnson"),),
        wants="case",
        pending=("case-now",),
        offered=("u:",),
        misses=1,
        cards=("suicide",),
        at=1000.0,
    )


def test_survives_the_store() -> None:
    """A conversation comes back from the store as it went in."""
    assert Conversation.from_json(_talk().to_json()) == _talk()


def test_unknown_fields_are_left_out() -> None:
    """What a newer version wrote does not break an older one."""
    assert Conversation.from_json('{"language": "en", "mood": "fine"}') == Conversation(language="en")


def test_lapses_after_thirty_minutes() -> None:
    """After thirty minutes only the language is remembered."""
    assert _talk().resumed(1000.0 + LAPSE_SECONDS) == _talk()

    later = _talk().resumed(1001.0 + LAPSE_SECONDS)
    assert later == Conversation(language="es", chosen=True, at=1001.0 + LAPSE_SECONDS)
