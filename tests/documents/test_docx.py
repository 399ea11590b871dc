"""Letters as Word files: real styles, a language, a title, and nobody's name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from bot.documents import Details
from conversations.documents import Format, Letter, LetterKind
from tests.documents.reading import word

OBJECTION = Letter(letter=LetterKind.OBJECTION, format=Format.DOCX)


def test_headings_and_lists_are_styles() -> None:
    styles = {paragraph.text: paragraph.style.name for paragraph in word(OBJECTION).paragraphs if paragraph.style}
    assert styles["Opposition"] == "Heading 1"
    assert styles["Motifs"] == styles["Annexes"] == "Heading 2"
    assert styles["Copie de la décision"] == "List Bullet"


def test_blanks_are_marked() -> None:
    marked = [
        run.text
        for paragraph in word(OBJECTION).paragraphs
        for run in paragraph.runs
        if run.style.font.highlight_color is not None
    ]
    assert "[à compléter : prénom et nom]" in marked
    assert len(marked) == 10
    assert all(text.startswith("[à compléter : ") for text in marked)


def test_reasons_keep_their_paragraphs() -> None:
    texts = [paragraph.text for paragraph in word(OBJECTION, Details(reasons="Un.\r\n\r\nDeux.")).paragraphs]
    assert texts[texts.index("Motifs") + 1 :][:2] == ["Un.", "Deux."]


def test_page_is_a4_and_language_is_french() -> None:
    document = word(OBJECTION)
    assert (document.sections[0].page_width, document.sections[0].page_height) == (
        pytest.approx(Mm(210), abs=1000),
        pytest.approx(Mm(297), abs=1000),
    )
    languages = document.styles.element.iter(qn("w:lang"))
    assert {language.get(qn("w:val")) for language in languages} == {"fr-CH"}


def test_properties_say_what_it_is_and_not_who_made_it(frozen_clock: datetime) -> None:
    properties = word(OBJECTION, Details(name="Zoë Müller")).core_properties
    assert properties.title == "Opposition"
    assert properties.language == "fr-CH"
    assert properties.author == properties.last_modified_by == properties.comments == ""
    assert properties.created == frozen_clock.astimezone(UTC)
