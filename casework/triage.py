"""Triage: which office a case belongs to, how urgent it is, and in which order cases are worked on.

The order is that of `order`: someone in danger first; then who must act by a date, the nearest first; then who has
waited longest. A date is a working day, so the days that remain until it grow with it: the order can be stored, and only
what is said about it depends on the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from law.calendar import ONE_DAY, nth_working_day, working_day_until, working_days_left

PRESSING_WITHIN = 2
"""Working days."""
NO_DATE = date(9999, 12, 31)
"""Where there is nothing to keep; stored, so that one index gives the order."""


class Office(StrEnum):
    """Whose queue it is."""

    ORP = "orp"
    FUND = "fund"
    """The unemployment fund (caisse de chômage)."""
    EMPLOYERS = "employers"
    """Service employeurs of the OCE."""
    SECO = "seco"
    """SECO, support of Job-Room."""
    KAE_FFE = "kae_ffe"
    """SECO, write rights for retroactive payment."""
    LEGAL = "legal"


class Urgency(StrEnum):
    """How soon a human must look."""

    IMMEDIATE = "immediate"
    """Someone may be in danger."""
    PRESSING = "pressing"
    """The date to keep is near, or has passed."""
    DATED = "dated"
    """There is a date to keep."""
    NORMAL = "normal"


class Reason(StrEnum):
    """Why a case stands where it does."""

    DANGER = "danger"
    PASSED = "passed"
    """The safe date has passed."""
    TODAY = "today"
    SOON = "soon"
    """Within `PRESSING_WITHIN` working days."""
    AHEAD = "ahead"
    WAITING = "waiting"
    """Nothing but how long the person has waited."""


class Cause(StrEnum):
    """Why a case was opened."""

    ASKED = "asked"
    COMPLAINT = "complaint"
    NOT_UNDERSTOOD = "not_understood"
    CRISIS = "crisis"
    REFUSED = "refused"
    """Something that was sent is not taken."""
    OVERDUE = "overdue"
    """Something that was sent does not arrive."""
    DEADLINE_MISSED = "deadline_missed"
    ASKED_AGAIN = "asked_again"
    """Something that only a human can settle is asked once more."""


@dataclass(frozen=True)
class Position:
    """Where a case stands on a day, and why.

    Args:
        urgency: How soon a human must look.
        reason: Why.
        days_left: Working days that remain after today until the safe date, where there is one; 0 today and later.
    """

    urgency: Urgency
    reason: Reason
    days_left: int | None = None


@dataclass(frozen=True)
class Standing:
    """What the order of a case depends on.

    Args:
        is_danger: Whether someone may be in danger.
        safe: The date to keep.
        waiting_since: Since when the person waits.
        id: Decides between two that are equal.
    """

    is_danger: bool
    safe: date | None
    waiting_since: datetime
    id: int


def act_by(safe: date | None, *, is_danger: bool) -> date:
    """The working day by which a case is ordered; `NO_DATE` without one, and where danger comes first anyway."""
    return NO_DATE if safe is None or is_danger else working_day_until(safe)


def order(one: Standing) -> tuple[int, date, datetime, int]:
    """What cases are sorted by, the smallest first; the same every day."""
    by = act_by(one.safe, is_danger=one.is_danger)
    return (0 if one.is_danger else 1, by, one.waiting_since.astimezone(UTC), one.id)


def in_order(cases: Sequence[Standing]) -> list[Standing]:
    """Cases in the order in which they are worked on."""
    return sorted(cases, key=order)


def pressing_until(today: date) -> date:
    """The last safe date that is pressing."""
    return nth_working_day(today + ONE_DAY, PRESSING_WITHIN)


def position(safe: date | None, today: date, *, is_danger: bool) -> Position:
    """Where a case stands today."""
    by = act_by(safe, is_danger=False)
    days_left = None if by == NO_DATE else working_days_left(today + ONE_DAY, by)
    if is_danger:
        return Position(Urgency.IMMEDIATE, Reason.DANGER, days_left)
    if days_left is None:
        return Position(Urgency.NORMAL, Reason.WAITING)
    if by < today:
        return Position(Urgency.PRESSING, Reason.PASSED, 0)
    if days_left == 0:
        return Position(Urgency.PRESSING, Reason.TODAY, 0)
    if days_left <= PRESSING_WITHIN:
        return Position(Urgency.PRESSING, Reason.SOON, days_left)
    return Position(Urgency.DATED, Reason.AHEAD, days_left)
