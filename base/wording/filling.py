"""Placeholders in texts, and how values are written in a language."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Protocol

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from base import clock
from base.wording.catalogues import Translations, mark

Value = str | int | date | None

_PLACEHOLDER = re.compile(r"\{(?P<kind>fact:)?(?P<name>[^{}]+)\}")
_MEASURES = {
    "hours": "duration-hour",
    "days": "duration-day",
    "weeks": "duration-week",
    "months": "duration-month",
    "years": "duration-year",
    # Screens and people say megabyte and mean this.
    "mebibytes": "digital-megabyte",
}
_COUNTED = {
    "digits": mark("{count} chiffres"),
    "characters": mark("{count} caractères"),
    "working_days": mark("{count} jours ouvrables"),
    "allowances": mark("{count} indemnités journalières"),
    "francs": mark("{count} francs"),
}
_DAY_AND_TIME = mark("{day} à {time}")
_SINCE = mark("dès le {first}, fin pas encore connue")
_FROM_TO = mark("du {first} au {last}")
_ONE_DAY = mark("le {first}, un seul jour")
_LINKS = {"phone": "tel:", "email": "mailto:", "url": ""}


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


@cache
def write_day(day: date, locale: Locale) -> str:
    """A day with its weekday: «mercredi 11 mars 2026»."""
    if locale.language == "fr":  # CLDR writes «mercredi, 11 mars» for Switzerland; nobody else does
        return f"{format_date(day, 'EEEE', locale=locale)} {write(day, locale)}"
    return format_date(day, "full", locale=locale)


def write_span(first: date, last: date | None, translations: Translations) -> str:
    """A span of days: «du lundi 9 mars 2026 au vendredi 13 mars 2026».

    Args:
        last: None while it is not known.
    """
    text = _SINCE if last is None else _ONE_DAY if last == first else _FROM_TO
    days = {"first": first, "last": last or first}
    written = {name: write_day(day, translations.locale) for name, day in days.items()}
    return translations.translate(text).format(**written)


def write_moment(moment: datetime, translations: Translations, *, with_weekday: bool = False) -> str:
    """A day and the time on a Swiss clock: «11 mars 2026 à 10 h 15»."""
    local, locale = moment.astimezone(clock.ZONE), translations.locale
    day = write_day(local.date(), locale) if with_weekday else write(local.date(), locale)
    return translations.translate(_DAY_AND_TIME).format(day=day, time=write_time(local.time(), locale))


def write_time(moment: time, locale: Locale) -> str:
    """A time of day: «10 h 15»."""
    if locale.language == "fr":
        return f"{moment.hour} h {moment:%M}"
    return format_time(moment, "short", locale=locale)


def write_month(day: date, locale: Locale) -> str:
    """The month that a day lies in: «octobre 2026»."""
    return format_date(day, "MMMM y", locale=locale)


def write_fact(fact: Stated, translations: Translations) -> str:
    """A fact's value with its unit: «8 chiffres», «30 jours», a telephone number that can be tapped."""
    if isinstance(fact.value, int):
        return _write_quantity(fact.value, fact.unit, translations)
    if fact.unit in _LINKS:
        return f"[{fact.value}]({_LINKS[fact.unit]}{fact.value})"
    return translations.translate(str(fact.value)) if fact.unit == "article" else write(fact.value, translations.locale)


def _write_quantity(value: int, unit: str | None, translations: Translations) -> str:
    locale = translations.locale
    if unit in _MEASURES:
        return format_unit(value, _MEASURES[unit], length="long", locale=locale)
    if unit in _COUNTED:
        return translations.translate(_COUNTED[unit]).format(count=write(value, locale))
    return format_percent(value / 100, locale=locale) if unit == "percent" else write(value, locale)
