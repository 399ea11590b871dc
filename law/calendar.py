"""The calendar of Geneva: public holidays, working days, closed counters, and the suspension of time limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import holidays
from dateutil.easter import easter

FIRST_DAY, LAST_DAY = date(2003, 1, 1), date(2099, 12, 31)
"""The LPGA is in force since 1 January 2003; nobody knows the holidays of another century."""

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class OutOfCalendar(ValueError):
    """A day lies where this calendar says nothing."""


class RestDay(StrEnum):
    """Why a day is no working day."""

    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


@cache
def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of the canton of Geneva with their French names.

    Source: loi sur les jours fériés (J 1 45), art. 1: nine days, among them the Jeûne genevois (Thursday after the
    first Sunday of September) and 31 December; not 1 May, 2 January or 26 December.

    Args:
        year: From 2003 to 2099.

    Raises:
        OutOfCalendar: In any other year.
    """
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise OutOfCalendar(f"the calendar goes from {FIRST_DAY.year} to {LAST_DAY.year}, and not to {year}")
    return MappingProxyType(dict(holidays.country_holidays("CH", subdiv="GE", years=year, language="fr")))


def rest_day(day: date) -> RestDay | None:
    """Why a day is no working day; None when it is one. A holiday on a weekend is a holiday."""
    if day in public_holidays(day.year):
        return RestDay.HOLIDAY
    if day.weekday() < SATURDAY:
        return None
    return RestDay.SATURDAY if day.weekday() == SATURDAY else RestDay.SUNDAY


def is_working_day(day: date) -> bool:
    """Whether a day is neither Saturday, Sunday nor a public holiday in Geneva (art. 38 al. 3 LPGA)."""
    return rest_day(day) is None


def working_day_from(day: date) -> date:
    """The first working day on or after a day."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def working_day_until(day: date) -> date:
    """The last working day on or before a day."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days(first: date) -> Iterator[date]:
    """The working days from `first` on, in their order, `first` included when it is one."""
    day = first
    while True:
        day = working_day_from(day)
        yield day
        day += ONE_DAY


def nth_working_day(first: date, count: int) -> date:
    """The working day by which `count` working days have begun, from `first` on and counting it.

    Args:
        first: Where counting begins; it counts itself when it is a working day.
        count: Working days, at least 1.

    Raises:
        ValueError: When `count` is less than 1.
    """
    if count < 1:
        raise ValueError(f"a number of working days is at least 1, and not {count}")
    days = working_days(first)
    return [next(days) for _ in range(count)][-1]


def working_days_left(today: date, last: date) -> int:
    """How many working days remain on which to act, today and `last` included; 0 when `last` has passed."""
    return sum(is_working_day(today + timedelta(days=n)) for n in range((last - today).days + 1))


def counters_open(day: date) -> bool:
    """Whether the counters of the cantonal administration are open.

    They close on weekends and public holidays, and also on 1 May, 24 December and 26 to 30 December; those further
    days move no time limit. Source: the canton's public data set of holidays and closing days.
    """
    also_closed = (day.month, day.day) in {(5, 1), (12, 24)} or (day.month == 12 and 26 <= day.day <= 30)
    return is_working_day(day) and not also_closed


class SuspensionKind(StrEnum):
    """The three suspensions of the year."""

    EASTER = "easter"
    SUMMER = "summer"
    YEAR_END = "year_end"


@dataclass(frozen=True)
class Suspension:
    """A period in which time limits set in days or months stand still.

    Args:
        kind: Which of the three.
        first: First day of the period.
        last: Last day, which still belongs to it.
    """

    kind: SuspensionKind
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@cache
def suspensions(year: int) -> tuple[Suspension, ...]:
    """The suspensions that begin in a year.

    Source: art. 38 al. 4 LPGA: from the seventh day before Easter to the seventh day after, from 15 July to 15 August,
    and from 18 December to 2 January, first and last day included. Easter is Easter Sunday (ATF 139 V 490).
    """
    sunday, week = easter(year), timedelta(days=7)
    return (
        Suspension(SuspensionKind.EASTER, sunday - week, sunday + week),
        Suspension(SuspensionKind.SUMMER, date(year, 7, 15), date(year, 8, 15)),
        Suspension(SuspensionKind.YEAR_END, date(year, 12, 18), date(year + 1, 1, 2)),
    )


def suspension_on(day: date) -> Suspension | None:
    """The suspension that a day belongs to, if any."""
    return next((one for year in (day.year - 1, day.year) for one in suspensions(year) if day in one), None)
