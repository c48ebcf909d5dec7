from __future__ import annotations

import pytest

from bot.redact_text import LONGEST, redact


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("call me at (404) 555-0182 ok", "call me at [number] ok"),
        ("my number is 4045550182", "my number is [number]"),
        ("case 18-cr-00231 in court", "case [number] in court"),
        ("inmate # 0012345", "inmate [number]"),
        ("ssn 123-45-6789", "ssn [number]"),
        ("write to jo.smith+x@mail.example.com please", "write to [e-mail] please"),
        ("jo at mail: jo (at) mail (dot) com", "jo at mail: [e-mail]"),
        ("see https://facebook.example.com/jo.smith", "see [link]"),
        ("im @josmith99 on insta", "im [handle] on insta"),
        ("i live at 12 West Elm Street apt 4b", "i live at [address]"),
        ("vivo en la calle Juárez 45", "vivo en la [address]"),
        ("po box 77 macon", "[address] macon"),
        ("my name is Jo Ann Smith and i need help", "my name is [name] and i need help"),
        ("my name's jo", "my name's [name]"),
        ("me llamo María José y busco trabajo", "me llamo [name] y busco trabajo"),
        ("mi nombre es juan pérez tengo una pregunta", "mi nombre es [name] tengo una pregunta"),
        ("my son's name is Tyrell Banks how do i find him", "my son's name is [name] how do i find him"),
        ("mi hijo se llama Luis", "mi hijo se llama [name]"),
        ("born 4/12/1988 in ohio", "born [number] in ohio"),
    ],
)
def test_what_names_somebody_is_taken_out(text: str, kept: str) -> None:
    """Numbers, addresses and names that people give of themselves or their kin do not stay."""
    assert redact(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "he got 25 years",
        "is 988 free",
        "what is 12 years in drug court like",
        "can i text 741741",
        "my name is on the registry",
        "how do i get my record cleared in ohio",
        "who is dawn jackson",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    """What is needed to understand the question is kept as it was written."""
    assert redact(text) == text


def test_a_long_message_is_cut() -> None:
    """No more is kept than a question needs, and no pattern is slow on what is long."""
    assert len(redact("a " * 20_000)) <= LONGEST
    assert len(redact("1-" * 20_000)) <= LONGEST
