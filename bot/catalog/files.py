"""Staff files on disk: which there are, and their text, or a kind word about why it cannot be read."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.catalog.findings import Finding, Level
from bot.catalog.model import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1_000_000
"""The largest staff file that is read; the largest one written by hand so far is a tenth of it."""

_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BOM = b"\xef\xbb\xbf"
_CONFLICT = re.compile(r"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)( |$)")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class StaffFile:
    """A file of staff: its name as people write it, its text (None when it cannot be read) and what is wrong."""

    name: str
    path: Path
    text: str | None
    raw: bytes = b""
    findings: tuple[Finding, ...] = ()


def listed(root: Path) -> Iterator[Path]:
    """Yield every file below `root` in a fixed order, without hidden files and editors' backups.

    Folders that are links are not entered: they could lead out of the tree or in a circle.
    """
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted((*names, *linked)):
            if not name.startswith((".", "#")) and not name.endswith(("~", ".bak", ".swp")):
                yield Path(folder, name)


def read_file(path: Path, root: Path) -> StaffFile:
    """Return the text of `path`, which must lie in `root`; whatever is wrong with it becomes a finding."""
    name = shown_name(path, root)
    try:
        refused = _out_of_bounds(path, root)
        raw = b"" if refused else path.read_bytes()
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        refused, raw = ("cannot be opened", f"a file that can be read ({reason})", "unreadable"), b""
    if refused:
        what, expected, code = refused
        return StaffFile(name, path, None, b"", (Finding(Mark(name, 1), f"the file {what}", expected, code=code),))
    text, findings = decode(raw, name)
    return StaffFile(name, path, text, raw, findings)


def shown_name(path: Path, root: Path) -> str:
    """Return a file's name as people write it: the folder of its tree, and the way from there."""
    return f"{root.resolve().name}/{path.relative_to(root).as_posix()}"


def decode(raw: bytes, name: str) -> tuple[str | None, tuple[Finding, ...]]:
    """Return the bytes of the file called `name` as text, each line end one line feed, and what is wrong with them."""
    refused = _wrong_encoding(raw, name)
    if refused:
        return None, (refused,)
    text = raw.removeprefix(_BOM).decode().replace("\r\n", "\n").replace("\r", "\n")
    bad = _bad_place(text, name)
    return (None, (bad,)) if bad else (text, tuple(_harmless(raw, name)))


def _out_of_bounds(path: Path, root: Path) -> tuple[str, str, str] | None:
    if not path.resolve(strict=True).is_relative_to(root.resolve()):
        return "is a link to a place outside this folder", "the file itself, copied here", "link-outside"
    if not path.is_file():
        return "is a link to a folder or is no ordinary file", "an ordinary file", "not-a-file"
    if path.stat().st_size > MAX_BYTES:
        return f"is larger than {MAX_BYTES:,} bytes", "several smaller files", "too-large"
    return None


def _wrong_encoding(raw: bytes, name: str) -> Finding | None:
    other = _OTHER_ENCODINGS.get(raw[:2])
    save = "in your editor choose: save with encoding UTF-8"
    if other:
        return Finding(Mark(name, 1), f"the file is saved as {other}", "UTF-8", save, code="encoding")
    if b"\x00" in raw:
        return Finding(Mark(name, 1), "the file is not a text", "a text file", code="binary")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        mark = Mark(name, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        guess = raw[error.start : error.start + 1].decode("cp1252", errors="replace")
        what = f"a letter here (perhaps {guess!r}) is not saved as UTF-8"
        return Finding(mark, what, "the whole file in UTF-8", save, code="encoding")
    return None


def _bad_place(text: str, name: str) -> Finding | None:
    for number, line in enumerate(text.split("\n"), 1):
        if _CONFLICT.match(line):
            what = f"two versions of this file were merged and the mark {line[:7]} was left behind"
            return Finding(Mark(name, number), what, "one of the two versions, without the marks", code="conflict")
        if found := _INVISIBLE.search(line):
            what = f"an invisible character (U+{ord(found[0]):04X}) stands here"
            return Finding(Mark(name, number, found.start() + 1), what, "text only: delete it", code="invisible")
    return None


def _harmless(raw: bytes, name: str) -> Iterator[Finding]:
    save = "save the file as UTF-8 {} (it is read all the same)"
    if raw.startswith(_BOM):
        what = "the file begins with an invisible byte order mark"
        yield Finding(Mark(name, 1), what, "none", save.format("without BOM"), Level.WARNING, "bom")
    if b"\r" in raw:
        what = "the lines end in the Windows way (CRLF)"
        yield Finding(Mark(name, 1), what, "LF", save.format("with LF line ends"), Level.WARNING, "crlf")
