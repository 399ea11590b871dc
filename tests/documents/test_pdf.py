"""Letters as PDF: for screen readers, for printers, and within the page."""

from __future__ import annotations

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from bot.documents import Details
from conversations.documents import Format, Letter, LetterKind, Recipient
from tests.documents.reading import ZERO_WIDTH_SPACE, pdf

A4 = (595, 842)
MOST_CHARACTERS_OF_A_LINE = 110
"""Digits in the size of the letter that fit between its margins, and a few more."""


def blank(kind: LetterKind, recipient: Recipient | None = None) -> PdfReader:
    return pdf(Letter(letter=kind, format=Format.PDF, recipient=recipient))


def tags(node: object) -> list[str]:
    """The kinds of the elements in the structure, in reading order."""
    if isinstance(node, list):
        return [tag for part in node for tag in tags(part.get_object())]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + (tags(node["/K"].get_object()) if "/K" in node else [])


@pytest.mark.parametrize("recipient", [*Recipient, None])
@pytest.mark.parametrize("kind", LetterKind)
def test_blank_letter_is_one_page_of_a4(kind: LetterKind, recipient: Recipient | None) -> None:
    (page,) = blank(kind, recipient).pages
    assert tuple(round(side) for side in page.mediabox[2:]) == A4


@pytest.mark.parametrize("kind", LetterKind)
def test_letter_is_tagged_with_title_and_language(kind: LetterKind) -> None:
    read = blank(kind)
    catalogue = read.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "fr-CH"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata is not None
    assert read.metadata.title
    assert read.metadata.author is None
    assert "pdfuaid:part" in catalogue["/Metadata"].get_data().decode()
    found = tags(catalogue["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert "/H2" in found
    assert "/LI" in found


def test_fonts_are_in_the_file() -> None:
    (page,) = blank(LetterKind.OBJECTION).pages
    for reference in page["/Resources"]["/Font"].values():
        (descendant,) = reference.get_object()["/DescendantFonts"]
        descriptor = descendant.get_object()["/FontDescriptor"]
        assert descriptor.keys() & {"/FontFile2", "/FontFile3"}


@pytest.mark.parametrize("long", ["W" * 300, "Wolfeschlegelsteinhausen " * 12, "1234-" * 60])
def test_long_name_number_and_address_stay_on_the_page(long: str) -> None:
    details = Details(name=long, address="\n".join([long] * 5), number=long, request=long, reasons=long)
    read = pdf(Letter(letter=LetterKind.OBJECTION, format=Format.PDF, recipient=Recipient.OCE), details)
    lines = [line.replace(ZERO_WIDTH_SPACE, "") for page in read.pages for line in page.extract_text().splitlines()]
    assert sum(line.count(long[0]) for line in lines) >= 9 * long.count(long[0])
    assert max(len(line) for line in lines) < MOST_CHARACTERS_OF_A_LINE
