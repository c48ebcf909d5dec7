"""`run_bot.py gaps`: what people asked and the line could not answer, and what to do about it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import ContentDir, IntentsDir, app, settings_of, told
from bot.errors import RequestError
from bot.serve import open_tallies, open_with
from bot.staff.edit import Wish, placed
from bot.staff.gaps import clusters, digest

if TYPE_CHECKING:
    from bot.line import Line
    from bot.settings import Settings
    from bot.tallies import Gap


@app.command()
def gaps(  # noqa: PLR0913  # each is an option of the command
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(help="The number of one question, to put or drop it.")] = None,
    *,
    to: Annotated[str | None, typer.Option("--to", help="The intent, or out_of_scope/<group>, to put it to.")] = None,
    test: Annotated[bool, typer.Option("--test", help="Put it as a test, not as an example.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write it, after you have seen the change.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Delete the question.")] = False,
    week: Annotated[bool, typer.Option("--digest", help="Print the past week in Markdown.")] = False,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Say what people asked and the line could not answer; put a question where it belongs."""
    with told():
        settings = settings_of(context, intents, content)
        if number is None:
            typer.echo(asyncio.run(_listed(settings, week=week)), nl=False)
        elif drop:
            asyncio.run(_drop(settings, number))
        else:
            asyncio.run(_put(settings, number, to, test=test, write=write))


async def _listed(settings: Settings, *, week: bool) -> str:
    line = open_with(settings)[0]
    async with open_tallies(settings) as tallies:
        if week:
            return await digest(tallies, line, datetime.now(UTC).date())
        found = await tallies.list_gaps()
    switch = "" if settings.gap_log else "; GAP_LOG is off, so none is being kept"
    lines = [text for one in clusters(found, line) for text in one.text()]
    return "\n".join([*lines, f"{len(found)} questions without an answer{switch}"]) + "\n"


async def _drop(settings: Settings, number: int) -> None:
    async with open_tallies(settings) as tallies:
        if not await tallies.delete_gap(number):
            raise RequestError(_no_such(number))
    typer.echo(f"deleted: {number}")


async def _put(settings: Settings, number: int, to: str | None, *, test: bool, write: bool) -> None:
    line = open_with(settings)[0]
    async with open_tallies(settings) as tallies:
        gap = next((one for one in await tallies.list_gaps() if one.id == number), None)
        if gap is None:
            raise RequestError(_no_such(number))
        edit = placed(line.catalog, settings.intents_dir, _wish(line, gap, to, test=test))
        typer.echo(edit.diff)
        if not write:
            typer.echo("not written; say --write when it is right")
            return
        edit.write()
        await tallies.delete_gap(number)
        typer.echo(f"written: {edit.name}; the question is deleted from the list")


def _wish(line: Line, gap: Gap, to: str | None, *, test: bool) -> Wish:
    reading = line.understanding.read(gap.text)
    owner = to or (reading.candidates[0].intent if reading.candidates else "")
    wanted = line.catalog.intents[owner].slots if owner in line.catalog.intents else ()
    slots = {hit.slot: hit.value for hit in reading.slots if hit.slot in wanted} if test else {}
    return Wish(gap.text, owner, "test" if test else "example", gap.language, slots)


def _no_such(number: int) -> str:
    return f"there is no question {number}; run_bot.py gaps lists them"
