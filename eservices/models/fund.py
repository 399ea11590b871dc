"""What goes to the unemployment fund (caisse de chômage): the monthly IPA form and the application for benefit."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from base.identifiers import InvalidIdentifier, Kind, read
from eservices.models.common import Answered, FileId, Period, Receipt, Shape, Text100
from law.documents import IPA_ATTACHMENTS, ApplicationStatus, Attachment, IpaSituation, Way


class IpaAttachment(Shape):
    """A document that proves something said in the form."""

    type: Attachment
    """What it is; each situation has its own."""
    file_id: FileId
    """The staged file."""


class IpaSituationGiven(Shape):
    """A situation of the month, with what proves it."""

    situation: IpaSituation
    """Which."""
    attachments: Annotated[list[IpaAttachment], Field(max_length=10)]
    """As the case may be; types that belong to the situation only. What is still missing goes to the fund as its document rule says."""
    details: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")] | None = None
    """What the person says of it, such as for whom they worked and when."""

    @model_validator(mode="after")
    def _expected(self) -> Self:
        for index, attachment in enumerate(self.attachments):
            if attachment.type not in IPA_ATTACHMENTS[self.situation]:
                raise ValueError(f"/attachments/{index}/type")
        return self


class Absence(Shape):
    """Days on which someone was not available, such as holidays."""

    first_day: date
    """First day."""
    last_day: date
    """Last day, not before the first."""
    reason: Annotated[str, Field(min_length=1, max_length=250, pattern=r"\S")] | None = None
    """Why."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("/last_day")
        return self


class IpaForm(Shape):
    """Indications de la personne assurée for a month. An empty form says that none of the situations arose."""

    situations: Annotated[list[IpaSituationGiven], Field(max_length=5)]
    """The situations that arose, each at most once."""
    absences: Annotated[list[Absence], Field(max_length=31)] = Field(default_factory=list)
    """Holidays and other absences."""
    new_job_from: date | None = None
    """First day of a new job, where there is one."""
    changes: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")] | None = None
    """What else changed, such as the address or the bank account."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        given = [one.situation for one in self.situations]
        if len(set(given)) != len(given):
            raise ValueError("/situations")
        files = [attachment.file_id for one in self.situations for attachment in one.attachments]
        if len(set(files)) != len(files):
            raise ValueError("/situations")
        return self


class IpaStatus(StrEnum):
    """Where the form of a month stands."""

    NOT_YET_OPEN = "not_yet_open"
    """The fund opens it towards the end of the month, on a day of its own."""
    OPEN = "open"
    """It can be sent. It is never sent automatically."""
    SENT = "sent"
    """The fund has it."""


class IpaState(Answered):
    """The form of a month."""

    period: Period
    """The month."""
    status: IpaStatus
    """Where it stands."""
    opens_on: date
    """First day on which it can be sent; the fund's choice."""
    benefits_lapse_on: date
    """Last day to claim the month's allowances (art. 20 al. 3 LACI). The gateway takes the form later, too."""
    receipt: Receipt | None = None
    """Receipt, once it was sent."""


class LastEmployment(Shape):
    """The last job."""

    employer: Text100
    """Name of the employer."""
    ended_on: date
    """Last day of the contract."""


class ApplicationContent(Shape):
    """What the application for benefit says. Only what is needed to tell one from another; the fund's form has more."""

    claims_from: date
    """First day for which benefit is claimed."""
    iban: Annotated[str, Field(pattern=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$", examples=["CH9300762011623852957"])]
    """Account to pay to, without spaces; its check digits are checked."""
    last_employment: LastEmployment | None = None
    """The last job, where there was one."""
    children: Annotated[int, Field(ge=0, le=30)] = 0
    """Children that the person maintains."""
    attachments: Annotated[list[FileId], Field(max_length=20, json_schema_extra={"uniqueItems": True})] = Field(
        default_factory=list
    )
    """Staged files that go with it, such as the employer's certificates; others follow once it is under review."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.attachments)) != len(self.attachments):
            raise ValueError("/attachments")
        try:
            read(Kind.IBAN, self.iban)
        except InvalidIdentifier:
            raise ValueError("/iban") from None
        return self


class DocumentRule(Answered):
    """Whether the fund takes documents now, and which way (law: ge.ch, étape 5)."""

    open: bool
    """Whether «Mes documents» takes them."""
    transmit_first: bool
    """Whether the application must be transmitted before."""
    ways: list[Way]
    """How they can be sent now, the best first."""


class ApplicationState(Answered):
    """The application for benefit."""

    status: ApplicationStatus
    """draft: «Demande non finalisée»; under_review: «Droit en cours d'examen»; decided: the fund has handled it."""
    documents: DocumentRule
    """The rule for further documents in this status."""
    content: ApplicationContent | None = None
    """What it says, as long as it is a draft."""
    receipt: Receipt | None = None
    """Receipt of its transmission."""


class Application(Answered):
    """The application was saved or transmitted."""

    receipt: Receipt
    """Proof of receipt."""
    application: ApplicationState
    """As it is now."""


class SentIpa(Answered):
    """The form of a month was handed to the fund."""

    receipt: Receipt
    """Proof of receipt."""
    ipa: IpaState
    """The form as it is now."""
