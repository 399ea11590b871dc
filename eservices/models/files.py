"""Files, documents for the ORP and the fund, and the announcement of an incapacity."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from eservices.models.common import Answered, EntryId, FileId, Receipt, Shape
from law.documents import LIMITS, Document, EService, Recipient

MAX_FILE_BYTES = LIMITS[EService.DOCUMENTS].max_bytes
MAX_VERSIONS = LIMITS[EService.DOCUMENTS].max_versions
FileName = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^/\\\x00-\x1f]+$", examples=["cv.pdf"])]


class StagedFile(Answered):
    """A file that the gateway holds until a submission uses it, for a day."""

    receipt: Receipt
    """Proof of receipt."""
    file_id: FileId
    """To be named in the submission that uses it; one submission only."""
    size: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES)]
    """Bytes."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Checksum of what arrived, to be compared with what was sent."""
    expires_at: AwareDatetime
    """When it is deleted if nothing has used it."""


class DocumentToSend(Shape):
    """A document for «Mes documents»."""

    type: Document
    """Type of the document. The ORP takes its own seven types; the fund takes all."""
    recipient: Recipient
    """The ORP at any time; the fund only while the application is under review."""
    file_id: FileId
    """The staged file."""
    name: FileName
    """Name of the file, as the recipient sees it."""


class FiledDocument(Answered):
    """A document in «Mes documents»."""

    document_id: EntryId
    """Its id, to delete it."""
    type: Document
    """Its type."""
    recipient: Recipient
    """Who has it."""
    name: str
    """Name of the file."""
    version: Annotated[int, Field(ge=1)]
    """Running number among the documents of this type and recipient."""
    size: Annotated[int, Field(ge=1)]
    """Bytes."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Checksum."""
    receipt: Receipt
    """Proof of receipt."""
    """Receipt of its sending."""


class Documents(Answered):
    """Documents of a person, the newest first."""

    items: list[FiledDocument]
    """What there is; possibly nothing."""


class SentDocument(Answered):
    """A document was handed over."""

    receipt: Receipt
    """Proof of receipt."""
    document: FiledDocument
    """The document."""


class Deletion(Answered):
    """Something was deleted."""

    receipt: Receipt
    """Proof of receipt."""


class Cause(StrEnum):
    """Why someone cannot work."""

    ILLNESS = "illness"
    ACCIDENT = "accident"


class IncapacityAnnouncement(Shape):
    """An incapacity for work (incapacité de travail): at least its first day and the certificates."""

    start_date: date
    """First day."""
    certificates: Annotated[list[FileId], Field(min_length=1, max_length=10, json_schema_extra={"uniqueItems": True})]
    """Staged files with the medical certificate or certificates."""
    cause: Cause | None = None
    """Illness or accident."""
    degree: Annotated[int, Field(ge=1, le=100)] | None = None
    """Percentage of the incapacity."""
    end_date: date | None = None
    """Last day, where it is known; not before the first."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.certificates)) != len(self.certificates):
            raise ValueError("/certificates")
        if self.end_date is not None and self.end_date < self.start_date:
            raise ValueError("/end_date")
        return self


class IncapacityEnd(Shape):
    """The last day of an incapacity that was announced."""

    end_date: date
    """Last day of the incapacity; not before its first."""


class SentIncapacity(Answered):
    """An incapacity, or its end, was announced to the ORP."""

    receipt: Receipt
    """Proof of receipt."""
