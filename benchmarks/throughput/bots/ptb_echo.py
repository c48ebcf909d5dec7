"""A bare python-telegram-bot echo bot, as its documentation begins: polling, everything else by default."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, MessageHandler, filters

if TYPE_CHECKING:
    from telegram import Update


async def _echo(update: Update, _context: Any) -> None:  # noqa: ANN401  # the handler's type
    if update.message is not None:
        await update.message.reply_text(f"<{update.message.text}>")


root = os.environ["API_URL"]
app = Application.builder().token(os.environ["TOKEN"]).base_url(f"{root}/bot").build()
app.add_handler(MessageHandler(filters.TEXT, _echo))
app.run_polling()
