"""A workbench over the tiny catalog, kept true to its files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest_asyncio

from bot.line import open_line
from bot.reload import Reloader, Sources
from bot.staff.workbench import Bench, serve
from tests.catalog.trees import make_tree

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.line import Line


class Desk:
    """A running workbench: its address, its files, its line."""

    def __init__(self, address: str, folder: Path, line: Line, bench: Bench) -> None:
        """Keep them."""
        self.address, self.folder, self.line, self.bench = address, folder, line, bench


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Return a workbench that is open."""
    intents, content = make_tree(tmp_path)
    line, findings = open_line(intents, content)
    sources = Sources(intents, content, cache=tmp_path / "cache")
    bench = Bench(line, sources, findings)
    watching = asyncio.create_task(Reloader(line, sources, findings, bench.hear).run())
    runner = await serve(bench, 0)
    bench.look()
    yield Desk(f"http://127.0.0.1:{runner.addresses[0][1]}/", tmp_path, line, bench)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await bench.close()
    await runner.cleanup()
