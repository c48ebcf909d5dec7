"""A tiny bilingual catalog on disk for tests: six intents, a {case} of two people, a page missing in Spanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FRONT = """---
title: {title}
reviewed: 2026-11-22
review_by: 2027-02-22
applies_to: federal
legal: true
sources:
  - {{title: "NPR, June 6, 2018", url: "https://npr.example.org/alice", checked: 2026-11, sections: [release]}}
  - {{title: "Court papers", url: "https://court.example.org", checked: 2026-10}}
---
"""

FILES = {
    "intents/cases/people.yaml": """topic: cases
intents:
  - id: case-release
    title:
      en: How did {case} get out?
      es: ¿Cómo salió {case}?
    answer: cases/{case}#release
    slots: [case]
    examples:
      en:
        - how did {case} get out
        - who freed {case}
        - how did she get out of prison
      es:
        - cómo salió {case}
        - quién liberó a {case}
    tests:
      en:
        - {say: what got alice out, case: alice-johnson}
      es:
        - {say: por qué salió alice, case: alice-johnson}
    next: [case-now]
  - id: case-now
    title:
      en: Where is {case} now?
      es: ¿Dónde está {case} ahora?
    answer: cases/{case}#now
    slots: [case]
    examples:
      en:
        - where is {case} now
        - what does {case} do today
      es:
        - dónde está {case} ahora
    tests:
      en:
        - {say: alice now, case: alice-johnson}
    next: [case-release]
  - id: pardon
    title:
      en: Was she pardoned?
      es: ¿Recibió un indulto?
    answer: cases/alice-johnson#release
    about: {case: alice-johnson}
    examples:
      en:
        - did alice get a pardon
      es:
        - le dieron indulto a alice
    next: [case-now]
""",
    "intents/service/line.yaml": """topic: service
intents:
  - id: privacy
    title: {en: "What is kept?", es: "¿Qué se guarda?"}
    answer: service/line#privacy
    examples:
      en:
        - what do you keep
      es:
        - qué guardan
  - id: help-now
    title: {en: "Who can I call?", es: "¿A quién llamo?"}
    answer: service/help
    examples:
      en:
        - who can i call
      es:
        - a quién puedo llamar
  - id: menu
    title: {en: Menu, es: Menú}
    does: menu
    examples:
      en:
        - menu
        - show me the topics
      es:
        - menú
        - temas
""",
    "intents/slots/case.yaml": """slot: case
ask: {en: "Which person do you mean?", es: "¿De qué persona habla?"}
values:
  - id: alice-johnson
    name: {en: Alice Johnson, es: Alice Johnson}
    pronoun: she
    synonyms:
      en: [alice, ms johnson]
      es: [alicia, la señora johnson]
  - id: dawn-jackson
    name: {en: Dawn Jackson, es: Dawn Jackson}
    pronoun: she
    synonyms:
      en: [dawn]
      es: [dawn]
""",
    "intents/out_of_scope.yaml": """groups:
  - id: everyday
    answer: service/line#not-covered
    phrases:
      en:
        - how is the weather
        - who won the game
      es:
        - qué tiempo hace
  - id: gossip
    phrases:
      en:
        - who is she dating
      es:
        - con quién sale
""",
    "content/en/cases/alice-johnson.md": _FRONT.format(title="Alice Johnson")
    + """
## release

She came home on **June 6, 2018**.

Read more at https://example.org/alice.

## release-more

1. First the letter.
2. Then the meeting.

## now

She works for others.
""",
    "content/es/cases/alice-johnson.md": _FRONT.format(title="Alice Johnson")
    + """
## release

Salió el **6 de junio de 2018**.

## release-more

1. Primero la carta.
2. Luego la reunión.

## now

Trabaja por otras personas.
""",
    "content/en/cases/dawn-jackson.md": _FRONT.format(title="Dawn Jackson")
    + """
## release

{{ case.name }} came home in 2024.

## now

At last report she was at home.
""",
    "content/es/cases/dawn-jackson.md": _FRONT.format(title="Dawn Jackson")
    + """
## release

{{ case.name }} salió en 2024.

## now

Según lo último, está en casa.
""",
    "content/en/service/line.md": """---
title: About this line
about_the_line: true
---

## privacy

The {{ line.name }} keeps no words. {Braces} stay.

## not-covered

That is not what this line is for.
""",
    "content/es/service/line.md": """---
title: Sobre esta línea
about_the_line: true
---

## privacy

La {{ line.name }} no guarda palabras.

## not-covered

Esta línea no es para eso.
""",
    "content/en/service/help.md": """---
title: Help
about_the_line: true
---

## call

You can reach a person:
{{ hotline('988') }}

- {{ organisation('reform') }}
""",
    "content/data/hotlines.yaml": """hotlines:
  - id: "988"
    name: {en: 988 Lifeline, es: Línea 988}
    say: {en: Call or text 988, es: Llame al 988}
    call: "988"
    hours: {en: "24 hours, free", es: "24 horas, gratis"}
    for: [suicide]
    confirmed: true
    source: {title: 988 Lifeline, url: "https://988lifeline.org", checked: 2026-09}
    review_by: 2027-02-22
  - id: "211"
    name: {en: 211, es: "211"}
    say: {en: Call 211, es: Llame al 211}
    call: "211"
""",
    "content/data/organisations.yaml": """organisations:
  - id: reform
    name: REFORM Alliance
    url: https://reform.example.org
""",
    "content/line.yaml": """name: {en: Test Line, es: Línea de Prueba}
tagline: {en: For tests, es: Para pruebas}
languages: [en, es]
contact:
  email: ""
topics:
  - id: cases
    title: {en: The people, es: Las personas}
    intents: [case-release, case-now]
  - id: service
    title: {en: This line, es: Esta línea}
    intents: [privacy, help-now]
""",
    "content/phrases.yaml": """more: {en: More, es: Más}
checked: {en: "checked {date}", es: "revisado en {date}"}
""",
    "content/glossary.yaml": """pardon:
  en: official forgiveness
  es: perdón oficial
  words: {en: [pardon, pardoned], es: [indulto]}
""",
}
"""The files of the tree, by their path."""


def make_tree(tmp_path: Path) -> tuple[Path, Path]:
    """Write the tiny catalog below `tmp_path`; return its (intents_dir, content_dir)."""
    for name, text in FILES.items():
        write(tmp_path, name, text)
    return tmp_path / "intents", tmp_path / "content"


def write(tmp_path: Path, name: str, text: str) -> None:
    """Write one file of the tree, with the folders it needs."""
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def swap(tmp_path: Path, name: str, old: str, new: str) -> None:
    """Replace a piece of one file of the tree, which must be there, once."""
    text = (tmp_path / name).read_bytes().decode()
    if text.count(old) != 1:
        message = f"{name} has {text.count(old)} times {old!r}"
        raise ValueError(message)
    write(tmp_path, name, text.replace(old, new))
