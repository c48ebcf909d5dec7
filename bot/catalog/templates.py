"""Sections as Jinja2 templates: what they may name, and how they are filled. Nothing here reads a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.catalog.model import Catalog, Page, Section, SlotValue

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_-]*)\}")
"""A slot's name in braces, as titles, answers and phrases have it."""

_MAX_LENGTH = 20_000
_UNTRANSLATED = "it names a text that is missing in"
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_NO_ATTRIBUTE = re.compile(r"has no attribute '(\w+)'")
_SENTENCE_END = re.compile(r"(?<=[^A-Z\s][.!?])\s+(?=[\"\u00bf\u00a1\u201c(]?[A-Z\d\u00c0-\u00dd])")
_OPENINGS = ("{{", "{%", "{#--")


class NotFilledError(Exception):
    """A section cannot be filled: its text says why, in words for staff.

    Attributes:
        line: the line of the section, from 1.
        translation: only the text of this language is missing.
        hotline: the id that no hotline has.
        unknown: the name that is not there.
        known: the names that are.

    """

    def __init__(self, why: str, line: int = 1) -> None:
        """Keep the reason and the place; the rest is filled in by who knows it."""
        super().__init__(why)
        self.line = line
        self.translation = False
        self.hotline: str | None = None
        self.unknown: str | None = None
        self.known: tuple[str, ...] = ()


class Row(dict[str, object]):
    """A mapping in a template; printed, it shows its name and never its insides."""

    def __str__(self) -> str:
        """Return the row's name."""
        return str(self.get("name", ""))


class _Untranslated(StrictUndefined):
    """A text that exists, but not in this language."""


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, _context: object, operator: str, _left: object, _right: object) -> object:
        message = f"{operator} is not allowed"
        raise SecurityError(message)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401  # Jinja's own signature
        # a row has columns and no methods: "items" is a column, or nothing
        if isinstance(obj, Row):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


class Templates:
    """The sections of one catalog, ready to be filled; each is compiled once."""

    def __init__(self, catalog: Catalog) -> None:
        """Keep the catalog; compile nothing yet."""
        self._catalog = catalog
        # Markdown is made here, not HTML: channels escape for their own format
        self._jinja = _Sandbox(
            undefined=StrictUndefined,
            autoescape=False,
            comment_start_string="{#--",
            comment_end_string="--#}",
            keep_trailing_newline=False,
        )
        self._jinja.filters["lead"], self._jinja.filters["rest"] = lead, rest
        self._compiled: dict[tuple[str, str, str], Template | NotFilledError] = {}
        self._tables = {name: rows(table, name) for name, table in catalog.data.items()}

    def fill(self, page: Page, section: Section, slots: Mapping[str, str]) -> str:
        """Return the Markdown of a section with everything filled in, in the page's language.

        Raises:
            NotFilledError: the template is broken, or names something that is not there.

        """
        # most sections have nothing to fill, and compiling is what takes the time of a start
        plain = not any(opening in section.markdown for opening in _OPENINGS)
        text = section.markdown if plain else self._rendered(page, section, slots)
        bare = next((found for found in PLACEHOLDER.finditer(text) if found[1] in self._catalog.slots), None)
        if bare:
            message = f"people would read {bare[0]}; what fills it is {{{{ {bare[1]}.name }}}}"
            raise NotFilledError(message, text.count("\n", 0, bare.start()) + 1)
        if len(text) > _MAX_LENGTH:
            message = f"it is longer than {_MAX_LENGTH} letters when filled"
            raise NotFilledError(message)
        return text

    def _rendered(self, page: Page, section: Section, slots: Mapping[str, str]) -> str:
        template = self._template(page, section)
        names = self._names(slots, page.language)
        try:
            return template.render(names)
        except NotFilledError as error:
            error.line = _line(error)
            raise
        except TemplateError as error:
            raise _worded(error, names) from None
        except Exception as error:  # noqa: BLE001  # whatever a template does, it must not stop the line
            message = f"it cannot be filled ({type(error).__name__})"
            raise NotFilledError(message) from None

    def hotline_ids(self) -> tuple[str, ...]:
        """Return the ids that `hotline(…)` knows."""
        return tuple(self._tables.get("hotlines", {}))

    def hotline_row(self, name: str, language: str) -> Row | None:
        """Return a hotline with its texts in `language`, or in another one where that is missing."""
        row = self._tables.get("hotlines", {}).get(name)
        if row is None:
            return None
        return Row({key: _any_language(value, language, self._catalog.languages) for key, value in row.items()})

    def _template(self, page: Page, section: Section) -> Template:
        key = (page.language, page.path, section.id)
        if key not in self._compiled:
            try:
                self._compiled[key] = self._jinja.from_string(section.markdown)
            except TemplateError as error:
                line = getattr(error, "lineno", None) or 1
                self._compiled[key] = NotFilledError(f"a {{{{ … }}}} is not well formed: {error.message}", line)
        compiled = self._compiled[key]
        if isinstance(compiled, NotFilledError):
            raise compiled
        return compiled

    def _names(self, slots: Mapping[str, str], language: str) -> dict[str, object]:
        line = self._catalog.line
        about = {"name": dict(line.name), "tagline": dict(line.tagline), "contact": dict(line.contact)}
        names: dict[str, object] = {
            "line": self._localized(about, language),
            "hotline": self._hotline_call(language),
            "organisation": self._organisation_call(language),
        }
        for slot, value in slots.items():
            known = self._catalog.slots.get(slot)
            if known and value in known.values:
                names[slot] = self._slot_row(slot, known.values[value], language)
        return names

    def _slot_row(self, slot: str, value: SlotValue, language: str) -> Row:
        row = self._localized(self._tables.get(f"{slot}s", {}).get(value.id, {}), language)
        own = {"id": value.id, "name": _any_language(dict(value.name), language, self._catalog.languages)}
        return Row({**(row if isinstance(row, dict) else {}), **own, "pronoun": value.pronoun or ""})

    def _localized(self, value: object, language: str) -> Any:  # noqa: ANN401  # plain data in, plain data out
        if isinstance(value, dict) and value and set(value) <= set(self._catalog.languages):
            hint = f"{_UNTRANSLATED} `{language}`"
            return self._localized(value[language], language) if language in value else _Untranslated(hint=hint)
        if isinstance(value, dict):
            return Row({key: self._localized(inner, language) for key, inner in value.items()})
        if isinstance(value, list):
            return [self._localized(inner, language) for inner in value]
        return value

    def _hotline_call(self, language: str) -> Callable[[str], str]:
        def hotline(name: str) -> str:
            row = self.hotline_row(str(name), language)
            if row is None:
                message = f"there is no hotline `{name}`"
                error = NotFilledError(message)
                error.hotline = str(name)
                raise error
            hours = f" ({row['hours']})" if row.get("hours") else ""
            return f"**{row['name']}**: {row['say']}{hours}"

        return hotline

    def _organisation_call(self, language: str) -> Callable[[str], str]:
        def organisation(name: str) -> str:
            row = self._tables.get("organisations", {}).get(str(name))
            if row is None:
                message = f"there is no organisation `{name}`"
                raise NotFilledError(message)
            return f"[{_any_language(row.get('name'), language, self._catalog.languages)}]({row.get('url')})"

        return organisation


def lead(text: object) -> str:
    """Return the first sentence of a text: the part of a cell that a lock screen shows."""
    return _parted(str(text))[0]


def rest(text: object) -> str:
    """Return a text without its first sentence; empty when it has only one."""
    return _parted(str(text))[1]


def _parted(text: str) -> tuple[str, str]:
    end = _SENTENCE_END.search(text)
    return (text[: end.start()], text[end.end() :]) if end else (text, "")


def rows(table: object, name: str) -> dict[str, dict[str, object]]:
    """Return the rows of a data file by id: from `name: [{id: …}, …]`, `name: {id: {…}}` or either without `name:`."""
    if isinstance(table, dict) and isinstance(table.get(name), dict | list):
        table = table[name]
    if isinstance(table, list):
        return {str(row["id"]): row for row in table if isinstance(row, dict) and "id" in row}
    if isinstance(table, dict):
        return {str(key): row for key, row in table.items() if isinstance(row, dict)}
    return {}


def _any_language(value: object, language: str, languages: tuple[str, ...]) -> object:
    if isinstance(value, dict) and value and set(value) <= set(languages):
        return value.get(language) or next(iter(value.values()))
    return value


def _worded(error: TemplateError, names: Mapping[str, object]) -> NotFilledError:
    said = str(error.message)
    worded = NotFilledError(said, _line(error))
    worded.translation = _UNTRANSLATED in said
    if found := _UNDEFINED.fullmatch(said):
        worded.unknown, worded.known = found[1], tuple(names)
    elif found := _NO_ATTRIBUTE.search(said):
        worded.unknown = found[1]
    return worded


def _line(error: Exception) -> int:
    """Return the line of the template at which filling failed: the innermost frame that Jinja compiled."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
