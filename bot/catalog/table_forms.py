"""The forms of the tables in content/data/: hotlines, organisations, states."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.catalog.forms import Form, SourceForm, Texts
from bot.catalog.scalars import Checked, Day, Flag, Id, Text, Web

NoText = Literal[""]
"""An empty text: nothing is confirmed, and the note of the cell says where to ask."""

MaybeWeb = Annotated[Web | NoText, Field(description='an address, or "" where none is confirmed', examples=['""'])]
MaybeChecked = Annotated[
    Checked | NoText, Field(description='the month that the source shows, or ""', examples=["2025-10"])
]
Note = Annotated[Texts, Field(description="what people read", examples=["{en: …, es: …}"])]


class HotlineForm(Form):
    """One number for help."""

    id: Id = Field(description="a short id", examples=['"988"'])
    name: Texts = Field(description="its name", examples=["{en: …, es: …}"])
    say: Texts = Field(description="how to reach it, number included", examples=["{en: Call or text 988}"])
    call: Text | None = Field(None, description="the number to call", examples=['"988"'])
    text: Text | None = Field(None, description="the number to text", examples=['"988"'])
    text_word: Text | None = Field(None, description="the word to text", examples=["HOME"])
    chat: Web | None = Field(None, description="the address of its chat", examples=["https://988lifeline.org"])
    hours: Texts | None = Field(None, description="when it is open", examples=['{en: "24 hours, free"}'])
    languages: Texts | None = Field(None, description="which languages it speaks", examples=["{en: English}"])
    for_: list[Id] = Field([], alias="for", description="what it helps with", examples=["[suicide]"])
    note: Texts | None = Field(None, description="a remark", examples=["{en: Veterans press 1}"])
    confirmed: Flag = Field(default=True, description="whether the number was read on its own page", examples=["true"])
    source: SourceForm | None = Field(None, description="where the number was read", examples=["{title: …}"])
    review_by: Day | None = Field(None, description="when to look again", examples=["2027-02-22"])


class HotlinesForm(Form):
    """content/data/hotlines.yaml: every number for help, once."""

    hotlines: list[HotlineForm] = Field(description="a list of hotlines", examples=["- id: …"])


def _named(value: Any) -> Any:  # noqa: ANN401  # pydantic hands over whatever stood in the file
    return {"en": value} if isinstance(value, str) else value


class OrganisationForm(BaseModel):
    """One organisation; besides its name and address any text may stand."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id = Field(description="a short id", examples=["reform-alliance"])
    name: Annotated[Texts, BeforeValidator(_named, json_schema_input_type=str | Texts)] = Field(
        description="its name", examples=["REFORM Alliance"]
    )
    url: Web = Field(description="its web address", examples=["https://reformalliance.com"])


class OrganisationsForm(Form):
    """content/data/organisations.yaml: groups that pages link to."""

    organisations: list[OrganisationForm] = Field(description="a list of organisations", examples=["- id: …"])


class VotingCell(Form):
    """What happens with the vote in one state."""

    status: Literal["never_lost", "after_release", "after_sentence", "extra_steps", "see_state"] = Field(
        description="the rule in one word; see_state where it is unsettled", examples=["after_release"]
    )
    note: Note
    office: MaybeWeb
    source: MaybeWeb
    checked: MaybeChecked


class RecordsCell(Form):
    """How a record is cleared in one state."""

    note: Note
    clean_slate: Literal["yes", "no", ""] = Field(
        description="whether some records clear by themselves", examples=["no"]
    )
    source: MaybeWeb
    checked: MaybeChecked


class CustodyCell(Form):
    """How somebody in custody is found in one state."""

    agency: Note
    site: MaybeWeb
    locator: MaybeWeb
    note: Note


class LegalCell(Form):
    """Where free legal aid is in one state."""

    url: MaybeWeb
    note: Note


class ClemencyCell(Form):
    """Who decides on pardons in one state."""

    authority: Note
    url: MaybeWeb
    note: Note


class SchoolCell(Form):
    """Which high school equivalency test one state has."""

    note: Note
    url: MaybeWeb


class ParoleCell(Form):
    """Whether a board still lets people out early in one state."""

    note: Note
    source: MaybeWeb


class StateForm(Form):
    """One state, or a place that is asked for like one; its id stands in intents/slots/state.yaml."""

    id: Id = Field(description="the id of the place in intents/slots/state.yaml", examples=["tx"])
    name: Texts = Field(description="its name, for whoever reads the file", examples=["{en: Texas, es: Texas}"])
    voting: VotingCell = Field(description="what happens with the vote", examples=["{status: …, note: …}"])
    records: RecordsCell = Field(description="clearing a record", examples=["{note: …}"])
    custody: CustodyCell = Field(description="finding somebody", examples=["{agency: …}"])
    legal: LegalCell = Field(description="free legal aid", examples=["{url: …}"])
    clemency: ClemencyCell = Field(description="pardons", examples=["{authority: …}"])
    hse: SchoolCell = Field(description="high school equivalency", examples=["{note: …}"])
    parole: ParoleCell = Field(description="parole boards", examples=["{note: …}"])


class StatesForm(Form):
    """content/data/states.yaml: what the line knows about each state."""

    states: list[StateForm] = Field(description="a list of states", examples=["- id: …"])


TABLES: dict[str, type[BaseModel]] = {
    "hotlines": HotlinesForm,
    "organisations": OrganisationsForm,
    "states": StatesForm,
}
"""The form of each table, by the name of its file."""
