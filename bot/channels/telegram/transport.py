"""HTTP for python-telegram-bot over aiohttp, through its public BaseRequest.

The httpx transport that comes with it scans its pool anew for every request, and drops idle connections after five
seconds, so that on a quiet line nearly every answer would pay a new TLS handshake.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest

if TYPE_CHECKING:
    from telegram.request import RequestData

KEEP_ALIVE_SECONDS = 75.0
"""Longer than a long poll, so that the connection outlives the silence between two polls."""


_SERVER_TROUBLE = 500
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class NotSentError(NetworkError):
    """No connection was made, so Telegram cannot have seen the request: it may be repeated safely."""


class LostReplyError(NetworkError):
    """The request went out and no answer came back: Telegram may have done what was asked, or not."""


class ServerTroubleError(NetworkError):
    """Telegram answered 5xx: it almost certainly did not do what was asked."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters of a call, each as JSON has it; stands in for python-telegram-bot's RequestData."""

    json_parameters: dict[str, str]
    contains_files: bool = False


class AiohttpTransport(BaseRequest):
    """Requests over one aiohttp session; timeouts are in seconds."""

    def __init__(self, *, connections: int = 256, read_timeout: float = 15.0, connect_timeout: float = 10.0) -> None:
        """Set limits; the session itself is opened by `initialize`."""
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Return the read timeout used when a call names none."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session, again after a shutdown too."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=KEEP_ALIVE_SECONDS)
            headers = {"User-Agent": self.USER_AGENT}
            self._session = aiohttp.ClientSession(connector=connector, headers=headers, trust_env=True)

    async def shutdown(self) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def rebuild(self) -> None:
        """Open a new session in place of the old one, whose connections may be stuck."""
        old, self._session = self._session, None
        await self.initialize()
        if old is not None:
            await old.close()

    async def do_request(  # noqa: PLR0913, PLR0917  # the signature is python-telegram-bot's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401  # a private type: float, None or "not given"
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401  # the same
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401  # the same
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002  # waiting for a place is connecting
    ) -> tuple[int, bytes]:
        """Return status and body.

        Raises:
            NotSentError: no connection was made.
            TimedOut: Telegram did not answer in time; it may have done what was asked.
            LostReplyError: the connection broke; the same doubt.
            ServerTroubleError: Telegram, or what stands before it, is in trouble.

        """
        if self._session is None:
            message = "the transport was not initialised"
            raise RuntimeError(message)
        if request_data is not None and request_data.contains_files:
            message = "this transport sends no files"
            raise NotImplementedError(message)
        timeout = self._timeout(read_timeout, write_timeout, connect_timeout)
        data = request_data.json_parameters if request_data is not None else None
        try:
            async with self._session.request(method, url, data=data or None, timeout=timeout) as answer:
                status, body = answer.status, await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise NotSentError(type(error).__name__) from None  # the original names the address, and so the token
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise LostReplyError(type(error).__name__) from None
        if status >= _SERVER_TROUBLE:
            raise ServerTroubleError(_PHRASES.get(status, str(status)))
        return status, body

    def _timeout(self, read: Any, write: Any, connect: Any) -> aiohttp.ClientTimeout:  # noqa: ANN401  # as above
        reading = self._read_timeout if read is self.DEFAULT_NONE else read
        connecting = self._connect_timeout if connect is self.DEFAULT_NONE else connect
        writing = self._connect_timeout if write is self.DEFAULT_NONE else write
        limits = (reading, connecting, writing)
        total = None if None in limits else sum(limits)
        return aiohttp.ClientTimeout(total=total, connect=connecting, sock_connect=connecting, sock_read=reading)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer of the Bot API; unlike the inherited one it logs no body.

        Raises:
            LostReplyError: it is not a JSON object with a result or a refusal in it.

        """
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ("result" in answer or answer.get("ok") is False):
            message = "the answer is not of the Bot API's form"
            raise LostReplyError(message)
        return answer
