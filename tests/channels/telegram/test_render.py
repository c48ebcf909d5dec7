from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.richtext import Block, Shape, Span
from bot.channels.telegram.flow import Flow, Mark, flow, split, units
from bot.channels.telegram.render import Part, keyboard, plain, render
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice
from tests.channels.telegram.stub_line import said, turn
from tests.fake_telegram.refusals import Refused, check_entities, check_markup, check_text

HOSTILE = [
    "_*[]()~`>#+-=|{}.!",
    "<b>not bold</b> & <script>alert(1)</script> &amp;",
    "العربية \u202eabc\u202c עברית \u200f!",
    "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 e\u0301 🇺🇸" * 20,
    "x" * 10_000,
    "👨‍👩‍👧" * 2_500,
    "no\x00 control\x07 \r\nsigns\t\u2028here",
    "half \ud83d of an emoji",
    "   ",
]
BLOCKS = st.lists(
    st.builds(
        Block,
        st.sampled_from(Shape),
        st.lists(
            st.lists(
                st.builds(
                    Span,
                    st.text(max_size=30) | st.sampled_from(HOSTILE),
                    st.booleans(),
                    st.booleans(),
                    st.none() | st.sampled_from(["https://example.org/a_b*c", "http://example.org", "tel:+1-988"]),
                ),
                max_size=4,
            ).map(tuple),
            max_size=4,
        ).map(tuple),
    ),
    max_size=6,
).map(tuple)


def accepted(parts: tuple[Part, ...]) -> int:
    """Check every part as the fake Telegram does; return how many there are."""
    for part in parts:
        check_text(part.text)
        check_entities(part.text, [entity.to_dict() for entity in part.entities])
        check_markup(part.keyboard.to_dict() if part.keyboard else None)
    return len(parts)


def pieces(part: Part) -> list[tuple[str, str]]:
    """Return kind and covered text of each entity."""
    raw = part.text.encode("utf-16-le")
    return [
        (str(entity.type), raw[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le"))
        for entity in part.entities
    ]


def test_shapes_are_drawn_as_people_expect_them() -> None:
    """Paragraphs, bullets, numbered steps and small print stand apart by blank lines, with the marks Telegram lacks."""
    blocks = (
        said("First."),
        Block(Shape.BULLETS, ((Span("one"),), (Span("two"),))),
        Block(Shape.STEPS, ((Span("go"),), (Span("come"),))),
        Block(Shape.NOTICE, ((Span("Only in English."),),)),
        Block(Shape.FOOTER, ((Span("Source: "), Span("NPR", href="https://npr.org")), (Span("checked"),))),
    )
    (part,) = render(turn(*blocks))
    assert part.text == "First.\n\n• one\n• two\n\n1. go\n2. come\n\nOnly in English.\n\nSource: NPR\nchecked"
    assert pieces(part) == [("italic", "Source:"), ("text_link", "NPR"), ("italic", "NPR"), ("italic", "checked")]


def test_offsets_count_utf16_units() -> None:
    """A bold word after an emoji is bold where it stands, not one letter further left."""
    (part,) = render(turn(Block(Shape.PARAGRAPH, ((Span("👩‍👧 é "), Span("bold ", bold=True), Span("rest")),))))
    assert pieces(part) == [("bold", "bold")]
    assert part.entities[0].offset == 8


def test_styles_that_overlap_are_nested() -> None:
    """Bold and italic that cross in the source reach Telegram as pieces that lie inside each other."""
    spans = (Span("a ", bold=True), Span("b ", bold=True, italic=True), Span("c", italic=True))
    (part,) = render(turn(Block(Shape.PARAGRAPH, (spans,))))
    assert pieces(part) == [("bold", "a b"), ("italic", "b"), ("italic", "c")]
    assert accepted((part,)) == 1


@pytest.mark.parametrize(
    ("label", "href", "text"),
    [
        ("988", "tel:988", "988"),
        ("Call now", "tel:+1-800-555-0100", "Call now (+1-800-555-0100)"),
        ("HOME", "sms:741741?body=HOME", "HOME (741741)"),
    ],
)
def test_numbers_to_call_stand_in_the_words(label: str, href: str, text: str) -> None:
    """Telegram links no telephone numbers, so a number is always readable, and never a broken link."""
    (part,) = render(turn(Block(Shape.PARAGRAPH, ((Span(label, href=href),),))))
    assert (part.text, part.entities) == (text, ())


def test_hostile_text_is_accepted_as_it_stands() -> None:
    """Whatever staff write, Telegram takes it, and nothing visible is lost on the way."""
    blocks = [
        Block(shape, ((Span(text, bold=True, href="https://example.org"),),)) for shape in Shape for text in HOSTILE
    ]
    parts = render(turn(*blocks, choices=(Choice("_*<b>&", Pick(Verb.MENU)),)))
    assert accepted(parts) > 20
    whole = "".join(part.text for part in parts)
    assert whole.count("x") == 10_000 * len(Shape)
    assert "<b>not bold</b> & <script>alert(1)</script> &amp;" in whole
    assert "\u202e" not in whole


@settings(deadline=None)  # a busy machine is no fault of the text
@given(BLOCKS)
def test_any_blocks_are_accepted(blocks: tuple[Block, ...]) -> None:
    """No combination of blocks, styles and characters makes a message that Telegram refuses."""
    assert accepted(render(turn(*blocks))) == len(render(turn(*blocks)))


@given(st.text(st.sampled_from("ab .\n👍\u0301"), max_size=200), st.integers(4, 40))
def test_splitting_loses_no_letter(text: str, most: int) -> None:
    """The parts of a text, put together, hold every visible character once and in order; none is over the limit."""
    parts = split(Flow(text, ()), most)
    assert [char for part in parts for char in part.text if char.strip()] == [char for char in text if char.strip()]
    assert all(0 < units(part.text) <= most for part in parts)


def test_long_texts_are_cut_where_a_reader_would_pause() -> None:
    """Cuts fall between paragraphs, else lines, else sentences, else words, and only then anywhere."""
    assert [part.text for part in split(Flow("aa bb.\n\ncc\ndd", ()), 11)] == ["aa bb.", "cc\ndd"]
    assert [part.text for part in split(Flow("aa bb\ncc dd", ()), 9)] == ["aa bb", "cc dd"]
    assert [part.text for part in split(Flow("Aa. Bb cc dd", ()), 9)] == ["Aa.", "Bb cc dd"]
    assert [part.text for part in split(Flow("aa bb cc", ()), 6)] == ["aa bb", "cc"]
    assert [part.text for part in split(Flow("abcdefgh", ()), 5)] == ["abcde", "fgh"]
    assert [part.text for part in split(Flow("ab👩‍👧", ()), 5)] == ["ab", "👩‍👧"]


def test_a_style_across_a_cut_goes_on_behind_it() -> None:
    """Bold text that is longer than a message is bold in both."""
    parts = split(Flow("aa bb cc", (Mark(3, 8, "bold"),)), 5)
    assert [(part.text, [(mark.start, mark.end) for mark in part.marks]) for part in parts] == [
        ("aa bb", [(3, 5)]),
        ("cc", [(0, 2)]),
    ]


def test_a_message_carries_at_most_a_hundred_entities() -> None:
    """A page of links is cut before Telegram would drop the links beyond the hundredth."""
    links = tuple((Span(f"link {number}", href=f"https://example.org/{number}"),) for number in range(250))
    parts = render(turn(Block(Shape.BULLETS, links)))
    assert [len(part.entities) for part in parts] == [100, 100, 50]
    assert accepted(parts) == 3
    assert parts[1].text.startswith("• link 100\n")


def test_buttons_stand_under_the_last_part_two_short_or_one_long_a_row() -> None:
    """Labels that fit stand side by side; a long question has its row to itself."""
    labels = ["Menu", "More", "A question that needs the whole row", "Yes", "No", "Maybe"]
    choices = tuple(Choice(label, Pick(Verb.ANSWER, f"i-{number}")) for number, label in enumerate(labels))
    parts = render(turn(said("a" * 5000), choices=choices))
    assert [part.keyboard is None for part in parts] == [True, False]
    assert parts[1].keyboard is not None
    rows = [[button.text for button in row] for row in parts[1].keyboard.inline_keyboard]
    assert rows == [["Menu", "More"], ["A question that needs the whole row"], ["Yes", "No"], ["Maybe"]]
    assert parts[1].keyboard.inline_keyboard[0][0].callback_data == "a:i-0"


def test_a_button_that_cannot_be_sent_is_left_out() -> None:
    """One pick that is too long for Telegram costs its button, not the answer."""
    choices = (
        Choice("bad", Pick(Verb.ANSWER, "x" * 70)),
        Choice(" ", Pick(Verb.MENU)),
        Choice("good", Pick(Verb.MENU)),
    )
    markup = keyboard(choices)
    assert markup is not None
    assert [[button.text for button in row] for row in markup.inline_keyboard] == [["good"]]
    assert keyboard(choices[:2]) is None


def test_a_turn_without_words_gives_no_message() -> None:
    """Blank blocks are not sent as empty messages."""
    assert render(turn(said("  "), Block(Shape.BULLETS, ()))) == ()
    assert plain("a\x00b") == (Part("ab"),)
    assert flow(()) == Flow("", ())


def test_the_checks_of_these_tests_do_refuse() -> None:
    """The fake Telegram's checks, which the sweeping tests rely on, refuse what is wrong."""
    link = {"type": "text_link", "offset": 0, "length": 1, "url": "tel:988"}
    cross = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    for text, entities in (("a", [link]), ("abc", cross), ("👍", [{"type": "bold", "offset": 1, "length": 1}])):
        with pytest.raises(Refused):
            check_entities(text, entities)
