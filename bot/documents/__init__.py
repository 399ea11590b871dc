"""Files that go with a message: letters to complete and sign, days for a calendar."""

from __future__ import annotations

from base.wording import Translations
from bot.documents import calendar_entry, docx, letter, pdf
from bot.documents.letter import Details
from bot.documents.pdf import Unprintable
from conversations.documents import CalendarEntry, Format, Recipe

__all__ = ["Details", "Unprintable", "render"]


def render(recipe: Recipe, translations: Translations, details: Details | None = None) -> bytes:
    """Makes the file.

    It keeps a core busy, so call it in a thread (`asyncio.to_thread`, which takes the clock of a request along).
    Measured on 2 cores: PDF 6 ms (21 ms for 2,500 lines), Word 55 ms and 1 ms for each paragraph that was typed,
    calendar entry 2 ms. Typst lets go of the interpreter's lock meanwhile; python-docx and icalendar are Python and
    share it.

    Args:
        recipe: What it is made from.
        translations: The language of a letter. Whoever receives it reads French, so pass French unless the person
            asked for something else. A calendar entry brings its own texts.
        details: What the person typed for a letter; what is missing becomes a visible blank.

    Raises:
        Unprintable: When a PDF is asked for and the details hold characters that its fonts do not have.
    """
    if isinstance(recipe, CalendarEntry):
        return calendar_entry.write(recipe)
    text = letter.compose(recipe, details or Details(), translations)
    return pdf.write(text) if recipe.format is Format.PDF else docx.write(text)
