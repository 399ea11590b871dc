"""Days, months and durations as people write them in French: «le 5», «lundi passé», «mi-novembre», «3.11.», «6 mois».

Text is read without accents and capitals. What a day without a year means is settled by the day it is said on: the last
one that fits, as people mostly tell what has happened; the next one, where they speak of what is to come.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

MONTHS = (
    r"janv(?:ier)?",
    r"f[ei]v(?:r(?:ier)?)?",
    r"mars?",
    r"avr(?:il)?",
    r"mai",
    r"juin",
    r"juil(?:let)?",
    r"aou?t",
    r"sept(?:[a-z]{0,2}[mn]?bre?)?",
    r"oct(?:[ou]?bre?)?",
    r"no(?:u)?v(?:[a-z]{0,2}[mn]?bre?)?",
    r"dec(?:[a-z]{0,2}[mn]?bre?)?",
)
WEEKDAYS = ("lundi", "mardi", r"mer?(?:cr?e|rce)r?di", "jeudi", r"ven?dr?e?r?di", "same?di", "dim[ae]nche")
NUMBERS = (
    "zero",
    "une?",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix[- ]sept",
    "dix[- ]huit",
    "dix[- ]neuf",
    "vingt",
    "vingt[- ]et[- ]une?",
    "vingt[- ]deux",
    "vingt[- ]trois",
    "vingt[- ]quatre",
    "vingt[- ]cinq",
    "vingt[- ]six",
    "vingt[- ]sept",
    "vingt[- ]huit",
    "vingt[- ]neuf",
    "trente",
    "trente[- ]et[- ]une?",
)
UNITS = {"jour": "days", "j": "days", "semaine": "weeks", "mois": "months", "an": "years", "annee": "years"}

_MONTH = "|".join(MONTHS)
_NUMBER_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_NUMBER = rf"\d{{1,3}}|{_NUMBER_WORD}"
_YEAR = r"(?:20)?\d\d"
MIDDLE = 15
_ROUGHLY = re.compile(
    r"\b(?:vers|environ|autour(?: du)?|entre|a peu pres|je crois|aux alentours(?: du)?)\b[^,.;]{0,12}$"
)


@dataclass(frozen=True)
class Found:
    """Something that was read.

    Args:
        value: A day or month in ISO 8601 (`2026-11-03`, `2026-11`), or a duration such as `6 months`.
        start: Where it begins in the text.
        end: Where it ends.
        approximate: Whether the text says it only roughly: «mi-novembre», «vers le 10».
    """

    value: str
    start: int
    end: int
    approximate: bool = False


def days(text: str, today: date) -> list[Found]:
    """The days that a text names, in reading order.

    Args:
        text: What was written.
        today: The day it was written on, in Switzerland.
    """
    return _read(text, today, _DAYS)


def days_ahead(text: str, today: date) -> list[Found]:
    """The days that a text names, in reading order, for something that is to come: «le 5», «vendredi».

    Args:
        text: What was written.
        today: The day it was written on, in Switzerland.
    """
    return _read(text, today, (*_TO_COME, *((pattern, _ahead_of(read), form) for pattern, read, form in _DAYS)))


def times(text: str) -> list[Found]:
    """The times of day that a text names, in reading order, as `18:00`: «à 18h», «le matin»."""
    found = []
    for match in _TIME.finditer(_plain(text)):
        part = match["part"] or match["alone"]
        hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match["hour"] else (_PARTS[part], 0)
        if match["hour"] and part in _LATE and hour < NOON:
            hour += NOON
        if hour < HOURS and minute < MINUTES:
            found.append(Found(f"{hour:02}:{minute:02}", match.start(), match.end()))
    return found


def impossible_days(text: str, today: date) -> list[str]:
    """What a text writes like days that no calendar has, such as «31.2.», as it is written."""
    plain = _plain(text)
    return [
        text[match.start() : match.end()].strip()
        for pattern, read, _ in _WRITTEN_OUT
        for match in pattern.finditer(plain)
        if read(match, today) is None
    ]


def months(text: str, today: date) -> list[Found]:
    """The months that a text names without a day, in reading order."""
    taken = days(text, today)
    return [
        found
        for found in _read(text, today, _MONTHS)
        if all(found.end <= day.start or found.start >= day.end for day in taken)
    ]


def durations(text: str) -> list[Found]:
    """The durations that a text names, in reading order; «il y a trois jours» is a day and none of them."""
    return [
        Found(f"{_number(match['count'])} {UNITS[_unit(match['unit'])]}", match.start(), match.end())
        for match in _DURATION.finditer(_plain(text))
    ]


def length_of(duration: str) -> relativedelta:
    """A duration as it was read, such as `6 months`, to count with."""
    count, unit = duration.split()
    return relativedelta(**{unit: int(count)})  # type: ignore[arg-type]  # the units are its own names


Reader = Callable[[re.Match[str], date], date | None]


def _read(text: str, today: date, rules: tuple[tuple[re.Pattern[str], Reader, str], ...]) -> list[Found]:
    """What the rules find; of two that overlap the earlier rule wins."""
    plain, found = _plain(text), list[Found]()
    for pattern, read, written in rules:
        for match in pattern.finditer(plain):
            day = read(match, today)
            if day is not None and all(match.end() <= one.start or match.start() >= one.end for one in found):
                rough = "part" in match.groupdict() or _ROUGHLY.search(plain, 0, match.start()) is not None
                found.append(Found(day.strftime(written), match.start(), match.end(), rough))
    return sorted(found, key=lambda one: one.start)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFD", character.lower())[0] for character in text).replace("’", "'")


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return next(number for number, word in enumerate(NUMBERS) if re.fullmatch(word, text))


def _unit(text: str) -> str:
    return text if text in UNITS else text.removesuffix("s")


def _month(text: str) -> int:
    return next(number for number, word in enumerate(MONTHS, start=1) if re.fullmatch(word, text))


def _weekday_number(text: str) -> int:
    return next(
        number for number, word in enumerate(WEEKDAYS) if re.fullmatch(word, text) or word[:3] == text.rstrip(".")
    )


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


def _dated(day: int, month: int, year: int | None, today: date) -> date | None:
    """The day in that year; without one, the last such day up to today."""
    for candidate in (year,) if year is not None else (today.year, today.year - 1, today.year - 2, today.year - 3):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or found <= today:
            return found
    return None


def _of_numbers(match: re.Match[str], today: date) -> date | None:
    month = int(match["month"])
    return _dated(int(match["day"]), month, _year(match["year"]), today) if 1 <= month <= 12 else None


def _of_month_name(match: re.Match[str], today: date) -> date | None:
    day = 1 if match["day"] in {"1er", "premier"} else _number(match["day"])
    year = today.year - 1 if match["last"] else _year(match["year"])
    return _dated(day, _month(match["month"]), year, today)


def _part_of_month(match: re.Match[str], today: date) -> date | None:
    month, year = _month(match["month"]), _year(match["year"])
    if year is None and month == today.month:
        year = today.year
    first = _dated(1, month, year, today)
    if first is None:
        return None
    if match["part"].startswith("mi"):
        return _dated(MIDDLE, month, year, today)
    return first if match["part"].startswith("debut") else first + relativedelta(months=1, days=-1)


def _ago(match: re.Match[str], today: date) -> date | None:
    return today - relativedelta(**{UNITS[_unit(match["unit"])]: _number(match["count"])})  # type: ignore[arg-type]  # names of units


def _ahead(match: re.Match[str], today: date) -> date | None:
    return today + relativedelta(**{UNITS[_unit(match["unit"])]: _number(match["count"])})  # type: ignore[arg-type]  # names of units


def _near(match: re.Match[str], today: date) -> date | None:
    shift = {"avant": -2, "hier": -1, "demain": 1, "apres": 2}
    return today + timedelta(days=next((days for word, days in shift.items() if match[0].startswith(word)), 0))


def _weekday(match: re.Match[str], today: date) -> date | None:
    """The last such weekday before today; the next one when the text says so."""
    wanted = _weekday_number(match["weekday"])
    if match["week"]:
        return today - timedelta(days=today.weekday() + 7 - wanted)
    if match["next"]:
        return _next_such(wanted, today)
    return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    """The last such day of a month up to today; of the month before when the text says so."""
    day = 1 if match["day"] in {"1er", "premier"} else _number(match["day"])
    for back in range(1 if match["before"] else 0, 12):
        month = today + relativedelta(months=-back)
        found = _dated(day, month.month, month.year, today)
        if found is not None and found <= today:
            return found
    return None


def _weekday_and_number(match: re.Match[str], today: date) -> date | None:
    """The last day up to today that is both, as in «lundi 9»; without any, the last with that number."""
    weekday, last = _weekday_number(match["weekday"]), None
    for back in range(3):
        month = today + relativedelta(months=-back)
        found = _dated(int(match["day"]), month.month, month.year, today)
        if found is not None and found <= today:
            last = last or found
            if found.weekday() == weekday:
                return found
    return last


def _month_named(match: re.Match[str], today: date) -> date | None:
    return _dated(1, _month(match["month"]), _year(match["year"]), today)


def _month_relative(match: re.Match[str], today: date) -> date | None:
    shift = 0 if match[0].startswith("ce") else 1 if re.search(r"prochain|suivant", match[0]) else -1
    return today.replace(day=1) + relativedelta(months=shift)


def _ahead_of(read: Reader) -> Reader:
    """Reads the next day that fits, where `read` finds the last one and the text does not say that it means that."""

    def read_ahead(match: re.Match[str], today: date) -> date | None:
        found, named = read(match, today), match.groupdict()
        if found is None or found > today or _SAYS_WHEN.search(match[0]) or any(map(named.get, ("year", "count"))):
            return found
        if named.get("weekday") and not named.get("day"):
            return _next(found, today + timedelta(days=1), relativedelta(weeks=1))
        if named.get("month"):
            return _next(found, today, relativedelta(years=1))
        return _next(found, today, relativedelta(months=1)) if named.get("day") else found

    return read_ahead


def _next(day: date, first: date, step: relativedelta) -> date:
    """The first of the days that follow one another by `step` from `day` that is not before `first`.

    Months and years that do not have the day are passed over.
    """
    following = (day + step * count for count in range(60))
    return next(found for found in following if found >= first and (step.days or found.day == day.day))


def _end_or_beginning(match: re.Match[str], today: date) -> date | None:
    """«Fin du mois» is its last day; «début du mois» the first day of the next one."""
    first = today.replace(day=1) + relativedelta(months=1)
    if match["end"] is None:
        return first
    return (first + relativedelta(months=1) if match["next"] else first) - timedelta(days=1)


def _next_such(weekday: int, today: date) -> date:
    """The next such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _next_week(match: re.Match[str], today: date) -> date | None:
    wanted = _weekday_number(match["weekday"]) if match["weekday"] else 0
    return today + timedelta(days=7 - today.weekday() + wanted)


_DAY, _WHOLE_MONTH = "%Y-%m-%d", "%Y-%m"
_DAY_NUMBER = r"(?P<day>1er|premier(?! (?:truc|c'|poste|refus|entretien|employeur))|[0-3]?\d)"

_WRITTEN_OUT: tuple[tuple[re.Pattern[str], Reader, str], ...] = (
    (
        re.compile(r"(?<![\d.,-])(?P<year>20\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?![\d-])"),
        _of_numbers,
        _DAY,
    ),
    (
        re.compile(
            rf"(?<![\d.,])(?P<day>[0-3]?\d)\s?[./-]\s?(?P<month>[01]?\d)(?:\s?[./-]\s?(?P<year>{_YEAR})|\.?)(?![\d%]|\s*(?:jours?|j(?!')|semaines?|mois|ans?|{_MONTH})\b)"
        ),
        _of_numbers,
        _DAY,
    ),
    (
        re.compile(
            rf"\b(?P<day>1er|premier|\d?\d|{_NUMBER_WORD})\s*(?P<month>{_MONTH})\b\.?"
            r"(?:\s+(?P<year>20\d\d)|(?P<last> (?:de )?l'an(?:nee)? (?:passee?|derniere?)))?"
        ),
        _of_month_name,
        _DAY,
    ),
)
"""Days with their month: what is no day at all is a mistake, and not something else."""

_DAYS: tuple[tuple[re.Pattern[str], Reader, str], ...] = (
    *_WRITTEN_OUT,
    (
        re.compile(rf"\b(?P<part>mi|debut|fin|milieu)[ -](?:de |d')?(?P<month>{_MONTH})\b\.?(?:\s+(?P<year>20\d\d))?"),
        _part_of_month,
        _DAY,
    ),
    (
        re.compile(
            rf"\b(?:(?:il )?y'? ?a|(?:ca|cela) fait) (?:environ )?(?P<count>{_NUMBER}) ?(?P<unit>jour|semaine|mois|an|j)s?\b"
        ),
        _ago,
        _DAY,
    ),
    (re.compile(rf"\bdans (?P<count>{_NUMBER}) (?P<unit>jour|semaine|mois|an)s?\b"), _ahead, _DAY),
    (
        re.compile(
            r"\b(?:avant[- ]hier|hier|aujourd'?hui|ce jour(?!-)|ce matin|tout a l'heure|apres[- ]demain|demain)\b"
        ),
        _near,
        _DAY,
    ),
    (
        re.compile(
            rf"\b(?P<weekday>{'|'.join(WEEKDAYS)}|(?:{'|'.join(day[:3] for day in WEEKDAYS)})\.?(?= ?\d))(?: passe| dernier)?,? ?(?:le )?(?P<day>[0-3]?\d)\b(?!\s*(?:h\b|[./:]\s?\d|{_MONTH}))"
        ),
        _weekday_and_number,
        _DAY,
    ),
    (
        re.compile(
            rf"\bsemaine (?P<week>passee|derniere|d'avant),? (?:le )?(?P<weekday>{'|'.join(WEEKDAYS)})\b(?P<next>)"
        ),
        _weekday,
        _DAY,
    ),
    (
        re.compile(
            rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})\b(?:\s+(?:(?P<next>prochain|qui vient)|(?P<week>(?:de )?(?:la )?semaine (?:passee|derniere|d'avant))"
            r"|dernier|passe|d'avant))?\b(?!\s+(?:(?:le )?\d|(?:d')?(?:il )?y a|de l'autre))"
        ),
        _weekday,
        _DAY,
    ),
    (
        re.compile(
            rf"\b(?:le|du|au|depuis le|des le) {_DAY_NUMBER}\b(?P<before> du mois (?:passe|dernier|precedent|d'avant))?(?![\s.]*(?:%|h\b|\d|(?:{_MONTH})\b|fois|jour|recherche|francs?|chf))"
        ),
        _day_of_month,
        _DAY,
    ),
    (
        re.compile(rf"\b(?:le|du|au) (?P<day>{_NUMBER_WORD})(?P<before>)(?=\s*(?:$|[,.;!?]))"),
        _day_of_month,
        _DAY,
    ),
)
_TO_COME: tuple[tuple[re.Pattern[str], Reader, str], ...] = (
    (
        re.compile(
            r"\b(?:(?P<end>(?:la )?fin)|(?:le )?debut) (?:du|de chaque|de ce|de|des|de tous les) mois(?P<next> prochain)?\b"
        ),
        _end_or_beginning,
        _DAY,
    ),
    (
        re.compile(
            rf"\b(?:(?P<weekday>{'|'.join(WEEKDAYS)}) (?:de )?)?(?:la )?semaine (?:prochaine|suivante|qui vient)\b"
        ),
        _next_week,
        _DAY,
    ),
    (
        re.compile(rf"\b(?P<weekday>{'|'.join(WEEKDAYS)})(?:s\b|(?= (?:a )?\d{{1,2}} ?(?:h|:)))"),
        lambda match, today: _next_such(_weekday_number(match["weekday"]), today),
        _DAY,
    ),
    (re.compile(r"\bce soir\b|\bcet? apres-midi\b|\bce midi\b"), lambda _match, today: today, _DAY),
)
"""What only means something for days to come."""
_SAYS_WHEN = re.compile(r"\b(?:passee?|derniere?|dernier|precedent|d'avant|hier|aujourd'?hui|prochain)\b")
"""Says which day is meant, so that it is no other."""
NOON, HOURS, MINUTES = 12, 24, 60
_PARTS = {"matin": 9, "midi": 12, "apres-midi": 14, "soir": 18}
"""The hour that is meant by a part of the day, which people can correct."""
_LATE = ("apres-midi", "soir")
_TIME = re.compile(
    r"(?<![\d.,/])(?P<hour>[01]?\d|2[0-4]) ?(?:h(?:eures?)?|:(?=\d\d))(?! ?(?:avant|plus|a l'avance|de (?:travail|cours)))"
    r"(?: ?(?P<minute>[0-5]\d))?\b(?: (?:du |de l')(?P<part>matin|apres-midi|soir))?"
    r"|\b(?P<alone>matin|midi|apres-midi|soir)(?:ee)?\b"
)
_MONTHS: tuple[tuple[re.Pattern[str], Reader, str], ...] = (
    (
        re.compile(rf"\b(?P<month>{_MONTH})\b\.?(?!\s+(?:jour|semaine|mois|an))(?:\s+(?P<year>20\d\d))?"),
        _month_named,
        _WHOLE_MONTH,
    ),
    (
        re.compile(r"\b(?:ce mois(?:-ci)?|(?:le |du )?mois (?:dernier|passe|precedent|prochain|suivant|d'avant))\b"),
        _month_relative,
        _WHOLE_MONTH,
    ),
)
_DURATION = re.compile(rf"(?<!y a )\b(?P<count>{_NUMBER}) (?P<unit>jour|semaine|mois|an|annee)s?\b")


def readings(text: str, today: date) -> Iterator[tuple[str, Found]]:
    """Everything that is read, each with the name of its kind: `day`, `month` or `duration`."""
    for kind, found in (("day", days(text, today)), ("month", months(text, today)), ("duration", durations(text))):
        for one in found:
            yield kind, one
