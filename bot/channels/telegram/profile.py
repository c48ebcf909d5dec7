"""What Telegram shows of the bot before a word is written: commands and descriptions, in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from telegram import BotCommand
from telegram.error import TelegramError

from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.redact import describe

if TYPE_CHECKING:
    from telegram import Bot

    from bot.channels.telegram.answering import Answering

LONGEST_COMMAND = 256
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
"""Telegram's limits, in characters."""

log = structlog.get_logger(__name__)


async def publish(bot: Bot, line: Answering) -> None:
    """Set commands and descriptions where they differ; the first language also stands for all others.

    What cannot be set is logged and left as it is: the line answers without it.
    """
    for language in line.languages:
        code = None if language == line.languages[0] else language
        for step in (_commands, _description, _short_description):
            try:
                await step(bot, line, language, code)
            except (TelegramError, LookupError) as error:
                log.warning("the bot's profile could not be set", part=step.__name__.strip("_"), error=describe(error))


async def _commands(bot: Bot, line: Answering, language: str, code: str | None) -> None:
    wanted = tuple(BotCommand(name, line.phrase(f"command_{name}", language)[:LONGEST_COMMAND]) for name in COMMANDS)
    # Asked first, because setting is limited far more strictly than asking, and a line may restart often.
    if await bot.get_my_commands(language_code=code) != wanted:
        await bot.set_my_commands(wanted, language_code=code)


async def _description(bot: Bot, line: Answering, language: str, code: str | None) -> None:
    wanted = line.phrase("bot_description", language)[:LONGEST_DESCRIPTION]
    if (await bot.get_my_description(language_code=code)).description != wanted:
        await bot.set_my_description(wanted, language_code=code)


async def _short_description(bot: Bot, line: Answering, language: str, code: str | None) -> None:
    wanted = line.phrase("bot_short_description", language)[:LONGEST_SHORT_DESCRIPTION]
    if (await bot.get_my_short_description(language_code=code)).short_description != wanted:
        await bot.set_my_short_description(wanted, language_code=code)
