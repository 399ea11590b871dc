"""Markdown as Telegram reads it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from base.paths import PROJECT
from bot.channels.telegram import markup
from tests.browser.test_hostile_text import HOSTILE, MARKDOWN
from tests.support.bot_api import LONGEST_BUTTON, LONGEST_TEXT, read_html


def written(text: str) -> str:
    (message,) = markup.messages(markup.blocks(text))
    read_html(message)  # Telegram would refuse what does not parse
    return message


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**gras** et *penché*", "<b>gras</b> et <i>penché</i>"),
        ("# Titre\n\nLa suite", "<b>Titre</b>\n\nLa suite"),
        ("une ligne\nqui continue", "une ligne qui continue"),
        ("avant  \naprès", "avant\naprès"),
        ("- un\n- deux\n  - trois", "• un\n• deux\n   • trois"),
        ("3. trois\n4. quatre", "3. trois\n4. quatre"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("`code`", "<code>code</code>"),
        ("> cité\n> > encore", "<blockquote>cité\nencore</blockquote>"),
        ("[ici](https://ge.ch/?a=1&b=2)", '<a href="https://ge.ch/?a=1&amp;b=2">ici</a>'),
        ("[144](tel:144)", "144"),
        ("[la permanence](tel:+41225551234)", "la permanence (+41225551234)"),
        ("[écrivez](mailto:a@ge.ch)", "écrivez (a@ge.ch)"),
        ("[non](javascript:alert)", "[non](javascript:alert)"),
        ("| A | B |\n|---|---|\n| un | deux |", "• <b>un</b> : deux"),
        ("| A | B | C |\n|---|---|---|\n| un | deux | trois |", "• <b>un</b>\n   B : deux\n   C : trois"),
    ],
)
def test_markdown_becomes_what_telegram_reads(text: str, html: str) -> None:
    assert written(text) == html


@pytest.mark.parametrize(
    "text", [HOSTILE, MARKDOWN, "<b>", "&amp;", "![x](https://x.example/y.png)", "```\nx\n```"], ids=list("abcdef")
)
def test_nothing_that_is_said_becomes_a_tag_of_its_own(text: str) -> None:
    for message in markup.messages(markup.blocks(text)):
        read_html(message)


def test_long_text_is_parted_between_paragraphs() -> None:
    paragraphs = [f"**{number}** {'mot ' * 200}" for number in range(12)]
    parted = markup.messages(markup.blocks("\n\n".join(paragraphs)))
    assert len(parted) > 1
    assert all(markup.length(message) <= LONGEST_TEXT for message in parted)
    assert all(message.startswith("<b>") for message in parted)
    assert "".join(map(read_html, parted)).count("mot") == 12 * 200


@pytest.mark.parametrize(
    "text",
    [f"**{'mot ' * 3000}fin**", "x" * 10_000, f"- **{'é&' * 4000}**", "🎉" * 5000],
    ids=["words", "word", "list", "emoji"],
)
def test_long_paragraph_is_cut_and_never_inside_a_tag(text: str) -> None:
    parted = markup.messages(markup.blocks(text))
    assert all(markup.length(message) <= LONGEST_TEXT for message in parted)
    kept = "".join(map(read_html, parted)).replace(" ", "")
    assert kept == read_html("".join(markup.blocks(text))).replace(" ", "")


def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in [PROJECT / "domain.yml", *sorted((PROJECT / "data/answers").glob("*.yml"))]:
        found |= yaml.safe_load(file.read_text()).get("responses") or {}
    return found


def test_every_answer_can_be_shown_and_its_buttons_can_be_read() -> None:
    for name, variations in _responses().items():
        for variation in variations:
            for message in markup.messages(markup.blocks(variation.get("text") or "")):
                assert read_html(message).strip(), name
                assert markup.length(message) <= LONGEST_TEXT
            assert all(len(button["title"]) <= LONGEST_BUTTON for button in variation.get("buttons") or ()), name
