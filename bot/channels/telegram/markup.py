"""Markdown as the HTML that Telegram reads: few tags, no paragraphs, lists or tables of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

LONGEST_TEXT = 4096
"""Characters of a message, as Telegram counts them."""

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_PARSER.disable(["html_block", "html_inline", "image", "code", "fence"])
_TAGS = {"strong": "b", "em": "i", "code_inline": "code"}
_BLOCKS = frozenset({"paragraph", "heading", "bullet_list", "ordered_list", "blockquote", "table", "hr"})
_INDENT = "   "
_DIGITS = re.compile(r"\D")
_PIECE = re.compile(r"<[^>]+>|&[#\w]+;|\s+|[^<&\s]{1,200}")
_TAG = re.compile(r"<(/?)(\w+)[^>]*>")
_ROOM_TO_CLOSE = 100
"""Characters that closing tags and one more piece may take."""


def blocks(text: str) -> tuple[str, ...]:
    """A text in Markdown as paragraphs of HTML; each can stand alone."""
    return tuple(_block(node) for node in SyntaxTreeNode(_PARSER.parse(text)).children)


def link(label: str, url: str | None) -> str:
    """A label that leads to an address of the web; just the label when it is no such address."""
    if url is None or not url.lower().startswith(("https://", "http://")):
        return escape(label, quote=False)
    return f'<a href="{escape(url)}">{escape(label, quote=False)}</a>'


def messages(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Paragraphs as few messages that are not too long; one that is by itself is cut, never inside a tag."""
    found: list[str] = []
    for paragraph in paragraphs:
        if length(paragraph) > LONGEST_TEXT:
            found += _cut(paragraph)
        elif found and length(joined := f"{found[-1]}\n\n{paragraph}") <= LONGEST_TEXT:
            found[-1] = joined
        else:
            found.append(paragraph)
    return tuple(found)


def plain(html: str) -> str:
    """The same without tags, for when Telegram does not take them."""
    without = re.sub(r"<[^>]+>", "", html)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'"), ("&amp;", "&")):
        without = without.replace(entity, character)
    return without


def length(text: str) -> int:
    """Characters as Telegram counts them: in UTF-16, tags included to be on the safe side."""
    return len(text.encode("utf-16-le")) // 2


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "table":
            return _table(node)
        case "blockquote":
            inside = "\n".join(_block(child) for child in node.children)
            return f"<blockquote>{inside.replace('<blockquote>', '').replace('</blockquote>', '')}</blockquote>"
        case "heading":
            return f"<b>{_inline(node)}</b>"
        case "hr":
            return "———"
        case _:
            return _inline(node)


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    lines = []
    for number, item in enumerate(node.children, first):
        mark = f"{number}." if node.type == "ordered_list" else "•"
        inside = "\n".join(_block(child) for child in item.children)
        lines.append(f"{mark} {inside}".replace("\n", f"\n{_INDENT}"))
    return "\n".join(lines)


def _table(node: SyntaxTreeNode) -> str:
    """A list: each row under its first cell, every other cell after the name of its column."""
    rows = [[_inline(cell) for cell in row.children] for part in node.children for row in part.children]
    names, lines = rows[0], []
    for first, *others in rows[1:]:
        if len(others) == 1:
            lines.append(f"• <b>{first}</b> : {others[0]}")
            continue
        lines.append(f"• <b>{first}</b>")
        lines += [f"{_INDENT}{name} : {cell}" for name, cell in zip(names[1:], others, strict=True) if cell]
    return "\n".join(lines)


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in _BLOCKS or node.type in {"inline", "th", "td"}:
        return "".join(_inline(child) for child in node.children)
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(node)
    if (tag := _TAGS.get(node.type)) is not None:
        inside = "".join(map(_inline, node.children)) if node.children else escape(node.content, quote=False)
        return f"<{tag}>{inside}</{tag}>"
    return escape(node.content, quote=False)


def _link(node: SyntaxTreeNode) -> str:
    """A link of the web; a telephone number or mail address is shown, and Telegram makes it a link by itself."""
    inside, url = "".join(map(_inline, node.children)), str(node.attrs.get("href", ""))
    scheme, _, address = url.partition(":")
    if scheme.lower() in {"http", "https"}:
        return f'<a href="{escape(url)}">{inside}</a>'
    shown = plain(inside)
    is_there = (
        _DIGITS.sub("", address) in _DIGITS.sub("", shown)
        if scheme.lower() == "tel"
        else address.lower() in shown.lower()
    )
    return inside if is_there else f"{inside} ({escape(address, quote=False)})"


def _cut(html: str) -> Sequence[str]:
    """A paragraph in pieces, each with its own tags."""
    pieces, current, opened = [], "", list[str]()
    for token in _PIECE.findall(html):
        if length(current) + length(token) > LONGEST_TEXT - _ROOM_TO_CLOSE:
            pieces.append(current.rstrip() + "".join(f"</{_name(tag)}>" for tag in reversed(opened)))
            current = "".join(opened)
            if token.isspace():
                continue
        current += token
        if (tag := _TAG.fullmatch(token)) is not None:
            opened = opened[:-1] if tag[1] else [*opened, token]
    return (*pieces, current)


def _name(tag: str) -> str:
    found = _TAG.fullmatch(tag)
    assert found is not None
    return found[2]
