"""The files of the page: a fixed list, read once at the start; no path from outside ever reaches the disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "static"
"""Where the files and the page's template are."""

_TYPES = {
    "chat.css": "text/css",
    "chat.js": "text/javascript",
    "mark.svg": "image/svg+xml",
    "door.svg": "image/svg+xml",
}
_A_YEAR = 31_536_000


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent; `version` changes when a byte of it changes."""

    name: str
    body: bytes
    content_type: str
    version: str

    @property
    def address(self) -> str:
        """Return the address for a page; it carries the version, so that a browser may keep the file for long."""
        return f"/static/{self.name}?v={self.version}"


def read_files() -> Mapping[str, StaticFile]:
    """Return the files of the page by name."""
    return {name: _read(name, content_type) for name, content_type in _TYPES.items()}


def send(file: StaticFile, request: web.Request) -> web.Response:
    """Return the file, or 304 when the browser has this version already."""
    fresh = request.query.get("v") == file.version
    headers = {
        "ETag": f'"{file.version}"',
        "Cache-Control": f"public, max-age={_A_YEAR}, immutable" if fresh else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if any(tag.value == file.version for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    response = web.Response(body=file.body, content_type=file.content_type, charset="utf-8", headers=headers)
    response.enable_compression()
    return response


def _read(name: str, content_type: str) -> StaticFile:
    body = (FOLDER / name).read_bytes()
    return StaticFile(name, body, content_type, hashlib.sha256(body).hexdigest()[:16])
