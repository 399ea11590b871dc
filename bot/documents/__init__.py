"""Files that go with a message: letters to complete and sign, days for a calendar, receipts, copies of all data."""

from __future__ import annotations

from dataclasses import replace

from base.wording import Translations
from bot.documents import calendar_entry, docx, letter, my_data, pdf, receipt
from bot.documents.letter import Details
from bot.documents.loading import Gone, Materials
from bot.documents.my_data import Everything
from bot.documents.pdf import Unprintable
from bot.documents.receipt import Sent
from conversations.documents import AnyRecipe, CalendarEntry, Format, MyData, Receipt

__all__ = ["Details", "Everything", "Gone", "Materials", "Sent", "Unprintable", "render"]


def render(recipe: AnyRecipe, translations: Translations, material: Details | Sent | Everything | None = None) -> bytes:
    """Makes the file.

    It keeps a core busy, so call it in a thread (`asyncio.to_thread`, which takes the clock of a request along).
    Measured on 2 cores: PDF 6 ms (21 ms for 2,500 lines), Word 55 ms and 1 ms for each paragraph that was typed,
    calendar entry 2 ms. Typst lets go of the interpreter's lock meanwhile; python-docx and icalendar are Python and
    share it.

    Args:
        recipe: What it is made from.
        translations: The language of a letter or receipt. Whoever receives it reads French, so pass French unless the
            person asked for something else. A calendar entry brings its own texts.
        material: What it is made from beside the recipe: for a letter what the person typed, where what is missing
            becomes a visible blank; for a receipt what `Materials` found.

    Raises:
        Unprintable: When a PDF is asked for and the details hold characters that its fonts do not have.
    """
    if isinstance(recipe, CalendarEntry):
        return calendar_entry.write(recipe)
    if isinstance(recipe, Receipt):
        assert isinstance(material, Sent)
        return _receipt(receipt.compose(material, translations))
    if isinstance(recipe, MyData):
        assert isinstance(material, Everything)
        return my_data.write(material, translations)
    assert not isinstance(material, Sent | Everything)
    text = letter.compose(recipe, material or Details(), translations)
    return pdf.write_letter(text) if recipe.format is Format.PDF else docx.write(text)


def _receipt(text: receipt.ReceiptText) -> bytes:
    """A receipt is never refused for the name that a file happens to have."""
    try:
        return pdf.write_receipt(text)
    except Unprintable:
        files = (replace(file, name=file.name.encode("latin-1", "replace").decode("latin-1")) for file in text.files)
        return pdf.write_receipt(replace(text, files=tuple(files)))
