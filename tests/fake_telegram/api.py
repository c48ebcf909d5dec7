"""The methods of the Bot API that the fake Telegram speaks."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from tests.fake_telegram import refusals
from tests.fake_telegram.refusals import JSON, Refused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.fake_telegram.world import Chat, World

LONGEST_POLL = 50.0


class Api:
    """Carries out calls on a world. Names of methods are found without regard to case, as on the real server."""

    def __init__(self, world: World) -> None:
        """Know the methods."""
        self._world = world
        self._poll: asyncio.Event | None = None
        self._methods: dict[str, Callable[[JSON], Awaitable[Any]]] = {
            "getme": self._get_me,
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
            "sendmessage": self._send_message,
            "editmessagetext": self._edit_text,
            "editmessagereplymarkup": self._edit_markup,
            "answercallbackquery": self._answer_callback,
            "sendchataction": self._chat_action,
        }
        for name in ("commands", "description", "shortdescription", "name"):
            self._methods[f"setmy{name}"] = self._setter(name)
            self._methods[f"getmy{name}"] = self._getter(name)

    async def call(self, method: str, params: JSON) -> Any:  # noqa: ANN401  # each method has its own result
        """Return a method's result.

        Raises:
            Refused: the API refuses; 404 for a method that it does not know.

        """
        found = self._methods.get(method.lower())
        if found is None:
            message = "Not Found"
            raise Refused(message, code=404)
        return await found(params)

    async def _get_me(self, _params: JSON) -> JSON:
        return {**self._world.bot, "can_join_groups": True, "can_read_all_group_messages": False}

    # ---- updates

    async def _get_updates(self, params: JSON) -> list[JSON]:
        if self._world.webhook["url"]:
            raise Refused(refusals.WEBHOOK_ACTIVE, code=409)
        if self._poll is not None:
            self._poll.set()
            self._world.bell.ring()
        ended = self._poll = asyncio.Event()
        if params.get("allowed_updates") is not None:
            self._world.allowed = list(params["allowed_updates"])
        self._confirm(int(params.get("offset", 0)))
        try:
            return await self._wait_for_updates(params, ended)
        finally:
            if self._poll is ended:
                self._poll = None

    async def _wait_for_updates(self, params: JSON, ended: asyncio.Event) -> list[JSON]:
        until = time.monotonic() + min(float(params.get("timeout", 0)), LONGEST_POLL)
        while not self._world.updates and await self._world.bell.wait(until - time.monotonic()) and not ended.is_set():
            pass
        if ended.is_set():
            raise Refused(refusals.TWO_POLLERS, code=409)
        return self._world.updates[: min(int(params.get("limit", 100)), 100)]

    def _confirm(self, offset: int) -> None:
        """Forget the updates before an offset; a negative one keeps that many of the newest."""
        waiting = self._world.updates
        if offset:
            self._world.updates = waiting[offset:] if offset < 0 else [one for one in waiting if _number(one) >= offset]
            self._world.bell.ring()

    async def _set_webhook(self, params: JSON) -> bool:
        if params.get("drop_pending_updates") in {True, "true", "True"}:
            self._world.updates.clear()
        self._world.webhook = {"url": params.get("url", ""), "secret_token": params.get("secret_token", "")}
        self._world.bell.ring()
        return True

    async def _delete_webhook(self, params: JSON) -> bool:
        return await self._set_webhook({"drop_pending_updates": params.get("drop_pending_updates")})

    async def _get_webhook_info(self, _params: JSON) -> JSON:
        waiting = len(self._world.updates)
        return {"url": self._world.webhook["url"], "has_custom_certificate": False, "pending_update_count": waiting}

    # ---- messages

    async def _send_message(self, params: JSON) -> JSON:
        text = refusals.check_text(params.get("text"))
        chat = self._world.chat_for_sending(params.get("chat_id"))
        entities = params.get("entities") or []
        refusals.check_entities(text, entities)
        refusals.check_markup(params.get("reply_markup"))
        content = {**_thread(chat, params), **_reply(chat, params), "text": text}
        optional = {"entities": entities, "reply_markup": params.get("reply_markup")}
        content.update({name: value for name, value in optional.items() if value})
        message = self._world.post(chat, self._world.bot, **content)
        self._world.bell.ring()
        return message

    async def _edit_text(self, params: JSON) -> JSON:
        message = self._own_message(params)
        text = refusals.check_text(params.get("text"))
        refusals.check_entities(text, params.get("entities") or [])
        refusals.check_markup(params.get("reply_markup"))
        names = ("entities", "reply_markup")
        return self._edit(message, {"text": text, **{name: params.get(name) or None for name in names}})

    async def _edit_markup(self, params: JSON) -> JSON:
        refusals.check_markup(params.get("reply_markup"))
        return self._edit(self._own_message(params), {"reply_markup": params.get("reply_markup") or None})

    def _own_message(self, params: JSON) -> JSON:
        chat = self._world.chat_for_sending(params.get("chat_id"))
        found: JSON | None = chat.messages.get(int(params.get("message_id", 0)))
        if found is None:
            message = "Bad Request: message to edit not found"
            raise Refused(message)
        if found.get("from", {}).get("id") != self._world.bot["id"]:
            message = "Bad Request: message can't be edited"
            raise Refused(message)
        return found

    def _edit(self, message: JSON, changes: JSON) -> JSON:
        if all(message.get(name) == value for name, value in changes.items()):
            raise Refused(refusals.NOT_MODIFIED)
        message.update({"edit_date": int(time.time())}, **changes)
        for name in [name for name, value in message.items() if value is None]:
            del message[name]
        self._world.bell.ring()
        return message

    async def _chat_action(self, params: JSON) -> bool:
        self._world.chat_for_sending(params.get("chat_id"))
        return True

    async def _answer_callback(self, params: JSON) -> bool:
        query = str(params.get("callback_query_id"))
        if query not in self._world.open_queries:
            raise Refused(refusals.OLD_QUERY)
        self._world.open_queries.remove(query)
        self._world.answered_queries[query] = params
        self._world.bell.ring()
        return True

    # ---- the bot's profile, by language

    def _setter(self, name: str) -> Callable[[JSON], Awaitable[bool]]:
        async def set_it(params: JSON) -> bool:
            field = {"shortdescription": "short_description"}.get(name, name)
            self._world.profile[name, params.get("language_code") or ""] = params.get(field)
            return True

        return set_it

    def _getter(self, name: str) -> Callable[[JSON], Awaitable[Any]]:
        async def get_it(params: JSON) -> Any:  # noqa: ANN401  # a list for commands, else a mapping
            value = self._world.profile.get((name, params.get("language_code") or ""))
            if name == "commands":
                return value or []
            return {{"shortdescription": "short_description"}.get(name, name): value or ""}

        return get_it


def _number(update: object) -> float:
    """Return an update's id; a broken one without an id is confirmed by any offset."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else float("-inf")


def _thread(chat: Chat, params: JSON) -> JSON:
    thread = params.get("message_thread_id")
    if thread is None:
        return {}
    if int(thread) not in chat.topics:
        message = "Bad Request: message thread not found"
        raise Refused(message)
    return {"message_thread_id": int(thread), "is_topic_message": True}


def _reply(chat: Chat, params: JSON) -> JSON:
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    if "message_id" not in wanted:
        message = 'Bad Request: can\'t find field "message_id"'
        raise Refused(message)
    found = chat.messages.get(int(wanted["message_id"]))
    if found is None and not wanted.get("allow_sending_without_reply"):
        message = "Bad Request: message to be replied not found"
        raise Refused(message)
    return (
        {"reply_to_message": {name: value for name, value in found.items() if name != "reply_to_message"}}
        if found
        else {}
    )
