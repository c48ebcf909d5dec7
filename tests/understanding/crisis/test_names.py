from bot.understanding.crisis.names import Names


def test_each_name_has_its_place_and_strangers_have_none() -> None:
    """Thousands of names keep the places at which they were given; what was not given is -1, in one lookup."""
    given = [f"w{n}" for n in range(20_000)]
    names = Names(given)

    assert names.places(["w0", "w19999", "w20000", "", "w777"]).tolist() == [0, 19_999, -1, -1, 777]
    assert names.places(given).tolist() == list(range(20_000))


def test_nothing_is_known_where_nothing_was_given() -> None:
    """Without names every place is -1, and a lookup of nothing is empty."""
    assert Names(()).places(["a", "b"]).tolist() == [-1, -1]
    assert Names(["a"]).places([]).tolist() == []
