"""What must be known to announce an incapacity for work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.sending import SendingDraft
from casework.desk import desk
from casework.submissions import Kind, Submission
from conversations.models import FileId
from eservices.models.files import Cause

UNKNOWN: Literal["unknown"] = "unknown"
"""The person cannot tell; Job-Room takes the announcement without it."""


class Relation(StrEnum):
    """What an announcement is to one that was made before and overlaps with it."""

    EXTENSION = "extension"
    CORRECTION = "correction"


class Announced(BaseModel):
    """An incapacity that was announced from here.

    Args:
        receipt: Number of the gateway's receipt; None while there is none.
        first: Its first day.
        last: Its last day, where it was given, then or later.
        cause: Illness or accident, where it was given.
        degree: In percent, where it was given.
        certificates: What went with it, kept or not.
    """

    model_config = ConfigDict(frozen=True)

    receipt: str | None
    first: date
    last: date | None
    cause: Cause | None = None
    degree: int | None = None
    certificates: tuple[FileId, ...] = ()

    @classmethod
    def of(cls, submission: Submission, told_last: Mapping[str | None, str]) -> Self:
        """What was handed in.

        Args:
            told_last: The last day that was told later, by the receipt of the announcement that it ends.
        """
        content = submission.content
        last = told_last.get(submission.receipt_number, content.get("end_date"))
        return cls(
            receipt=submission.receipt_number,
            first=date.fromisoformat(content["start_date"]),
            last=date.fromisoformat(last) if last else None,
            cause=content.get("cause"),
            degree=content.get("degree"),
            certificates=tuple(FileId(file.file_id) for file in submission.files),
        )

    def overlaps(self, first: date, last: date | None) -> bool:
        """Whether a span has a day in common with it."""
        return (self.last is None or first <= self.last) and (last is None or self.first <= last)


async def announced_by(connection: AsyncConnection, person_id: str) -> tuple[Announced, ...]:
    """What a person has announced from here, the newest first."""
    latest = desk().submissions.latest_of_person
    ends = reversed(await latest(connection, person_id, Kind.RECOVERY))  # of several for the same, the last one counts
    told_last = {end.content["announced"]: end.content["end_date"] for end in ends}
    return tuple(Announced.of(one, told_last) for one in await latest(connection, person_id, Kind.INCAPACITY))


class IncapacityDraft(SendingDraft):
    """What is known of an incapacity to announce; None is not known yet.

    Args:
        start_date: First day.
        end_date: Last day.
        length: How long it lasts, such as `2 weeks`, when that was said before the first day.
        is_end_counted: Whether the last day follows from how long it lasts.
        cause: Illness or accident.
        degree: In percent.
        relation: What it is to an earlier one.
        comes_later: Whether the certificate is to follow, so that nothing can be sent yet.
        is_back: Whether not an incapacity but its end is announced.
        back_on: First day on which the person can work again.
        announced: What was announced from here before, the newest first.
    """

    model_config = ConfigDict(extra="forbid")

    start_date: date | None = None
    end_date: date | Literal["unknown"] | None = None
    length: str | None = None
    is_end_counted: bool = False
    cause: Cause | Literal["unknown"] | None = None
    degree: int | Literal["unknown"] | None = None
    relation: Relation | None = None
    comes_later: bool = False
    is_back: bool = False
    back_on: date | None = None
    announced: tuple[Announced, ...] = ()

    @property
    def last(self) -> date | None:
        """The last day, where it is known."""
        return self.end_date if isinstance(self.end_date, date) else None

    @property
    def overlapping(self) -> Announced | None:
        """An incapacity that was announced for some of the same days."""
        if self.start_date is None:
            return None
        return next((one for one in self.announced if one.overlaps(self.start_date, self.last)), None)

    @property
    def ended(self) -> Announced | None:
        """The announced incapacity that is over once the person is back."""
        return next((one for one in self.announced if one.receipt and self._can_end(one)), None)

    def _can_end(self, one: Announced) -> bool:
        """Whether the person is back within it: what ended before is never made longer."""
        if self.back_on is None:
            return True
        return one.first <= self.last_before_back and (one.last is None or self.last_before_back <= one.last)

    @property
    def content(self) -> Mapping[str, Any]:
        """The announcement as the contract has it, without the certificates."""
        if self.start_date is None:
            raise ValueError("an incapacity without its first day")
        said = {"cause": self.cause, "degree": self.degree, "end_date": self.last and self.last.isoformat()}
        known = {name: value for name, value in said.items() if value not in {None, UNKNOWN}}
        return {"start_date": self.start_date.isoformat(), **known}

    @property
    def last_before_back(self) -> date:
        """The last day of the incapacity, from the first one on which the person can work again."""
        if self.back_on is None:
            raise ValueError("an end without its day")
        return self.back_on - timedelta(days=1)
