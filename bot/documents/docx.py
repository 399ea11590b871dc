"""A letter as a Word file with real styles, to complete on a computer."""

from __future__ import annotations

import io
from datetime import UTC

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_COLOR_INDEX, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from base import clock
from bot.documents.letter import Labelled, LetterText, Part, Section

FONT = "Arial"
BLANK, ADDRESS, RIGHT = "Cornavin Blank", "Cornavin Address", "Cornavin Right"
RIGHT_HALF = Mm(85)
TEXT_WIDTH = Mm(160)


def write(text: LetterText) -> bytes:
    """Writes the letter; a blank stands in brackets, marked, to be typed over."""
    document = Document()
    _style(document, text.language)
    _describe(document, text)
    _Page(document, text.blank).fill(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Page:
    """Writes the parts of the letter below each other."""

    def __init__(self, document: WordDocument, blank: str) -> None:
        self._document = document
        self._blank = blank

    def fill(self, text: LetterText) -> None:
        self._parts(text.sender, ADDRESS)
        self._space()
        self._parts(text.recipient, RIGHT)
        self._space()
        self._labelled(text.place_and_date, RIGHT)
        self._document.add_heading(text.subject, 1)
        for reference in text.references:
            self._labelled(reference, ADDRESS)
        self._space()
        self._part(text.salutation)
        self._parts(text.request)
        for section in text.sections:
            self._section(section)
        self._part(text.closing).paragraph_format.space_before = Pt(12)
        self._signature(text)
        self._section(text.enclosures, "List Bullet")

    def _parts(self, parts: tuple[Part, ...], style: str = "Normal") -> None:
        for part in parts:
            self._part(part, style)

    def _part(self, part: Part, style: str = "Normal") -> Paragraph:
        paragraph = self._document.add_paragraph(style=style)
        self._write(paragraph, part)
        return paragraph

    def _labelled(self, item: Labelled, style: str) -> None:
        self._write(self._part(f"{item.label} : ", style), item.value)

    def _section(self, section: Section, style: str = "Normal") -> None:
        self._document.add_heading(section.heading, 2)
        self._parts(section.parts, style)

    def _signature(self, text: LetterText) -> None:
        line = self._part(f"{text.signature} : \t", RIGHT)
        line.paragraph_format.space_before = Pt(30)
        line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if text.signatory:
            self._part(text.signatory, RIGHT)

    def _space(self) -> None:
        self._document.paragraphs[-1].paragraph_format.space_after = Pt(18)

    def _write(self, paragraph: Paragraph, part: Part) -> None:
        if isinstance(part, str):
            paragraph.add_run(part)
        else:
            paragraph.add_run(self._blank.format(hint=part.hint), style=BLANK)


def _style(document: WordDocument, language: str) -> None:
    """A4, one font, black headings, and the styles of a letter."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(20)

    styles = document.styles
    styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").set(qn("w:val"), language)
    normal = styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(8)
    for heading in ("Heading 1", "Heading 2"):
        font = styles[heading].font
        font.name, font.size, font.bold, font.color.rgb = FONT, Pt(11), True, RGBColor(0, 0, 0)
        # The theme's font would win over the name.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            font.element.rPr.rFonts.attrib.pop(qn(f"w:{attribute}"), None)
    styles["Heading 1"].paragraph_format.space_before = Pt(18)
    styles["Heading 1"].paragraph_format.space_after = Pt(8)
    styles["Heading 2"].paragraph_format.space_after = Pt(4)
    for name, indent in ((ADDRESS, Mm(0)), (RIGHT, RIGHT_HALF)):
        lines = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        lines.base_style = normal
        lines.paragraph_format.space_after = Pt(0)
        lines.paragraph_format.left_indent = indent
    styles.add_style(BLANK, WD_STYLE_TYPE.CHARACTER).font.highlight_color = WD_COLOR_INDEX.YELLOW


def _describe(document: WordDocument, text: LetterText) -> None:
    """Title, language and date; nothing of the program's templates and no author."""
    now = clock.now().astimezone(UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.language = text.subject, text.language
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = now
