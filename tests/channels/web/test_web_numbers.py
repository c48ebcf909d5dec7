from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.richtext import Span
from bot.channels.web.numbers import with_numbers

SPANS = st.lists(
    st.builds(
        Span,
        st.one_of(
            st.text(), st.from_regex(r"(?:call|text|llame al) (?:988|1-800-799-7233|741741)[ .]", fullmatch=True)
        ),
        bold=st.booleans(),
        href=st.sampled_from([None, "https://example.org", "tel:988"]),
    ),
    max_size=5,
)


def links(*spans: Span) -> list[tuple[str, str]]:
    """Return (address, text) of every link in a line."""
    return [(span.href, span.text) for span in with_numbers(spans) if span.href]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call or text 988 (24 hours, free)", ["tel:988"]),
        ("Call 988 and press 1, or text 838255", ["tel:988", "sms:838255"]),
        ("Call 1-800-799-7233 or text START to 88788", ["tel:+18007997233", "sms:88788"]),
        ("Text HOME to 741741", ["sms:741741"]),
        ("Call or text 1-844-762-8483.", ["tel:+18447628483"]),
        ("Llame al 988 y oprima 2, o mande un texto con AYUDA al 988", ["tel:988", "sms:988"]),
        ("Llame al 1-800-799-7233 o mande START por texto al 88788", ["tel:+18007997233", "sms:88788"]),
        ("In danger, dial 911. For food, 211.", ["tel:911", "tel:211"]),
        ("Marque 711 y luego 988", ["tel:988"]),
        ("Videophone 1-855-812-1001", ["tel:+18558121001"]),
    ],
)
def test_a_number_that_people_are_told_to_use_is_a_link(text: str, expected: list[str]) -> None:
    """Numbers in the wording of hotlines become tel: and sms: links, the right one of the two."""
    assert [href for href, _ in links(Span(text))] == expected


@pytest.mark.parametrize(
    "text",
    [
        "in 211 cases the sentence was cut",
        "Call about the $988 fee",
        "Call about section 911 of the act",
        "Call 988,000 people",
        "Call 988-day program",
        "case 11-800-799-7233",
        "case 1-800-799-72335",
        "Call room 88788",
        "text of 2018",
    ],
)
def test_a_number_that_is_no_telephone_is_left_alone(text: str) -> None:
    """Amounts, sections, counts and case numbers are not turned into links."""
    assert links(Span(text)) == []


def test_a_bold_number_is_a_link_even_without_a_verb() -> None:
    """A bold 988 that stands alone can be tapped."""
    assert links(Span("988", bold=True)) == [("tel:988", "988")]


def test_the_name_of_a_hotline_is_no_second_link_to_its_number() -> None:
    """Of the name "988 Lifeline" and "Call 988", only the second is a link."""
    found = links(Span("988 Suicide & Crisis Lifeline", bold=True), Span(": Call or text 988"))
    assert found == [("tel:988", "988")]


def test_a_link_of_staff_stays_as_it_is() -> None:
    """A span with an address of its own is not cut."""
    span = Span("call 988", href="https://988lifeline.org")
    assert with_numbers((span,)) == (span,)


@pytest.mark.parametrize("href", ["tel:1-800-799-7233", "tel:+18007997233"])
def test_a_long_telephone_link_is_cut_at_its_numbers(href: str) -> None:
    """One link around "Call this or text that" becomes two, so that each number leads where it says."""
    found = links(Span("Help", bold=True), Span("Call 1-800-799-7233 or text START to 88788", href=href))
    assert found == [("tel:+18007997233", "1-800-799-7233"), ("sms:88788", "88788")]


def test_a_telephone_link_without_a_number_in_its_words_stays() -> None:
    """A number that is written in letters keeps the link that staff gave it."""
    span = Span("Call 1-800-QUIT-NOW", href="tel:18007848669")
    assert with_numbers((span,)) == (span,)


@given(SPANS)
def test_no_word_is_lost_or_changed(spans: list[Span]) -> None:
    """Cutting at numbers keeps the text of the line, and the style of each piece."""
    cut = with_numbers(tuple(spans))
    assert "".join(span.text for span in cut) == "".join(span.text for span in spans)
    assert {(span.bold, span.italic) for span in cut} <= {(span.bold, span.italic) for span in spans}
