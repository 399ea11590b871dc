"""The clock."""

from datetime import UTC, datetime, timedelta

import pytest

from base import clock


def test_time_without_an_offset_is_read_as_zurich() -> None:
    assert clock.parse("2026-07-01T12:00:00").utcoffset() == timedelta(hours=2)


def test_time_with_an_offset_keeps_its_moment() -> None:
    assert clock.parse("2026-12-02T10:15:00+00:00") == datetime(2026, 12, 2, 10, 15, tzinfo=UTC)
    assert clock.parse("2026-12-02T10:15:00+00:00").hour == 11


def test_what_is_not_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="tomorrow"):
        clock.parse("tomorrow")


HANDS_PUT_BACK = datetime(2026, 10, 25, 2, 30, tzinfo=clock.ZONE)
"""Comes twice, `fold` tells which."""


@pytest.mark.parametrize("fold", [0, 1])
def test_time_passes_also_in_the_night_when_the_hands_are_put_back(fold: int) -> None:
    moment = HANDS_PUT_BACK.replace(fold=fold)
    for by in (timedelta(minutes=2), timedelta(hours=3), timedelta(days=1)):
        assert clock.later(moment, by).timestamp() - moment.timestamp() == by.total_seconds()
        assert clock.later(moment, by).tzinfo is clock.ZONE


def test_moment_of_the_hour_that_comes_twice_is_past_once_it_has_come() -> None:
    first, second = (HANDS_PUT_BACK.replace(fold=fold) for fold in (0, 1))
    with clock.at(first):
        assert clock.is_past(first)
        assert not clock.is_past(clock.later(first, timedelta(minutes=45)))
        assert not clock.is_past(second)
    with clock.at(second):
        assert clock.is_past(first)


def test_program_clock_stands_still(frozen_clock: datetime) -> None:
    assert clock.now() == clock.now() == frozen_clock
    assert clock.today() == frozen_clock.date()


def test_request_time_wins_and_ends_with_the_request(frozen_clock: datetime) -> None:
    later = frozen_clock + timedelta(days=40)
    with clock.at(later):
        assert clock.now() == later
    assert clock.now() == frozen_clock


def test_no_request_time_changes_nothing(frozen_clock: datetime) -> None:
    with clock.at(frozen_clock + timedelta(days=1)), clock.at(None):
        assert clock.now() == frozen_clock + timedelta(days=1)
