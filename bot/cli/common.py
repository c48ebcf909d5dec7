"""What the commands share: the app, its common options, and how an error of ours becomes one line."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path  # typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.errors import LineError
from bot.logs import set_up_logs
from bot.settings import Settings, read_settings

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
def told() -> Iterator[None]:
    """Turn an error of ours into one line on stderr and an exit status."""
    try:
        yield
    except LineError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(str(error), markup=False)
        raise typer.Exit(BAD_INPUT) from None


def settings_of(context: typer.Context, intents: Path | None = None, content: Path | None = None) -> Settings:
    """Return the settings, with the folders named on the command line; logs are set up by them.

    Raises:
        SettingsError: a value cannot be used.

    """
    outer_intents, outer_content = context.obj or (None, None)
    settings = read_settings(intents_dir=intents or outer_intents, content_dir=content or outer_content)
    set_up_logs(settings.log_level, settings.log_format)
    return settings
