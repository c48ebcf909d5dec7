"""The commands for everybody. Each reads its arguments, calls one part of the house, and prints."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path  # typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer

from bot.catalog.findings import Level
from bot.channels import terminal
from bot.channels.plain import plain
from bot.cli.common import BAD_INPUT, ContentDir, IntentsDir, Language, app, settings_of, told
from bot.dialog.conversation import Conversation
from bot.errors import LineError
from bot.line import Line, Message
from bot.serve import kept_fresh, open_with, serve
from bot.serve import migrate as brought_up_to_date
from bot.staff.batch import Unreadable, answer_all
from bot.staff.why import why as explained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.catalog.findings import Finding
    from bot.settings import Settings


@app.callback(invoke_without_command=True)
def start(context: typer.Context, intents: IntentsDir = None, content: ContentDir = None) -> None:
    """Start the line: the web chat, and the Telegram bot where TELEGRAM_BOT_TOKEN is set."""
    context.obj = (intents, content)
    if context.invoked_subcommand is None:
        with told():
            asyncio.run(serve(settings_of(context)))


@app.command()
def migrate(context: typer.Context) -> None:
    """Bring the database up to date, as every start does: for a host's release phase."""
    with told():
        asyncio.run(brought_up_to_date(settings_of(context)))


@app.command()
def chat(
    context: typer.Context, language: Language = None, intents: IntentsDir = None, content: ContentDir = None
) -> None:
    """Talk to the line here in the terminal."""
    with told():
        settings = settings_of(context, intents, content)
        line, findings = _opened(settings, language)
        asyncio.run(_talk(line, findings, settings, language))


@app.command()
def learn(context: typer.Context, intents: IntentsDir = None, content: ContentDir = None) -> None:
    """Learn from the examples now and keep it in CACHE_DIR: for the build of an image, so that its start is quick."""
    with told():
        line = _line(settings_of(context, intents, content), None)
    typer.echo(f"{len(line.catalog.intents)} intents are learned")


@app.command()
def explain(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What to ask.")],
    language: Language = None,
    intents: IntentsDir = None,
    content: ContentDir = None,
) -> None:
    """Say what the line would answer, and why: for staff who wonder about an answer."""
    with told():
        line = _line(settings_of(context, intents, content), language)
    _ask_one(line, text, language, why=True)


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
    with told():
        line = _line(settings_of(context, intents, content), language)
    if batch is not None:
        raise typer.Exit(_batch(line, batch))
    if text is None:
        typer.echo('ask what? For example: python run_bot.py ask "who is dawn jackson"', err=True)
        raise typer.Exit(BAD_INPUT)
    _ask_one(line, text, language, why=why)


def _line(settings: Settings, language: str | None) -> Line:
    return _opened(settings, language)[0]


def _opened(settings: Settings, language: str | None) -> tuple[Line, Sequence[Finding]]:
    line, findings = open_with(settings)
    errors = [finding for finding in findings if finding.level is Level.ERROR]
    for finding in errors:
        typer.echo(f"set aside: {finding}", err=True)
    if language is not None and language not in line.languages:
        message = f"--language is {language!r}; expected one of {', '.join(line.languages)}"
        raise LineError(message)
    return line, findings


async def _talk(line: Line, findings: Sequence[Finding], settings: Settings, language: str | None) -> None:
    async with kept_fresh(line, settings, findings):
        await terminal.talk(line, language=language)


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
