"""Job searches on their way to Job-Room: each is handed in as soon as it is complete.

Every write is a submission of its own. Those of a person's month are delivered in their order, so that a change never
overtakes what it changes, nor the transmission what it is to transmit. What they say together is what was entered here:
it outlives the conversation, and is the same in all conversations of a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import UnitOfWork
from casework.submissions import Kind, State, Submission, SubmissionStore
from eservices import models
from eservices.models.common import month_of
from law.documents import Recipient
from law.periods import SEARCHES_DUE_DAY, Month, job_searches_due

UNSEEN = frozenset({State.RECORDED, State.RECEIVED, State.GIVEN_UP})
"""States of writes that count, as far as is known here."""


@dataclass(frozen=True)
class Entered:
    """An effort as it was handed in last.

    Args:
        id: Ours, the same through all changes.
        period: The month, as the contract writes it.
        effort: What is to stand on Job-Room.
        state: What has become of the last write.
        version: How often it was handed in.
        received_on: The day on which Job-Room took it first; None while it has not.
    """

    id: str
    period: str
    effort: models.Effort
    state: State
    version: int
    received_on: date | None


@dataclass(frozen=True)
class Account:
    """What a person has handed in of job searches.

    Args:
        efforts: Of all months, in the order in which they were entered.
        transmitted: The transmissions of months, by month; refused ones do not count.
    """

    efforts: tuple[Entered, ...]
    transmitted: Mapping[str, Submission]

    def of(self, period: str) -> tuple[Entered, ...]:
        """The efforts of a month."""
        return tuple(one for one in self.efforts if one.period == period)

    def is_transmitted(self, period: str, today: date) -> bool:
        """Whether a month was transmitted: on request, or by Job-Room itself on the 5th."""
        fifth = fifth_after(month_of(period))
        received = (one.received_on for one in self.of(period))
        return period in self.transmitted or (
            today > fifth and any(day is not None and day <= fifth for day in received)
        )


NOTHING = Account((), {})
"""Of somebody who has not logged in."""


def fifth_after(month: Month) -> date:
    """The day on which Job-Room transmits the searches of a month by itself."""
    return month.later(1).first_day.replace(day=SEARCHES_DUE_DAY)


async def account(store: SubmissionStore, connection: AsyncConnection, person_id: str) -> Account:
    """What a person has handed in of job searches, as far as it was not taken back or refused."""
    found = sorted(await store.all_of_person(connection, person_id), key=_in_turn)
    return Account(
        _standing([one for one in found if one.kind is Kind.EFFORT]),
        {one.content["period"]: one for one in found if one.kind is Kind.REPORT and one.state is not State.REFUSED},
    )


def _standing(writes: Sequence[Submission]) -> tuple[Entered, ...]:
    """What the writes come to: a refused one leaves what was before it."""
    efforts: dict[str, Entered] = {}
    for one in writes:
        if one.subject is None or one.state not in UNSEEN:
            continue
        if one.content["effort"] is None:
            efforts.pop(one.subject, None)
            continue
        effort, before = effort_of(one.content["effort"]), efforts.get(one.subject)
        received_on = one.received_at.date() if one.received_at else None
        efforts[one.subject] = Entered(
            one.subject,
            one.content["period"],
            effort,
            one.state,
            one.content["version"],
            before.received_on if before and before.received_on else received_on,
        )
    return tuple(efforts.values())


def _in_turn(submission: Submission) -> tuple[datetime, int, int]:
    """The order in which things were handed in, also of those that were at the same moment."""
    content = submission.content
    return submission.recorded_at, content.get("version", 0), content.get("place", 0)


def effort_of(content: Mapping[str, Any]) -> models.Effort:
    """An effort from what a submission keeps of it; the shapes of the contract are strict, except in JSON."""
    return models.Effort.model_validate_json(json.dumps(content))


async def write(
    store: SubmissionStore,
    work: UnitOfWork,
    *,
    session_id: str,
    person_id: str,
    period: str,
    entry_id: str,
    effort: models.Effort | None,
    version: int,
    place: int,
) -> Submission:
    """Hands in an effort, or what has become of it.

    Args:
        entry_id: Ours, the same through all changes.
        effort: As it is to stand on Job-Room; None takes it back.
        version: How often it was handed in, this time included.
        place: Of the effort among those of the month.
    """
    return await store.record(
        work,
        session_id=session_id,
        person_id=person_id,
        kind=Kind.EFFORT,
        content={
            "period": period,
            "effort": effort.model_dump(mode="json", exclude_none=True) if effort is not None else None,
            "version": version,
            "place": place,
        },
        legal_date=job_searches_due(month_of(period)).deadline,
        wanted_on=fifth_after(month_of(period)),
        subject=entry_id,
        after=_order(person_id, period),
    )


async def transmit(
    store: SubmissionStore, work: UnitOfWork, *, session_id: str, person_id: str, period: str
) -> Submission:
    """Hands in the month, once everything that was entered before is there."""
    return await store.record(
        work,
        session_id=session_id,
        person_id=person_id,
        kind=Kind.REPORT,
        content={"period": period},
        recipient=Recipient.ORP,
        legal_date=job_searches_due(month_of(period)).deadline,
        after=_order(person_id, period),
    )


def _order(person_id: str, period: str) -> str:
    return f"searches:{person_id}:{period}"
