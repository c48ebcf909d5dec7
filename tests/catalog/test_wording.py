from bot.catalog.wording import unknown


def test_many_names_in_a_mapping() -> None:
    """Of many known names those most like the unknown one are listed, also when they are a mapping's keys."""
    known: dict[str, object] = {f"section-{number}": object() for number in range(40)}
    what, expected, write = unknown("section", "sektion-7", known)

    assert what == "there is no section `sektion-7`; did you mean `section-7`?"
    assert "section-7" in expected
    assert expected.endswith("…")
    assert write == "section-7"
