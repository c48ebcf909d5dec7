"""Imports go one way through the house; see docs/architecture.md."""

import ast
from pathlib import Path

BOT = Path(__file__).parent.parent / "bot"

MAY_IMPORT = {
    "errors": set(),
    "catalog": {"errors"},
    "understanding": {"catalog", "errors"},
    "dialog": {"understanding", "catalog", "errors"},
    "store": {"errors"},
    "settings": {"errors"},
    "settings_table": {"settings"},
    "logs": {"sentry"},
    "sentry": set(),
    "metrics": set(),
    "heap": set(),
    "signals": set(),
    "redact_text": set(),
    "tallies": set(),
    "counting": {"dialog", "redact_text", "tallies"},
    "inbox": {"store", "metrics", "errors"},
    "message": {"dialog"},
    "line": {"heap", "message", "counting", "dialog", "understanding", "catalog", "store", "errors"},
    "channels": {"line", "message", "dialog", "catalog", "inbox", "store", "metrics", "settings", "errors"},
    "staff": {"tallies", "reload", "line", "message", "channels", "dialog", "understanding", "catalog", "errors"},
    "last_good": {"catalog"},
    "reload": {"last_good", "line", "understanding", "catalog", "settings", "errors"},
    "serve": {"reload", "counting", "tallies", "channels", "line", "understanding", "catalog", "store"}
    | {"heap", "metrics", "sentry", "signals", "settings", "errors"},
    "cli": {"serve", "reload", "staff", "tallies", "channels", "line", "message", "dialog", "understanding"}
    | {"catalog", "settings", "logs", "errors"},
}
"""What each part may import, besides itself."""

PURE = ("catalog", "understanding", "dialog")
CLOCKS = {"time", "random", "socket", "aiohttp", "sqlalchemy", "telegram", "asyncio"}
"""Modules that the pure parts must not import: they take the clock as an argument and do no input or output."""


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _part(file: Path) -> str:
    return file.relative_to(BOT).parts[0].removesuffix(".py")


def test_imports_go_one_way() -> None:
    """No part imports one that stands behind it on the message's way."""
    files = [file for file in BOT.rglob("*.py") if file.name != "__init__.py"]
    wrong = []
    for file in files:
        part = _part(file)
        for module in _imports(file):
            names = module.split(".")
            if names[0] == "bot" and len(names) > 1 and names[1] != part and names[1] not in MAY_IMPORT[part]:
                wrong.append(f"{file.relative_to(BOT)} imports {module}")

    assert len(files) > 20
    assert wrong == []


def test_the_core_is_pure() -> None:
    """Catalog, understanding and dialog read no clock and open no connection."""
    files = [file for part in PURE for file in (BOT / part).rglob("*.py")]
    wrong = [
        f"{file.relative_to(BOT)} imports {module}"
        for file in files
        for module in _imports(file)
        if module.split(".")[0] in CLOCKS
    ]

    assert len(files) > 10
    assert wrong == []
