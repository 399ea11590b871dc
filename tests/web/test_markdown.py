"""Markdown as HTML, for pages without JavaScript."""

import re

import pytest

from bot.channels.web.markdown import html
from tests.browser.test_hostile_text import HOSTILE, MARKDOWN


def test_hostile_markdown_makes_only_text_and_the_good_link() -> None:
    made = html(HOSTILE)
    assert set(re.findall(r"<([a-z]+)", made)) == {"p", "a", "code"}
    assert re.findall(r'href="([^"]+)"', made) == ["https://www.ge.ch/"]
    assert "&lt;script&gt;window.ran = true&lt;/script&gt;" in made


def test_links_of_the_web_open_windows_that_cannot_reach_back() -> None:
    assert html("[a](https://www.ge.ch/)") == (
        '<p><a href="https://www.ge.ch/" target="_blank" rel="noopener noreferrer">a</a></p>\n'
    )
    assert html("[144](tel:144)") == '<p><a href="tel:144">144</a></p>\n'


@pytest.mark.parametrize(
    "text", ["a & b", '"x" <y>', "&amp;", "![a](https://x.example/y.png)", "    code", "```\nx\n```"]
)
def test_nothing_unknown_becomes_an_element(text: str) -> None:
    assert set(re.findall(r"<([a-z]+)", html(text))) <= {"p", "a", "code"}


def test_markdown_of_answers_becomes_elements() -> None:
    made = html(MARKDOWN)
    for part in ("<p><strong>Titre</strong></p>", "<ol>", "<strong>deux</strong>", "<em>trois</em>", "<blockquote>"):
        assert part in made
    assert '<th scope="col">A</th>' in made
    assert "<td>1</td>" in made
    assert "<code>code</code> &amp; a &lt; b" in made
