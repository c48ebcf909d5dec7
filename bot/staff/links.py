"""`run_bot.py links`: does every address that the line gives people still lead somewhere?

Polite: one request at a time to a host, a pause between two, a few retries; what was fine lately is not asked again.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from bot.catalog.model import Catalog

_ADDRESS = re.compile(r"https?://[^\s<>\"|)\]}]+")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_GONE = re.compile(r"\b(?:404|not found|no longer (?:exists|available)|no existe|no encontrada)\b", re.IGNORECASE)
_AGENT = "Mozilla/5.0 (compatible; second-chance-line link check)"
_READ = 65_536
_TRIES = 3
_REFUSED = frozenset({401, 403, 405, 429})
_FINE, _FAULT = 400, 500


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one address.

    Attributes:
        url: the address.
        fate: `ok`, `moved` (to another page), `soft-404` (a page that says it is none), `refused` (the site blocks
            programs: look yourself), `gone` (an error status) or `unreachable`.
        detail: status, new address, title or error.
        day: when, as 2026-11-27.

    """

    url: str
    fate: str
    detail: str
    day: str


def addresses(catalog: Catalog) -> dict[str, list[str]]:
    """Return every web address in pages and tables with the files it stands in."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for url, where in (*_of_pages(catalog), *_of_tables(catalog)):
        if where not in found[url]:
            found[url].append(where)
    return dict(found)


def _of_pages(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for page in catalog.pages.values():
        yield from ((source.url, page.mark.file) for source in page.sources)
        for section in page.sections.values():
            yield from ((url.rstrip(".,;:*"), page.mark.file) for url in _ADDRESS.findall(section.markdown))


def _of_tables(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for name, table in catalog.data.items():
        yield from ((url, f"content/data/{name}.yaml") for url in _texts(table) if _ADDRESS.fullmatch(url))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


async def look(
    urls: Iterable[str], day: str, known: Mapping[str, Looked], *, pause: float = 1.0, hosts: int = 8
) -> list[Looked]:
    """Return what came of each address, taking from `known` what is already there.

    Args:
        urls: the addresses.
        day: today, for the report.
        known: what was looked at lately.
        pause: seconds between two requests to one host.
        hosts: how many hosts are asked at the same time.

    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    wanted = list(dict.fromkeys(urls))
    for url in wanted:
        if url not in known:
            groups[urlsplit(url).netloc].append(url)
    gate = asyncio.Semaphore(hosts)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": _AGENT}) as session:
        done = await asyncio.gather(*(_host(session, those, day, pause, gate) for those in groups.values()))
    seen = {**known, **{one.url: one for each in done for one in each}}
    return [seen[url] for url in wanted]


async def _host(
    session: aiohttp.ClientSession, urls: list[str], day: str, pause: float, gate: asyncio.Semaphore
) -> list[Looked]:
    looked = []
    async with gate:
        for place, url in enumerate(urls):
            if place:
                await asyncio.sleep(pause)
            looked.append(await _patiently(session, url, day, pause))
    return looked


async def _patiently(session: aiohttp.ClientSession, url: str, day: str, pause: float) -> Looked:
    """Look at an address; a server that is tired or away is asked again, with longer and longer pauses."""
    found = await _once(session, url, day)
    for tries in range(1, _TRIES):
        if found.fate != "unreachable":
            break
        await asyncio.sleep(pause * 2**tries)
        found = await _once(session, url, day)
    return found


async def _once(session: aiohttp.ClientSession, url: str, day: str) -> Looked:
    try:
        async with session.get(url, allow_redirects=True, max_redirects=8) as reply:
            body = (await reply.content.read(_READ)).decode("utf-8", "replace")
            return Looked(url, *_judged(url, str(reply.url), reply.status, body), day)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return Looked(url, "unreachable", type(error).__name__, day)


def _judged(asked: str, got: str, status: int, body: str) -> tuple[str, str]:
    """Return the fate and its detail from where a request ended."""
    if status >= _FINE:
        return _failed(status)
    title = " ".join((found[1] if (found := _TITLE.search(body)) else "").split())
    if _GONE.search(title):
        return "soft-404", f"its title is “{title[:80]}”"
    if _page(asked) and not _page(got):
        return "soft-404", f"it leads to the front page {got}"
    return ("ok", f"status {status}") if _place(asked) == _place(got) else ("moved", got)


def _failed(status: int) -> tuple[str, str]:
    if status in _REFUSED:
        return "refused", f"status {status}: the site may block programs; look yourself"
    return "unreachable" if status >= _FAULT else "gone", f"status {status}"


def _place(url: str) -> tuple[str, str]:
    return urlsplit(url).netloc.removeprefix("www."), _page(url)


def _page(url: str) -> str:
    return urlsplit(url).path.strip("/")


def read_known(file: Path, since: str) -> dict[str, Looked]:
    """Return what `file` holds of fine addresses looked at on or after the day `since`; nothing when it is damaged."""
    try:
        entries: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        looked = [Looked(**entry) for entry in entries]
    except (OSError, ValueError, TypeError):
        return {}
    return {one.url: one for one in looked if one.fate == "ok" and one.day >= since}


def write_known(file: Path, looked: Iterable[Looked]) -> None:
    """Keep what was found for the next run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(one) for one in looked], indent=1) + "\n", encoding="utf-8")
