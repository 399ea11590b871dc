"""Letters as files, read back."""

from __future__ import annotations

import io

from docx import Document
from docx.document import Document as WordDocument
from pypdf import PdfReader

from base.wording import Translations
from bot.documents import Details, render
from conversations.documents import Format, Letter

FRENCH = Translations("fr")
ZERO_WIDTH_SPACE = "\u200b"


def pdf(recipe: Letter, details: Details | None = None) -> PdfReader:
    assert recipe.format is Format.PDF
    return PdfReader(io.BytesIO(render(recipe, FRENCH, details)))


def word(recipe: Letter, details: Details | None = None) -> WordDocument:
    assert recipe.format is Format.DOCX
    return Document(io.BytesIO(render(recipe, FRENCH, details)))


def text(recipe: Letter, details: Details | None = None) -> str:
    """What a letter says in either format, on one line."""
    if recipe.format is Format.PDF:
        found = "\n".join(page.extract_text() for page in pdf(recipe, details).pages)
    else:
        found = "\n".join(paragraph.text for paragraph in word(recipe, details).paragraphs)
    return " ".join(found.replace(ZERO_WIDTH_SPACE, "").split())
