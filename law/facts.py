"""Every fact that an answer may state, with its source and its standing (`facts.yml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FACTS_FILE = Path(__file__).with_name("facts.yml")


class Standing(StrEnum):
    """How far a fact can be relied on today."""

    CURRENT = "current"
    """An official text, an official page or a judgment says it."""
    DATED = "dated"
    """True on the date given; the text has not been seen since."""
    SUPERSEDED = "superseded"
    """A rule that is known to have changed."""


class Unit(StrEnum):
    """What a fact's value is, and so how it is written."""

    DIGITS = "digits"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    DATE = "date"
    PHONE = "phone"
    ARTICLE = "article"
    LABEL = "label"
    """A name that is shown as it stands in every language, such as a heading on a screen."""


class FactError(Exception):
    """`facts.yml` is wrong, or something asked for a fact that it does not hold."""


@dataclass(frozen=True)
class Source:
    """Where facts come from.

    Args:
        id: Key in `facts.yml`.
        title: What a person reads, in French.
        as_of: State of the text: a year, a month or a day, in ISO 8601.
        url: Address of the page, where one is confirmed.
    """

    id: str
    title: str
    as_of: str
    url: str | None = None


@dataclass(frozen=True)
class Fact:
    """One thing that is known.

    Args:
        id: Key in `facts.yml`, `<subject>.<name>`.
        says: What it says, in English, for those who keep the facts.
        source: Where it comes from.
        ref: Number in the list of facts that it was taken from.
        standing: How far it can be relied on.
        review_by: When someone must look at the source again.
        value: The part that answers show; None when the fact only lends its source to an answer.
        unit: What the value is.
        article: Article of the law, where there is one.
        valid_from: When the rule came into force, where it changed.
    """

    id: str
    says: str
    source: Source
    ref: str
    standing: Standing
    review_by: date
    value: int | str | date | None = None
    unit: Unit | None = None
    article: str | None = None
    valid_from: date | None = None


def load(path: Path = FACTS_FILE) -> Mapping[str, Fact]:
    """Reads a file of facts.

    Raises:
        FactError: When an entry is incomplete, unknown to the model, or names a source that is not there.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        sources = {key: Source(id=key, **entry) for key, entry in content["sources"].items()}
        facts = {key: _fact(key, entry, sources) for key, entry in content["facts"].items()}
    except (KeyError, TypeError, ValueError) as error:
        raise FactError(f"{path.name}: {error}") from error
    return MappingProxyType(facts)


def _fact(key: str, entry: dict[str, Any], sources: Mapping[str, Source]) -> Fact:
    known = {
        name: entry[name] for name in ("says", "ref", "review_by", "value", "article", "valid_from") if name in entry
    }
    unknown = entry.keys() - known.keys() - {"source", "standing", "unit"}
    if unknown:
        raise ValueError(f"{key} has unknown entries: {', '.join(sorted(unknown))}")
    if ("value" in entry) != ("unit" in entry):
        raise ValueError(f"{key} needs both a value and a unit, or neither")
    unit = Unit(entry["unit"]) if "unit" in entry else None
    return Fact(id=key, source=sources[entry["source"]], standing=Standing(entry["standing"]), unit=unit, **known)


@cache
def facts() -> Mapping[str, Fact]:
    """All facts by id.

    Raises:
        FactError: When `facts.yml` is wrong.
    """
    return load()


def fact(fact_id: str) -> Fact:
    """The fact with this id.

    Raises:
        FactError: When there is none.
    """
    try:
        return facts()[fact_id]
    except KeyError:
        raise FactError(f"there is no fact '{fact_id}' in {FACTS_FILE.name}") from None
