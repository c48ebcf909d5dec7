"""Plain Markdown of staff to blocks of spans, and what in it is not plain."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.catalog.richtext import Block, Shape, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Line = tuple[Span, ...]

_PARSER: Final = MarkdownIt("commonmark", {"html": False})
_ALLOWED_HREF = re.compile(r"(https?://|tel:|sms:|mailto:).+", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>\"|]+")
_AFTER_ADDRESS = ".,;:!?'\"»\u201d\u2019*)]"
_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(\s[^<>]*)?/?>|<!--")
_TABLE = re.compile(r"^\s*\|.*\|\s*$|^\s*\|?\s*:?-{3,}:?\s*\|")
_BREAKS = {"softbreak", "hardbreak"}
_LISTS = {"bullet_list": Shape.BULLETS, "ordered_list": Shape.STEPS}
_NOT_PLAIN = {
    "heading": ("a heading", "**bold text**, or a new section with ## id"),
    "blockquote": ("a quotation with >", "a paragraph"),
    "fence": ("a block of code", "a paragraph"),
    "code_block": ("a block of code, because its lines are moved in by four spaces", "lines that begin at the left"),
    "code_inline": ("code in `…`", "**bold** or plain text"),
    "hr": ("a rule (---)", "nothing, or a new section with ## id"),
    "image": ("an image", "a link: [text](https://…)"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that plain Markdown of ours does not have; `line` counts from 0 in the text."""

    line: int
    what: str
    expected: str


@lru_cache(maxsize=128)
def to_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text; what is not plain is shown as plain text, never as markup.

    The last ones are remembered: one turn asks for its answer twice, and many people for the same.
    """
    tree = SyntaxTreeNode(_PARSER.parse(text))
    return tuple(block for node in tree.children for block in _blocks(node))


@lru_cache(maxsize=8192)
def problems(text: str) -> tuple[Problem, ...]:
    """Return what in `text` is not plain Markdown; remembered, because a reload looks at every page again."""
    return tuple(_problems(text))


def _problems(text: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n")):
        if _HTML.search(line):
            yield Problem(number, "HTML", "plain text, **bold**, *italic* or [links](https://…)")
        if _TABLE.match(line):
            yield Problem(number, "a table", "a list: lines that begin with `- `")
    yield from _node_problems(SyntaxTreeNode(_PARSER.parse(text)), 0)


def _node_problems(node: SyntaxTreeNode, line: int) -> Iterator[Problem]:
    line = node.map[0] if node.type != "root" and node.map else line
    if node.type in _NOT_PLAIN:
        yield Problem(line, *_NOT_PLAIN[node.type])
    if node.type == "list_item" and any(child.type in _LISTS for child in node.children):
        yield Problem(line, "a list inside a list", "one list, or two lists one after the other")
    if node.type == "ordered_list" and node.attrs.get("start", 1) != 1:
        yield Problem(line, f"a numbered list that begins with {node.attrs['start']}", "1. (the steps in one list)")
    if node.type == "link" and not _ALLOWED_HREF.match(str(node.attrs.get("href", ""))):
        yield Problem(line, f"a link to {node.attrs.get('href') or 'nowhere'}", "https://…, tel:…, sms:… or mailto:…")
    for child in node.children:
        yield from _node_problems(child, line)


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    if node.type in _LISTS:
        lines = tuple(_items(node))
    elif node.type in {"fence", "code_block"}:
        lines = tuple((Span(line),) for line in node.content.splitlines() if line)
    elif node.type == "blockquote":
        yield from (block for child in node.children for block in _blocks(child))
        return
    else:
        lines = tuple(_lines(node))
    if lines:
        yield Block(_LISTS.get(node.type, Shape.PARAGRAPH), lines)


def _items(node: SyntaxTreeNode) -> Iterator[Line]:
    """Yield one line for each item; a paragraph of an item stays in its line, a list in it gives further items."""
    for item in node.children:
        own = [child for child in item.children if child.type not in _LISTS]
        if line := _merged(_joined(line for child in own for line in _lines(child))):
            yield line
        for inner in item.children:
            if inner.type in _LISTS:
                yield from _items(inner)


def _joined(lines: Iterable[Line]) -> Iterator[Span]:
    for index, line in enumerate(lines):
        if index:
            yield Span(" ")
        yield from line


def _lines(node: SyntaxTreeNode) -> Iterator[Line]:
    spans = list(_spans(node, Span("")))
    for is_break, group in groupby(spans, key=lambda span: span is None):
        if not is_break and (line := _merged(span for span in group if span)):
            yield line


def _spans(node: SyntaxTreeNode, style: Span) -> Iterator[Span | None]:
    """Yield the spans below `node`; None stands for a line break."""
    if node.type in _BREAKS:
        yield None
        return
    if node.type == "link":
        href = str(node.attrs.get("href", ""))
        style = replace(style, href=href if _ALLOWED_HREF.match(href) else None)
    style = replace(style, bold=style.bold or node.type == "strong", italic=style.italic or node.type == "em")
    if node.type == "text":
        yield from _linked(replace(style, text=node.content))
    elif node.type in {"code_inline", "image", "fence", "code_block"}:
        yield replace(style, text=node.content)
    else:
        for child in node.children:
            yield from _spans(child, style)


def _linked(span: Span) -> Iterator[Span]:
    """Yield the span, with bare web addresses in it as links."""
    start = 0
    for found in () if span.href else _BARE.finditer(span.text):
        address = _trimmed(found[0])
        yield replace(span, text=span.text[start : found.start()])
        yield replace(span, text=address, href=address)
        start = found.start() + len(address)
    yield replace(span, text=span.text[start:])


def _trimmed(address: str) -> str:
    while address[-1] in _AFTER_ADDRESS and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    return address


def _merged(spans: Iterable[Span]) -> Line:
    """Return the spans with neighbours of one style joined, and without space around them."""
    merged: list[Span] = []
    for span in spans:
        if merged and replace(merged[-1], text="") == replace(span, text=""):
            merged[-1] = replace(span, text=merged[-1].text + span.text)
        elif span.text:
            merged.append(span)
    if merged:
        merged[0] = replace(merged[0], text=merged[0].text.lstrip())
        merged[-1] = replace(merged[-1], text=merged[-1].text.rstrip())
    return tuple(span for span in merged if span.text)
