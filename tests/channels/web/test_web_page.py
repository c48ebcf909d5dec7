from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bot.catalog.richtext import Block, Shape, Span
from bot.channels.web.files import FOLDER
from bot.channels.web.words import doors, problem, word, word_names
from bot.dialog.pick import Pick, Verb
from bot.dialog.turn import Choice, Kind, Turn

if TYPE_CHECKING:
    from tests.channels.web.conftest import Client, StubLine

HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Tags(HTMLParser):
    """Collects the tags and the visible text of a page."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


async def page(client: Client, path: str = "/", **headers: str) -> Tags:
    """Return a page that must be there."""
    response = await client.get(path, headers=headers)
    assert response.status == 200
    assert response.content_type == "text/html"
    return Tags(await response.text())


async def post(client: Client, **fields: str) -> Tags:
    """Send the form as a browser without JavaScript would."""
    response = await client.post("/", data=urlencode(fields), headers=FORM)
    assert response.status == 200
    return Tags(await response.text())


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/", "", "en"),
        ("/", "es-MX,es;q=0.9,en;q=0.5", "es"),
        ("/", "fr, es;q=0.7, en;q=0.8", "en"),
        ("/", "es;q=0, en;q=0.1", "en"),
        ("/", "de", "en"),
        ("/", ";;q=x,,es;q=oops", "en"),
        ("/?lang=es", "en", "es"),
        ("/?lang=xx", "es", "es"),
    ],
)
async def test_the_page_speaks_the_language_that_was_asked_for(
    client: Client, line: StubLine, path: str, accept: str, expected: str
) -> None:
    """`?lang=` decides, then the browser's wishes in their order, then the line's first language."""
    found = await page(client, path, **{"Accept-Language": accept})
    assert found.all("html") == [{"lang": expected}]
    assert line.heard[-1].language_hint == expected
    assert ("Salida rápida" in found.text) is (expected == "es")


async def test_the_first_page_welcomes_with_topics_and_numbers(client: Client, line: StubLine) -> None:
    """A newcomer sees the name, what it is, the topics as buttons, the small print and where help is."""
    found = await page(client)
    for words in ("Second Chance Line", "Plain answers", "People wrote every answer", "The five people", "not legal"):
        assert words in found.text
    assert line.heard[-1].pick == Pick(Verb.MENU, "start")
    assert {"tel:911", "tel:988"} <= {link.get("href") for link in found.all("a")}


async def test_a_page_without_javascript_asks_and_answers(client: Client, line: StubLine) -> None:
    """The form carries the session; the next page has the question, the answer and its choices as buttons."""
    first = await page(client)
    session = next(field["value"] for field in first.all("input") if field["name"] == "session")
    assert session == line.heard[-1].sender
    answer = await post(client, session=session, lang="en", text="how did she <get> out")
    assert line.heard[-1].sender == session
    assert "how did she <get> out" in answer.text
    assert "came home on June 6, 2018" in answer.text
    button = next(one for one in answer.all("button") if (one.get("value") or "").endswith("Where is she now?"))
    assert (button["form"], button["name"]) == ("ask", "pick")
    after = await post(client, session=session, lang="en", pick=button["value"] or "", text="")
    assert line.heard[-1].pick == Pick(Verb.ANSWER, "case-now", {"case": "alice-johnson"})
    assert "Where is she now?" in after.text


async def test_the_chat_can_be_cleared_without_javascript(client: Client, line: StubLine) -> None:
    """The clear button of the plain form deletes what is kept and says so under a new session."""
    session = "b" * 32
    found = await post(client, session=session, lang="es", text="left over", forget="1")
    assert line.forgot == [("web", session)]
    assert next(one for one in found.all("p") if one.get("id") == "cleared").get("hidden", "shown") == "shown"
    assert all(field["value"] != session for field in found.all("input"))
    assert [message.text for message in line.heard] == [""]


async def test_an_empty_question_shows_the_first_page(client: Client) -> None:
    """Sending nothing is no mistake of the person."""
    assert "The five people" in (await post(client, session="", lang="en", text="  ")).text


@pytest.mark.parametrize(
    "data",
    [urlencode({"pick": "nonsense"}).encode(), b"&".join(b"a%d=1" % number for number in range(99)), b"pick=%ff"],
)
async def test_a_bad_form_gets_a_page_with_doors(client: Client, data: bytes) -> None:
    """A form that is not ours is answered 400 with words and numbers."""
    response = await client.post("/", data=data, headers=FORM)
    found = Tags(await response.text())
    assert response.status == 400
    assert "could not read" in found.text
    assert {"tel:911", "tel:988"} <= {link.get("href") for link in found.all("a")}


async def test_an_error_page_speaks_spanish_to_who_asks_for_it(client: Client) -> None:
    """The kind 404 is in the browser's language."""
    response = await client.get("/nada", headers={"Accept-Language": "es-US"})
    assert response.status == 404
    assert "no hay ninguna página" in await response.text()


async def test_hostile_words_stay_words(client: Client, line: StubLine) -> None:
    """HTML in a text of staff, in a label or in a question is shown as it was typed and never runs."""
    block = Block(Shape.PARAGRAPH, ((Span(HOSTILE, bold=True), Span("x", href='https://x/"><script>')),))
    bad_link = Block(Shape.BULLETS, ((Span("tap me", href="javascript:alert(1)"),),))
    choices = (Choice(HOSTILE, Pick(Verb.MENU)),)
    line.next_turn = Turn(Kind.ANSWER, "en", (block, bad_link), choices)
    for found in (await page(client), await post(client, session="", lang="en", text=HOSTILE)):
        assert len(found.all("script")) == 1
        assert all(script["src"] for script in found.all("script"))
        assert found.text.count(HOSTILE) >= 2
        assert all("onerror" not in image for image in found.all("img"))
        assert all((link["href"] or "").startswith(("http", "/", "tel:", "#")) for link in found.all("a"))


async def test_a_hostile_language_parameter_is_not_shown(client: Client) -> None:
    """What stands in the address is never put on the page."""
    response = await client.get("/", params={"lang": '"><script>x'})
    assert '"><script>x' not in await response.text()


async def test_nothing_on_the_page_is_inline_or_from_elsewhere(client: Client) -> None:
    """No inline script, style or handler; every file comes from the line itself."""
    found = await page(client)
    assert len(found.tags) > 30
    assert found.all("style") == []
    for tag, attributes in found.tags:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        if tag in {"script", "img", "link"}:
            assert (attributes.get("src") or attributes.get("href") or "").startswith("/static/")


async def test_the_help_of_a_dead_line_is_on_the_page_in_every_language(client: Client) -> None:
    """What is shown when the server is gone was there from the start, in both languages."""
    found = await page(client)
    for language in ("en", "es"):
        assert word("unreachable", language) in found.text
        for door in doors(language):
            assert door.say in found.text


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    """No person sees a word of the page in a language that is not theirs."""
    names = word_names()
    assert len(names) > 10
    same = [name for name in names if word(name, "en") == word(name, "es")]
    assert same == ["listen"]  # "Crisis" is the word in both
    assert word("skip", "fr") == word("skip", "en")
    assert doors("fr") == doors("en")
    assert problem(599, "en") == word("bad_request", "en")


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_can_be_read(scheme: int) -> None:
    """Text on each of its grounds has the contrast of WCAG AA (4.5 to 1); borders of fields have 3 to 1."""
    css = (FOLDER / "chat.css").read_text()
    blocks = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[scheme]))
    grounds = {
        "ink": ("paper", "card", "tint", "help-tint", "glow"),
        "soft": ("paper", "card", "help-tint", "glow"),
        "accent": ("paper", "card", "tint", "glow"),
        "on-accent": ("accent",),
        "help": ("paper", "card", "help-tint"),
        "on-help": ("help",),
        "paper": ("ink",),
        "field": ("paper", "card"),
    }
    for text, papers in grounds.items():
        for paper in papers:
            light, dark = sorted((luminance(colours[text]), luminance(colours[paper])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= (3 if text == "field" else 4.5), f"{text} on {paper}"
