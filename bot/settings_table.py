"""The table of settings in docs/operators.md, written from `settings.py`: `python -m bot.settings_table --write`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.settings import Settings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

FILE = Path(__file__).parent.parent / "docs" / "operators.md"
BEGIN = "<!-- settings: written by python -m bot.settings_table --write -->"
END = "<!-- end of settings -->"


def table() -> str:
    """Return every setting with what it is for and its default, as a Markdown table."""
    rows = [f"| `{name.upper()}` | {field.description} | {_default(field)} |" for name, field in _fields().items()]
    return "\n".join(["| name | what it is for | default |", "| --- | --- | --- |", *rows])


def with_table(text: str) -> str:
    """Return a text with today's table between its two marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _fields() -> dict[str, FieldInfo]:
    return Settings.model_fields


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        value = str(value).lower()
    return "" if value is None else f"`{value}`"


if __name__ == "__main__" and "--write" in sys.argv:
    FILE.write_text(with_table(FILE.read_text(encoding="utf-8")), encoding="utf-8")
