"""A bare aiogram echo bot, as its documentation begins: polling, everything else by default."""

# mypy: ignore-errors
from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

dispatcher = Dispatcher()


@dispatcher.message()
async def _echo(message: types.Message) -> None:
    await message.answer(f"<{message.text}>")


session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API_URL"]))
asyncio.run(dispatcher.start_polling(Bot(os.environ["TOKEN"], session=session)))
