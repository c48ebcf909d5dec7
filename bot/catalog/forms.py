"""The form of each kind of staff file, as it is written. `schema/` and the messages of `check` come from here."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from bot.catalog.scalars import (
    Checked,
    Day,
    Flag,
    FreeText,
    Id,
    IntentId,
    Language,
    Reference,
    Text,
    Web,
    refuse,
)

Does = Literal[
    "menu", "forget", "language", "language-en", "language-es", "handoff", "privacy", "repeat", "restart", "yes", "no",
    "feedback",
]  # fmt: skip  # one line reads better than twelve


def _some_language(texts: dict[str, Any]) -> dict[str, Any]:
    if not texts:
        refuse("empty", "has no text in any language", "one text for each language", "{en: …, es: …}")
    return texts


Texts = Annotated[dict[Language, Text], AfterValidator(_some_language)]
TextLists = dict[Language, list[Text]]


class Form(BaseModel):
    """A mapping in a staff file: a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class TestForm(BaseModel):
    """A held-out phrase; keys besides `say` name slots that it must fill."""

    __test__ = False  # pytest would take it for one of its own
    __pydantic_extra__: dict[str, Id]
    model_config = ConfigDict(extra="allow", frozen=True)

    say: Text = Field(description="the phrase as somebody would type it", examples=["what got momolu out"])


def _said(value: Any) -> Any:  # noqa: ANN401  # pydantic hands over whatever stood in the file
    return {"say": value} if isinstance(value, str) else value


TestEntry = Annotated[TestForm, BeforeValidator(_said, json_schema_input_type=str | TestForm)]


class IntentForm(Form):
    """One thing that people want."""

    id: IntentId = Field(description="a short id that no other intent has", examples=["case-release"])
    title: Texts = Field(
        description="a short question in each language; also a button's label",
        examples=["{en: How did she get out?, es: ¿Cómo salió?}"],
    )
    answer: Reference | None = Field(
        None, description="a page and section: folder/page#section", examples=["cases/{case}#release"]
    )
    slots: list[Id] = Field([], description="blanks that must be filled first", examples=["[case]"])
    takes: dict[Id, Id] = Field(
        {}, description="which role of a slot it is about when several values are named", examples=["{state: home}"]
    )
    about: dict[Id, Id] = Field({}, description="the value this intent is about", examples=["{case: alice-johnson}"])
    in_general: Id | None = Field(
        None, description="the intent that answers this when nobody is named", examples=["compare-time"]
    )
    when_named: dict[Id, Id] = Field(
        {},
        description="the intent that answers instead when a value of the slot is named",
        examples=["{state: vote-state}"],
    )
    urgent: Flag = Field(default=False, description="whether it is answered before other questions", examples=["true"])
    does: Does | None = Field(None, description="an action of the program", examples=["menu"])
    examples: TextLists = Field({}, description="how people ask for this, in each language", examples=["{en: [hi]}"])
    tests: dict[Language, list[TestEntry]] = Field(
        {}, description="phrases that must be understood and are never learned from", examples=["{en: [hi there]}"]
    )
    next: list[Id] = Field([], description="ids of intents to offer next", examples=["[case-now, case-law]"])
    accept: dict[str, Text] = Field(
        {}, description="warnings of `check` that shall stay, each with the reason", examples=["{few-examples: a name}"]
    )

    @model_validator(mode="after")
    def _answers_or_acts(self) -> Self:
        if not self.answer and not self.does:
            refuse(
                "no-answer", "has neither `answer` nor `does`", "a page to answer with", "answer: folder/page#section"
            )
        return self


class IntentsForm(Form):
    """intents/<topic>/<name>.yaml: what people ask."""

    topic: Id = Field(description="the topic these intents belong to", examples=["cases"])
    intents: list[IntentForm] = Field(description="a list of intents", examples=["- id: …"])


class SlotValueForm(Form):
    """One value of a slot."""

    id: Id = Field(description="a short id", examples=["alice-johnson"])
    name: Texts = Field(description="its name in each language", examples=["{en: Alice Johnson, es: Alice Johnson}"])
    pronoun: Literal["she", "he", "they"] | None = Field(None, description="she, he or they", examples=["she"])
    synonyms: TextLists = Field({}, description="other ways to say it", examples=["{en: [alice], es: [alice]}"])


class SlotForm(Form):
    """intents/slots/<slot>.yaml: a blank and the finite list that fills it."""

    slot: Id = Field(description="the slot's id", examples=["case"])
    ask: Texts = Field(description="the question that asks for it", examples=["{en: Which person?, es: ¿Qué persona?}"])
    values: list[SlotValueForm] = Field(description="the values it can have", examples=["- id: …"])
    roles: dict[Id, TextLists] = Field(
        {}, description="parts a value may play, with the words around it", examples=["{home: {en: [live in]}}"]
    )
    points: dict[Id, TextLists] = Field(
        {}, description="words for the value last said in a role", examples=["{home: {en: [where i live]}}"]
    )
    never: list[Text] = Field(
        [], description="words that are no value although they look like one", examples=["[martin luther king]"]
    )

    @model_validator(mode="after")
    def _points_at_roles(self) -> Self:
        strange = sorted(set(self.points) - set(self.roles))
        if strange:
            roles = ", ".join(sorted(self.roles)) or "none is there yet: write `roles` first"
            refuse("unknown-role", f"points at the role `{strange[0]}`, which is not there", roles, "points: {home: …}")
        return self


class GroupForm(Form):
    """Phrases that belong to no intent."""

    id: Id = Field(description="a short id", examples=["everyday"])
    answer: Reference | None = Field(None, description="a page and section", examples=["service/not-covered#everyday"])
    phrases: TextLists = Field(description="phrases in each language", examples=["{en: [how is the weather]}"])
    tests: TextLists = Field({}, description="phrases that are only tried", examples=["{en: [will it snow]}"])


class OutOfScopeForm(Form):
    """intents/out_of_scope.yaml: what the line does not cover."""

    groups: list[GroupForm] = Field(description="a list of groups", examples=["- id: …"])


class HeldOutForm(RootModel[dict[Id, TextLists]]):
    """A file of intents/held_out: messages that were meant for an intent, by its id and their language."""


class TopicForm(Form):
    """An entry of the menu."""

    id: Id = Field(description="the topic's id", examples=["cases"])
    title: Texts = Field(
        description="the words on the button", examples=["{en: The five people, es: Las cinco personas}"]
    )
    intents: list[Id] = Field(description="the questions offered first", examples=["[case-who, case-release]"])


class LineForm(Form):
    """content/line.yaml: the line's name, how to reach a person, and the menu."""

    name: Texts | None = Field(None, description="the line's name", examples=["{en: Second Chance Line}"])
    tagline: Texts | None = Field(None, description="one sentence about the line", examples=["{en: Plain answers}"])
    languages: list[Language] = Field([], description="language codes, the main one first", examples=["[en, es]"])
    contact: dict[str, Any] = Field({}, description="how to reach a person", examples=["{email: help@example.org}"])
    topics: list[TopicForm] = Field([], description="the menu", examples=["- id: …"])


def _lines(value: Any) -> Any:  # noqa: ANN401  # pydantic hands over whatever stood in the file
    whole = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return "\n".join(value) if whole else value


Lines = Annotated[Text, BeforeValidator(_lines, json_schema_input_type=FreeText | list[FreeText])]


class PhrasesForm(RootModel[dict[str, Annotated[dict[Language, Lines], AfterValidator(_some_language)]]]):
    """content/phrases.yaml: the line's own words, id by id; a list (the months) is kept as lines."""


class TermForm(BaseModel):
    """One word that cannot be avoided: what it means in each language, and the forms in which it stands in pages."""

    __pydantic_extra__: dict[Language, Text]
    model_config = ConfigDict(extra="allow", frozen=True)

    words: TextLists = Field({}, description="its forms in pages", examples=["{en: [pardon], es: [indulto]}"])


class GlossaryForm(RootModel[dict[Id, TermForm]]):
    """content/glossary.yaml: words that cannot be avoided, and what they mean."""


class SourceForm(Form):
    """Where a fact comes from."""

    title: Text = Field(description="publisher and date", examples=['"NPR, June 6, 2018"'])
    url: Web = Field(description="its web address", examples=['"https://…"'])
    checked: Checked = Field(description="the month it was last looked at", examples=["2026-11"])
    sections: list[Id] = Field([], description="sections it backs", examples=["[release]"])


class PageForm(Form):
    """The front matter of content/<language>/<topic>/<page>.md."""

    title: Text = Field(description="the page's title", examples=["Alice Marie Johnson"])
    reviewed: Day | None = Field(None, description="when facts were last checked", examples=["2026-11-22"])
    review_by: Day | None = Field(None, description="when to check them again", examples=["2027-02-22"])
    applies_to: Text = Field("everywhere", description="where it applies", examples=["federal"])
    legal: Flag = Field(default=False, description="whether it is about the law", examples=["true"])
    about_the_line: Flag = Field(default=False, description="whether it is about the line itself", examples=["true"])
    sources: list[SourceForm] = Field([], description="where the facts come from", examples=["- {title: …}"])
    translates: dict[Id, Text] = Field({}, description="stamped by a tool", examples=["{release: 1a2b3c4d}"])
    accept: dict[str, Text] = Field(
        {},
        description="warnings of `check` that shall stay, each with the reason; a section may be named before a slash",
        examples=["{release/long-sentence: the words of the law}"],
    )

    @model_validator(mode="after")
    def _has_sources(self) -> Self:
        if self.about_the_line:
            return self
        for name in ("sources", "reviewed", "review_by"):
            if not getattr(self, name):
                example = {"sources": "sources: [{title: …, url: …, checked: …}]"}.get(name, f"{name}: 2026-11-22")
                what = f"misses `{name}`"
                expected = "where and when its facts were checked, or `about_the_line: true`"
                refuse("no-source", what, expected, example)
        return self
