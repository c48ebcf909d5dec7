from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.staff.lint import lint
from bot.staff.lint.reading import measure, syllables
from bot.staff.lint.words import avoided
from tests.catalog.trees import make_tree, swap

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.findings import Finding

TODAY = date(2026, 11, 27)
PAGE = "content/en/cases/alice-johnson.md"
TEXT = "She works for others."


def found(root: Path, code: str) -> list[Finding]:
    """Return what the lint says of the tree, of one kind."""
    catalog = load(root / "intents", root / "content").catalog
    return [finding for finding in lint(catalog, TODAY) if finding.code == code]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("long", "A short text of words. " * 60),
        ("long-sentence", "She " + "went on and on " * 8 + "home."),
        ("long-sentences", "This is a sentence that has quite a few more words in it than it should have here. " * 3),
        (
            "grade",
            "Eligibility determinations necessitate administrative documentation. Individuals requesting " * 3,
        ),
        ("word-inmates", "The inmates came home."),
        ("word-offence", "The offence was long ago."),
        ("word-prior to", "Call prior to noon."),
        ("date-layout", "She came home on 6 June 2018."),
        ("date-layout", "She came home on 06/06/2018."),
        ("no-lead", "- First this.\n- Then that."),
        ("long-lead", "One. Two. Three. Four. Five."),
        ("phone", "Call 555-123-4567 now."),
        ("exclamation", "She came home!"),
    ],
)
def test_what_a_reader_would_stumble_over_is_named(tmp_path: Path, code: str, text: str) -> None:
    """Each thing that makes an answer hard to read, or goes stale in it, is a warning at its section."""
    make_tree(tmp_path)
    assert found(tmp_path, code) == []
    swap(tmp_path, PAGE, TEXT, text)

    warnings = found(tmp_path, code)

    assert [warning.mark.file for warning in warnings] == [PAGE]
    assert warnings[0].expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Use the Federal Inmate Locator to look."),
        ("en", "The page calls it “inmate search”."),
        ("en", "The family is in the criminal court."),
        ("es", "Busque en el “Inmate Locator”. La persona está presa."),
    ],
)
def test_official_names_and_quotes_keep_their_words(language: str, text: str) -> None:
    """A word that we avoid may stand in an official name or between quotation marks."""
    assert list(avoided(text, language)) == []


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "Felons may vote.", "Felons"),
        ("en", "an ex-con", "ex-con"),
        ("en", "He committed suicide.", "committed suicide"),
        ("es", "Los presos pueden votar.", "Los presos"),
        ("es", "Usted puede, tú puedes", "tú puedes"),
        ("es", "los reclusos", "reclusos"),
    ],
)
def test_words_that_hurt_are_named_with_others_in_their_place(language: str, text: str, word: str) -> None:
    """Words that make a person their conviction are found in both languages, and others offered."""
    (one,) = avoided(text, language)

    assert one.word == word
    assert one.instead


def test_a_page_past_its_review_is_named(tmp_path: Path) -> None:
    """A page is named from the day after its `review_by`."""
    intents, content = make_tree(tmp_path)
    catalog = load(intents, content).catalog

    late = [one.mark.file for one in lint(catalog, date(2027, 2, 23)) if one.code == "past-review"]

    assert PAGE in late
    assert [one for one in lint(catalog, date(2027, 2, 22)) if one.code == "past-review"] == []


def test_a_section_without_a_source_is_named(tmp_path: Path) -> None:
    """Where every source says what it backs, a section that none backs is named."""
    make_tree(tmp_path)
    assert found(tmp_path, "no-source") == []
    swap(tmp_path, PAGE, "checked: 2026-10}", "checked: 2026-10, sections: [release]}")

    assert "`now`" in found(tmp_path, "no-source")[0].what


def test_phrases_that_two_intents_claim(tmp_path: Path) -> None:
    """The second place of a phrase is named, with the first and its intent."""
    make_tree(tmp_path)
    swap(tmp_path, "intents/cases/people.yaml", "- did alice get a pardon", "- Where's {case} now")

    (finding,) = found(tmp_path, "phrase-twice")

    assert "`case-now`" in finding.what


def test_a_test_that_was_learned_tests_nothing(tmp_path: Path) -> None:
    """A held-out test that also stands among the examples is named."""
    make_tree(tmp_path)
    swap(tmp_path, "intents/cases/people.yaml", "- what does {case} do today", "- alice nowww")

    assert "`case-now`" in found(tmp_path, "test-learned")[0].what


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("private", "write to ana@example.org"),
        ("private", "my number is 555-123-4567"),
        ("private", "ssn 123-45-6789"),
        ("look-alike", "did \N{CYRILLIC SMALL LETTER A}lice get a pardon"),
    ],
)
def test_private_data_and_look_alike_letters_are_named(tmp_path: Path, code: str, phrase: str) -> None:
    """Somebody's data, and letters of another script, do not slip into what the line learns."""
    make_tree(tmp_path)
    swap(tmp_path, "intents/cases/people.yaml", "did alice get a pardon", phrase)

    assert len(found(tmp_path, code)) == 1


def test_a_warning_can_be_accepted_with_a_reason(tmp_path: Path) -> None:
    """An accepted warning is gone; one that accepts nothing is named."""
    make_tree(tmp_path)
    swap(tmp_path, PAGE, TEXT, "The inmates came home.")
    swap(tmp_path, PAGE, "legal: true", "legal: true\naccept: {now/word-inmates: a quotation}")
    assert found(tmp_path, "word-inmates") == []
    assert found(tmp_path, "accept-unused") == []

    swap(tmp_path, PAGE, "The inmates came home.", TEXT)

    assert "now/word-inmates" in found(tmp_path, "accept-unused")[0].what


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [
        *[("en", word, 1) for word in ("court", "make", "called", "times", "hired", "phones", "judge")],
        *[("en", word, 2) for word in ("people", "table", "tables", "going", "quiet", "settled", "payment")],
        *[("en", word, 3) for word in ("video", "probation", "area", "employer", "offices")],
        *[("es", word, 2) for word in ("día", "país", "queja", "aire", "leer", "ciudad")],
        *[("es", word, 3) for word in ("persona", "libertad", "ahora")],
    ],
)
def test_syllables(language: str, word: str, count: int) -> None:
    """Syllables are counted as people say them, silent letters and parted vowels included."""
    assert syllables(word, language) == count


@pytest.mark.parametrize("language", ["en", "es"])
def test_names_and_known_terms_do_not_make_a_text_hard(language: str) -> None:
    """A long name or a term of the glossary leaves the grade nearly as it was."""
    plain = [
        "You can ask a judge in your town. The judge reads the form. Then you wait for a letter at home. It is free."
    ]
    named = [plain[0].replace("a judge", "the Administrative Reconsideration Department")]
    termed = [plain[0].replace("the form", "the expungement")]

    base = measure(plain, language).grade

    assert base is not None
    for lines in (named, termed):
        grade = measure(lines, language, ["expungement"]).grade
        assert grade is not None
        assert abs(grade - base) < 1.5


def test_few_words_have_no_grade() -> None:
    """A text of a few words is not graded: the figure would say nothing."""
    assert measure(["Call the court."], "en").grade is None
