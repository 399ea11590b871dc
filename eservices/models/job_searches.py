"""Job searches (recherches d'emploi): one effort, and the report of a control period.

Field names and limits follow Job-Room's own form (code of 2020, screens of 2026); see docs/eservices.md.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from eservices.models.common import Answered, EntryId, Period, Receipt, Shape, Text100


class ApplyChannel(StrEnum):
    """How someone applied."""

    ELECTRONIC = "ELECTRONIC"
    MAIL = "MAIL"
    PERSONAL = "PERSONAL"
    PHONE = "PHONE"


class Workload(StrEnum):
    """Full or part time; Job-Room asks for no percentage."""

    FULLTIME = "FULLTIME"
    PARTTIME = "PARTTIME"


class Result(StrEnum):
    """What came of an application. PENDING, EMPLOYED and REJECTED exclude each other; INTERVIEW goes with any."""

    PENDING = "PENDING"
    INTERVIEW = "INTERVIEW"
    EMPLOYED = "EMPLOYED"
    REJECTED = "REJECTED"


class PeriodType(StrEnum):
    """Whether a period lies before the registration: the duty to search begins in the notice period."""

    DURING_UNEMPLOYMENT = "DURING_UNEMPLOYMENT"
    BEFORE_UNEMPLOYMENT = "BEFORE_UNEMPLOYMENT"


class ReportStatus(StrEnum):
    """Where the report of a control period stands."""

    OPEN = "OPEN"
    """Not transmitted; efforts can be added and changed."""
    RE_OPENED = "RE_OPENED"
    """Transmitted, then opened again by the ORP; what was transmitted stays as it is."""
    SUBMITTED = "SUBMITTED"
    """Transmitted to the ORP, by hand or automatically on the 5th; nothing can be changed."""
    CLOSED = "CLOSED"
    """Too old: no effort can be entered any more."""


class Address(Shape):
    """Postal address of a company."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["CH"])] = "CH"
    """ISO 3166-1 alpha-2 code."""
    street: Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")] | None = None
    """Street; a post box can stand instead."""
    house_number: Annotated[str, Field(min_length=1, max_length=10)] | None = None
    """House number."""
    po_box: Annotated[str, Field(min_length=1, max_length=6)] | None = None
    """Post box."""
    postal_code: Annotated[str, Field(min_length=1, max_length=12, pattern=r"\S")]
    """Postcode."""
    city: Text100
    """Town."""


class Company(Shape):
    """Where someone applied."""

    name: Text100
    """Name of the company."""
    address: Address | None = None
    """Needed when the channel is MAIL, PERSONAL or PHONE, then with a street or a post box."""
    contact_person: Text100 | None = None
    """Person contacted; needed for PERSONAL and PHONE."""
    email: Annotated[str, Field(max_length=100, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s.]+$")] | None = None
    """E-mail address; for ELECTRONIC this or `form_url` is needed."""
    form_url: Annotated[str, Field(max_length=255, pattern=r"^https?://[^\s/]+\S*$")] | None = None
    """Address of the online form; for ELECTRONIC this or `email` is needed."""
    phone: Annotated[str, Field(max_length=20, pattern=r"^\+[0-9]{6,19}$")] | None = None
    """Telephone number with its country code; needed for PHONE."""


class Effort(Shape):
    """One application (recherche d'emploi), as entered."""

    apply_date: date
    """Day of the application. It must lie in the period, not before the first day of the month six months ago and
    not more than five days ahead."""
    company: Company
    """Where."""
    channels: Annotated[list[ApplyChannel], Field(min_length=1, max_length=4, json_schema_extra={"uniqueItems": True})]
    """How; several at once are possible."""
    occupation: Text100
    """For which post."""
    assigned_by_orp: bool
    """Whether the ORP had assigned it (assignation)."""
    workload: Workload
    """Full or part time."""
    results: Annotated[list[Result], Field(min_length=1, max_length=2, json_schema_extra={"uniqueItems": True})]
    """What came of it so far."""
    rejection_reason: Annotated[str, Field(min_length=1, max_length=250, pattern=r"\S")] | None = None
    """Needed when REJECTED, and only then."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name, wrong in self._rules():
            if wrong:
                raise ValueError(name)
        return self

    def _rules(self) -> tuple[tuple[str, bool], ...]:
        """Field and whether it breaks Job-Room's rules; the message of the error is the field alone."""
        channels, company = set(self.channels), self.company
        by_post, address = channels - {ApplyChannel.ELECTRONIC}, company.address
        in_voice = bool(channels & {ApplyChannel.PERSONAL, ApplyChannel.PHONE})
        return (
            ("/channels", len(channels) != len(self.channels)),
            ("/company/address", bool(by_post) and (address is None or not (address.street or address.po_box))),
            ("/company/contact_person", in_voice and company.contact_person is None),
            ("/company/email", ApplyChannel.ELECTRONIC in channels and not (company.email or company.form_url)),
            ("/company/phone", ApplyChannel.PHONE in channels and company.phone is None),
            (
                "/results",
                len(set(self.results)) != len(self.results) or len(set(self.results) - {Result.INTERVIEW}) > 1,
            ),
            ("/rejection_reason", (Result.REJECTED in self.results) != (self.rejection_reason is not None)),
        )


class EffortEntered(Answered):
    """An effort of a report."""

    effort_id: EntryId
    """Its id, to change or remove it."""
    effort: Effort
    """As entered last."""
    entered_at: AwareDatetime
    """When it was entered first."""
    submitted_at: AwareDatetime | None = None
    """When it was transmitted; from then on it can only be read."""


class Report(Answered):
    """The report of a control period (preuves de recherches personnelles d'emploi)."""

    period: Period
    """The month."""
    type: PeriodType
    """Before or during unemployment."""
    status: ReportStatus
    """Where it stands."""
    efforts: list[EffortEntered]
    """What was entered, the oldest application first."""
    transmissible_from: date
    """From when it can be transmitted by hand: 5 days before the end of the month, 12 in December."""
    next_submission_on: date | None = None
    """The 5th on which it is transmitted automatically; null when nothing is left to transmit."""
    last_submitted_at: AwareDatetime | None = None
    """When it was last transmitted."""
    receipt: Receipt | None = None
    """Receipt of the last transmission, by hand or automatic."""


class Reports(Answered):
    """Reports of a person, the newest first."""

    items: list[Report]
    """What there is; possibly nothing."""


class SavedEffort(Answered):
    """An effort was added, changed or removed. Nothing was transmitted."""

    receipt: Receipt
    """Proof of receipt."""
    effort_id: EntryId
    """The effort that was concerned."""
    report: Report
    """The report as it is now."""
