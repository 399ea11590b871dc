"""What a file that goes with a message is made from: enough to make it whenever it is fetched, and nothing personal."""

from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PDF = "application/pdf"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CalendarEntry(_Frozen):
    """A day to put into a calendar.

    Args:
        uid: Names the entry, so that a corrected one replaces it.
        title: What is due, in the person's language.
        description: What to do, in the person's language.
        day: The day, in Switzerland.
    """

    kind: Literal["calendar"] = "calendar"
    uid: str
    title: str
    description: str
    day: date

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"{self.day.isoformat()}.ics"

    @property
    def mime(self) -> str:
        return "text/calendar; charset=utf-8"


class LetterKind(StrEnum):
    """What a letter asks for."""

    OBJECTION = "objection"
    """Opposition, to the authority that decided."""
    APPEAL = "appeal"
    """Recours, to the court."""
    RESTITUTION = "restitution"
    """That a missed time limit be restored, together with the act that was missed."""


class Recipient(StrEnum):
    """Who a letter goes to."""

    OCE = "oce"
    FUND = "fund"
    """The person's unemployment fund, whose address the decision gives."""
    COURT = "court"


class Format(StrEnum):
    PDF = "pdf"
    DOCX = "docx"


class Letter(_Frozen):
    """A letter to complete by hand and to sign.

    Args:
        letter: What it asks for.
        format: PDF or Word.
        recipient: Who it goes to; None when that is not known.
        received: Day on which the decision was received; None when that is not known.
    """

    kind: Literal["letter"] = "letter"
    letter: LetterKind
    format: Format
    recipient: Recipient | None = None
    received: date | None = None

    @property
    def name(self) -> str:
        """Name of the file; in French, like the letter."""
        return f"{_NAMES[self.letter]}.{self.format}"

    @property
    def mime(self) -> str:
        return _MIMES[self.format]


class Receipt(_Frozen):
    """What is known of a submission when the file is fetched.

    Args:
        submission: Its id, which tells nothing of it.
    """

    kind: Literal["receipt"] = "receipt"
    submission: str

    @property
    def name(self) -> str:
        """Name of the file; in French, like the receipt."""
        return "Reçu d'envoi.pdf"

    @property
    def mime(self) -> str:
        return _MIMES[Format.PDF]


class MyData(_Frozen):
    """A copy of all that is kept of the person when the file is fetched."""

    kind: Literal["my_data"] = "my_data"

    @property
    def name(self) -> str:
        """Name of the file."""
        return "mes-donnees.zip"

    @property
    def mime(self) -> str:
        return "application/zip"


_NAMES = MappingProxyType(
    {
        LetterKind.OBJECTION: "Opposition",
        LetterKind.APPEAL: "Recours",
        LetterKind.RESTITUTION: "Demande de restitution de délai",
    }
)
_MIMES = MappingProxyType({Format.PDF: PDF, Format.DOCX: _DOCX})

AnyRecipe = CalendarEntry | Letter | MyData | Receipt
Recipe = Annotated[AnyRecipe, Field(discriminator="kind")]
RECIPE: TypeAdapter[AnyRecipe] = TypeAdapter(Recipe)
"""Reads a recipe as it is stored."""
