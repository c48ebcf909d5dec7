"""What a conversation remembers after a turn: who is talked about, what waits, what was offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.dialog.roles import in_roles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.catalog.model import Intent
    from bot.dialog.conversation import Conversation
    from bot.dialog.plan import Ask

MOST_EARLIER = 4
"""Values remembered for "the other one"."""

OWN_TOPIC = "service"
"""Talk about the line itself ("thanks", "who runs this") does not change what is talked about."""


def after_answer(conversation: Conversation, intent: Intent, ask: Ask) -> Conversation:
    """Return the conversation after an answer: its slots are the ones talked about now."""
    settled = conversation.with_(wants=None, pending=(), misses=0)
    if intent.topic == OWN_TOPIC:
        return settled
    slots = {**intent.about, **ask.slots}
    said = in_roles(conversation, intent, ask.slots)
    return settled.with_(intent=intent.id, slots=slots, earlier=_earlier(conversation, slots), said=said)


def after_question(conversation: Conversation, pending: tuple[str, ...], wants: str | None = None) -> Conversation:
    """Return the conversation after the line asked back: for a slot, or which reading was meant."""
    return conversation.with_(wants=wants, pending=pending)


def after_miss(conversation: Conversation) -> Conversation:
    """Return the conversation after a fallback."""
    return conversation.with_(wants=None, pending=(), misses=conversation.misses + 1)


def _earlier(conversation: Conversation, slots: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    left = [(slot, value) for slot, value in conversation.slots.items() if slots.get(slot) != value]
    before = [pair for pair in conversation.earlier if pair not in left and slots.get(pair[0]) != pair[1]]
    return tuple((left + before)[:MOST_EARLIER])
