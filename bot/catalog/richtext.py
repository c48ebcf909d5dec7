"""Formatted text free of any channel: blocks of lines of spans."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How a block is laid out. FOOTER is small print; NOTICE is a line about the answer, such as its language."""

    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    STEPS = "steps"
    NOTICE = "notice"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; `href` is an http(s), tel: or sms: address, or None."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (its lines are line breaks) or a list (its lines are the items)."""

    shape: Shape
    lines: tuple[tuple[Span, ...], ...]
