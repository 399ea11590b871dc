"""The facts."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from law.facts import FactError, Standing, Unit, fact, facts, load

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

INVENTORY = [
    *(f"A{number}" for number in range(1, 107)),
    *(f"B1.{number}" for number in range(1, 15)),
    *(f"B2.{number}" for number in range(1, 16)),
    *(f"B3.{number}" for number in range(1, 9)),
    *(f"B4.{number}" for number in range(1, 16)),
    "B5",
    *(f"B6.{number}" for number in range(1, 3)),
    "B7",
    "B8",
    "B9",
    *(f"B9a.{number}" for number in range(1, 12)),
    "B10",
]
"""The numbers of the list of facts: those of part A, and in part B the rows and paragraphs of each section in order."""

BEYOND = re.compile(r"C[1-6]|D|E[1-8]")
"""Parts of the list that hold forms, wording and warnings; they lend facts but are no inventory."""

Entry = dict[str, Any]


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
    found = load(written(tmp_path, lambda _entry: None)).by_id["subject.name"]
    assert (found.id, found.value, found.unit) == ("subject.name", 3, Unit.DAYS)
    assert (found.source.id, found.source.title, found.source.as_of) == ("page", "ge.ch", "2026")
    assert found.standing is Standing.CURRENT
    assert found.review_by == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda entry: entry.update(colour="red"), "subject.name has unknown entries: colour"),
        (lambda entry: entry.pop("unit"), "subject.name has a value that does not fit its unit"),
        (lambda entry: entry.pop("value"), "subject.name has a value that does not fit its unit"),
        (lambda entry: entry.update(value="three"), "subject.name has a value that does not fit its unit"),
        (lambda entry: entry.update(value=True), "subject.name has a value that does not fit its unit"),
        (lambda entry: entry.update(unit="phone"), "subject.name has a value that does not fit its unit"),
        (lambda entry: entry.update(unit="miles"), "subject.name is wrong: 'miles'"),
        (lambda entry: entry.update(source="nowhere"), "subject.name lacks 'nowhere', or there is no such source"),
        (lambda entry: entry.pop("source"), "subject.name"),
        (lambda entry: entry.update(standing="probable"), "probable"),
        (lambda entry: entry.pop("standing"), "subject.name"),
        (lambda entry: entry.pop("says"), "subject.name"),
        (lambda entry: entry.pop("ref"), "subject.name"),
        (lambda entry: entry.pop("review_by"), "subject.name"),
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


@pytest.mark.parametrize(
    "text", ["facts: [", "facts:\n  a.b: {says: x}\n  a.b: {says: y}\nsources: {}", "sources: {}", "", "facts: 3"]
)
def test_file_that_is_not_even_a_list_of_facts_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FactError, match=r"^facts\.yml: "):
        load(path)


def test_fact_that_stands_twice_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, lambda _entry: None)
    with path.open("a", encoding="utf-8") as file:
        file.write("unused:\n  A1: one reason\n  A1: another\n")
    with pytest.raises(FactError, match=r"'A1' stands twice \(line \d+ and after\)"):
        load(path)


def test_nothing_of_the_list_of_facts_is_lost() -> None:
    content = load()
    used = {reference for found in content.by_id.values() for reference in found.refs}
    assert sorted(set(INVENTORY) - used - content.unused.keys()) == []
    assert sorted(used & content.unused.keys()) == []
    assert sorted(content.partly_unused.keys() - used) == []


def test_what_is_left_out_has_a_reason() -> None:
    content = load()
    assert {
        number for number, reason in {**content.unused, **content.partly_unused}.items() if len(reason) < 15
    } == set()


def test_unknown_fact_is_named() -> None:
    with pytest.raises(FactError, match=r"lunch\.price"):
        fact("lunch.price")


def test_fact_is_named_for_its_subject_and_found_by_that_name() -> None:
    named = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
    assert [found for found in facts() if not named.fullmatch(found)] == []
    assert [name for name, found in facts().items() if found.id != name or fact(name) is not found] == []


def test_fact_refers_to_the_list_it_was_taken_from() -> None:
    assert [found.id for found in facts().values() if not found.refs] == []
    named = {(found.id, reference) for found in facts().values() for reference in found.refs}
    assert {(name, ref) for name, ref in named if ref not in INVENTORY and not BEYOND.fullmatch(ref)} == set()


def test_fact_has_been_checked_and_will_be_again() -> None:
    assert {found.standing for found in facts().values()} <= {Standing.CURRENT, Standing.DATED, Standing.SUPERSEDED}
    assert [found.id for found in facts().values() if found.review_by < RELEASE] == []


def test_article_that_is_shown_is_the_article_it_rests_on() -> None:
    articles = [found for found in facts().values() if found.unit is Unit.ARTICLE]
    assert articles
    assert [found.id for found in articles if found.value != found.article] == []


def test_source_says_of_which_state_it_is() -> None:
    state = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
    for source in {found.source.id: found.source for found in facts().values()}.values():
        assert source.title
        assert state.fullmatch(source.as_of), source.id
        assert source.url is None or source.url.startswith("https://")
