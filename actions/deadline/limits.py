"""The time limit that a draft comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from actions.deadline.draft import DeadlineDraft, DeliverySaid, Kind
from law.deadlines import COLLECTION, Act, DeadlineError, Limit, deadline, restitution
from law.periods import benefits_lapse, cantonal_registration_due, incapacity_announced_by, job_searches_due

_DUTIES: Mapping[Kind, Callable[[DeadlineDraft], Limit]] = {
    Kind.JOB_SEARCHES: lambda draft: job_searches_due(draft.law_month),
    Kind.IPA: lambda draft: benefits_lapse(draft.law_month),
    Kind.INCAPACITY: lambda draft: incapacity_announced_by(_given(draft.start_date)),
    Kind.CANTONAL_REGISTRATION: lambda draft: cantonal_registration_due(_given(draft.entitlement_end)),
}


def limit_of(draft: DeadlineDraft, today: date) -> tuple[Limit, str]:
    """The limit, and the name of its matter in the agenda.

    Raises:
        ValueError: When the draft lacks what it is counted from.
    """
    return _limit(draft, today), _matter(draft)


def is_still_waiting(draft: DeadlineDraft, today: date) -> bool:
    """Whether the letter lies at the post office: until it is fetched, or counts as received without that."""
    is_out = draft.delivery is DeliverySaid.NOT_COLLECTED
    return is_out and draft.attempt is not None and draft.attempt + COLLECTION > today


def _limit(draft: DeadlineDraft, today: date) -> Limit:
    if draft.kind is Kind.RESTITUTION:
        return restitution(_given(draft.obstacle_end), draft.law_benefit)
    if draft.kind is not None and draft.kind in _DUTIES:
        return _DUTIES[draft.kind](draft)
    delivery, received = draft.law_delivery, draft.notification_date
    if is_still_waiting(draft, today):
        received = today  # it may be fetched today, and is not fetched earlier
    try:
        return deadline(draft.law_act, received, draft.attempt, delivery, draft.law_benefit)
    except DeadlineError as error:
        raise ValueError(f"the form let through what cannot be counted: {error.reason}") from error


def _matter(draft: DeadlineDraft) -> str:
    """The name of a date in the agenda."""
    if draft.kind is Kind.DECISION:
        return "appeal" if draft.law_act is Act.APPEAL else "objection"
    return str(draft.kind)


def _given(day: date | None) -> date:
    if day is None:
        raise ValueError("the form ended without the day that it asks for")
    return day
