"""Values by the part they play: where a person lives, where their case is (`roles` in a slot's file)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.catalog.model import Intent
    from bot.dialog.conversation import Conversation
    from bot.understanding.reading import Reading, SlotHit

    Values = Mapping[str, tuple[str, ...]]


def hits_of(reading: Reading) -> dict[str, tuple[str, ...]]:
    """Return the values that a message names, by slot, without those that it takes back."""
    found: dict[str, tuple[str, ...]] = {}
    for hit in _meant(reading):
        if hit.value not in found.get(hit.slot, ()):
            found[hit.slot] = (*found.get(hit.slot, ()), hit.value)
    return found


def heard(conversation: Conversation, reading: Reading) -> Conversation:
    """Return the conversation with the roles in which a message names values."""
    said = {_key(hit.slot, hit.role): hit.value for hit in _meant(reading) if hit.role}
    return conversation.with_(said={**conversation.said, **said}) if said else conversation


def in_roles(conversation: Conversation, intent: Intent, slots: Mapping[str, str]) -> dict[str, str]:
    """Return what was said in which role after an answer: what an intent takes as a home is one until told better."""
    took = {_key(slot, role): slots[slot] for slot, role in intent.takes.items() if slot in slots}
    return {**took, **conversation.said}


def taken(intent: Intent, known: Values, reading: Reading, conversation: Conversation) -> dict[str, tuple[str, ...]]:
    """Return the known values as an intent takes them.

    Of several that a message names, those in the intent's role, else those in no role. Where it names none, the value
    last said in the role that it points at ("here"), or else in the intent's own, or else the one that was said at all.
    """
    named, pointed = hits_of(reading), dict(reading.points)
    values = dict(known)
    for slot in intent.slots:
        if slot in named:
            values[slot] = _in_role(named[slot], [hit for hit in _meant(reading) if hit.slot == slot], intent, slot)
        elif slot in pointed:
            values[slot] = _last(slot, pointed[slot], conversation) or tuple(
                value for value in known.get(slot, ()) if value not in _said(slot, conversation)
            )
        elif slot in intent.takes:
            last = _last(slot, intent.takes[slot], conversation)
            values[slot] = last or known.get(slot, ()) or _said(slot, conversation)[:1]
    return values


def told_by(reading: Reading, conversation: Conversation) -> set[str]:
    """Return the slots that need not be named again: the message points at a value, or one was said in a role."""
    pointed = {slot for slot, role in reading.points if _key(slot, role) in conversation.said}
    return pointed | {name.partition("/")[0] for name in conversation.said}


def _in_role(values: tuple[str, ...], hits: Iterable[SlotHit], intent: Intent, slot: str) -> tuple[str, ...]:
    if slot not in intent.takes or len(values) == 1:
        return values
    roles = [(hit.value, hit.role) for hit in hits]
    fitting = tuple(value for value in values if (value, intent.takes[slot]) in roles)
    without = tuple(value for value in values if (value, None) in roles)
    return fitting or without or values


def _last(slot: str, role: str, conversation: Conversation) -> tuple[str, ...]:
    value = conversation.said.get(_key(slot, role))
    return (value,) if value else ()


def _said(slot: str, conversation: Conversation) -> tuple[str, ...]:
    """Return the values of a slot that were said in some role."""
    return tuple(value for name, value in conversation.said.items() if name.startswith(f"{slot}/"))


def _meant(reading: Reading) -> list[SlotHit]:
    return [hit for hit in reading.slots if not hit.denied]


def _key(slot: str, role: str) -> str:
    return f"{slot}/{role}"
