"""Monthly duties, cantonal benefits, the employers' charter and the follow-up."""

from datetime import date, timedelta
from itertools import pairwise

import hypothesis
import hypothesis.strategies as st
import pytest

from law.calendar import is_working_day, working_days_left
from law.facts import Standing
from law.periods import (
    FollowUp,
    Month,
    Period,
    benefits_lapse,
    cantonal_registration_due,
    charter_follow_up_from,
    charter_profiles_due,
    follow_up,
    incapacity_announced_by,
    job_searches_due,
    pcm_requested_by,
    pcm_waiting_days,
    searches_transmissible_from,
    sick_pay_until,
)

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
months = st.builds(Month, st.integers(2020, 2040), st.integers(1, 12))


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [
        (2025, 1, date(2025, 2, 5)),
        (2025, 3, date(2025, 4, 7)),
        (2025, 6, date(2025, 7, 7)),
        (2025, 9, date(2025, 10, 6)),
        (2026, 3, date(2026, 4, 7)),
        (2026, 6, date(2026, 7, 6)),
        (2026, 8, date(2026, 9, 7)),
        (2026, 11, date(2026, 12, 7)),
        (2026, 12, date(2027, 1, 5)),
        (2027, 5, date(2027, 6, 7)),
        (2027, 8, date(2027, 9, 6)),
        (2027, 11, date(2027, 12, 6)),
    ],
)
def test_job_searches_are_due_on_the_fifth_or_the_working_day_after(year: int, month: int, last: date) -> None:
    period = job_searches_due(Month(year, month))
    assert (period.safe.day, period.deadline) == (5, last)
    assert (period.safe.year, period.safe.month) == (last.year, last.month)


@pytest.mark.parametrize(
    ("month", "first"),
    [(1, date(2026, 1, 26)), (2, date(2026, 2, 23)), (11, date(2026, 11, 25)), (12, date(2026, 12, 19))],
)
def test_job_searches_can_be_transmitted_five_days_before_the_end_and_earlier_in_december(
    month: int, first: date
) -> None:
    assert searches_transmissible_from(Month(2026, month)) == first


@hypothesis.given(months)
def test_job_searches_can_be_transmitted_within_their_month(month: Month) -> None:
    assert month.first_day < searches_transmissible_from(month) < month.last_day


def test_sick_pay_ends_on_the_thirtieth_day_counted_both_ways() -> None:
    period = sick_pay_until(date(2026, 3, 9))
    assert (period.safe, period.deadline, period.possible) == (date(2026, 4, 7), date(2026, 4, 7), date(2026, 4, 8))


@hypothesis.given(days)
def test_sick_pay_lasts_thirty_days_with_the_first_one(start: date) -> None:
    period = sick_pay_until(start)
    assert (period.safe - start).days + 1 == 30
    assert period.uncertain


@hypothesis.given(months)
def test_job_searches_are_never_due_before_the_fifth(month: Month) -> None:
    period = job_searches_due(month)
    assert is_working_day(period.deadline)
    assert period.safe <= period.deadline
    assert (period.safe == period.deadline) == is_working_day(period.safe)
    assert not period.uncertain


def test_incapacity_is_announced_within_a_week_that_counts_its_first_day() -> None:
    period = incapacity_announced_by(date(2026, 1, 5))
    assert (period.safe, period.deadline, period.possible) == (date(2026, 1, 11), date(2026, 1, 11), date(2026, 1, 12))
    assert period.uncertain


@pytest.mark.parametrize(
    ("month", "last", "safe"),
    [
        (Month(2026, 1), date(2026, 4, 30), date(2026, 4, 30)),
        (Month(2025, 11), date(2026, 2, 28), date(2026, 2, 27)),
        (Month(2027, 11), date(2028, 2, 29), date(2028, 2, 29)),
        (Month(2025, 9), date(2025, 12, 31), date(2025, 12, 30)),
    ],
)
def test_allowances_lapse_at_the_end_of_the_third_month(month: Month, last: date, safe: date) -> None:
    assert benefits_lapse(month) == Period(safe, last, last, "art. 20 al. 3 LACI")


def test_cantonal_sickness_benefits_skip_31_december_and_new_year_but_not_2_january() -> None:
    period = pcm_requested_by(date(2025, 12, 26))
    assert (period.deadline, period.possible) == (date(2026, 1, 5), date(2026, 1, 6))
    assert pcm_waiting_days(date(2025, 12, 26)) == (
        date(2025, 12, 26),
        date(2025, 12, 29),
        date(2025, 12, 30),
        date(2026, 1, 2),
        date(2026, 1, 5),
    )


@hypothesis.given(days)
def test_five_working_days_are_five_working_days(start: date) -> None:
    period = pcm_requested_by(start)
    assert working_days_left(start, period.deadline) == 5
    assert working_days_left(start + timedelta(days=1), period.possible) == 5
    assert period.uncertain == is_working_day(start)
    assert len(pcm_waiting_days(start)) == 5
    assert pcm_waiting_days(start)[-1] == period.deadline


@pytest.mark.parametrize(
    ("ended", "last", "safe"),
    [
        (date(2026, 3, 15), date(2026, 4, 15), date(2026, 4, 15)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 27)),
        (date(2026, 4, 10), date(2026, 5, 10), date(2026, 5, 8)),
    ],
)
def test_one_month_to_register_for_cantonal_measures(ended: date, last: date, safe: date) -> None:
    period = cantonal_registration_due(ended)
    assert (period.safe, period.deadline, period.possible) == (safe, last, last)


def test_charter_counts_working_days_after_receipt() -> None:
    friday_before_whitsun = date(2026, 5, 22)
    assert charter_profiles_due(friday_before_whitsun) == date(2026, 6, 1)
    assert charter_follow_up_from(friday_before_whitsun) == date(2026, 6, 9)


@hypothesis.given(days)
def test_follow_up_of_the_charter_comes_six_working_days_after_the_profiles(received: date) -> None:
    assert working_days_left(charter_profiles_due(received), charter_follow_up_from(received)) == 7


def test_follow_up_has_four_steps_and_says_which_month_changed() -> None:
    steps = list(follow_up(date(2026, 1, 31)))
    assert [(step.step, step.month, step.by, step.replaced) for step in steps] == [
        (FollowUp.DIAGNOSIS, 1, date(2026, 2, 27), None),
        (FollowUp.MEASURES_DECIDED, 3, date(2026, 4, 29), None),
        (FollowUp.THOROUGH_ASSESSMENT, 6, date(2026, 7, 30), None),
        (FollowUp.PROGRAMME, 9, date(2026, 10, 30), 12),
    ]
    assert {step.standing for step in steps} == {Standing.DATED}


@hypothesis.given(days)
def test_steps_of_the_follow_up_come_in_order(registered: date) -> None:
    for before, after in pairwise(follow_up(registered)):
        assert registered < before.by < after.by


@hypothesis.given(months, st.integers(-30, 30))
def test_months_go_on_and_back(month: Month, count: int) -> None:
    assert month.later(count).later(-count) == month
    assert month.last_day + timedelta(days=1) == month.later(1).first_day
    assert Month.of(month.last_day) == month


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1)])
def test_month_that_there_is_not_is_refused(year: int, month: int) -> None:
    with pytest.raises(ValueError, match=r"month|year"):
        Month(year, month)
