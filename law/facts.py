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
    CHARACTERS = "characters"
    COUNT = "count"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    ALLOWANCES = "allowances"
    """Indemnités journalières."""
    PERCENT = "percent"
    FRANCS = "francs"
    MEBIBYTES = "mebibytes"
    DATE = "date"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    ADDRESS = "address"
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
        refs: Numbers in the list of facts that it was taken from, e.g. `A17`, `B2.4`, `B9a.1`, `C6`.
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
    refs: tuple[str, ...]
    standing: Standing
    review_by: date
    value: int | str | date | None = None
    unit: Unit | None = None
    article: str | None = None
    valid_from: date | None = None


@dataclass(frozen=True)
class Facts:
    """What `facts.yml` holds.

    Args:
        by_id: Every fact.
        unused: Numbers of the list of facts that no answer may state, with the reason.
        partly_unused: What is left out of a number that facts draw on, with the reason.
    """

    by_id: Mapping[str, Fact]
    unused: Mapping[str, str]
    partly_unused: Mapping[str, str]


class _UniqueKeys(yaml.CSafeLoader):
    """Reads YAML in which no key stands twice, safely and quickly."""


def _mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [key.value for key, _ in node.value]
    repeated = [key for number, key in enumerate(keys) if key in keys[:number]]
    if repeated:
        raise FactError(f"'{repeated[0]}' stands twice (line {node.start_mark.line + 1} and after)")
    return dict(loader.construct_pairs(node, deep=True))


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)

_SHOWN_AS_TEXT = frozenset({Unit.PHONE, Unit.EMAIL, Unit.URL, Unit.ADDRESS, Unit.ARTICLE, Unit.LABEL})


def load(path: Path = FACTS_FILE) -> Facts:
    """Reads a file of facts.

    Raises:
        FactError: Naming the entry that is incomplete, stands twice, is unknown to the model, or names a source that
            is not there.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _UniqueKeys)  # noqa: S506  # it is a safe loader
        sources = {key: _source(key, entry) for key, entry in content["sources"].items()}
        facts = {key: _fact(key, entry, sources) for key, entry in content["facts"].items()}
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, FactError) as error:
        raise FactError(f"{path.name}: {error}") from error
    return Facts(
        MappingProxyType(facts),
        MappingProxyType(dict(content.get("unused") or {})),
        MappingProxyType(dict(content.get("partly_unused") or {})),
    )


def _source(key: str, entry: dict[str, Any]) -> Source:
    try:
        return Source(id=key, **entry)
    except TypeError as error:
        raise FactError(f"the source {key} is wrong: {error}") from error


def _fact(key: str, entry: dict[str, Any], sources: Mapping[str, Source]) -> Fact:
    known = {name: entry[name] for name in ("says", "review_by", "value", "article", "valid_from") if name in entry}
    unknown = entry.keys() - known.keys() - {"source", "standing", "unit", "ref"}
    if unknown:
        raise FactError(f"the fact {key} has unknown entries: {', '.join(sorted(unknown))}")
    try:
        found = Fact(
            id=key,
            source=sources[entry["source"]],
            refs=tuple(part.strip() for part in entry["ref"].split(",")),
            standing=Standing(entry["standing"]),
            unit=Unit(entry["unit"]) if "unit" in entry else None,
            **known,
        )
    except KeyError as error:
        raise FactError(f"the fact {key} lacks {error}, or there is no such source") from error
    except (TypeError, ValueError) as error:
        raise FactError(f"the fact {key} is wrong: {error}") from error
    if not _fits(found.value, found.unit):
        raise FactError(f"the fact {key} has a value that does not fit its unit")
    return found


def _fits(value: int | str | date | None, unit: Unit | None) -> bool:
    if unit is None or value is None:
        return unit is None and value is None
    expected = str if unit in _SHOWN_AS_TEXT else date if unit is Unit.DATE else int
    return type(value) is expected


@cache
def facts() -> Mapping[str, Fact]:
    """All facts by id.

    Raises:
        FactError: When `facts.yml` is wrong.
    """
    return load().by_id


def fact(fact_id: str) -> Fact:
    """The fact with this id.

    Raises:
        FactError: When there is none.
    """
    try:
        return facts()[fact_id]
    except KeyError:
        raise FactError(f"there is no fact '{fact_id}' in {FACTS_FILE.name}") from None
