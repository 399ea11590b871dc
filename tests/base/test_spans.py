"""Spans of days as people write them."""

from datetime import date, timedelta

import hypothesis
import hypothesis.strategies as st
import pytest

from base.spans import FARTHEST, Span, last_day, span

TODAY = date(2026, 3, 11)
"""A Wednesday."""


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("malade depuis lundi, voici le certificat", march(9), None),
        ("malade du 3 au 10 mars", march(3), march(10)),
        ("du 5 au 12", march(5), march(12)),
        ("du 1er au 15 mars", march(1), march(15)),
        ("du 28 au 30 mars", march(28), march(30)),
        ("du 28 au 3 avril", march(28), date(2026, 4, 3)),
        ("du 28 février au 6 mars", date(2026, 2, 28), march(6)),
        ("du 03.03.26 au 15.03.26", march(3), march(15)),
        ("incapacité 100 % du 8.11 au 22.11", date(2025, 11, 8), date(2025, 11, 22)),
        ("de mardi à vendredi", march(10), march(13)),
        ("j'ai été malade de mardi à vendredi passé", march(3), march(6)),
        ("lundi - vendredi", march(9), march(13)),
        ("jusqu'au 30", None, march(30)),
        ("jusqu'à vendredi", None, march(13)),
        ("jusque vendredi", None, march(13)),
        ("jusqu'à dimanche prochain", None, march(15)),
        ("jusqu'à la fin du mois", None, march(31)),
        ("arrêt jusqu'au 31 décembre", None, date(2026, 12, 31)),
        ("depuis 3 jours", march(8), None),
        ("ça fait 3 jours que je suis malade", march(8), None),
        ("d'aujourd'hui au 15", march(11), march(15)),
        ("dès demain", march(12), None),
        ("à partir du 9, j'ai le certificat", march(9), None),
        ("je suis malade", None, None),
    ],
)
def test_first_and_last_day_are_read(text: str, first: date | None, last: date | None) -> None:
    found = span(text, TODAY)
    assert (found.first, found.last, found.is_counted) == (first, last, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3 semaines dès le 4", Span(march(4), march(24), is_counted=True, length="3 weeks")),
        ("accident hier, arrêt deux semaines", Span(None, march(23), True, "2 weeks", march(10))),
        ("un arrêt de 10 jours", Span(length="10 days")),
    ],
)
def test_end_is_counted_from_how_long_it_lasts(text: str, found: Span) -> None:
    assert span(text, TODAY) == found


def test_end_is_the_first_such_day_after_a_beginning_that_is_known() -> None:
    assert span("jusqu'au 20", TODAY, date(2026, 1, 28)).last == date(2026, 2, 20)


def test_day_that_is_neither_is_left_to_the_reader() -> None:
    assert span("malade le 3", TODAY) == Span(alone=march(3))


def test_contradiction_stays_one() -> None:
    found = span("du 10 mars au 3 mars", TODAY)
    assert (found.first, found.last) == (march(10), march(3))


@hypothesis.given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 27))
def test_end_never_lies_before_the_beginning_nor_too_far_ahead(today: date, days: int) -> None:
    first = today - timedelta(days=days)
    found = span(f"depuis le {first.day} jusqu'au {today.day}", today)
    assert found.first is not None
    assert found.last is not None
    assert found.first <= found.last <= found.first + FARTHEST


@hypothesis.given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_so_many_days_end_the_day_before_as_many_later(first: date, count: int) -> None:
    assert last_day(first, f"{count} days") == first + timedelta(days=count - 1)
