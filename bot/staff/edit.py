"""Adding one phrase to a YAML file of staff so that nothing else in it changes: comments, order and quotes stay."""

from __future__ import annotations

import difflib
import io
import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.catalog.findings import Level
from bot.catalog.yaml_text import read_yaml
from bot.errors import RequestError
from bot.understanding.examples import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalog.model import Catalog, Mark

Role = Literal["example", "test"]

LONGEST = 300
"""Letters of a phrase; nobody writes longer ones in one breath, and a pasted page is a slip."""

_PLAIN = re.compile(r"[^\W\d_¿¡][\w ',.?!¿¡$%/()-]*")  # a text that YAML takes for a text without quotes
_TYPED = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_BROAD = 100_000


@dataclass(frozen=True, slots=True)
class Wish:
    """A phrase to put somewhere.

    Attributes:
        text: the phrase.
        owner: an intent's id, or `out_of_scope/<group>`.
        role: `example` (learned) or `test` (never learned).
        language: the list that it goes to.
        slots: for a test, the values that must be found in it.

    """

    text: str
    owner: str
    role: Role
    language: str
    slots: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file that is not written yet."""

    path: Path
    name: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines = (self.before.splitlines(keepends=True), self.after.splitlines(keepends=True))
        return "".join(difflib.unified_diff(*lines, f"a/{self.name}", f"b/{self.name}", n=2))

    def write(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            RequestError: somebody changed it since the edit was made, or it cannot be written.

        """
        if self.path.read_text(encoding="utf-8") != self.before:
            message = f"{self.name} was changed meanwhile; look at the change again"
            raise RequestError(message)
        try:
            handle, spare = tempfile.mkstemp(dir=self.path.parent, prefix=".", suffix=".tmp")
            with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123  # a handle, not a path
                file.write(self.after)
            Path(spare).chmod(self.path.stat().st_mode & 0o777)
            os.replace(spare, self.path)  # noqa: PTH105  # the same thing, and its name says what it is for
        except OSError as error:
            message = f"{self.name} cannot be written: {error.strerror}"
            raise RequestError(message) from None


def placed(catalog: Catalog, intents_dir: Path, wish: Wish) -> Edit:
    """Return the edit that puts a phrase where it is wished; nothing is written.

    Raises:
        RequestError: there is no such place, the phrase is there already, or the file is not sound.

    """
    text = " ".join(wish.text.split())
    if not text or len(text) > LONGEST:
        message = f"a phrase has 1 to {LONGEST} letters; this one has {len(text)}"
        raise RequestError(message)
    mark, loc = _target(catalog, wish)
    path = intents_dir.joinpath(*mark.file.split("/")[1:])
    before = path.read_bytes().decode()
    slots = wish.role == "test" and wish.owner in catalog.intents and wish.slots
    value: Any = {"say": text, **wish.slots} if slots else text
    after = _by_line(before, loc, value) or _by_dump(before, loc, value)
    _must_be_sound(after, mark.file)
    return Edit(path, mark.file, before, after)


def _target(catalog: Catalog, wish: Wish) -> tuple[Mark, tuple[str, str, str, str]]:
    """Return where the owner stands, and the way to its list: list of owners, id, key, language."""
    if wish.language not in catalog.languages:
        message = f"the language is {wish.language!r}; expected one of {', '.join(catalog.languages)}"
        raise RequestError(message)
    if wish.owner in catalog.intents:
        key = "examples" if wish.role == "example" else "tests"
        return catalog.intents[wish.owner].mark, ("intents", wish.owner, key, wish.language)
    group = next((one for one in catalog.out_of_scope if f"{OUT_OF_SCOPE}{one.id}" == wish.owner), None)
    if group is None:
        message = f"there is no {wish.owner!r}; choose an intent, or a group of what belongs to none"
        raise RequestError(message)
    return group.mark, ("groups", group.id, "phrases" if wish.role == "example" else "tests", wish.language)


def _reader() -> YAML:
    reader = YAML()
    reader.preserve_quotes = True
    reader.width = _BROAD
    reader.indent(mapping=2, sequence=4, offset=2)
    return reader


def _owner(text: str, loc: tuple[str, str, str, str]) -> tuple[CommentedMap, CommentedMap]:
    """Return the whole document and the owner's entry in it."""
    try:
        whole = _reader().load(text)
        entry = next(one for one in whole[loc[0]] if one.get("id") == loc[1])
    except (YAMLError, StopIteration, KeyError, TypeError, AttributeError):
        message = f"the entry of `{loc[1]}` cannot be found in its file; mend the file first (run_bot.py check)"
        raise RequestError(message) from None
    return whole, entry


def _by_line(text: str, loc: tuple[str, str, str, str], value: object) -> str | None:
    """Return the text with one line more below the list's last line, or None where the list is not written so."""
    entry = _owner(text, loc)[1]
    phrases = entry.get(loc[2], {}).get(loc[3])
    if not isinstance(phrases, CommentedSeq) or not phrases or phrases.fa.flow_style():
        return None
    row, column = phrases.lc.item(len(phrases) - 1)
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines[row].endswith("\r\n") else "\n"
    lead = lines[row][: lines[row].index("-")]
    if not lines[row].endswith("\n"):
        lines[row] += end
    lines.insert(row + 1, f"{lead}-{' ' * (column - len(lead) - 1)}{_written(value)}{end}")
    after = "".join(lines)
    expected = [*map(_bare, phrases), _bare(value)]
    try:
        found = _owner(after, loc)[1][loc[2]][loc[3]]
    except RequestError:
        return None
    return after if [*map(_bare, found)] == expected else None


def _by_dump(text: str, loc: tuple[str, str, str, str], value: object) -> str:
    """Return the text with the phrase added and the whole file written anew by ruamel: for lists of other shapes."""
    whole, entry = _owner(text, loc)
    lists = entry.setdefault(loc[2], CommentedMap())
    phrases = lists.setdefault(loc[3], CommentedSeq())
    if isinstance(value, dict):
        held = CommentedMap(value)
        held.fa.set_flow_style()
        phrases.append(held)
    else:
        text = str(value)
        phrases.append(text if _written(text) == text else DoubleQuotedScalarString(text))
    out = io.StringIO()
    _reader().dump(whole, out)
    return out.getvalue()


def _written(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) + "}"
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _TYPED and "," not in text and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)


def _bare(value: object) -> object:
    return dict(value) if isinstance(value, dict) else str(value)


def _must_be_sound(text: str, name: str) -> None:
    errors = [one for one in read_yaml(text, name).findings if one.level is Level.ERROR]
    if errors:
        message = f"the change would break the file: {errors[0]}"
        raise RequestError(message)
