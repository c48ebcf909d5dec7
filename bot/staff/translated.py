"""Noting in a translation which text it renders, so that `check` can tell when the original has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.catalog.pages import stamp_translation
from bot.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.catalog.model import Catalog


def stamp(catalog: Catalog, content_dir: Path, files: list[Path]) -> Iterator[Path]:
    """Stamp translations and yield those that changed; all pages in other languages when `files` is empty.

    Raises:
        RequestError: a file is no translation of a page in the line's first language.

    """
    root = content_dir.resolve()
    pages = {root / page.language / f"{page.path}.md": page for page in catalog.pages.values()}
    first = catalog.languages[0]
    wanted = [file.resolve() for file in files] or [file for file, page in pages.items() if page.language != first]
    for file in sorted(wanted):
        page = pages.get(file)
        source = catalog.pages.get((first, page.path)) if page and page.language != first else None
        if source is None:
            message = f"{file}: expected a page under {content_dir}/ in another language than {first}, with an original"
            raise RequestError(message)
        if stamp_translation(file, source):
            yield file
