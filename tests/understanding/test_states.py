from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.catalog.load import load
from bot.understanding.examples import finder_of, said_in, vocabulary
from bot.understanding.normalise import normalise

if TYPE_CHECKING:
    from bot.catalog.model import Catalog
    from bot.understanding.slots import SlotFinder

ROOT = Path(__file__).parents[2]

_CODES = """
al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc
sd tn tx ut vt va wa wv wi wy dc pr gu vi as mp
"""
CODES = _CODES.split()

SPANISH = [
    ("vivo en hawái", "hi"),
    ("soy de luisiana", "la"),
    ("preso en misisipi", "ms"),
    ("mi hijo está en misuri", "mo"),
    ("votar en nuevo méjico", "nm"),
    ("la ley de nuevo hampshire", "nh"),
    ("leyes de nueva york", "ny"),
    ("en carolina del norte", "nc"),
    ("y en carolina del sur?", "sc"),
    ("dakota del norte", "nd"),
    ("dakota del sur", "sd"),
    ("me soltaron en oregón", "or"),
    ("libertad condicional en pensilvania", "pa"),
    ("virginia occidental", "wv"),
    ("virginia del oeste", "wv"),
    ("estado de washington", "wa"),
    ("en el distrito de columbia", "dc"),
    ("las islas vírgenes", "vi"),
    ("samoa americana", "as"),
    ("islas marianas del norte", "mp"),
    ("puertorico", "pr"),
    ("nueba yersi no, nueva yersey", "nj"),
]

SHORT = [
    ("can i vote in TX", "tx"),
    ("TX voting rights", "tx"),
    ("can i vote in tx", "tx"),
    ("what about tx", "tx"),
    ("im from nj", "nj"),
    ("soy de ny", "ny"),
    ("tx", "tx"),
    ("in ohio, in OH", "oh oh"),
    ("NY and NJ and TX", "ny nj tx"),
    ("can i vote in or", "or"),
    ("can i vote in OR", "or"),
    ("portland, or", "or"),
    ("vivo en ok", "ok"),
    ("i live in hi", "hi"),
    ("voting in ME", "me"),
    ("vivo en MI", "mi"),
    ("felon in IN", "in"),
    ("vivo en PA", "pa"),
    ("vivo en pa", "pa"),
    ("vivo en LA", "la"),
    ("moved to GA", "ga"),
    ("charged in DE", "de"),
    ("CO parole rules", "co"),
    ("voting PA", "pa"),
    ("D.C. jail", "dc"),
    ("locked up in d.c.", "dc"),
    ("N.J. law", "nj"),
    ("Fla. prisons", "fl"),
    ("Calif. law", "ca"),
    ("Ariz. law", "az"),
    ("N. Carolina", "nc"),
    ("W. Va. law", "wv"),
    ("nyc", "ny"),
    ("okc", "ok"),
    ("usvi", "vi"),
]

NO_STATE = """
parole or probation
PAROLE OR PROBATION
parole OR probation
in or out of prison
is he IN or out
come in
let me IN
help me
help ME please
tell me about it
do you believe in me
nadie cree en mí
confía en mi
es para MI hijo
hi
HI
Hi there
ok
OK
OK thanks
oh
OH no
oh ok
how do i get my ID
my state id
is it as bad as they say
la ley
en la cárcel
el de la cárcel
me dijeron que en la
de dónde es
se lo dije al juez
va a salir pronto
pa qué sirve
mi pa y mi ma
y vi que salió
about ms smith
ms walker
md appointment
me and kim and co
you can trust me
in
como se hace en si
my aunt virginia
mi tía virginia está presa
doña virginia
me llamo virginia
my name is virginia
my friend georgia
ms georgia
jackson
jackson prison
springfield
columbus
portland
austin
orlando
carolina
dakota
federal
federal case
he is in the feds
the state of the union
main reason
he was a marine
she sent texts
the taxes
organ donation
settle a case
he is a virgin
mi mami
es una trampa
el botón no sirve
no vengas
me han cobrado
te cansas
aaron
soy chicano
""".strip().splitlines()

PLACES = [
    ("houston", "tx"),
    ("dallas county jail", "tx"),
    ("from chicago", "il"),
    ("los angeles", "ca"),
    ("los ángeles", "ca"),
    ("he's in philly", "pa"),
    ("filadelfia", "pa"),
    ("pittsburgh", "pa"),
    ("miami dade", "fl"),
    ("the bronx", "ny"),
    ("brooklyn", "ny"),
    ("nueva york city", "ny"),
    ("new york city", "ny"),
    ("detroit", "mi"),
    ("atlanta", "ga"),
    ("memphis", "tn"),
    ("menfis", "tn"),
    ("nashville", "tn"),
    ("asheville", "nc"),
    ("san juan", "pr"),
    ("new orleans", "la"),
    ("nueva orleans", "la"),
    ("las vegas", "nv"),
    ("columbus ohio", "oh"),
    ("springfield illinois", "il"),
    ("austin tx", "tx"),
    ("el paso texas", "tx"),
    ("kansas city", "mo"),
    ("kansas city kansas", "ks"),
    ("oklahoma city", "ok"),
    ("boston", "ma"),
    ("baltimore", "md"),
    ("seattle", "wa"),
    ("st. louis", "mo"),
    ("jersey city", "nj"),
    ("virginia beach", "va"),
    ("washington dc", "dc"),
    ("Washington, D.C.", "dc"),
    ("washington state", "wa"),
    ("state of washington", "wa"),
    ("washington", "wa dc"),
]

SLIPS = [
    ("massachussets", "ma"),
    ("massachusets", "ma"),
    ("massachutes", "ma"),
    ("missisipi", "ms"),
    ("mississipi", "ms"),
    ("conneticut", "ct"),
    ("conecticut", "ct"),
    ("tenesee", "tn"),
    ("tennesee", "tn"),
    ("illinios", "il"),
    ("ilinois", "il"),
    ("pensylvania", "pa"),
    ("lousiana", "la"),
    ("arkansaw", "ar"),
    ("michagan", "mi"),
    ("flordia", "fl"),
    ("californa", "ca"),
    ("new jersy", "nj"),
    ("newyork", "ny"),
    ("northcarolina", "nc"),
    ("virgina", "va"),
    ("west virgina", "wv"),
    ("oaklahoma", "ok"),
    ("hawai", "hi"),
    ("philidelphia", "pa"),
    ("cincinatti", "oh"),
    ("utha", "ut"),
    ("ohoi", "oh"),
    ("tenesí", "tn"),
    ("oklajoma", "ok"),
]

SENTENCES = [
    ("convicted in Ohio and live in Texas", "oh tx"),
    ("me condenaron en florida y vivo en georgia", "fl ga"),
    ("new york or new jersey", "ny nj"),
    ("NY and NJ", "ny nj"),
    ("west virginia, not virginia", "wv va"),
    ("arkansas or kansas", "ar ks"),
    ("texas's law", "tx"),
    ("ohios voting law", "oh"),
    ("Georgia\N{RIGHT SINGLE QUOTATION MARK}s parole board", "ga"),
    ("what about texas", "tx"),
    ("and in texas?", "tx"),
    ("no i meant georgia", "ga"),
    ("no, quise decir georgia", "ga"),
    ("i live in nueva york", "ny"),
    ("vivo en new york", "ny"),
    ("puedo votar in north carolina", "nc"),
    ("can i vote en puerto rico", "pr"),
    ("my mom lives in virginia", "va"),
    ("CAN I VOTE IN TEXAS", "tx"),
    ("CAN I VOTE IN TX", "tx"),
    ("ms in MS", "ms"),
]

PEOPLE = [
    ("the girl from ohio", "alexis-martin"),
    ("la de ohio", "alexis-martin"),
    ("la chica de ohio", "alexis-martin"),
    ("el de washington", "momolu-stewart"),
    ("the dc guy", "momolu-stewart"),
    ("the guy from dc", "momolu-stewart"),
    ("the washington guy", "momolu-stewart"),
    ("the lady from memphis", "alice-johnson"),
    ("la señora de memphis", "alice-johnson"),
    ("the new jersey lady", "dawn-jackson"),
    ("la de nueva jersey", "dawn-jackson"),
    ("the guy from philly", "david-sheppard"),
    ("el de filadelfia", "david-sheppard"),
    ("el de pensilvania", "david-sheppard"),
    ("ms johnson", "alice-johnson"),
    ("MS JOHNSON", "alice-johnson"),
    ("mrs alice", "alice-johnson"),
]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The catalog that is served."""
    return load(ROOT / "intents", ROOT / "content").catalog


@pytest.fixture(scope="module")
def finder(catalog: Catalog) -> SlotFinder:
    """The finder of the served catalog's people and states."""
    return finder_of(catalog, vocabulary(said_in(catalog)))


def states(finder: SlotFinder, text: str) -> list[str]:
    """Return the states found in a text, in order."""
    return [hit.value for hit in finder.find(normalise(text)) if hit.slot == "state"]


def test_every_state_is_there(catalog: Catalog) -> None:
    """Fifty states, DC and five territories, by their postal codes."""
    assert len(CODES) == 56
    assert sorted(catalog.slots["state"].values) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_names_and_codes(catalog: Catalog, finder: SlotFinder, code: str, language: str) -> None:
    """Every state is found by its name in both languages and by its code in capitals, alone or in a sentence."""
    name, lead = catalog.slots["state"].values[code].name[language], {"en": "in", "es": "en"}[language]
    assert code in states(finder, name)
    assert set(states(finder, f"{lead} {name} 2026")) <= {code, "wa", "dc"}
    assert states(finder, f"{lead} {code.upper()}") == [code]


@pytest.mark.parametrize(("text", "found"), [*SPANISH, *SHORT, *PLACES, *SLIPS, *SENTENCES])
def test_table(finder: SlotFinder, text: str, found: str) -> None:
    """States are found by name, city, abbreviation and slip, in order, in either language and mixed."""
    assert states(finder, text) == found.split()


@pytest.mark.parametrize("text", NO_STATE)
def test_words_stay_words(finder: SlotFinder, text: str) -> None:
    """Words, first names and names of many towns are no states."""
    assert states(finder, text) == []


@pytest.mark.parametrize(("text", "person"), PEOPLE)
def test_people_win(finder: SlotFinder, text: str, person: str) -> None:
    """A person's name or description that holds a place is the person."""
    assert [hit.value for hit in finder.find(normalise(text))] == [person]


@pytest.mark.parametrize("code", ["or", "in", "me", "hi", "ok", "la", "tx"])
def test_an_answer_to_which_state(finder: SlotFinder, code: str) -> None:
    """After "which state?" a bare code counts in any case."""
    assert [hit.value for hit in finder.find(normalise(code), wants="state")] == [code]
