"""Placeholders in texts, and how values are written in a language."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from base.wording.catalogues import Translations, mark

Value = str | int | date | None

_PLACEHOLDER = re.compile(r"\{(?P<kind>fact:)?(?P<name>[^{}]+)\}")
_DURATIONS = {"hours": "duration-hour", "days": "duration-day", "months": "duration-month", "years": "duration-year"}
_DIGITS = mark("{count} chiffres")


class FillError(Exception):
    """A text has a placeholder that nothing fills."""


class Stated(Protocol):
    """A fact, as far as wording needs to know it."""

    @property
    def id(self) -> str: ...
    @property
    def value(self) -> Value: ...
    @property
    def unit(self) -> str | None: ...


@dataclass(frozen=True)
class Written:
    """A finished text.

    Args:
        text: Markdown, with every placeholder filled.
        fact_ids: The facts that it states, in the order of their first appearance.
    """

    text: str
    fact_ids: tuple[str, ...]


def placeholders(text: str) -> Iterator[tuple[bool, str]]:
    """The placeholders of a text as pairs: whether it names a fact, and the name."""
    for match in _PLACEHOLDER.finditer(text):
        yield match["kind"] is not None, match["name"]


def without_placeholders(text: str) -> str:
    """What is left of a text to be translated."""
    return _PLACEHOLDER.sub("", text)


def fill(
    text: str,
    translations: Translations,
    fact: Callable[[str], Stated],
    values: Mapping[str, Value] | None = None,
) -> Written:
    """Translates a French text and fills its placeholders.

    Args:
        text: The French text, as it stands in the catalogue.
        translations: The language to write in.
        fact: Finds a fact by id and raises when there is none.
        values: What `{name}` stands for.

    Raises:
        FillError: When a placeholder has no value.
    """
    stated: dict[str, None] = {}

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        if match["kind"] is None:
            if values is None or (value := values.get(name)) is None:
                raise FillError(f"nothing fills {{{name}}}")
            return write(value, translations.locale)
        found = fact(name)
        if found.value is None:
            raise FillError(f"the fact {name} has no value to show")
        stated[name] = None
        return write_fact(found, translations)

    return Written(_PLACEHOLDER.sub(replace, translations.translate(text)), tuple(stated))


def write(value: Value, locale: Locale) -> str:
    """A value in the manner of a language: dates with month names, numbers with their separators."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        written = format_date(value, "long", locale=locale)
        # CLDR writes «1 janvier»; French says «1er janvier».
        return f"1er{written[1:]}" if value.day == 1 and locale.language == "fr" else written
    return format_decimal(value, locale=locale) if isinstance(value, int) else str(value)


def write_fact(fact: Stated, translations: Translations) -> str:
    """A fact's value with its unit: «8 chiffres», «30 jours», a telephone number that can be tapped."""
    unit, value = fact.unit, fact.value
    if unit in _DURATIONS and isinstance(value, int):
        return format_unit(value, _DURATIONS[unit], length="long", locale=translations.locale)
    if unit == "digits":
        return translations.translate(_DIGITS).format(count=write(value, translations.locale))
    if unit == "phone":
        return f"[{value}](tel:{value})"
    if unit == "article":
        return translations.translate(str(value))
    return write(value, translations.locale)
