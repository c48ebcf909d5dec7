"""The commands that staff use to keep the line good."""

from __future__ import annotations

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path  # typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer

from bot.catalog.held_out import load_held_out
from bot.catalog.load import load
from bot.cli.common import ContentDir, IntentsDir, app, settings_of, told
from bot.errors import LineError, RequestError
from bot.serve import kept_fresh, open_with, sources_of
from bot.settings import read_settings
from bot.staff import links as linked
from bot.staff.check import checked
from bot.staff.evaluation import evaluate as measured
from bot.staff.evaluation import read_rows
from bot.staff.new import new_intent, new_page, new_translation
from bot.staff.overmatch import phrase_findings
from bot.staff.stale import due
from bot.staff.translated import stamp
from bot.staff.workbench import Bench
from bot.staff.workbench import serve as serve_bench
from bot.staff.workbench.server import PORT
from bot.understanding.calibration import Calibration
from bot.understanding.encoding import load_encoder
from bot.understanding.tuning import FILE
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.catalog.findings import Finding
    from bot.line import Line
    from bot.settings import Settings


@app.command()
def check(  # noqa: PLR0913  # each is an option of the command
    context: typer.Context,
    crisis: Annotated[str | None, typer.Option("--crisis", help="Say what the crisis check sees in a message.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    annotations: Annotated[bool, typer.Option("--annotations", help="Print GitHub's workflow commands.")] = False,
    phrases: Annotated[bool, typer.Option("--phrases", help="Also send every phrase through the line (slow).")] = False,
    release: Annotated[bool, typer.Option("--release", help="With --phrases: keep how sure the line is now.")] = False,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Say what is wrong in intents/ and content/, and how well the crisis check does on its labelled messages."""
    with told():
        settings = settings_of(context, intents, content)
        if crisis is not None:
            typer.echo("\n".join(open_with(settings)[0].crisis.explain(crisis)))
            return
        of_phrases = None
        if phrases:
            on = _today().isoformat() if release else None
            of_phrases = phrase_findings(open_with(settings)[0], settings.intents_dir, release_on=on)
        found = checked(
            settings.intents_dir, settings.content_dir, _today(), of_phrases,
            encoder=load_encoder(settings.encoder), cache=settings.cache_dir,
        )  # fmt: skip
    for line in [found.json()] if as_json else found.annotations() if annotations else found.text():
        typer.echo(line)
    raise typer.Exit(1 if found.errors or found.report.stops else 0)


@app.command()
def calibrate(context: typer.Context, intents: IntentsDir = None, content: ContentDir = None) -> None:
    """Find out how sure is sure enough, from the held-out messages, and write it beside the intents."""
    with told():
        settings = settings_of(context, intents, content)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
        understanding = Understanding(catalog, load_encoder(settings.encoder), settings.cache_dir, Calibration())
        held_out = [(one.intent, one.phrase.text) for one in load_held_out(settings.intents_dir, catalog).phrases]
        tuning = understanding.tuned(catalog, held_out, datetime.now(UTC).date().isoformat())
    (settings.intents_dir / FILE).write_text(tuning.to_json(), encoding="utf-8")
    typer.echo(tuning.to_json())


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option("--data", help="JSON lines of text, label (oos: none) and split.")],
    fit: Annotated[str, typer.Option("--fit", help="The split to learn from.")] = "train_10",
    on: Annotated[str, typer.Option("--on", help="The split to measure on.")] = "test",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the matcher on a public set of questions; see benchmarks/matching."""
    with told():
        settings = read_settings()
        report = measured(read_rows(data), fit=fit, on=on, encoder=load_encoder(settings.encoder))
    fields = report.as_dict()
    typer.echo(json.dumps(fields) if as_json else "\n".join(f"{name:<20}{value}" for name, value in fields.items()))


@app.command()
def translated(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Translated pages; all of them when left out.")] = None,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Note in translated pages which text they render, after you have translated them."""
    with told():
        settings = settings_of(context, intents, content)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
        count = 0
        for file in stamp(catalog, settings.content_dir, files or []):
            typer.echo(f"stamped {file.name} ({file.parent.name})")
            count += 1
    typer.echo(f"{count} pages stamped")


@app.command()
def stale(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", help="How far to look ahead.")] = 31,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Say what to review this month, the most harmful first: numbers, crisis cards, rules, facts."""
    with told():
        settings = settings_of(context, intents, content)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
    found = due(catalog, _today(), days)
    for one in found:
        typer.echo(one.line(_today()))
    typer.echo(f"{len(found)} things to review within {days} days")


@app.command()
def links(
    context: typer.Context,
    again: Annotated[int, typer.Option("--again", help="Ask again what was fine this many days ago.")] = 14,
    cache: Annotated[Path, typer.Option("--cache", help="Where the results are kept.")] = Path("var/links.json"),
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Look whether every address in pages and tables still leads somewhere; asks each site slowly."""
    with told():
        settings = settings_of(context, intents, content)
        places = linked.addresses(load(settings.intents_dir, settings.content_dir).catalog)
    since = (_today() - timedelta(days=again)).isoformat()
    looked = asyncio.run(linked.look(places, _today().isoformat(), linked.read_known(cache, since)))
    linked.write_known(cache, looked)
    bad = [one for one in looked if one.fate != "ok"]
    for one in sorted(bad, key=lambda one: (one.fate, one.url)):
        typer.echo(f"{one.fate:<12}{one.url}  ({one.detail})  in {', '.join(places[one.url])}")
    typer.echo(f"{len(looked)} addresses: {len(looked) - len(bad)} fine, {len(bad)} to look at")
    raise typer.Exit(1 if any(one.fate in {"gone", "soft-404"} for one in bad) else 0)


Where = Annotated[str, typer.Argument(help="topic/file for an intent, folder/page for the others.")]
making = typer.Typer(add_completion=False, help="Write the skeleton of an intent, a page or a translation.")
app.add_typer(making, name="new")


@making.command("intent")
def new_intent_file(
    context: typer.Context,
    where: Where,
    name: Annotated[str, typer.Option("--id", help="Its id.")],
    answer: Annotated[str | None, typer.Option("--answer", help="What answers it: folder/page#section.")] = None,
) -> None:
    """Add an intent to intents/<topic>/<file>.yaml, with a comment on each part."""
    with told():
        settings = settings_of(context)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
        typer.echo(f"written: {new_intent(catalog, settings.intents_dir, where, name, answer or f'{where}#{name}')}")


@making.command("page")
def new_page_file(
    context: typer.Context,
    where: Where,
    section: Annotated[str, typer.Option("--section", help="Its first section.")] = "about",
    language: Annotated[str, typer.Option("--language", "-l", help="Its language.")] = "en",
) -> None:
    """Write content/<language>/<folder>/<page>.md, to be reviewed in three months."""
    with told():
        dates = (_today().isoformat(), (_today() + timedelta(days=90)).isoformat())
        typer.echo(f"written: {new_page(settings_of(context).content_dir, language, where, section, dates)}")


@making.command("translation")
def new_translation_file(
    context: typer.Context,
    where: Where,
    language: Annotated[str, typer.Option("--language", "-l", help="The language to put it into.")] = "es",
) -> None:
    """Copy a page into another language's folder, for its translator."""
    with told():
        settings = settings_of(context)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
        page = catalog.pages.get((catalog.languages[0], where))
        if page is None:
            message = f"there is no page {where!r} in `{catalog.languages[0]}` to translate"
            raise RequestError(message)
        typer.echo(f"written: {new_translation(settings.content_dir, page, language)}")


@app.command()
def workbench(
    context: typer.Context,
    port: Annotated[int, typer.Option("--port", help="Port on this machine.", min=0, max=65535)] = PORT,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Open a page on this machine: talk to the line, see why it answers so, and teach it a phrase."""
    with told():
        settings = settings_of(context, intents, content)
        line, findings = open_with(settings)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_work(line, findings, settings, port))


async def _work(line: Line, findings: Sequence[Finding], settings: Settings, port: int) -> None:
    bench = Bench(line, sources_of(line, settings), findings)
    try:
        runner = await serve_bench(bench, port)
    except OSError as error:
        message = f"--port {port} cannot be used: {error.strerror}"
        raise LineError(message) from None
    bench.look()
    async with kept_fresh(line, settings, findings, bench.hear):
        typer.echo(f"The workbench is open: http://{runner.addresses[0][0]}:{runner.addresses[0][1]}")
        try:
            await asyncio.Event().wait()
        finally:
            await bench.close()
            await runner.cleanup()


def _today() -> date:
    return datetime.now(UTC).date()
