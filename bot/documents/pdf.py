"""A letter as a tagged PDF (PDF/UA-1, for screen readers), typeset by Typst with the fonts it brings along."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import typst

from base import clock
from base.errors import CornavinError
from bot.documents.letter import LetterText

TEMPLATE = Path(__file__).with_name("letter.typ")

_WITHOUT_FONT = re.compile(r'PDF/UA-1 error: the text `"(?P<characters>.+)"` could not be displayed with font')


class Unprintable(CornavinError):
    """The fonts lack characters of the text, such as Chinese ones or emoji.

    Args:
        characters: The first of them.
    """

    def __init__(self, characters: str) -> None:
        super().__init__("the fonts of the PDF lack a character")
        self.characters = characters


def write(text: LetterText) -> bytes:
    """Typesets the letter. The text reaches Typst as data, so nothing in it is markup.

    Raises:
        Unprintable: When no font has a character of it: a box in its place would spoil a letter without a word.
    """
    try:
        return typst.compile(
            TEMPLATE,
            sys_inputs={"letter": json.dumps(asdict(text))},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(clock.now().timestamp()),
        )
    except typst.TypstError as error:
        if (found := _WITHOUT_FONT.search(str(error))) is None:
            raise
        raise Unprintable(found["characters"]) from None  # Typst's own error quotes the text
