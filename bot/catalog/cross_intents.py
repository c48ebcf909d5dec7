"""Does everything that an intent or a topic names exist?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.catalog.templates import PLACEHOLDER
from bot.catalog.wording import unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from collections.abc import Set as AbstractSet

    from bot.catalog.build import Origin
    from bot.catalog.model import Catalog, HeldOutTest, Intent, Mark, Topic

MAX_PICK_BYTES = 64
"""Telegram's limit for a button's data; bot.dialog.pick writes `a:<intent>` and `;<slot>=<value>` for each slot."""

MAX_TITLE = 40
"""Letters of a title that fit on a button."""


@dataclass(slots=True)
class IntentCheck:
    """Looks at one intent or topic at a time and gathers what is wrong."""

    catalog: Catalog
    origins: Mapping[tuple[str, str], Origin]
    aside: AbstractSet[tuple[str, str]]
    findings: list[Finding] = field(default_factory=list)

    def intent(self, intent: Intent) -> Intent | None:
        """Return the intent without references that lead nowhere, or None when it cannot be served."""
        origin = self.origins["intent", intent.id]
        fits = self._pick(intent, origin)
        if not self._slots(intent, origin) or not fits:
            return None
        self._words(intent)
        return replace(
            intent,
            about=self._about(intent, origin),
            takes=self._takes(intent, origin),
            in_general=self._in_general(intent, origin),
            when_named=self._when_named(intent, origin),
            tests=tuple(test for test in intent.tests if self._test(test)),
            examples=tuple(one for one in intent.examples if self._blanks(one.text, one.mark)),
            next=self._next(intent, origin),
        )

    def topic(self, topic: Topic, served: Mapping[str, Intent]) -> Topic | None:
        """Return the topic without intents that are not served, or None when none is left."""
        origin = self.origins["topic", topic.id]
        for index, name in enumerate(topic.intents):
            self._known("intent", name, self.catalog.intents, origin.at("intents", index))
        names = tuple(name for name in topic.intents if name in served)
        return replace(topic, intents=names) if names else None

    def _slots(self, intent: Intent, origin: Origin) -> bool:
        """Say whether all slots exist and fill every {blank} of the title and the answer."""
        slots = self.catalog.slots
        known = [self._known("slot", slot, slots, origin.at("slots", index)) for index, slot in enumerate(intent.slots)]
        if not all(known):
            return False
        filled = {*intent.slots, *intent.about}
        texts = {("answer",): intent.answer} | {("title", code): text for code, text in intent.title.items()}
        unfilled = [(blank, loc) for loc, text in texts.items() for blank in PLACEHOLDER.findall(text)]
        unfilled = [(blank, loc) for blank, loc in unfilled if blank not in filled]
        for blank, loc in unfilled:
            self._unfilled(blank, origin.at(*loc))
        return not unfilled

    def _unfilled(self, blank: str, mark: Mark) -> None:
        if self._known("slot", blank, self.catalog.slots, mark):
            what, write = f"nothing fills {{{blank}}} here", f"slots: [{blank}]"
            self.findings.append(Finding(mark, what, "the slot named in `slots`", write, code="unknown-slot"))

    def _pick(self, intent: Intent, origin: Origin) -> bool:
        slots = [self.catalog.slots[slot] for slot in intent.slots if slot in self.catalog.slots]
        longest = sum(2 + len(slot.id) + max((len(value) for value in slot.values), default=0) for slot in slots)
        size = 2 + len(intent.id) + longest
        if size > MAX_PICK_BYTES:
            what = f"a button for `{intent.id}` with its longest slot value needs {size} bytes"
            expected = f"at most {MAX_PICK_BYTES}: a shorter id here or there"
            self.findings.append(Finding(origin.at("id"), what, expected, code="long-pick"))
        return size <= MAX_PICK_BYTES

    def _words(self, intent: Intent) -> None:
        origin = self.origins["intent", intent.id]
        for code in self.catalog.languages:
            if code not in intent.title:
                what = f"`{intent.id}` has no title in `{code}`"
                self._warn(Finding(origin.at("title"), what, "one in each language", f"{code}: …", code="untranslated"))
            elif len(intent.title[code]) > MAX_TITLE:
                what = f"this title is {len(intent.title[code])} letters long, too long for a button"
                self._warn(Finding(origin.at("title", code), what, f"at most {MAX_TITLE}", code="long-title"))
            if intent.examples and not any(one.language == code for one in intent.examples):
                what = f"`{intent.id}` has no examples in `{code}`"
                self._warn(Finding(origin.at("examples"), what, "some in each language", code="untranslated"))
        if not intent.examples:
            what = f"`{intent.id}` has no examples, so nobody's words will find it"
            self._warn(Finding(intent.mark, what, "10 to 30 in each language", code="no-examples"))

    def _warn(self, finding: Finding) -> None:
        self.findings.append(replace(finding, level=Level.WARNING))

    def _about(self, intent: Intent, origin: Origin) -> dict[str, str]:
        about = intent.about.items()
        return {slot: value for slot, value in about if self._value(slot, value, origin.at("about", slot))}

    def _takes(self, intent: Intent, origin: Origin) -> dict[str, str]:
        slots = {slot: role for slot, role in intent.takes.items() if self._taken(intent, slot, origin)}
        roles = {slot: self.catalog.slots[slot].roles for slot in slots}
        return {
            slot: role
            for slot, role in slots.items()
            if self._known("role", role, roles[slot], origin.at("takes", slot))
        }

    def _taken(self, intent: Intent, slot: str, origin: Origin) -> bool:
        """Say whether a slot that has a role in `takes` is one of the intent's; if not, that is a finding."""
        if slot in intent.slots and slot in self.catalog.slots:
            return True
        if slot not in intent.slots:
            what, write = f"`{intent.id}` takes {{{slot}}} in a role but does not ask for it", f"slots: [{slot}]"
            finding = Finding(origin.at("takes", slot), what, "a slot named in `slots`", write, code="unknown-slot")
            self.findings.append(finding)
        return False

    def _in_general(self, intent: Intent, origin: Origin) -> str | None:
        name = intent.in_general
        return name if name and self._known("intent", name, self.catalog.intents, origin.at("in_general")) else None

    def _when_named(self, intent: Intent, origin: Origin) -> dict[str, str]:
        """Return the intents that answer when a slot's value is named, without those that lead nowhere."""
        named = intent.when_named.items()
        return {
            slot: name
            for slot, name in named
            if self._known("slot", slot, self.catalog.slots, origin.at("when_named", slot))
            and self._known("intent", name, self.catalog.intents, origin.at("when_named", slot))
        }

    def _test(self, test: HeldOutTest) -> bool:
        known = [self._value(slot, value, test.mark) for slot, value in test.slots.items()]
        return all(known) and self._blanks(test.say, test.mark)

    def _value(self, slot: str, value: str, mark: Mark) -> bool:
        """Say whether a slot has a value; if not, that is a finding."""
        slots = self.catalog.slots
        return self._known("slot", slot, slots, mark) and self._known(slot, value, slots[slot].values, mark)

    def _blanks(self, text: str, mark: Mark) -> bool:
        """Say whether every {blank} in a phrase is a slot; if not, that is a finding."""
        return all(self._known("slot", blank, self.catalog.slots, mark) for blank in PLACEHOLDER.findall(text))

    def _known(self, kind: str, name: str, known: Collection[str], mark: Mark) -> bool:
        """Say whether something exists; a finding if not, unless it is only broken (then it has its own)."""
        if name in known:
            return True
        if (kind, name) not in self.aside:
            code = f"unknown-{kind}" if kind in {"intent", "slot", "role"} else "unknown-value"
            self.findings.append(Finding(mark, *unknown(kind, name, known), code=code))
        return False

    def _next(self, intent: Intent, origin: Origin) -> tuple[str, ...]:
        marked = ((name, origin.at("next", index)) for index, name in enumerate(intent.next))
        return tuple(name for name, mark in marked if self._known("intent", name, self.catalog.intents, mark))
