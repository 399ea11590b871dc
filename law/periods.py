"""The other time limits: monthly duties, cantonal benefits, the employers' charter, and the canton's follow-up.

None of them is lengthened by the suspensions of art. 38 al. 4 LPGA: no source says that they apply.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from law.calendar import nth_working_day, working_day_from, working_day_until, working_days
from law.facts import Standing

SEARCHES_DUE_DAY = 5
SICK_PAY_DAYS = 30
SEARCHES_DAYS = 5
SEARCHES_EARLIER_MONTH, SEARCHES_DAYS_EARLIER_MONTH = 12, 12
"""In December the job searches can be transmitted earlier."""
PCM_REQUEST_WORKING_DAYS = 5
PCM_WAITING_WORKING_DAYS = 5
CHARTER_PROFILES_WORKING_DAYS = 5
CHARTER_FOLLOW_UP_WORKING_DAY = 11


@dataclass(frozen=True, order=True)
class Month:
    """A control period: a calendar month.

    Raises:
        ValueError: When there is no such month.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.first_day + relativedelta(months=1, days=-1)

    def later(self, months: int) -> "Month":
        """The month that many months later, or earlier when negative."""
        return Month.of(self.first_day + relativedelta(months=months))


@dataclass(frozen=True)
class Period:
    """A time limit.

    Args:
        safe: The date to advise.
        deadline: Latest date that is not contested.
        possible: Latest date by another reading of how days are counted; the same as `deadline` where there is none.
        article: Where it stands, in French.
    """

    safe: date
    deadline: date
    possible: date
    article: str

    @property
    def uncertain(self) -> bool:
        """Whether the way of counting is open."""
        return self.possible > self.deadline


def job_searches_due(period: Month) -> Period:
    """When the proof of a month's job searches must be there: on the 5th of the next month, or the first working day after.

    Source: art. 26 al. 2 OACI. Job-Room transmits on the 5th whatever day that is, so that the 5th is advised.
    """
    fifth = period.later(1).first_day.replace(day=SEARCHES_DUE_DAY)
    last = working_day_from(fifth)
    return Period(fifth, last, last, "art. 26 al. 2 OACI")


def searches_transmissible_from(period: Month) -> date:
    """From when the proof of a month's job searches can be transmitted by hand on Job-Room.

    Source: the screens of Job-Room; five days before the end of the month, twelve in December.
    """
    december = period.month == SEARCHES_EARLIER_MONTH
    return period.last_day - timedelta(days=SEARCHES_DAYS_EARLIER_MONTH if december else SEARCHES_DAYS)


def incapacity_announced_by(start: date) -> Period:
    """Within which week an incapacity for work is announced to the ORP.

    Source: art. 42 OACI. That the day it starts on counts is the shorter reading, and the one to advise.
    """
    last = start + timedelta(days=6)
    return Period(last, last, last + timedelta(days=1), "art. 42 OACI")


def sick_pay_until(start: date) -> Period:
    """Until when the full allowance is paid at most during an incapacity for work: the 30th day after it began.

    Source: art. 28 LACI. The shorter reading counts the first day. The allowances of the whole framework period may be
    used up before; the fund counts them.
    """
    last = start + timedelta(days=SICK_PAY_DAYS)
    return Period(last - timedelta(days=1), last - timedelta(days=1), last, "art. 28 LACI")


def benefits_lapse(period: Month) -> Period:
    """Until when the allowances of a month must have been claimed: the end of the third month after it.

    Source: art. 20 al. 3 LACI. The right is forfeited; no source moves the end over a weekend.
    """
    last = period.later(3).last_day
    return Period(working_day_until(last), last, last, "art. 20 al. 3 LACI")


def pcm_requested_by(inability: date) -> Period:
    """By when the cantonal sickness benefits (PCM) are requested in writing: five working days.

    Source: art. 14 LMC. The shorter reading counts the first day.

    Args:
        inability: First day of the inability once the federal sickness allowances are used up.
    """
    last = nth_working_day(inability, PCM_REQUEST_WORKING_DAYS)
    later = nth_working_day(inability + timedelta(days=1), PCM_REQUEST_WORKING_DAYS)
    return Period(last, last, later, "art. 14 LMC")


def pcm_waiting_days(inability: date) -> tuple[date, ...]:
    """The five working days for which no cantonal sickness benefit is paid; they begin anew with every request.

    Source: art. 14 LMC; ATAS/27/2005, ATAS/70/2012.
    """
    return tuple(islice(working_days(inability), PCM_WAITING_WORKING_DAYS))


def cantonal_registration_due(entitlement_ended: date) -> Period:
    """Until when someone registers for a cantonal measure: one month after the end of the federal entitlement.

    Source: art. 33 LMC (ARE) and 45A LMC (stage de requalification).
    """
    last = entitlement_ended + relativedelta(months=1)
    return Period(working_day_until(last), last, last, "art. 33 et 45A LMC")


def charter_profiles_due(received: date) -> date:
    """By when the OCE sends profiles for a vacancy: within five working days after it received the e-mail.

    Source: Charte de partenariat, I-OCE 1.
    """
    return nth_working_day(received + timedelta(days=1), CHARTER_PROFILES_WORKING_DAYS)


def charter_follow_up_from(received: date) -> date:
    """From when the OCE sends the form of the final follow-up: the eleventh working day.

    Source: Charte de partenariat, I-OCE 1.
    """
    return nth_working_day(received + timedelta(days=1), CHARTER_FOLLOW_UP_WORKING_DAY)


class FollowUp(StrEnum):
    """The steps of the canton's follow-up."""

    DIAGNOSIS = "diagnosis"
    MEASURES_DECIDED = "measures_decided"
    THOROUGH_ASSESSMENT = "thorough_assessment"
    PROGRAMME = "programme"


@dataclass(frozen=True)
class FollowUpStep:
    """One step of the follow-up.

    Args:
        step: What happens.
        month: In which month at the latest, counted from the beginning.
        by: Last day of that month of unemployment.
        standing: How far the month can be relied on.
        replaced: The month that an older text gives.
    """

    step: FollowUp
    month: int
    by: date
    standing: Standing
    replaced: int | None = None


_FOLLOW_UP = MappingProxyType({FollowUp.DIAGNOSIS: 1, FollowUp.MEASURES_DECIDED: 3, FollowUp.THOROUGH_ASSESSMENT: 6})
_PROGRAMME_MONTH, _PROGRAMME_MONTH_2008 = 9, 12


def follow_up(registered: date) -> Iterator[FollowUpStep]:
    """The steps of the follow-up of someone who registered on a day.

    Source: art. 6B LMC, text of 2008; the month of the programme went from the twelfth to the ninth (reported by the
    press when the law was revised on 11 May 2012). Exceptions are reserved.
    """
    for step, month in _FOLLOW_UP.items():
        yield FollowUpStep(step, month, _end_of_month(registered, month), Standing.DATED)
    by = _end_of_month(registered, _PROGRAMME_MONTH)
    yield FollowUpStep(FollowUp.PROGRAMME, _PROGRAMME_MONTH, by, Standing.DATED, _PROGRAMME_MONTH_2008)


def _end_of_month(registered: date, month: int) -> date:
    return registered + relativedelta(months=month, days=-1)
