"""Birth dates as people write them, in French, German, Italian and English: «12.3.80», «12 mars 1980», «March 12, 1980».

`base.reading` is for days near today, and guesses the year that is not said; here the year is always said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from base import clock
from base.plain import plain

FIRST_YEAR = 1900
_MONTHS = (
    r"jan\w*|genn\w*",
    r"f[ei]v\w*|feb\w*",
    r"mars?|marz\w*|march",
    r"a[vp]r\w*",
    r"mai|may|magg\w*",
    r"juin|jun[ie]?|giu\w*",
    r"juil\w*|jul[iy]?|lug\w*",
    r"aout|aug\w*|ago\w*",
    r"sep\w*|sett\w*",
    r"o[ck]t\w*|ott\w*",
    r"nov\w*",
    r"de[cz]\w*|dic\w*",
)
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})\b\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4}|\d{2})"
_WRITTEN = tuple(
    re.compile(rf"(?<!\d)(?<!\d[./-])(?:{pattern})(?!\d)(?![./-]\d)")
    for pattern in (
        rf"(?P<year>\d{{4}})(?P<by>[./-])(?P<month>\d{{1,2}})(?P=by){_DAY}",
        rf"{_DAY}(?P<by> ?[./-] ?| )(?P<month>\d{{1,2}})(?P=by){_YEAR}",
        rf"{_DAY}(?:er|st|nd|rd|th|\.)?(?: de| of)? ?{_NAME}(?: de| del)?,? ?{_YEAR}",
        rf"\b{_NAME} {_DAY}(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    )
)


@dataclass(frozen=True)
class Found:
    """A date in a text.

    Args:
        start: Position of its first character.
        end: Position after its last.
        value: In ISO 8601.
    """

    start: int
    end: int
    value: str


def find(text: str) -> Iterator[Found]:
    """Every day in a text that may be somebody's birth date, however it is written; some may overlap."""
    simple = plain(text)
    for pattern in _WRITTEN:
        for match in pattern.finditer(simple):
            if (day := _day(match)) is not None:
                yield Found(match.start(), match.end(), day.isoformat())


def read(text: str) -> str | None:
    """The birth date that a text is, in ISO 8601; None when it is none."""
    simple = plain(text).strip()
    return next(
        (day.isoformat() for one in _WRITTEN if (match := one.fullmatch(simple)) and (day := _day(match))), None
    )


def _day(match: re.Match[str]) -> date | None:
    said = match.groupdict()
    named = said.get("name")
    month = _month(named) if named else int(said["month"])
    try:
        day = date(_year(said["year"]), month, int(said["day"]))
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR and day <= clock.today() else None


def _month(name: str) -> int:
    return next(number for number, names in enumerate(_MONTHS, 1) if re.fullmatch(names, name))


def _year(digits: str) -> int:
    """The year; two digits mean the last such year that has begun."""
    if len(digits) == 4:
        return int(digits)
    this = clock.today().year
    year = this - this % 100 + int(digits)
    return year if year <= this else year - 100
