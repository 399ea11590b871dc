"""What every service shares: who it is about, the receipt, the problem, the state of a submission, the access log."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from law.documents import Recipient
from law.periods import Month


class Shape(BaseModel):
    """A schema of the contract that the client sends: no unknown members, no coercion, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Answered(BaseModel):
    """A schema of the contract that the gateway sends; it may grow, so that unknown members are let pass."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, use_attribute_docstrings=True)


Period = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]
"""A control period (période de contrôle): a calendar month, as YYYY-MM."""
PersonId = Annotated[str, Field(pattern=r"^p-[0-9a-z]{8,32}$", examples=["p-00000003"])]
"""The gateway's own name of a person: no personal number stands in an address or a log."""
FileId = Annotated[str, Field(pattern=r"^f-[0-9a-z]{8,32}$", examples=["f-4b7c21d09e5a83f6"])]
EntryId = Annotated[str, Field(pattern=r"^[a-z]-[0-9a-z]{8,32}$", examples=["e-4b7c21d09e5a83f6"])]
Number = Annotated[str, Field(pattern=r"^JR-[0-9]{4}-[0-9]{6,}$", examples=["JR-2026-000123"])]
Key = Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
Text100 = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]


def month_of(period: str) -> Month:
    """The month that a period of the contract names."""
    return Month(int(period[:4]), int(period[5:]))


def period_of(month: Month) -> str:
    """How the contract writes a month."""
    return f"{month.year:04}-{month.month:02}"


class Operation(StrEnum):
    """What a write did; the operationId of openapi.yaml."""

    CHECK_ENROLMENT = "check_enrolment"
    STAGE_FILE = "stage_file"
    ADD_EFFORT = "add_effort"
    CHANGE_EFFORT = "change_effort"
    REMOVE_EFFORT = "remove_effort"
    TRANSMIT_REPORT = "transmit_report"
    ANNOUNCE_INCAPACITY = "announce_incapacity"
    END_INCAPACITY = "end_incapacity"
    SEND_DOCUMENT = "send_document"
    DELETE_DOCUMENT = "delete_document"
    SEND_IPA = "send_ipa"
    SAVE_APPLICATION = "save_application"
    TRANSMIT_APPLICATION = "transmit_application"


class Receipt(Answered):
    """Proof that the gateway has taken something. It is the same however often a request is repeated with its key."""

    number: Number
    """Unique number, to be quoted to the ORP or the fund."""
    received_at: AwareDatetime
    """Binding time of receipt: the time that counts for a time limit. Set when the request was first processed."""
    operation: Operation
    """What was done."""
    recipient: Recipient | None = None
    """To whom it was handed: the ORP or the fund. Null when it was only recorded; saving is not transmitting."""


class Problem(Answered):
    """Why a request was not fulfilled (RFC 9457, application/problem+json)."""

    type: str
    """Stable name, `urn:cornavin:eservices:` and a reason; programs go by this alone."""
    title: str
    """The reason in words, the same for every occurrence."""
    status: Annotated[int, Field(ge=400, le=599)]
    """HTTP status."""
    detail: str | None = None
    """What is wrong this time, for operators. Never holds what was sent."""
    field: str | None = None
    """JSON pointer to the member of the body that is wrong, or the name of a header or parameter."""
    instance: str | None = None
    """Id of this occurrence, to be quoted to the gateway's operator."""


class EnrolmentCheck(Shape):
    """Who someone says they are, once: the login with which they come, and what the ORP knows them by."""

    personal_number: Annotated[str, Field(pattern=r"^[0-9]{8}$", examples=["10000031"])]
    """Numéro personnel: eight digits, on the confirmation of registration with the ORP and on the IPA form."""
    birth_date: date
    """Date of birth."""
    subject: Annotated[str, Field(min_length=1, max_length=255, examples=["sub-00000003"])] | None = None
    """Stable subject of the person's login (OpenID Connect `sub`). Given, the number is bound to it for good."""


class Person(Answered):
    """A person registered with the ORP."""

    person_id: PersonId
    """The gateway's own name of the person, for all further calls."""
    given_name: str
    """First name."""
    family_name: str
    """Family name."""
    registered_on: date
    """First day of registration with the ORP."""
    fund: str | None = None
    """Name of the chosen unemployment fund (caisse de chômage)."""


class Enrolment(Answered):
    """The person was recognised."""

    receipt: Receipt
    """Proof of receipt."""
    person: Person
    """Who it is."""


class Progress(StrEnum):
    """How far a submission has come."""

    RECORDED = "recorded"
    """With the gateway, not handed to anybody: a draft, an effort not transmitted, a file not used yet."""
    RECEIVED = "received"
    """Handed to the recipient."""
    PROCESSED = "processed"
    """The recipient has dealt with it."""


class Submission(Answered):
    """One write and what became of it."""

    receipt: Receipt
    """Proof of receipt."""
    progress: Progress
    """How far it has come."""
    changed_at: AwareDatetime
    """When the progress last changed."""


class Submissions(Answered):
    """Submissions of a person, the newest first."""

    items: list[Submission]
    """What there is; possibly nothing."""


class Actor(StrEnum):
    """Who did something."""

    CLIENT = "client"
    """A program with client credentials, such as Cornavin."""
    GATEWAY = "gateway"
    """The gateway itself: the automatic transmission."""
    RECIPIENT = "recipient"
    """The ORP or the fund."""


class Access(Answered):
    """One access to a person's data."""

    at: AwareDatetime
    """When."""
    actor: Actor
    """Who."""
    client_id: str | None = None
    """Which program, when it was one."""
    operation: str
    """operationId of the call, or what the gateway did."""
    status: int
    """HTTP status of the answer; 200 for what the gateway did itself."""


class AccessLog(Answered):
    """Accesses to a person's data, the newest first."""

    items: list[Access]
    """What there is; possibly nothing."""
