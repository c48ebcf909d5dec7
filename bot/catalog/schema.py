"""JSON Schemas of staff files, so that editors complete and underline: `python -m bot.catalog.schema --write`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.catalog import forms
from bot.catalog.table_forms import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import BaseModel

FOLDER: Final = Path("schema")

KINDS: Final[dict[str, type[BaseModel]]] = {
    "intents": forms.IntentsForm,
    "slot": forms.SlotForm,
    "out_of_scope": forms.OutOfScopeForm,
    "held_out": forms.HeldOutForm,
    "line": forms.LineForm,
    "phrases": forms.PhrasesForm,
    "glossary": forms.GlossaryForm,
    "page": forms.PageForm,
    **TABLES,
}
"""The form of each kind of file, by the name of its schema."""


def schema(kind: str) -> str:
    """Return the JSON Schema of a kind of file, as it stands in `schema/<kind>.json`."""
    body = KINDS[kind].model_json_schema(by_alias=True)
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def stale(folder: Path) -> Iterator[str]:
    """Yield the kinds whose file in `folder` is missing or not what the forms say."""
    for kind in KINDS:
        file = folder / f"{kind}.json"
        if not file.exists() or file.read_text(encoding="utf-8") != schema(kind):
            yield kind


def main(arguments: Sequence[str]) -> int:
    """Write the schemas into `schema/` with `--write`, else say which are not fresh (exit code 1)."""
    old = list(stale(FOLDER))
    for kind in old if "--write" in arguments else ():
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{kind}.json").write_text(schema(kind), encoding="utf-8")
    word = "written" if "--write" in arguments else "not fresh, run with --write"
    sys.stdout.write("".join(f"schema/{kind}.json {word}\n" for kind in old))
    return 0 if "--write" in arguments else int(bool(old))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
