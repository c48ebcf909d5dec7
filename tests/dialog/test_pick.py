import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialog.pick import MAX_BYTES, Pick, Verb
from bot.errors import PickError

_NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)


@given(st.sampled_from(Verb), _NAMES, st.dictionaries(_NAMES, _NAMES, max_size=2))
def test_round_trip(verb: Verb, target: str, slots: dict[str, str]) -> None:
    """A pick survives the way through a button, and fits one."""
    pick = Pick(verb, target, slots)
    data = pick.encode()

    assert Pick.decode(data) == pick
    assert len(data.encode()) <= MAX_BYTES


@given(st.text(max_size=200))
def test_anything_else_is_refused(data: str) -> None:
    """Data that is not ours raises PickError and nothing else."""
    try:
        pick = Pick.decode(data)
    except PickError:
        return
    assert Pick.decode(pick.encode()) == pick


def test_too_long() -> None:
    """A pick that Telegram would refuse is refused here, with its length."""
    with pytest.raises(PickError, match="bytes long, 64 are allowed"):
        Pick(Verb.ANSWER, "x" * 77, {"a": "b", "c": "d"}).encode()
