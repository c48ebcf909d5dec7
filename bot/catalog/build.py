"""From what was read in each kind of file to the parts of a Catalog, each with the place it came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.catalog import defaults
from bot.catalog.findings import Finding
from bot.catalog.forms import (
    GlossaryForm,
    IntentsForm,
    LineForm,
    OutOfScopeForm,
    PhrasesForm,
    SlotForm,
)
from bot.catalog.model import (
    Catalog,
    HeldOutTest,
    Intent,
    LineInfo,
    Mark,
    OutOfScopeGroup,
    Page,
    Phrase,
    Slot,
    SlotValue,
    Topic,
)
from bot.catalog.table_forms import TABLES
from bot.catalog.templates import PLACEHOLDER
from bot.catalog.wording import read_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.catalog.forms import IntentForm
    from bot.catalog.yaml_text import Document, Loc, Marks


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an entry stands in its file, to point at its parts."""

    marks: Marks
    loc: Loc = ()

    def at(self, *more: str | int) -> Mark:
        """Return the place of a part of the entry, by keys and list positions; of the nearest thing if it is gone."""
        return self.marks.at((*self.loc, *more))


@dataclass(slots=True)
class Draft:
    """The parts of a catalog while its files are read; origins are keyed by kind and id.

    `aside` are the (kind, id) of what stands in the files but is broken: that it is missing needs no second finding.
    """

    line: LineInfo = defaults.LINE
    intents: dict[str, Intent] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    groups: dict[str, OutOfScopeGroup] = field(default_factory=dict)
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    phrases: dict[str, dict[str, str]] = field(default_factory=dict)
    data: dict[str, object] = field(default_factory=dict)
    glossary: dict[str, Mapping[str, str]] = field(default_factory=dict)
    glossary_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    aside: set[tuple[str, str]] = field(default_factory=set)

    def catalog(self, version: str) -> Catalog:
        """Return the catalog of all parts; phrases that nobody wrote are the built-in ones."""
        phrases = {name: {**texts, **self.phrases.get(name, {})} for name, texts in defaults.PHRASES.items()}
        return Catalog(
            line=self.line,
            intents=self.intents,
            slots=self.slots,
            out_of_scope=tuple(self.groups.values()),
            pages=self.pages,
            phrases={**self.phrases, **phrases},
            data=self.data,
            glossary=self.glossary,
            glossary_words=self.glossary_words,
            version=version,
        )

    def is_new(self, kind: str, name: str, origin: Origin, *id_at: str) -> bool:
        """Remember where an entry stands; False, with a finding, when its id is taken."""
        first = self.origins.setdefault((kind, name), origin)
        if first is origin:
            return True
        what = f"the {kind} `{name}` stands twice, first at {first.at(*id_at)}"
        self.findings.append(Finding(origin.at(*id_at), what, "an id of its own", code="id-twice"))
        return False


def add_intents(draft: Draft, document: Document) -> None:
    """Add the intents of one file."""
    form, kept, findings = read_form(IntentsForm, document, ("intents",))
    draft.findings += findings
    for index, one in zip(kept, form.intents if form else (), strict=False):
        origin = Origin(document.marks, ("intents", index))
        if form and draft.is_new("intent", one.id, origin, "id"):
            draft.intents[one.id] = _intent(one, form.topic, origin)


def add_slot(draft: Draft, document: Document) -> None:
    """Add the slot of one file."""
    form, kept, findings = read_form(SlotForm, document, ("values",))
    draft.findings += findings
    if form is None and isinstance(document.value, dict):
        mended = replace(document, value={**document.value, "ask": defaults.ASK})
        form, kept, _ = read_form(SlotForm, mended, ("values",))
    if form is None or not draft.is_new("slot", form.slot, Origin(document.marks), "slot"):
        return
    values: dict[str, SlotValue] = {}
    for index, one in zip(kept, form.values, strict=False):
        origin = Origin(document.marks, ("values", index))
        if draft.is_new(f"value of {form.slot}", one.id, origin, "id"):
            synonyms = {language: tuple(words) for language, words in one.synonyms.items()}
            values[one.id] = SlotValue(one.id, one.name, synonyms, one.pronoun, origin.at("id"))
    roles, points = ({name: _every(texts) for name, texts in given.items()} for given in (form.roles, form.points))
    mark = document.marks.at(("slot",))
    draft.slots[form.slot] = Slot(form.slot, form.ask, values, mark, roles, points, tuple(form.never))


def add_out_of_scope(draft: Draft, document: Document) -> None:
    """Add the groups of intents/out_of_scope.yaml."""
    form, kept, findings = read_form(OutOfScopeForm, document, ("groups",))
    draft.findings += findings
    for index, one in zip(kept, form.groups if form else (), strict=False):
        origin = Origin(document.marks, ("groups", index))
        if draft.is_new("group", one.id, origin, "id"):
            phrases = tuple(_phrases(one.phrases, origin, "phrases"))
            tests = tuple(_phrases(one.tests, origin, "tests"))
            draft.groups[one.id] = OutOfScopeGroup(one.id, one.answer, phrases, tests, origin.at("id"))


def add_line(draft: Draft, document: Document) -> None:
    """Add content/line.yaml; what is missing or broken in it has a default."""
    form, kept, findings = read_form(LineForm, document, ("topics",))
    draft.findings += findings
    form = form or read_form(LineForm, document, ())[0]
    if form is None:
        return
    draft.origins["line", ""] = Origin(document.marks)
    languages = tuple(dict.fromkeys(form.languages)) or defaults.LINE.languages
    topics: dict[str, Topic] = {}
    for index, one in zip(kept or range(len(form.topics)), form.topics, strict=False):
        origin = Origin(document.marks, ("topics", index))
        if draft.is_new("topic", one.id, origin, "id"):
            topics[one.id] = Topic(one.id, in_all(one.title, languages), tuple(one.intents))
    draft.line = LineInfo(
        name=in_all(form.name or defaults.LINE.name, languages),
        tagline=in_all(form.tagline or defaults.LINE.tagline, languages),
        languages=languages,
        contact=form.contact,
        topics=tuple(topics.values()),
    )


def add_phrases(draft: Draft, document: Document) -> None:
    """Add content/phrases.yaml; a phrase whose {blanks} are not those of the built-in one is set aside."""
    form, _, findings = read_form(PhrasesForm, document, ())
    draft.findings += findings
    for name, texts in (form.root if form else {}).items():
        for language, text in texts.items():
            finding = _blanks(name, language, text, document.marks)
            if finding:
                draft.findings.append(finding)
            else:
                draft.phrases.setdefault(name, {})[language] = text


def add_glossary(draft: Draft, document: Document) -> None:
    """Add content/glossary.yaml."""
    form, _, findings = read_form(GlossaryForm, document, ())
    draft.findings += findings
    for name, term in (form.root if form else {}).items():
        draft.glossary[name] = dict(term.__pydantic_extra__ or {})
        for language, words in term.words.items():
            draft.glossary_words[language] = (*draft.glossary_words.get(language, ()), *words)


def add_data(draft: Draft, name: str, document: Document) -> None:
    """Add a table of content/data as plain data; broken rows of those with a form are left out."""
    value, form = document.value, TABLES.get(name)
    if form is not None and isinstance(value, dict):
        read, kept, findings = read_form(form, document, (name,))
        draft.findings += findings
        table = value.get(name)
        value = {name: [table[index] for index in kept]} if read and isinstance(table, list) else None
    if value is not None:
        draft.data[name] = value


def in_all(texts: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the texts with one for each language: where it is missing, that of the first language that has one."""
    spare = next((texts[code] for code in languages if code in texts), next(iter(texts.values()), ""))
    return {**texts, **{code: texts.get(code, spare) for code in languages}}


def _intent(form: IntentForm, topic: str, origin: Origin) -> Intent:
    tests = tuple(
        HeldOutTest(one.say, language, dict(one.__pydantic_extra__ or {}), origin.at("tests", language, index))
        for language, entries in form.tests.items()
        for index, one in enumerate(entries)
    )
    return Intent(
        id=form.id,
        topic=topic,
        title=form.title,
        answer=form.answer or "",
        slots=tuple(form.slots),
        about=form.about,
        in_general=form.in_general,
        urgent=form.urgent,
        does=form.does,
        examples=tuple(_phrases(form.examples, origin, "examples")),
        tests=tests,
        next=tuple(form.next),
        mark=origin.at("id"),
        accept=form.accept,
        takes=form.takes,
        when_named=form.when_named,
    )


def _every(texts: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the texts of all languages: people mix them."""
    return tuple(dict.fromkeys(text for own in texts.values() for text in own))


def _phrases(texts: Mapping[str, list[str]], origin: Origin, key: str) -> Iterator[Phrase]:
    for language, phrases in texts.items():
        for index, text in enumerate(phrases):
            yield Phrase(text, language, origin.at(key, language, index))


def _blanks(name: str, language: str, text: str, marks: Marks) -> Finding | None:
    if name not in defaults.PHRASES:
        return None
    allowed = set(PLACEHOLDER.findall(" ".join(defaults.PHRASES[name].values())))
    strange = sorted(set(PLACEHOLDER.findall(text)) - allowed)
    if not strange:
        return None
    known = ", ".join(f"{{{blank}}}" for blank in sorted(allowed)) or "no {blank} at all"
    what = f"nothing fills {{{strange[0]}}} in the phrase `{name}`, so the built-in phrase is used"
    return Finding(marks.at((name, language)), what, known, code="unknown-blank")
