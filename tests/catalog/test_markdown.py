from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.markdown import problems, to_blocks
from bot.catalog.richtext import Block, Shape, Span


def test_paragraphs_lists_and_styles() -> None:
    """Paragraphs, both lists, bold, italic and links become blocks; soft line breaks become lines."""
    blocks = to_blocks("Call **now**,\n*please*: [site](https://a.example).\n\n- one\n- two\n\n1. first\n2. then\n")

    assert blocks == (
        Block(
            Shape.PARAGRAPH,
            (
                (Span("Call "), Span("now", bold=True), Span(",")),
                (Span("please", italic=True), Span(": "), Span("site", href="https://a.example"), Span(".")),
            ),
        ),
        Block(Shape.BULLETS, ((Span("one"),), (Span("two"),))),
        Block(Shape.STEPS, ((Span("first"),), (Span("then"),))),
    )


@pytest.mark.parametrize(
    ("text", "href", "rest"),
    [
        ("see https://a.example/x_y_z.", "https://a.example/x_y_z", "."),
        ("(https://a.example/x)", "https://a.example/x", ")"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)", None),
        ("<https://a.example>, ok", "https://a.example", ", ok"),
        ("[call](tel:988) us", "tel:988", " us"),
        ("[write](mailto:a@example.org)", "mailto:a@example.org", None),
        ("[text](sms:741741)", "sms:741741", None),
    ],
)
def test_addresses_become_links(text: str, href: str, rest: str | None) -> None:
    """A bare address is a link without the punctuation after it; tel:, sms: and mailto: are allowed."""
    spans = to_blocks(text)[0].lines[0]

    assert [span.href for span in spans if span.href] == [href]
    assert (spans[-1].text if spans[-1].href is None else None) == rest


@pytest.mark.parametrize("text", ["[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](/here)", "[x](data:a)"])
def test_other_links_are_no_links(text: str) -> None:
    """Nothing but web, phone, text and mail addresses can be tapped."""
    spans = [span for block in to_blocks(text) for line in block.lines for span in line]

    assert spans
    assert all(span.href is None for span in spans)


def test_items_stay_one_line() -> None:
    """A wrapped item is one line, and an inner list gives further items."""
    assert to_blocks("- one\n  two\n  - three\n")[0].lines == ((Span("one two"),), (Span("three"),))


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n\n# b", 2, "a heading"),
        ("a <b>b</b>", 0, "HTML"),
        ("| a | b |\n|---|---|", 0, "a table"),
        ("a ![b](https://a.example/x.png)", 0, "an image"),
        ("a\n\n> b", 2, "a quotation with >"),
        ("```\na\n```", 0, "a block of code"),
        ("- a\n  - b", 0, "a list inside a list"),
        ("3. a", 0, "a numbered list that begins with 3"),
        ("a `b`", 0, "code in `…`"),
        ("[x](/here)", 0, "a link to /here"),
    ],
)
def test_what_is_not_plain_is_found(text: str, line: int, what: str) -> None:
    """Everything that a channel cannot show is told with its line."""
    assert (line, what) in [(problem.line, problem.what) for problem in problems(text)]


def test_plain_text_has_no_problems() -> None:
    """Prices, comparisons, addresses in angle brackets and numbers in a row are plain text."""
    text = "Fees: $5 < $10, 3 > 2, <https://a.example>.\n\n- a | b\n- **c**\n\n1. d\n2. e"

    assert list(problems(text)) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab *_[]()<>#-1.\n`!|\\{}:/ht", max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    """Any text gives blocks in which no line and no span is empty."""
    for block in to_blocks(text):
        assert block.lines
        assert all(line and all(span.text for span in line) for line in block.lines)
    list(problems(text))
