"""The facts."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from law.facts import Fact, FactError, Standing, Unit, fact, facts, load

RELEASE = date(2026, 11, 22)
"""The day for which the facts were checked; who ships later moves it."""

GOOD = {
    "sources": {"page": {"title": "ge.ch", "as_of": "2026"}},
    "facts": {
        "subject.name": {
            "says": "Something.",
            "value": 3,
            "unit": "days",
            "source": "page",
            "ref": "B1",
            "standing": "current",
            "review_by": date(2027, 1, 1),
        }
    },
}

KINDS = {
    None: type(None),
    Unit.DIGITS: int,
    Unit.HOURS: int,
    Unit.DAYS: int,
    Unit.MONTHS: int,
    Unit.YEARS: int,
    Unit.DATE: date,
}
"""Types of values by unit; text for all others."""

Entry = dict[str, Any]

each_fact = pytest.mark.parametrize("found", facts().values(), ids=facts())


def written(folder: Path, change: Callable[[Entry], object]) -> Path:
    """A file of facts, the only one changed by `change`."""
    content: Any = deepcopy(GOOD)
    change(content["facts"]["subject.name"])
    path = folder / "facts.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def test_file_of_facts_is_right() -> None:
    assert facts()


def test_fact_is_read_with_its_source(tmp_path: Path) -> None:
    found = load(written(tmp_path, lambda _entry: None))["subject.name"]
    assert (found.id, found.value, found.unit) == ("subject.name", 3, Unit.DAYS)
    assert (found.source.id, found.source.title, found.source.as_of) == ("page", "ge.ch", "2026")
    assert found.standing is Standing.CURRENT
    assert found.review_by == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda entry: entry.update(colour="red"), "subject.name has unknown entries: colour"),
        (lambda entry: entry.pop("unit"), "subject.name needs both a value and a unit"),
        (lambda entry: entry.pop("value"), "subject.name needs both a value and a unit"),
        (lambda entry: entry.update(unit="miles"), "miles"),
        (lambda entry: entry.update(source="nowhere"), "nowhere"),
        (lambda entry: entry.pop("source"), "source"),
        (lambda entry: entry.update(standing="probable"), "probable"),
        (lambda entry: entry.pop("standing"), "standing"),
        (lambda entry: entry.pop("says"), "says"),
        (lambda entry: entry.pop("ref"), "ref"),
        (lambda entry: entry.pop("review_by"), "review_by"),
    ],
)
def test_wrong_entry_is_refused_and_named(tmp_path: Path, change: Callable[[Entry], object], named: str) -> None:
    with pytest.raises(FactError, match=re.escape(named)) as refused:
        load(written(tmp_path, change))
    assert str(refused.value).startswith("facts.yml: ")


def test_source_with_an_unknown_entry_is_refused(tmp_path: Path) -> None:
    content: Any = deepcopy(GOOD)
    content["sources"]["page"]["colour"] = "red"
    path = tmp_path / "facts.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(FactError, match="colour"):
        load(path)


def test_unknown_fact_is_named() -> None:
    with pytest.raises(FactError, match=r"lunch\.price"):
        fact("lunch.price")


@each_fact
def test_fact_is_named_for_its_subject_and_found_by_that_name(found: Fact) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", found.id)
    assert fact(found.id) is found


@each_fact
def test_fact_refers_to_the_list_it_was_taken_from(found: Fact) -> None:
    for reference in found.ref.split(", "):
        assert re.fullmatch(r"[ABCE]\d+(\.\d+|[a-z])?", reference)


@each_fact
def test_fact_has_been_checked_and_will_be_again(found: Fact) -> None:
    assert found.standing in {Standing.CURRENT, Standing.DATED, Standing.SUPERSEDED}
    assert found.review_by >= RELEASE


@each_fact
def test_value_is_of_the_kind_its_unit_says(found: Fact) -> None:
    assert type(found.value) is KINDS.get(found.unit, str)


@each_fact
def test_article_that_is_shown_is_the_article_it_rests_on(found: Fact) -> None:
    assert found.unit is not Unit.ARTICLE or found.value == found.article


@each_fact
def test_source_says_of_which_state_it_is(found: Fact) -> None:
    assert found.source.title
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", found.source.as_of)
    assert found.source.url is None or found.source.url.startswith("https://")
