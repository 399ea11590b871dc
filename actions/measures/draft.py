"""What must be known to go through the conditions of a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict

from actions.tasks import UNKNOWN, TaskDraft
from law import measures
from law.measures import LONG_SUSPENSION_DAYS, PCM_ALLOWANCES, Measure, Situation
from law.periods import sick_pay_until

ALL: Literal["all"] = "all"
"""All four measures."""
ONE_DAY = timedelta(days=1)


class Told(StrEnum):
    """An answer to a plain question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = UNKNOWN

    @property
    def judged(self) -> bool | None:
        return None if self is Told.UNKNOWN else self is Told.YES


class Entitlement(StrEnum):
    """Where somebody stands with the federal allowances."""

    DRAWING = "drawing"
    ENDED = "ended"
    NEVER = "never"
    """Never had a right to them, such as the self-employed."""
    UNKNOWN = UNKNOWN


class Permit(StrEnum):
    """Residence permits, as far as the conditions tell them apart."""

    B = "b"
    C = "c"
    F = "f"
    N = "n"
    OTHER = "other"
    UNKNOWN = UNKNOWN


class Contract(StrEnum):
    """The employment contract that is in sight."""

    NONE = "none"
    OPEN_ENDED = "open_ended"
    FIXED_TERM = "fixed_term"
    UNKNOWN = UNKNOWN


class HandedIn(StrEnum):
    """Whether the office had the contract before the job began."""

    BEFORE = "before"
    NOT_STARTED = "not_started"
    """The job has not begun, so that there is time."""
    LATE = "late"
    UNKNOWN = UNKNOWN


class MeasuresDraft(TaskDraft):
    """What was said so far; None is not known yet.

    Args:
        again: Answers that the person wants to give anew, whether they still settle anything or not.
        is_kept: Whether the person wants their answers kept.
        is_told_kept: Whether they were told so.
        approximate: Whether the end of the entitlement was given only roughly.
    """

    model_config = ConfigDict(extra="forbid")

    measure: Measure | Literal["all"] | None = None
    entitlement: Entitlement | None = None
    entitlement_end: date | Literal["unknown"] | None = None
    lives_in_geneva: Told | None = None
    is_unfit: Told | None = None
    sick_since: date | Literal["unknown"] | None = None
    sick_pay_used_up: Told | None = None
    had_measure: Told | None = None
    is_fit: Told | None = None
    long_suspension: Told | None = None
    free_movement: Told | None = None
    permit: Permit | None = None
    two_years: Told | None = None
    one_year: Told | None = None
    contract: Contract | None = None
    handed_in: HandedIn | None = None
    measures_failed: Told | None = None
    pcm_used_up: Told | None = None
    convicted: Told | None = None
    approximate: bool = False
    again: tuple[str, ...] = ()
    is_kept: bool = False
    is_told_kept: bool = False

    @property
    def checked(self) -> Sequence[Measure]:
        """The measures that are gone through."""
        if self.measure is None:
            return ()
        return tuple(Measure) if self.measure == ALL else (Measure(self.measure),)

    def situation(self, today: date) -> Situation:
        """What the conditions are held against."""
        end = self.end
        return Situation(
            lives_in_geneva=_judged(self.lives_in_geneva),
            free_movement=_judged(self.free_movement),
            permit=_PERMITS.get(self.permit),
            months_in_geneva=_counted(self.two_years, measures.MONTHS_IN_GENEVA, 0),
            unbroken_year_in_geneva=_judged(self.one_year),
            entitlement_ended=end,
            entitlement_used_up=end < today if end else self._used_up,
            asked_on=today,
            had_measure=_judged(self.had_measure),
            fit_for_placement=_judged(self.is_fit),
            longest_suspension_days=_counted(self.long_suspension, LONG_SUSPENSION_DAYS, 0),
            convicted=_judged(self.convicted),
            contract_of_unlimited_duration=_UNLIMITED.get(self.contract),
            contract_before_start=_IN_TIME.get(self.handed_in),
            other_measures_failed=_judged(self.measures_failed),
            unfit_for_work=_judged(self.is_unfit),
            sickness_allowances_used_up=_judged(self.sick_pay_used_up),
            inability_began=self.uncovered_from(today),
            pcm_allowances_drawn=_counted(self.pcm_used_up, PCM_ALLOWANCES, 0),
        )

    @property
    def end(self) -> date | None:
        """Last day of the federal entitlement, where it is known."""
        return self.entitlement_end if isinstance(self.entitlement_end, date) else None

    @property
    def _used_up(self) -> bool | None:
        return _USED_UP.get(self.entitlement)

    def uncovered_from(self, today: date) -> date | None:
        """The first day that the federal sickness allowances do not cover.

        None where it is not known: the allowances of the framework period were used up before the thirty days.
        """
        if not isinstance(self.sick_since, date):
            return None
        first = sick_pay_until(self.sick_since).deadline + ONE_DAY
        return None if self.sick_pay_used_up is Told.YES and first > today else first


_PERMITS: Mapping[Permit | None, measures.Permit] = {
    Permit.B: measures.Permit.B,
    Permit.C: measures.Permit.C,
    Permit.F: measures.Permit.F,
    Permit.N: measures.Permit.N,
    Permit.OTHER: measures.Permit.OTHER,
}
_USED_UP: Mapping[Entitlement | None, bool] = {Entitlement.DRAWING: False, Entitlement.ENDED: True}
_UNLIMITED: Mapping[Contract | None, bool] = {Contract.OPEN_ENDED: True, Contract.FIXED_TERM: False}
_IN_TIME: Mapping[HandedIn | None, bool] = {HandedIn.BEFORE: True, HandedIn.LATE: False}


def _judged(told: Told | None) -> bool | None:
    return None if told is None else told.judged


def _counted(told: Told | None, if_yes: int, if_no: int) -> int | None:
    judged = _judged(told)
    return None if judged is None else if_yes if judged else if_no
