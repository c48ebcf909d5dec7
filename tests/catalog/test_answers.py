from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.catalog.answers import Answers
from bot.catalog.load import load
from bot.catalog.richtext import Span
from tests.catalog.trees import make_tree, swap, write

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.answers import Answer

ALICE = {"case": "alice-johnson"}
DAWN = {"case": "dawn-jackson"}


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    """Return the answers of the tiny catalog."""
    return Answers(load(*make_tree(tmp_path)).catalog)


def text_of(answer: Answer | None) -> str:
    """Return an answer as plain text, a line for each line."""
    assert answer is not None
    return "\n".join("".join(span.text for span in line) for block in answer.blocks for line in block.lines)


def test_an_answer_knows_language_section_and_sources(answers: Answers) -> None:
    """An answer comes with its page, its section, its More and the sources that name the section."""
    answer = answers.get("cases/{case}#release", ALICE, "es")

    assert text_of(answer) == "Salió el 6 de junio de 2018."
    assert answer is not None
    assert (answer.language, answer.section, answer.has_more, answer.page.legal) == ("es", "release", True, True)
    assert [source.title for source in answer.sources] == ["NPR, June 6, 2018"]


def test_a_section_without_own_source_has_those_of_the_page(answers: Answers) -> None:
    """Sources without sections back every section that no other source names."""
    answer = answers.get("cases/{case}#now", ALICE, "en")

    assert answer is not None
    assert [source.title for source in answer.sources] == ["Court papers"]


def test_more_has_the_sources_of_what_it_continues(answers: Answers) -> None:
    """The More section is shown by itself, once, with the sources of its section."""
    answer = answers.get("cases/{case}#release", ALICE, "en", more=True)

    assert text_of(answer) == "First the letter.\nThen the meeting."
    assert answer is not None
    assert (answer.section, answer.has_more) == ("release-more", False)
    assert [source.title for source in answer.sources] == ["NPR, June 6, 2018"]
    assert answers.get("cases/{case}#now", ALICE, "en", more=True) is None


def test_a_missing_translation_falls_back_and_says_so(answers: Answers) -> None:
    """Where a page is missing in a language, the other one is shown and `language` tells."""
    answer = answers.get("service/help", {}, "es")

    assert answer is not None
    assert answer.language == "en"


def test_a_reference_without_section_is_the_first_one(answers: Answers) -> None:
    """A page may be named without a section."""
    answer = answers.get("service/line", {}, "en")

    assert answer is not None
    assert answer.section == "privacy"


def test_placeholders_are_filled_and_braces_stay(answers: Answers) -> None:
    """The line's name, slot names, hotlines and organisations are filled in; other braces are plain text."""
    assert text_of(answers.get("service/line#privacy", {}, "en")) == "The Test Line keeps no words. {Braces} stay."
    assert text_of(answers.get("service/line#privacy", {}, "es")) == "La Línea de Prueba no guarda palabras."
    assert text_of(answers.get("cases/{case}#release", DAWN, "es")) == "Dawn Jackson salió en 2024."
    called = answers.get("service/help", {}, "en")
    assert text_of(called).split("\n")[1] == "988 Lifeline: Call or text 988 (24 hours, free)"
    assert called is not None
    assert called.blocks[1].lines == ((Span("REFORM Alliance", href="https://reform.example.org"),),)


@pytest.mark.parametrize(
    ("ref", "slots"),
    [
        ("cases/{case}#release", {}),
        ("cases/{case}#release", {"case": "nobody"}),
        ("cases/{case}#release", {"case": "../../etc"}),
        ("service/line#nothing", {}),
        ("nowhere/at-all", {}),
        ("", {}),
    ],
)
def test_what_does_not_exist_is_none(answers: Answers, ref: str, slots: dict[str, str]) -> None:
    """A reference that leads nowhere is None, never an error and never a key on a screen."""
    assert answers.get(ref, slots, "en") is None


def test_titles_never_show_a_placeholder(answers: Answers, tmp_path: Path) -> None:
    """A title names the person; without one it speaks of "this person" in its own language."""
    intent = load(tmp_path / "intents", tmp_path / "content").catalog.intents["case-release"]

    assert answers.title(intent, DAWN, "en") == "How did Dawn Jackson get out?"
    assert answers.title(intent, {}, "en") == "How did this person get out?"
    assert answers.title(intent, {"case": "nobody"}, "es") == "¿Cómo salió esta persona?"
    assert "{" not in answers.title(intent, {}, "fr")


def test_phrases_fall_back_to_built_in_words(answers: Answers) -> None:
    """A phrase that staff wrote is used, a missing one is built in, an unknown one is empty, no blank is left."""
    assert answers.phrase("checked", "es", date="noviembre de 2026") == "revisado en noviembre de 2026"
    assert answers.phrase("welcome", "en") == (
        "Welcome to the . I am a program. Ask in your own words, in English or Spanish."
    )
    assert answers.phrase("which_one", "es") == "¿Quiso decir una de estas?"
    assert answers.phrase("no_such_phrase", "en") == ""


def test_a_hotline_is_one_line_that_dials(answers: Answers) -> None:
    """A hotline names itself, says how to reach it in the language, and its number can be tapped."""
    assert answers.hotline("988", "es") == (
        Span("Línea 988", bold=True),
        Span(": "),
        Span("Llame al 988", href="tel:988"),
        Span(" (24 horas, gratis)"),
    )
    assert answers.hotline("000", "en") == ()


@pytest.mark.parametrize(
    ("checked", "english", "spanish"),
    [
        ("2026-11", "November 2026", "noviembre de 2026"),
        ("2020-04-05", "April 5, 2020", "5 de abril de 2020"),
        ("2019", "2019", "2019"),
        ("2026-13", "2026-13", "2026-13"),
        ("", "", ""),
    ],
)
def test_dates_read_as_people_write_them(answers: Answers, checked: str, english: str, spanish: str) -> None:
    """Months and days are written out in both languages; what is no date stays as it is."""
    assert answers.formatted_date(checked, "en") == english
    assert answers.formatted_date(checked, "es") == spanish


PLACES = """places:
  - id: ohio
    voting: {note: {en: You can vote on parole., es: Puede votar en parole.}, open: yes}
    items: {count: 3}
  - id: texas
    voting: {note: {en: Only after the sentence.}}
"""
PLACE_SLOT = """slot: place
ask: {en: "Which state?", es: "¿Qué estado?"}
values:
  - id: ohio
    name: {en: Ohio, es: Ohio}
  - id: texas
    name: {en: Texas, es: Texas}
"""
PLACE_PAGE = """---
title: Voting
about_the_line: true
---

## voting

{{ place.name }}: {{ place.voting.note }}{% if place.items is defined %} ({{ place.items.count }}){% endif %}
"""
PLACE_INTENT = """topic: vote
intents:
  - id: vote
    title: {en: "Can I vote in {place}?", es: "¿Puedo votar en {place}?"}
    answer: vote/place#voting
    slots: [place]
    examples: {en: [can i vote], es: [puedo votar]}
"""


def test_a_table_row_is_named_by_its_slot(tmp_path: Path) -> None:
    """`place` is the row of content/data/places.yaml in the page's language; a gap shows the other language."""
    intents, content = make_tree(tmp_path)
    write(tmp_path, "content/data/places.yaml", PLACES)
    write(tmp_path, "intents/slots/place.yaml", PLACE_SLOT)
    write(tmp_path, "intents/vote/vote.yaml", PLACE_INTENT)
    for language in ("en", "es"):
        write(tmp_path, f"content/{language}/vote/place.md", PLACE_PAGE)

    loaded = load(intents, content)

    answers = Answers(loaded.catalog)
    assert text_of(answers.get("vote/place#voting", {"place": "ohio"}, "es")) == "Ohio: Puede votar en parole. (3)"
    in_english = answers.get("vote/place#voting", {"place": "texas"}, "es")
    assert in_english is not None
    assert in_english.language == "en"
    told = [finding for finding in loaded.findings if finding.mark.file == "content/es/vote/place.md"]
    assert any("first with place texas" in finding.what for finding in told)


def test_a_note_is_shown_with_its_first_sentence_apart(tmp_path: Path) -> None:
    """`lead` and `rest` part a long cell, so that its main message stands alone; U.S. ends no sentence."""
    make_tree(tmp_path)
    note = "It depends on the U.S. court. Then wait. Then ask."
    body = f"{{{{ '{note}' | lead }}}}\n\n{{{{ '{note}' | rest }}}}{{{{ 'One only.' | rest }}}}"
    swap(tmp_path, "content/en/cases/alice-johnson.md", "She works for others.", body)

    answer = Answers(load(tmp_path / "intents", tmp_path / "content").catalog).get("cases/{case}#now", ALICE, "en")

    assert text_of(answer) == "It depends on the U.S. court.\nThen wait. Then ask."


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ 'a' * 999999999 }}",
        "{% include '/etc/passwd' %}",
        "{{ line.name.format }}{{ cycler }}{{ 1/0 }}",
        "{% for a in range(99999) %}{{ a }}{% endfor %}",
        "{{ hotline(hotline) }}",
    ],
)
def test_the_sandbox_holds(template: str, tmp_path: Path) -> None:
    """A template that reaches out, grows without end or divides by zero is told; the other language answers."""
    intents, content = make_tree(tmp_path)
    swap(tmp_path, "content/en/service/line.md", "{{ line.name }}", template)

    loaded = load(intents, content)

    answer = Answers(loaded.catalog).get("service/line#privacy", {}, "en")
    assert answer is not None
    assert answer.language == "es"
    assert any(f.mark.file == "content/en/service/line.md" and f.code for f in loaded.findings)
