"""Days given in answer to the question for one."""

from __future__ import annotations

from datetime import date

import hypothesis
import hypothesis.strategies as st
import pytest

from base.day_answers import answered_days

WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "2026-02-12"),
        ("le 11", "2026-03-11"),
        ("c'était le 5", "2026-03-05"),
        ("gestern", "2026-03-10"),
        ("am 5. März", "2026-03-05"),
        ("il 5 marzo", "2026-03-05"),
        ("5 de março", "2026-03-05"),
        ("March 5th", "2026-03-05"),
        ("yesterday", "2026-03-10"),
    ],
)
def test_short_answers_and_other_languages_are_read(text: str, expected: str) -> None:
    assert [found.value for found in answered_days(text, WEDNESDAY)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "bientôt",
        "je sais plus",
        "le 45",
        "99",
        "",
        "mars",
        "30 jours ?",
        "à 10 heures",
        "10 recherches et rien d'autre",
    ],
)
def test_what_names_no_day_is_not_guessed(text: str) -> None:
    assert answered_days(text, WEDNESDAY) == []


@hypothesis.given(st.text(max_size=80))
@hypothesis.settings(max_examples=200)
def test_any_text_can_be_read(text: str) -> None:
    for found in answered_days(text, WEDNESDAY):
        date.fromisoformat(found.value)
