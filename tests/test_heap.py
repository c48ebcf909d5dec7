import gc

import pytest

from bot.heap import built


def test_nothing_is_collected_while_a_line_is_built() -> None:
    """The collector rests while a line is built, goes on afterwards, and leaves alone what was built."""
    before = gc.get_freeze_count()
    with built():
        assert not gc.isenabled()
        kept = [[number] for number in range(1_000)]

    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)
    gc.unfreeze()


def test_a_failed_start_leaves_the_collector_on() -> None:
    """Where building fails, the error comes out and memory is collected again."""
    with pytest.raises(KeyError), built():
        raise KeyError

    assert gc.isenabled()
    gc.unfreeze()
