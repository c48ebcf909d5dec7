"""`run_bot.py new`: a commented skeleton of an intent, a page or a translation, ready to be written into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.catalog.scalars import MAX_INTENT_ID, slug
from bot.errors import RequestError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.catalog.model import Catalog, Page

_INTENT = """\
  - id: {id}
    # the words on its button, at most 40 letters, in each language
    title: {{en: "{title}", es: "{title}"}}
    # the page and section that answers: content/<language>/{page}.md, below ## {section}
    answer: {page}#{section}
    examples:
      # ten to thirty ways in which people type it: short, misspelled, with slang. These ten are for you to replace.
      en:
{en}
      es:
{es}
    tests:
      # three to six more, worded differently, that the line must get right and never learns from
      en:
        - replace me with a question about {words} that nobody wrote above
      es:
        - cámbieme por una pregunta sobre {words} que nadie escribió arriba
    # what a person would ask after this one: ids of two to four intents
    next: [help]
"""
_PAGE = """\
---
title: {title}
# the day on which the facts were last held against their source
reviewed: {today}
# three months later for office-holders, benefits, bills, hotlines and cases in motion; twelve months for the rest
review_by: {later}
applies_to: everywhere
legal: false
sources:
  - title: Publisher, month and year
    url: https://www.example.org/replace-me
    checked: {month}
    sections: [{section}]
---

## {section}

{text}
"""
_TEXT = {
    "en": "Write the answer itself here, in one or two sentences.\n\nThen what to do next, in one to four short steps.",
    "es": "Escriba aquí la respuesta misma, en una o dos oraciones.\n\nLuego, qué hacer, en uno a cuatro pasos cortos.",
}
_COUNT = 10
_HEAD = re.compile(r"^intents:\s*$", re.MULTILINE)


def new_intent(catalog: Catalog, intents_dir: Path, where: str, name: str, page: str) -> Path:
    """Add the skeleton of intent `name` to `where` (topic/file); `page` (folder/page#section) is what answers it.

    Raises:
        RequestError: the id is taken or none, or the place is not of the form topic/file.

    """
    topic, _, stem = where.partition("/")
    if not topic or not stem or slug(topic) != topic or slug(stem) != stem:
        message = f"{where!r} is no place for an intent; expected topic/file, such as housing/tonight"
        raise RequestError(message)
    if slug(name) != name or len(name) > MAX_INTENT_ID:
        message = f"{name!r} is no id; expected small letters, digits and hyphens, at most {MAX_INTENT_ID}"
        raise RequestError(message)
    if name in catalog.intents:
        message = f"there is an intent {name!r} already, at {catalog.intents[name].mark}"
        raise RequestError(message)
    path, _, section = page.partition("#")
    entry = _entry(name, path, section or name)
    file = intents_dir / topic / f"{stem}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        text = file.read_text(encoding="utf-8").rstrip("\n")
        file.write_text(f"{text}\n\n{entry}", encoding="utf-8")
    else:
        file.write_text(f"topic: {topic}\nintents:\n{entry}", encoding="utf-8")
    return file


def _entry(name: str, page: str, section: str) -> str:
    words = name.replace("-", " ")
    phrases = {
        "en": [f"replace me {number}, about {words}" for number in range(1, _COUNT + 1)],
        "es": [f"cámbieme {number}, sobre {words}" for number in range(1, _COUNT + 1)],
    }
    lists = {code: "\n".join(f"        - {one}" for one in those) for code, those in phrases.items()}
    return _INTENT.format(id=name, title=words.capitalize()[:40], page=page, section=section, words=words, **lists)


def new_page(content_dir: Path, language: str, path: str, section: str, dates: tuple[str, str]) -> Path:
    """Write the skeleton of a page with one section; `dates` are today and the next review, such as 2026-11-27.

    Raises:
        RequestError: the page is there already, or `path` is not of the form folder/page.

    """
    folder, _, stem = path.partition("/")
    if not stem or slug(folder) != folder or slug(stem) != stem:
        message = f"{path!r} is no page; expected folder/page, such as housing/tonight"
        raise RequestError(message)
    file = content_dir / language / f"{path}.md"
    _refuse_existing(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    title = stem.replace("-", " ").capitalize()
    text = _TEXT.get(language, _TEXT["en"])
    filled = _PAGE.format(title=title, today=dates[0], later=dates[1], month=dates[0][:7], section=section, text=text)
    file.write_text(filled, encoding="utf-8")
    return file


def new_translation(content_dir: Path, page: Page, language: str) -> Path:
    """Write a page's copy for its translator: front matter and sections as they are, to be put into `language`.

    Raises:
        RequestError: the translation is there already.

    """
    file = content_dir / language / f"{page.path}.md"
    _refuse_existing(file)
    source = content_dir / page.language / f"{page.path}.md"
    head, rule, body = source.read_text(encoding="utf-8").partition("\n---\n")
    note = f"# Put title, source titles and every section into `{language}`; ids and addresses stay as they are.\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(head.replace("---\n", f"---\n{note}", 1) + rule + body, encoding="utf-8")
    return file


def _refuse_existing(file: Path) -> None:
    if file.exists():
        message = f"{file} is there already; expected a page that nobody has written yet"
        raise RequestError(message)
