"""Markdown as HTML, for pages without JavaScript; the same rules as in `static/chat/markdown.js`."""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

_SAFE_LINK = re.compile(r"(?:https?|tel|mailto):", re.IGNORECASE)


class _Renderer(RendererHTML):
    """Links of the web open windows that cannot reach back; headings are paragraphs, as they stand inside a message."""

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        if str(tokens[idx].attrGet("href")).lower().startswith("http"):
            tokens[idx].attrSet("target", "_blank")
            tokens[idx].attrSet("rel", "noopener noreferrer")
        return self.renderToken(tokens, idx, options, env)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "<p><strong>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</strong></p>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<div class="table" tabindex="0"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<th scope="col">'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "<td>"


class _Parser(MarkdownIt):
    """CommonMark with tables, without HTML, images and blocks of code."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False}, renderer_cls=_Renderer)
        self.enable("table")
        self.disable(["html_block", "html_inline", "image", "code", "fence"])

    def validateLink(self, url: str) -> bool:  # noqa: N802  # named by markdown-it
        """Only web, telephone and mail addresses become links."""
        return _SAFE_LINK.match(url) is not None


_parser = _Parser()


def html(text: str) -> Markup:
    """The text as HTML that may stand in a page; what is no Markdown is shown as it is."""
    return Markup(_parser.render(text))  # noqa: S704  # the parser escapes all it does not know


def is_link(url: str | None) -> bool:
    """Whether an address may become a link."""
    return url is not None and _SAFE_LINK.match(url) is not None
