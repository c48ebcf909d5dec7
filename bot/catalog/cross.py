"""What one file cannot know of the others: do the ids it names exist, and can every answer be shown?

References that lead nowhere are cut, an intent whose answer cannot be shown at all is set aside, the rest is served.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.catalog import cross_pages, cross_phrases
from bot.catalog.cross_answers import AnswerCheck
from bot.catalog.cross_intents import IntentCheck

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bot.catalog.build import Origin
    from bot.catalog.findings import Finding
    from bot.catalog.model import Catalog


def checked(
    catalog: Catalog, origins: Mapping[tuple[str, str], Origin], aside: AbstractSet[tuple[str, str]] = frozenset()
) -> tuple[Catalog, list[Finding]]:
    """Return the catalog without what cannot be served, and what is wrong across files.

    Args:
        catalog: everything that could be read.
        origins: where its entries stand, by kind and id.
        aside: (kind, id) of what is in the files but could not be read; that it is missing is no news.

    """
    check, answers = IntentCheck(catalog, origins, aside), AnswerCheck(catalog, aside)
    whole = {name: check.intent(intent) for name, intent in catalog.intents.items()}
    served = {
        name: intent
        for name, intent in whole.items()
        if intent and (not intent.answer or answers.intent(intent, origins["intent", name].at("answer")))
    }
    served = {
        name: replace(intent, next=tuple(one for one in intent.next if one in served))
        for name, intent in served.items()
    }
    groups = tuple(
        group
        if not group.answer or answers.reference(group.answer, origins["group", group.id].at("answer"))
        else replace(group, answer=None)
        for group in catalog.out_of_scope
    )
    topics = tuple(topic for one in catalog.line.topics if (topic := check.topic(one, served)))
    line = replace(catalog.line, topics=topics)
    result = replace(catalog, intents=served, out_of_scope=groups, line=line)
    result, phrase_findings = cross_phrases.checked(result)
    # what an intent set aside would have reached is not lost, it only waits for the intent
    all_there = not aside and len(served) == len(catalog.intents)
    if all_there:
        answers.rest()
    page_findings = cross_pages.findings(catalog, answers.reached if all_there else None, aside)
    return result, [*check.findings, *answers.findings, *phrase_findings, *page_findings]
