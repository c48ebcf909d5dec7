"""Warnings that staff accept, in the file itself and with a reason, and acceptances that accept nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from bot.catalog.model import Catalog, Mark


@dataclass(slots=True)
class _Owner:
    """An intent, a page or a section of one: from its line to the next owner's, its `accept` holds."""

    mark: Mark
    accept: Mapping[str, str]
    section: str = ""
    used: set[str] = field(default_factory=set)

    def accepts(self, finding: Finding) -> bool:
        keys = {finding.code, f"{self.section}/{finding.code}"} & set(self.accept)
        self.used |= keys
        return bool(keys)


def without_accepted(
    catalog: Catalog, findings: Iterable[Finding], unseen: AbstractSet[str] = frozenset()
) -> Iterator[Finding]:
    """Yield the findings that nobody accepted; errors cannot be. Then yield acceptances for which there is nothing.

    `unseen` are codes that this pass did not look for: accepting one of them is not idle.
    """
    owners = _owners(catalog)
    for finding in findings:
        owner = _owner(owners.get(finding.mark.file, []), finding.mark.line)
        if finding.level is Level.ERROR or owner is None or not owner.accepts(finding):
            yield finding
    yield from _unused(owners, unseen)


def _owners(catalog: Catalog) -> dict[str, list[_Owner]]:
    owners: dict[str, list[_Owner]] = defaultdict(list)
    for intent in catalog.intents.values():
        owners[intent.mark.file].append(_Owner(intent.mark, intent.accept))
    for page in catalog.pages.values():
        owners[page.mark.file].append(_Owner(page.mark, page.accept))
        owners[page.mark.file] += [_Owner(one.mark, page.accept, one.id) for one in page.sections.values()]
    for those in owners.values():
        those.sort(key=lambda owner: owner.mark.line)
    return owners


def _owner(owners: list[_Owner], line: int) -> _Owner | None:
    place = bisect_right([owner.mark.line for owner in owners], line)
    return owners[place - 1] if place else None


def _unused(owners: Mapping[str, list[_Owner]], unseen: AbstractSet[str]) -> Iterator[Finding]:
    """Yield an acceptance for which no owner of its file had a finding: a page's owners share one `accept`."""
    for those in owners.values():
        used = set().union(*(owner.used for owner in those))
        told: set[str] = set()
        for owner in those:
            for key in set(owner.accept) - used - told - unseen:
                told.add(key)
                what = f"`accept` names `{key}`, and there is no such warning here"
                yield Finding(owner.mark, what, "nothing: take it out", level=Level.WARNING, code="accept-unused")
