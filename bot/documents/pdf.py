"""Letters and receipts as tagged PDF (PDF/UA-1, for screen readers), typeset by Typst with the fonts it brings along."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from base import clock
from base.errors import CornavinError
from bot.documents.letter import LetterText
from bot.documents.receipt import ReceiptText

TEMPLATES = Path(__file__).parent

_WITHOUT_FONT = re.compile(r'PDF/UA-1 error: the text `"(?P<characters>.+)"` could not be displayed with font')


class Unprintable(CornavinError):
    """The fonts lack characters of the text, such as Chinese ones or emoji.

    Args:
        characters: The first of them.
    """

    def __init__(self, characters: str) -> None:
        super().__init__("the fonts of the PDF lack a character")
        self.characters = characters


def write_letter(text: LetterText) -> bytes:
    """Typesets a letter.

    Raises:
        Unprintable: When no font has a character of it: a box in its place would spoil a letter without a word.
    """
    return _typeset("letter.typ", letter=asdict(text))


def write_receipt(text: ReceiptText) -> bytes:
    """Typesets a receipt.

    Raises:
        Unprintable: When no font has a character of it.
    """
    return _typeset("receipt.typ", receipt=asdict(text))


def _typeset(template: str, **content: dict[str, Any]) -> bytes:
    """Makes the PDF. The text reaches Typst as data, so nothing in it is markup."""
    try:
        return typst.compile(
            TEMPLATES / template,
            sys_inputs={name: json.dumps(value) for name, value in content.items()},
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(clock.now().timestamp()),
        )
    except typst.TypstError as error:
        if (found := _WITHOUT_FONT.search(str(error))) is None:
            raise
        raise Unprintable(found["characters"]) from None  # Typst's own error quotes the text
