"""The order in which cases are worked on: one pure function, for every combination."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base import clock
from casework.triage import (
    NO_DATE,
    PRESSING_WITHIN,
    Position,
    Reason,
    Standing,
    Urgency,
    act_by,
    in_order,
    position,
    pressing_until,
)
from law.calendar import is_working_day, working_days_left

DAYS = st.dates(date(2025, 12, 1), date(2026, 12, 31))
MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=clock.ZONE)
)
STANDINGS = st.builds(
    Standing, is_danger=st.booleans(), safe=st.none() | DAYS, waiting_since=MOMENTS, id=st.integers(1, 10_000)
)
SEVERAL = st.lists(STANDINGS, min_size=2, max_size=8, unique_by=lambda one: one.id)
RANKS = (Urgency.IMMEDIATE, Urgency.PRESSING, Urgency.DATED, Urgency.NORMAL)


def place(one: Standing, today: date) -> Position:
    return position(one.safe, today, is_danger=one.is_danger)


@given(SEVERAL, DAYS)
def test_order_is_danger_then_near_dates_then_days_left_then_waiting(several: list[Standing], today: date) -> None:
    ordered = in_order(several)
    for first, second in itertools.pairwise(ordered):
        one, other = place(first, today), place(second, today)
        assert RANKS.index(one.urgency) <= RANKS.index(other.urgency)
        if one.urgency is not other.urgency:
            continue
        if one.urgency is Urgency.IMMEDIATE or one.reason is Reason.WAITING:
            assert first.waiting_since <= second.waiting_since
        else:
            assert one.days_left is not None
            assert other.days_left is not None
            assert one.days_left <= other.days_left
            if act_by(first.safe, is_danger=False) == act_by(second.safe, is_danger=False):
                assert first.waiting_since <= second.waiting_since


@given(SEVERAL, st.randoms())
def test_order_does_not_depend_on_how_cases_came(several: list[Standing], chance: Random) -> None:
    shuffled = list(several)
    chance.shuffle(shuffled)
    assert in_order(shuffled) == in_order(several)


@given(STANDINGS, DAYS)
def test_every_place_explains_itself(one: Standing, today: date) -> None:
    found = place(one, today)
    assert (found.urgency is Urgency.IMMEDIATE) == one.is_danger == (found.reason is Reason.DANGER)
    assert (found.days_left is None) == (one.safe is None)
    if one.is_danger or one.safe is None:
        return
    by = act_by(one.safe, is_danger=False)
    assert is_working_day(by)
    assert by <= one.safe
    assert (found.reason is Reason.PASSED) == (by < today)
    assert (found.urgency is Urgency.PRESSING) == (by <= pressing_until(today))
    if by > today:
        assert found.days_left == working_days_left(today + timedelta(days=1), by)
        assert (found.reason is Reason.SOON) == (found.days_left is not None and found.days_left <= PRESSING_WITHIN)


@pytest.mark.parametrize(
    ("safe", "expected"),
    [
        (date(2026, 3, 10), Position(Urgency.PRESSING, Reason.PASSED, 0)),
        (date(2026, 3, 11), Position(Urgency.PRESSING, Reason.TODAY, 0)),
        (date(2026, 3, 12), Position(Urgency.PRESSING, Reason.SOON, 1)),
        (date(2026, 3, 13), Position(Urgency.PRESSING, Reason.SOON, 2)),
        (date(2026, 3, 15), Position(Urgency.PRESSING, Reason.SOON, 2)),
        (date(2026, 3, 16), Position(Urgency.DATED, Reason.AHEAD, 3)),
        (None, Position(Urgency.NORMAL, Reason.WAITING)),
    ],
)
def test_days_are_working_days(safe: date | None, expected: Position) -> None:
    """On a Wednesday, with a weekend ahead."""
    assert position(safe, date(2026, 3, 11), is_danger=False) == expected
    assert act_by(None, is_danger=False) == NO_DATE
