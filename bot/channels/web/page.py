"""The page as HTML: whole without JavaScript, in one language, every word of it escaped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.web.files import FOLDER
from bot.channels.web.shown import shown
from bot.channels.web.words import EXIT, doors, problem, word, word_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.web.answerer import Answerer
    from bot.channels.web.files import StaticFile
    from bot.dialog.turn import Turn

LONGEST = 20_000
"""Characters that the question box takes: as many as the line reads, and never more than a request may carry."""

_PHRASES = ("web_intro", "web_placeholder", "web_send", "web_note", "menu_intro")


@dataclass(frozen=True, slots=True)
class View:
    """What a page is to show.

    Attributes:
        language: the page's language.
        session: the session id for its form.
        start: the welcome turn, for a page on which nothing was asked yet.
        said: the person's own words, or empty.
        turn: the answer to them.
        cleared: whether the chat was just cleared.

    """

    language: str
    session: str
    start: Turn | None = None
    said: str = ""
    turn: Turn | None = None
    cleared: bool = False


class Pages:
    """Writes pages for one line."""

    def __init__(self, line: Answerer, files: Mapping[str, StaticFile]) -> None:
        """Compile the templates and keep the addresses of the page's files."""
        self._line = line
        self._files = files
        self._env = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._chat = self._env.get_template("chat.html")
        self._problem = self._env.get_template("problem.html")

    def chat(self, view: View) -> str:
        """Return the chat's page."""
        return self._chat.render(
            self._frame(view.language),
            session=view.session,
            longest=LONGEST,
            start=shown(view.start) if view.start else None,
            said=view.said,
            turn=shown(view.turn) if view.turn else None,
            cleared=view.cleared,
        )

    def problem(self, status: int, language: str) -> str:
        """Return a page that says what went wrong and where help is; needs nothing of the line."""
        return self._problem.render(
            language=language,
            files=self._files,
            says=problem(status, language),
            now=word("now", language),
            home=word("home", language),
            doors=doors(language),
        )

    def _frame(self, language: str) -> dict[str, object]:
        said = self._said()
        return {
            "language": language,
            "languages": {code: self._line.phrase("language_name", code) for code in self._line.languages},
            "files": self._files,
            "doors": {code: doors(code) for code in self._line.languages},
            "exit": EXIT,
            "t": {name: texts[language] for name, texts in said.items()},
            "both": {name: _attributes(texts) for name, texts in said.items()},
            "words": {name: {code: word(name, code) for code in self._line.languages} for name in word_names()},
        }

    def _said(self) -> dict[str, dict[str, str]]:
        """Return every text of the page by name and language; the script changes between them in place."""
        line, info = self._line, self._line.catalog.line
        texts = {name: {code: line.phrase(name, code) for code in line.languages} for name in _PHRASES}
        texts |= {name: {code: word(name, code) for code in line.languages} for name in word_names()}
        texts["name"] = {code: line.name(code) for code in line.languages}
        texts["title"] = {code: line.phrase("web_title", code, name=line.name(code)) for code in line.languages}
        texts["tagline"] = {code: info.tagline.get(code, "") for code in line.languages}
        return texts


def _attributes(texts: Mapping[str, str]) -> Markup:
    return Markup(" ").join(Markup('data-{}="{}"').format(code, text) for code, text in texts.items())
