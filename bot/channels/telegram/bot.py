"""The Telegram channel: polls, understands updates, asks the line, sends its turns."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, TypeHandler

from bot.channels.telegram.answering import CHANNEL
from bot.channels.telegram.lanes import ChatLanes
from bot.channels.telegram.polling import Fetcher, JSONDict, Poller
from bot.channels.telegram.profile import publish
from bot.channels.telegram.recent import Recent
from bot.channels.telegram.redact import describe, locate, quiet_loggers
from bot.channels.telegram.render import plain, render
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.transport import AiohttpTransport
from bot.channels.telegram.trouble import Trouble
from bot.channels.telegram.updates import Ask, Forget, Move, Tapped, Task, Tell, read_update
from bot.errors import SettingsError

if TYPE_CHECKING:
    from bot.channels.telegram.answering import Answering

TELEGRAM_API = "https://api.telegram.org"
DRAIN_SECONDS = 20.0
"""For answers under way at a stop: hosts kill after 30 seconds, and closing takes some of them."""
DOUBLE_TAP_SECONDS = 2.0
ALBUM_SECONDS = 60.0

log = structlog.get_logger(__name__)


class TelegramChannel:
    """One bot. `run` polls until it is told to stop; `handle` works off one update, wherever it came from."""

    def __init__(  # noqa: PLR0913  # the last three are for tests and self-hosted servers
        self,
        line: Answering,
        token: str,
        api_url: str | None = None,
        *,
        poll_seconds: float = 25.0,
        first_pause: float = 1.0,
        drain_seconds: float = DRAIN_SECONDS,
    ) -> None:
        """Prepare the bot; nothing is sent yet.

        Args:
            line: what answers.
            token: the bot's token. It is never logged.
            api_url: root of a Bot API server of one's own, or None for Telegram's.
            poll_seconds: how long one poll waits for news.
            first_pause: the first pause when Telegram is in trouble, in seconds; later ones are longer.
            drain_seconds: how long answers under way may take at a stop.

        """
        self._line = line
        self._api_url = api_url
        self._drain_seconds = drain_seconds
        self._trouble = Trouble(first_pause)
        polling = AiohttpTransport(connections=2)
        self._app = _application(token, (api_url or TELEGRAM_API).rstrip("/"), polling)
        self._app.add_handler(TypeHandler(Update, self._on_update))
        self._app.add_error_handler(_on_error)
        self._sender = Sender(self._app.bot, line)
        self._poller = Poller(Fetcher(polling, self._app.bot.base_url, poll_seconds), self.handle, self._trouble)
        self._taps = Recent(DOUBLE_TAP_SECONDS)
        self._albums = Recent(ALBUM_SECONDS)

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; waits for Telegram as long as it cannot be reached.

        Raises:
            SettingsError: Telegram refuses the token.

        """
        quiet_loggers()
        try:
            if await self._connect(stop):
                await self._serve(stop)
        except InvalidToken:
            raise SettingsError(self._token_help()) from None  # the original has the token in its text
        finally:
            await self._app.shutdown()
            await self._app.bot.shutdown()  # when the start failed halfway, the application leaves this open

    async def handle(self, update_json: JSONDict) -> None:
        """Work off one update as Telegram sent it, after the earlier ones of its chat.

        One that cannot be read is left out. The channel must have been started, since only then it knows its own name.
        """
        try:
            update = Update.de_json(update_json, self._app.bot)
        except Exception as error:  # noqa: BLE001  # whatever is odd in it, the next one may be fine
            log.warning("an update could not be read", kind=type(error).__name__)
            return
        await self._app.update_processor.process_update(update, self._app.process_update(update))

    async def _connect(self, stop: asyncio.Event) -> bool:
        """Make sure of the token and that no webhook takes the updates; False if it is time to stop."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self._app.initialize()
                    await self._app.bot.delete_webhook()
                except InvalidToken:
                    raise
                except TelegramError as error:
                    await self._trouble.wait(describe(error), stopping)
                else:
                    self._trouble.over()
                    return True
        finally:
            stopping.cancel()
        return False

    async def _serve(self, stop: asyncio.Event) -> None:
        profile = asyncio.create_task(publish(self._app.bot, self._line))
        try:
            await self._poller.run(stop)
        finally:
            await self._poller.drain(self._drain_seconds)
            profile.cancel()
            await asyncio.gather(profile, return_exceptions=True)

    async def _on_update(self, update: Update, _context: object) -> None:
        task = read_update(update, self._app.bot.bot, self._line.languages)
        if isinstance(task, Tapped):
            await self._sender.acknowledge(task.query)
            task = task.then if task.key and self._taps.first(task.key) else None
        if task is not None:
            await self._perform(task)

    async def _perform(self, task: Task) -> None:
        match task:
            case Ask():
                await self._ask(task)
            case Tell():
                await self._tell(task)
            case Forget():
                await self._line.forget(CHANNEL, str(task.chat))
            case Move():
                await self._line.moved(CHANNEL, str(task.chat), str(task.new_chat))

    async def _ask(self, ask: Ask) -> None:
        if ask.album is not None:
            self._albums.first(ask.album)  # the album was answered: its other pictures need no word
        parts = render(await self._line.reply(ask.question))
        if not parts:
            log.error("the line's turn has no words in it")
        await self._sender.send(ask.place, parts)

    async def _tell(self, tell: Tell) -> None:
        if tell.album is not None and not self._albums.first(tell.album):
            return
        language = await self._language(str(tell.place.chat), tell.hint)
        await self._sender.send(tell.place, plain(self._line.phrase(tell.phrase, language)))

    async def _language(self, sender: str, hint: str | None) -> str:
        known = await self._line.language_of(CHANNEL, sender) or (hint or "").partition("-")[0].lower()
        return known if known in self._line.languages else self._line.languages[0]

    def _token_help(self) -> str:
        message = "TELEGRAM_BOT_TOKEN was refused by Telegram; expected: the token that @BotFather shows for this bot"
        return f"{message}, or another TELEGRAM_API_URL than {self._api_url}" if self._api_url else message


def _application(token: str, root: str, polling: AiohttpTransport) -> Application[Any, Any, Any, Any, Any, Any]:
    if not token:
        message = "TELEGRAM_BOT_TOKEN is empty; expected: the token that @BotFather shows for this bot"
        raise SettingsError(message)
    builder = Application.builder().token(token).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot")
    builder = builder.request(AiohttpTransport()).get_updates_request(polling)
    return builder.concurrent_updates(ChatLanes()).updater(None).job_queue(None).build()


async def _on_error(_update: object, context: Any) -> None:  # noqa: ANN401  # the handler's type is python-telegram-bot's
    """Log a failure in our own code without its words, which could hold a person's: type and place only."""
    log.error("an update could not be answered", error=locate(context.error))
