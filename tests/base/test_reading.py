"""Days, months and durations as people write them in French."""

from __future__ import annotations

from datetime import date

import hypothesis
import hypothesis.strategies as st
import pytest

from base.reading import days, days_ahead, durations, impossible_days, months, readings, times

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reçu le 5", ["2026-11-05"]),
        ("Le 30", ["2026-10-30"]),
        ("le 31", ["2026-10-31"]),
        ("le 1er", ["2026-11-01"]),
        ("le 22", ["2026-11-22"]),
        ("3.11.", ["2026-11-03"]),
        ("le 3.11.2026", ["2026-11-03"]),
        ("3-11-26", ["2026-11-03"]),
        ("le 3/12", ["2025-12-03"]),
        ("le 5 décembre", ["2025-12-05"]),
        ("le 5 DECEMBRE 2026", ["2026-12-05"]),
        ("1er mars", ["2026-03-01"]),
        ("le 31 mars au matin", ["2026-03-31"]),
        ("29 février", ["2024-02-29"]),
        ("mi-novembre", ["2026-11-15"]),
        ("fin novembre", ["2026-11-30"]),
        ("début janvier 2027", ["2027-01-01"]),
        ("fin février", ["2026-02-28"]),
        ("il y a trois jours", ["2026-11-19"]),
        ("y a 2 semaines", ["2026-11-08"]),
        ("hier", ["2026-11-21"]),
        ("avant-hier", ["2026-11-20"]),
        ("aujourd\u2019hui", ["2026-11-22"]),
        ("après-demain", ["2026-11-24"]),
        ("lundi", ["2026-11-16"]),
        ("lundi passé", ["2026-11-16"]),
        ("dimanche dernier", ["2026-11-15"]),
        ("lundi prochain", ["2026-11-23"]),
        ("dimanche prochain", ["2026-11-29"]),
        ("vendredi 13 novembre", ["2026-11-13"]),
        ("du 2.11. au 6.11.", ["2026-11-02", "2026-11-06"]),
        ("le 5 du mois passé", ["2026-10-05"]),
        ("le 5 du mois", ["2026-11-05"]),
        ("lundi 9", ["2026-11-09"]),
        ("le lundi 9", ["2026-11-09"]),
        ("mardi 9", ["2026-11-09"]),
        ("sam. 14", ["2026-11-14"]),
        ("mecredi 11", ["2026-11-11"]),
        ("2026-11-06", ["2026-11-06"]),
        ("le 3 novembr", ["2026-11-03"]),
        ("5 novenbre, 7 dec 2026", ["2026-11-05", "2026-12-07"]),
        ("mar. 3 et dim 8", ["2026-11-03", "2026-11-08"]),
        ("jeudi passé le 12", ["2026-11-12"]),
        ("mercredi de la semaine passée", ["2026-11-11"]),
        ("le vingt-trois février", ["2026-02-23"]),
        ("trente-et-un octobre", ["2026-10-31"]),
        ("ça fait dix jours", ["2026-11-12"]),
        ("y a 3j", ["2026-11-19"]),
        ("le 31 février", []),
        ("le 45 mars", []),
        ("semaine passée vendredi", ["2026-11-13"]),
        ("le 5 février de l'an passé", ["2025-02-05"]),
        ("il y a 3-4 jours", []),
        ("y a 10/12 jours", []),
        ("mardi il y a une semaine", ["2026-11-15"]),
        ("lundi de l'autre semaine", []),
        ("lundi 9h", []),
        ("31.2.2026", []),
        ("32.1.", []),
        ("3.13.", []),
        ("12.30", []),
        ("10.5%", []),
        ("756.1234.5678.97", []),
        ("le 20 % du salaire", []),
        ("10 recherches par mois", []),
        ("marsouin et maison", []),
        ("", []),
    ],
)
def test_days_are_read_as_people_mean_them(text: str, expected: list[str]) -> None:
    assert [found.value for found in days(text, SUNDAY)] == expected


@pytest.mark.parametrize("text", ["mi-novembre", "vers le 10", "fin octobre", "je crois le 3", "environ le 4 mars"])
def test_rough_day_is_marked(text: str) -> None:
    assert [found.approximate for found in days(text, SUNDAY)] == [True]


@pytest.mark.parametrize("text", ["le 10", "le 3 mars", "hier"])
def test_exact_day_is_not_marked(text: str) -> None:
    assert [found.approximate for found in days(text, SUNDAY)] == [False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 31 février", ["31 février"]),
        ("reçue le 31.2.", ["31.2."]),
        ("Le 45 Mars", ["45 Mars"]),
        ("3.13.2026", ["3.13.2026"]),
        ("le 28 février", []),
        ("demain", []),
    ],
)
def test_days_of_no_calendar_are_named(text: str, expected: list[str]) -> None:
    assert impossible_days(text, SUNDAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mes recherches de mars", ["2026-03"]),
        ("décembre", ["2025-12"]),
        ("dec. 2026", ["2026-12"]),
        ("d'octobre et de sept.", ["2026-10", "2026-09"]),
        ("ce mois-ci", ["2026-11"]),
        ("le mois passé", ["2026-10"]),
        ("du mois prochain", ["2026-12"]),
        ("le 3 mars", []),
        ("sept jours", []),
        ("en aout", ["2026-08"]),
    ],
)
def test_months_are_those_without_a_day(text: str, expected: list[str]) -> None:
    assert [found.value for found in months(text, SUNDAY)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 mois", ["6 months"]),
        ("depuis deux ans", ["2 years"]),
        ("18 mois en 2 ans", ["18 months", "2 years"]),
        ("une semaine", ["1 weeks"]),
        ("sept jours", ["7 days"]),
        ("il y a trois jours", []),
        ("3 moisissures", []),
    ],
)
def test_durations_are_read(text: str, expected: list[str]) -> None:
    assert [found.value for found in durations(text)] == expected


@hypothesis.given(
    st.text() | st.text("0123456789./- lundimarsjetil yapch"), st.dates(date(2020, 1, 1), date(2040, 12, 31))
)
def test_any_text_can_be_read(text: str, today: date) -> None:
    for kind, found in readings(text, today):
        assert 0 <= found.start < found.end <= len(text)
        if kind == "day":
            date.fromisoformat(found.value)


@hypothesis.given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(0, 300))
def test_every_day_of_the_last_months_is_read_back(today: date, back: int) -> None:
    day = date.fromordinal(today.toordinal() - back)
    for text in (f"{day:%d.%m.%Y}", f"reçu le {day.day}.{day.month}.", f"{day.isoformat()[8:]}/{day.month}/{day:%y}"):
        assert [found.value for found in days(text, today)] == [day.isoformat()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le 5", ["2026-12-05"]),
        ("le 22", ["2026-11-22"]),
        ("le 21", ["2026-12-21"]),
        ("le 31", ["2026-12-31"]),
        ("3.2.", ["2027-02-03"]),
        ("le 5 décembre", ["2026-12-05"]),
        ("29 février", ["2028-02-29"]),
        ("vendredi", ["2026-11-27"]),
        ("dimanche", ["2026-11-29"]),
        ("tous les lundis", ["2026-11-23"]),
        ("jeudi à 10h", ["2026-11-26"]),
        ("jeudi 10h", ["2026-11-26"]),
        ("vendredi 27", ["2026-11-27"]),
        ("jeudi de la semaine prochaine", ["2026-11-26"]),
        ("la semaine prochaine", ["2026-11-23"]),
        ("fin du mois", ["2026-11-30"]),
        ("à la fin du mois prochain", ["2026-12-31"]),
        ("au début de chaque mois", ["2026-12-01"]),
        ("dans trois jours", ["2026-11-25"]),
        ("ce soir", ["2026-11-22"]),
        ("hier", ["2026-11-21"]),
        ("lundi passé", ["2026-11-16"]),
        ("le 3.11.2026", ["2026-11-03"]),
    ],
)
def test_days_ahead_are_the_next_that_fit(text: str, expected: list[str]) -> None:
    assert [found.value for found in days_ahead(text, SUNDAY)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("à 18h", ["18:00"]),
        ("à 9h30", ["09:30"]),
        ("14:05", ["14:05"]),
        ("8 heures du soir", ["20:00"]),
        ("demain matin", ["09:00"]),
        ("à midi", ["12:00"]),
        ("dans l'après-midi", ["14:00"]),
        ("48h avant", []),
        ("24 heures avant", []),
        ("le 3.11.", []),
        ("25h", []),
    ],
)
def test_times_of_day(text: str, expected: list[str]) -> None:
    assert [found.value for found in times(text)] == expected
