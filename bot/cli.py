"""The commands of `run_bot.py`. Each reads its arguments, calls one part of the house, and prints."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path  # typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.catalog.findings import Level
from bot.catalog.load import load
from bot.channels import terminal
from bot.channels.plain import plain
from bot.dialog.conversation import Conversation
from bot.errors import LineError
from bot.line import Line, Message, open_crisis
from bot.logs import set_up_logs
from bot.serve import open_with, serve
from bot.settings import Settings, read_settings
from bot.staff.batch import Unreadable, answer_all
from bot.staff.crisis_figures import measure
from bot.staff.evaluation import evaluate as measured
from bot.staff.evaluation import read_rows
from bot.staff.translated import stamp
from bot.staff.why import why as explained
from bot.understanding.encoding import load_encoder
from bot.understanding.tuning import FILE
from bot.understanding.understand import Understanding

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=False)

IntentsDir = Annotated[
    Path | None, typer.Option("--intents", help="Folder of what people ask.", show_default="intents")
]
ContentDir = Annotated[Path | None, typer.Option("--content", help="Folder of answers.", show_default="content")]
Language = Annotated[str | None, typer.Option("--language", "-l", help="Speak this language: en or es.")]

BAD_INPUT = 2
"""Exit status when something that was handed in cannot be used."""


@contextmanager
def _told() -> Iterator[None]:
    """Turn an error of ours into one line on stderr and an exit status."""
    try:
        yield
    except LineError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
        raise typer.Exit(BAD_INPUT) from None


@app.callback(invoke_without_command=True)
def start(context: typer.Context, intents: IntentsDir = None, content: ContentDir = None) -> None:
    """Start the line: the web chat, and the Telegram bot where TELEGRAM_BOT_TOKEN is set."""
    context.obj = (intents, content)
    if context.invoked_subcommand is None:
        with _told():
            asyncio.run(serve(_settings(context)))


@app.command()
def chat(
    context: typer.Context, language: Language = None, intents: IntentsDir = None, content: ContentDir = None
) -> None:
    """Talk to the line here in the terminal."""
    with _told():
        line = _line(_settings(context, intents, content), language)
        asyncio.run(terminal.talk(line, language=language))


@app.command()
def ask(  # noqa: PLR0913  # each is an option of the command
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="What to ask.")] = None,
    *,
    why: Annotated[bool, typer.Option("--why", help="Also say why this is the reply.")] = False,
    batch: Annotated[str | None, typer.Option("--batch", help="File of JSON lines to answer; - for stdin.")] = None,
    language: Language = None,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Print the reply to one question, or to a file of them."""
    with _told():
        line = _line(_settings(context, intents, content), language)
    if batch is not None:
        raise typer.Exit(_batch(line, batch))
    if text is None:
        typer.echo('ask what? For example: python run_bot.py ask "who is dawn jackson"', err=True)
        raise typer.Exit(BAD_INPUT)
    _ask_one(line, text, language, why=why)


@app.command()
def check(
    context: typer.Context,
    crisis: Annotated[str | None, typer.Option("--crisis", help="Say what the crisis check sees in a message.")] = None,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Say what is wrong in intents/ and content/, and how well the crisis check does on its labelled messages."""
    with _told():
        settings = _settings(context, intents, content)
        loaded = load(settings.intents_dir, settings.content_dir)
        signs, of_crisis = open_crisis(settings.intents_dir, loaded.catalog)
    if crisis is not None:
        typer.echo("\n".join(signs.explain(crisis)))
        return
    findings, figures = (*loaded.findings, *of_crisis), measure(settings.intents_dir, loaded.catalog, signs)
    for finding in (*findings, *figures.findings):
        typer.echo(f"{finding.level.value}: {finding}")
    if figures.report.rows:
        typer.echo(figures.report.text())
    errors = sum(finding.level is Level.ERROR for finding in (*findings, *figures.findings))
    typer.echo(
        f"{len(loaded.catalog.intents)} intents, {len(loaded.catalog.pages)} pages: {errors} errors, "
        f"{len(findings) - errors} warnings, {len(figures.report.failed)} crisis figures below their floor"
    )
    # a figure below its floor is work for whoever teaches the check; it must not hide a mistake made today
    raise typer.Exit(1 if errors else 0)


@app.command()
def calibrate(context: typer.Context, intents: IntentsDir = None, content: ContentDir = None) -> None:
    """Find out how sure is sure enough, from the held-out tests, and write it beside the intents."""
    with _told():
        settings = _settings(context, intents, content)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
        understanding = Understanding(catalog, load_encoder(settings.encoder))
        tuning = understanding.tuned(catalog, datetime.now(UTC).date().isoformat())
    (settings.intents_dir / FILE).write_text(tuning.to_json(), encoding="utf-8")
    typer.echo(tuning.to_json())


@app.command()
def learn(context: typer.Context, intents: IntentsDir = None, content: ContentDir = None) -> None:
    """Learn from the examples now and keep it in CACHE_DIR: for the build of an image, so that its start is quick."""
    with _told():
        line = _line(_settings(context, intents, content), None)
    typer.echo(f"{len(line.catalog.intents)} intents are learned")


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option("--data", help="JSON lines of text, label (oos: none) and split.")],
    fit: Annotated[str, typer.Option("--fit", help="The split to learn from.")] = "train_10",
    on: Annotated[str, typer.Option("--on", help="The split to measure on.")] = "test",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure the matcher on a public set of questions; see benchmarks/matching."""
    with _told():
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
    with _told():
        settings = _settings(context, intents, content)
        catalog = load(settings.intents_dir, settings.content_dir).catalog
        count = 0
        for file in stamp(catalog, settings.content_dir, files or []):
            typer.echo(f"stamped {file.name} ({file.parent.name})")
            count += 1
    typer.echo(f"{count} pages stamped")


def main() -> None:
    """Run the command line."""
    app()


def _settings(context: typer.Context, intents: Path | None = None, content: Path | None = None) -> Settings:
    outer_intents, outer_content = context.obj or (None, None)
    settings = read_settings(intents_dir=intents or outer_intents, content_dir=content or outer_content)
    set_up_logs(settings.log_level, settings.log_format)
    return settings


def _line(settings: Settings, language: str | None) -> Line:
    line, findings = open_with(settings)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    for finding in errors:
        typer.echo(f"set aside: {finding}", err=True)
    if language is not None and language not in line.languages:
        message = f"--language is {language!r}; expected one of {', '.join(line.languages)}"
        raise LineError(message)
    return line


def _ask_one(line: Line, text: str, language: str | None, *, why: bool) -> None:
    conversation = Conversation(language=language, chosen=language is not None)
    turn = line.turn(Message("terminal", "ask", text), conversation, line.now())
    typer.echo(plain(turn))
    for number, choice in enumerate(turn.choices, start=1):
        typer.echo(f"{'' if number > 1 else chr(10)}[{number}] {choice.label}")
    if why:
        words = line.understanding.words_for(turn.reading) if turn.reading else ()
        typer.echo("\n" + "\n".join(explained(turn, line.bars, words)))


def _batch(line: Line, source: str) -> int:
    status = 0
    try:
        lines = sys.stdin if source == "-" else Path(source).open(encoding="utf-8", errors="replace")  # noqa: SIM115  # read to its end below
    except OSError as error:
        typer.echo(f"--batch {source}: {error.strerror}", err=True)
        return BAD_INPUT
    for reply in answer_all(line, lines):
        if isinstance(reply, Unreadable):
            typer.echo(f"line {reply.number}: {reply.what}", err=True)
            status = BAD_INPUT
        else:
            typer.echo(json.dumps(reply, ensure_ascii=False))
    return status
