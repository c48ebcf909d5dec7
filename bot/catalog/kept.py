"""What was read from the files of staff before, kept for the next start: the same files need not be read again.

A kept file is taken only if it is exactly what was written, by this program, from the same files; else all is read
anew. Only plain data and the catalog's own frozen types can stand in it: nothing else is made, and nothing is run.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import jinja2
import markdown_it
import pydantic
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.catalog.files import StaffFile

T = TypeVar("T")

_DIGEST = hashlib.sha256().digest_size
_OURS = "bot.catalog."
_FEW = 2
_UNREADABLE = (OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError, pickle.UnpicklingError)


class _Reader(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> type:
        """Return a type of the catalog, or a date; whatever else a file asks for is refused."""
        found = getattr(sys.modules.get(module_name), global_name, None)
        ours = module_name.startswith(_OURS) and getattr(found, "__module__", "").startswith(_OURS)
        if not isinstance(found, type) or not (ours or (module_name, global_name) == ("datetime", "date")):
            message = f"{module_name}.{global_name} is no part of a catalog"
            raise pickle.UnpicklingError(message)
        return found


def kept(folder: Path | None, kind: str, files: Iterable[StaffFile], read: Callable[[], T]) -> T:
    """Return what `read` makes of the files, or what it made of the same before, if that is in the folder.

    `kind` says what is made of them. What `read` raises is raised; a full or damaged folder costs only time.
    """
    if folder is None:
        return read()
    path = folder / "read" / f"{kind}-{_key(files)}.pickle"
    with suppress(*_UNREADABLE):
        whole = path.read_bytes()
        if hashlib.sha256(memoryview(whole)[_DIGEST:]).digest() == whole[:_DIGEST]:
            found: T = _Reader(io.BytesIO(memoryview(whole)[_DIGEST:])).load()
            return found
    made = read()
    with suppress(OSError):
        _keep(path, pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL))
        for old in sorted(path.parent.glob(f"{kind}-*.pickle"), key=lambda one: one.stat().st_mtime)[:-_FEW]:
            old.unlink()
    return made


def _keep(path: Path, whole: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as aside:
        part = Path(aside) / "part"
        part.write_bytes(hashlib.sha256(whole).digest() + whole)
        part.replace(path)


def _key(files: Iterable[StaffFile]) -> str:
    digest = hashlib.sha256(_program())
    for file in files:
        digest.update(f"\0{file.name}\0{len(file.raw)}\0{file.findings}\0".encode() + file.raw)
    return digest.hexdigest()[:24]


@cache
def _program() -> bytes:
    """Return a digest of the program that reads: another one may read the same files in another way."""
    versions = (sys.version, jinja2.__version__, markdown_it.__version__, pydantic.VERSION, yaml.__version__)
    sources = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return hashlib.sha256(repr(versions).encode() + b"\0".join(sources)).digest()
