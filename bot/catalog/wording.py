"""What pydantic found wrong in a staff file, said in plain English with file, line and column."""

from __future__ import annotations

import types
import typing
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, RootModel, ValidationError
from rapidfuzz import fuzz, process

from bot.catalog.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from bot.catalog.model import Mark
    from bot.catalog.yaml_text import Document, Loc, Marks

F = TypeVar("F", bound=BaseModel)

_ALIKE = 65
"""How alike (0 to 100) two ids must be to be offered as "did you mean"."""

_MOST_LISTED = 16
"""Known ids that are listed in full; of more, only the five nearest."""

_SHAPES = {
    "string_type": ("one text", "{case} …"),
    "list_type": ("a list: lines that begin with `- `", "- …"),
    "dict_type": ("lines of the form `key: text`", "{en: …, es: …}"),
    "model_type": ("lines of the form `key: text`", "id: …"),
}
_HAVE = {"dict": "lines of the form `key: text`", "list": "a list", "str": "a text"}


def did_you_mean(word: str, known: Collection[str]) -> str | None:
    """Return the one of `known` that `word` was probably meant to be, or None."""
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return best[0] if best else None


def unknown(kind: str, word: str, known: Collection[str]) -> tuple[str, str, str]:
    """Return what is wrong, what is expected and what to write for a word that is none of `known`."""
    guess = did_you_mean(word, known)
    what = f"there is no {kind} `{word}`" + (f"; did you mean `{guess}`?" if guess else "")
    names = sorted(known)  # a mapping's values would be compared otherwise
    few = names if len(names) <= _MOST_LISTED else sorted(one[0] for one in process.extract(word, names))
    listed = ", ".join(few) + (", …" if len(known) > len(few) else "")
    return what, f"one of {listed}" if known else "", guess or ""


def read_form(
    model: type[F], document: Document, entries: Loc | None = None
) -> tuple[F | None, tuple[int, ...], list[Finding]]:
    """Return the form in `document`, without the broken ones among its `entries`, and what is wrong.

    Args:
        model: the form that is expected.
        document: what was read.
        entries: the way to the list or mapping whose entries can be set aside one by one (`()` is the top), or None
            when one mistake spoils the whole.

    Returns:
        The form, or None when what is wrong lies outside the entries; for a list of entries the places in the file of
        those that were kept; and the findings.

    """
    value = document.value
    if value is None:
        return None, (), []
    broken = set(document.broken)
    findings: list[Finding] = []
    try:
        model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            broken.add(_real(detail["loc"], value))
            findings.append(_worded(detail, model, document))
        findings = _once(findings)
    if broken and entries is None:
        return None, (), findings
    depth = len(entries or ()) + 1
    unknown_on_top: set[Loc] = {loc for loc in broken if len(loc) == 1 and loc[0] not in _fields(model)}
    value, _ = _without(value, (), unknown_on_top)
    value, kept = _without(value, entries or (), {loc[:depth] for loc in broken})
    try:
        return model.model_validate(value), kept, findings
    except ValidationError:
        return None, (), findings


def _without(value: object, entries: Loc, broken: set[Loc]) -> tuple[object, tuple[int, ...]]:
    """Return the value without its broken entries, and the places of those kept, counted before."""
    if entries:
        inner = value.get(entries[0]) if isinstance(value, dict) else None
        cut, kept = _without(inner, entries[1:], {loc[1:] for loc in broken if loc[:1] == entries[:1]})
        return ({**value, entries[0]: cut} if isinstance(value, dict) and inner is not None else value), kept
    if isinstance(value, list):
        kept = tuple(index for index in range(len(value)) if (index,) not in broken)
        return [value[index] for index in kept], kept
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if (key,) not in broken}, ()
    return value, ()


def _real(loc: Loc, value: object) -> Loc:
    """Return the part of a pydantic location that stands in the file: without the names of branches it tried."""
    real: list[str | int] = []
    for step in loc:
        inside = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if inside or (isinstance(value, dict) and step in value):
            value = value[step]  # type: ignore[index]  # one of the two, see above
            real.append(step)
    return tuple(real)


def _once(findings: list[Finding]) -> list[Finding]:
    """Return the findings with one for each line cut by a comma: the rest only follows from it."""
    cut = {finding.mark.line for finding in findings if finding.code == "cut-text"}
    return [one for one in findings if one.code == "cut-text" or one.mark.line not in cut]


def _worded(detail: ErrorDetails, model: type[BaseModel], document: Document) -> Finding:
    loc = _real(detail["loc"], document.value)
    kind, marks = detail["type"], document.marks
    if (
        loc
        and " " in str(loc[-1])
        and detail["input"] in ("", loc[-1])
        and marks.key(loc).line == marks.at(loc[:-1]).line
    ):
        what = f"the comma before `{loc[-1]}` cuts the text in two, because it stands in {{…}} without quotes"
        return Finding(marks.key(loc), what, "quotes around the whole text", '{en: "one, two"}', code="cut-text")
    if kind == "missing":
        return _missing(str(detail["loc"][-1]), loc, model, marks)
    if kind == "extra_forbidden":
        known = list(_fields(_annotation(model, loc[:-1])))
        what, expected, write = unknown("key", str(loc[-1]), known)
        return Finding(marks.key(loc), what, expected, f"{write}: …" if write else "", code="unknown-key")
    name = _name(loc)
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind == "staff":
        what = context["what"] if context["what"].startswith("`") else f"{name} {context['what']}"
        place = marks.key(loc) if context["code"] in {"bad-language", "no-answer", "no-source"} else marks.at(loc)
        return Finding(place, what, context["expected"], context["write"], code=context["code"])
    if kind == "literal_error":
        choices = _choices(_annotation(model, loc))
        _, expected, write = unknown("choice", str(detail["input"]), choices)
        what = f"{name} cannot be `{detail['input']}`" + (f"; did you mean `{write}`?" if write else "")
        return Finding(marks.at(loc), what, expected, write, code="unknown-choice")
    return _misshapen(detail, name, _help(_field(model, loc))[1], marks.at(loc))


def _missing(key: str, loc: Loc, model: type[BaseModel], marks: Marks) -> Finding:
    field = _fields(_annotation(model, loc)).get(key)
    expected, write = _help(field)
    return Finding(marks.at(loc), f"`{key}` is missing", expected, f"{key}: {write or '…'}", code="missing-key")


def _misshapen(detail: ErrorDetails, name: str, example: str, mark: Mark) -> Finding:
    kind, found = detail["type"], detail["input"]
    shape, usual = _SHAPES.get(kind, (detail["msg"], ""))
    if kind == "string_type" and isinstance(found, dict) and list(found.values()) == [""]:
        what, expected = f"{name} begins with {{ and is not in quotes", "quotes around it"
        return Finding(mark, what, expected, f'"{{{next(iter(found))}}} …"', code="quote-brace")
    have = _HAVE.get(type(found).__name__, "something else") if found else "empty"
    write = example or ("" if kind == "string_type" else usual)
    return Finding(mark, f"{name} is {have}", shape, write, code="wrong-shape")


def _name(loc: Loc) -> str:
    names = [step for step in loc if isinstance(step, str)]
    if not names:
        return "the file"
    return f"`{names[-1]}`" if isinstance(loc[-1], str) else f"this item of `{names[-1]}`"


def _help(field: FieldInfo | None) -> tuple[str, str]:
    if field is None:
        return "", ""
    return field.description or "", str(field.examples[0]) if field.examples else ""


def _fields(annotation: Any) -> dict[str, FieldInfo]:  # noqa: ANN401  # annotations have no type of their own
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {field.alias or name: field for name, field in annotation.model_fields.items()}
    return {}


def _field(model: type[BaseModel], loc: Loc) -> FieldInfo | None:
    return _fields(_annotation(model, loc[:-1])).get(str(loc[-1])) if loc else None


def _annotation(annotation: Any, loc: Loc) -> Any:  # noqa: ANN401  # annotations have no type of their own
    """Return the annotation of the value at `loc`, plain: without Annotated, Optional and the like."""
    annotation = _bare(annotation)
    for step in loc:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = _fields(annotation).get(str(step))
            annotation = _bare(field.annotation) if field else None
        else:
            arguments = typing.get_args(annotation)
            annotation = _bare(arguments[-1]) if arguments else None
    return annotation


def _bare(annotation: Any) -> Any:  # noqa: ANN401  # annotations have no type of their own
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return _bare(typing.get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _bare(annotation.model_fields["root"].annotation)
    return annotation


def _choices(annotation: Any) -> list[str]:  # noqa: ANN401  # annotations have no type of their own
    return [str(choice) for choice in typing.get_args(annotation)]
