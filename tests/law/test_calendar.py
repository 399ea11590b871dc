"""The calendar of Geneva."""

from collections.abc import Iterator
from datetime import date, timedelta

import hypothesis
import hypothesis.strategies as st
import pytest
import yaml
from dateutil.easter import easter

from base.paths import PROJECT
from law.calendar import (
    FIRST_DAY,
    LAST_DAY,
    OutOfCalendar,
    RestDay,
    SuspensionKind,
    counters_open,
    is_working_day,
    nth_working_day,
    public_holidays,
    rest_day,
    suspension_on,
    suspensions,
    working_day_from,
    working_day_until,
    working_days_left,
)

SNAPSHOT = PROJECT / "tests" / "law" / "holidays.yml"
YEARS = range(2024, 2036)

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def every_day(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def test_holidays_are_those_that_were_checked() -> None:
    snapshot = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    assert {year: dict(public_holidays(year)) for year in YEARS} == snapshot


@pytest.mark.parametrize("year", range(2003, 2100))
def test_geneva_has_nine_public_holidays(year: int) -> None:
    sunday = easter(year)
    first_sunday = next(day for day in every_day(year) if day.month == 9 and day.isoweekday() == 7)
    assert set(public_holidays(year)) == {
        date(year, 1, 1),
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        sunday + timedelta(days=39),
        sunday + timedelta(days=50),
        date(year, 8, 1),
        first_sunday + timedelta(days=4),
        date(year, 12, 25),
        date(year, 12, 31),
    }


@pytest.mark.parametrize("year", [1999, 2002, 2100])
def test_year_that_nobody_knows_is_refused(year: int) -> None:
    with pytest.raises(OutOfCalendar, match=str(year)):
        public_holidays(year)


def test_days_of_rest_have_their_reason() -> None:
    assert rest_day(date(2026, 3, 27)) is None
    assert rest_day(date(2026, 3, 28)) is RestDay.SATURDAY
    assert rest_day(date(2026, 3, 29)) is RestDay.SUNDAY
    assert rest_day(date(2026, 9, 10)) is RestDay.HOLIDAY
    assert rest_day(date(2026, 8, 1)) is RestDay.HOLIDAY, "a Saturday that is a holiday too"


@pytest.mark.parametrize("day", [date(2025, 5, 1), date(2026, 1, 2), date(2025, 12, 26), date(2025, 12, 24)])
def test_days_that_are_holidays_elsewhere_are_working_days_in_geneva(day: date) -> None:
    assert is_working_day(day)


@hypothesis.given(days)
def test_nearest_working_days_enclose_a_day(day: date) -> None:
    before, after = working_day_until(day), working_day_from(day)
    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    assert (before == after) == is_working_day(day)
    assert not any(is_working_day(before + timedelta(days=n)) for n in range(1, (after - before).days))


@hypothesis.given(days, st.integers(1, 60))
def test_working_days_are_counted_from_the_first_on(day: date, count: int) -> None:
    last = nth_working_day(day, count)
    assert is_working_day(last)
    assert working_days_left(day, last) == count


def test_counting_no_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        nth_working_day(date(2026, 1, 5), 0)


def test_nothing_is_left_of_what_has_passed() -> None:
    assert working_days_left(date(2026, 1, 6), date(2026, 1, 5)) == 0
    assert working_days_left(date(2026, 1, 5), date(2026, 1, 5)) == 1
    assert working_days_left(date(2026, 1, 9), date(2026, 1, 12)) == 2


@pytest.mark.parametrize("year", range(2020, 2041))
def test_counters_close_on_days_of_rest_and_on_seven_more(year: int) -> None:
    further = {day for day in every_day(year) if is_working_day(day) and not counters_open(day)}
    assert further == {
        day
        for day in [date(year, 5, 1), date(year, 12, 24), *(date(year, 12, n) for n in range(26, 31))]
        if is_working_day(day)
    }
    assert not any(counters_open(day) for day in every_day(year) if not is_working_day(day))


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        (2025, date(2025, 4, 13), date(2025, 4, 27)),
        (2026, date(2026, 3, 29), date(2026, 4, 12)),
        (2027, date(2027, 3, 21), date(2027, 4, 4)),
    ],
)
def test_easter_suspension_lasts_from_seven_days_before_to_seven_days_after(year: int, first: date, last: date) -> None:
    found = next(one for one in suspensions(year) if one.kind is SuspensionKind.EASTER)
    assert (found.first, found.last) == (first, last)


@hypothesis.given(st.dates(FIRST_DAY, LAST_DAY))
def test_day_is_suspended_by_the_text_of_the_law(day: date) -> None:
    week = timedelta(days=7)
    expected = None
    if easter(day.year) - week <= day <= easter(day.year) + week:
        expected = SuspensionKind.EASTER
    elif (7, 15) <= (day.month, day.day) <= (8, 15):
        expected = SuspensionKind.SUMMER
    elif (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 2):
        expected = SuspensionKind.YEAR_END
    found = suspension_on(day)
    assert (found.kind if found else None) is expected
    assert found is None or day in found
