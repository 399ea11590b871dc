"""Spans of days as people write them: «du 3 au 10 mars», «depuis lundi», «jusqu'au 30», «deux semaines dès hier».

`base.reading` takes a day without a year for the last one that fits. The end of a span may lie ahead: it is the first
such day that does not lie before the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from base.day_answers import answered_days
from base.reading import Found, days, durations, length_of

FARTHEST = relativedelta(months=6)
"""How far from the beginning an end without a year is looked for; what lies farther is a contradiction."""
A_YEAR = relativedelta(years=1)

_LAST = re.compile(
    r"(?:\bjusqu\w*['’ ]*(?:[àa]|au|en)?|\bau|\b[àa]|\bau plus tard|\bfin\w*|\btermin\w*|[-–→])\s*$", re.IGNORECASE
)
_OWN_LAST = re.compile(r"^(?:au|jusqu\w*['’ ]*(?:au|[àa])?|fin)\b", re.IGNORECASE)
_FIRST = re.compile(
    r"(?:\bdepuis|\bd[eè]s|\bdps|[àa] (?:partir|compter)|\bcommenc\w*|\bd[ée]but\w*)\b[^,.;\d]*$", re.IGNORECASE
)
_OWN_FIRST = re.compile(r"^(?:du|depuis|dps|d[eè]s)\b", re.IGNORECASE)
_BARE_DAY = re.compile(r"(?:(?:du|au|le|depuis|dps|d[eè]s|jusqu\w*|[àa]|partir)\W*)*\d{1,2}(?:er)?\W*", re.IGNORECASE)
_WEEKDAY = re.compile(r"\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b", re.IGNORECASE)
_YEAR = re.compile(r"20\d\d|\d[./-]\d\d?[./-]\d\d\s*$")
_RELATIVE = re.compile(r"hier|aujourd|demain|matin|dans |prochain|pass|dernier|fait|y a", re.IGNORECASE)
_SO_FAR = re.compile(r"(?:\bdepuis|\bdps|\bfait)\s*(?:environ |bient[oô]t )?$", re.IGNORECASE)
_END_OF_MONTH = re.compile(r"\bfin (?:du mois|de ce mois|de mois)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """What a text says of a span of days; None where it says nothing.

    Args:
        first: Its first day.
        last: Its last day.
        is_counted: Whether the last day follows from a duration and was not said.
        length: A duration such as `2 weeks`, as `base.reading` gives it.
        alone: A day that is neither called the first nor the last.
    """

    first: date | None = None
    last: date | None = None
    is_counted: bool = False
    length: str | None = None
    alone: date | None = None


def span(text: str, today: date, begun: date | None = None, *, is_answer: bool = False) -> Span:
    """The span of days that a text names.

    Args:
        text: What was written.
        today: The day it was written on, in Switzerland.
        begun: The first day, where it is known already.
        is_answer: Whether the text answers the question for a day, so that a bare number is one.
    """
    found = answered_days(text, today) if is_answer else days(text, today)
    firsts, lasts, others = _sorted(text, found)
    first = date.fromisoformat(firsts[0].value) if firsts else None
    length, lasted = _length(text)
    if first is None and lasted is not None:
        first, others = today - lasted, []
    if first is None and lasts and others and others[0].start < lasts[0].start:
        firsts, others = others[:1], others[1:]
        first = date.fromisoformat(firsts[0].value)
    if firsts and lasts:
        first = _month_of_the_end(text, firsts[0], lasts[0], first, today)
    alone = date.fromisoformat(others[0].value) if others else None
    since = first or begun or alone
    last, is_counted = None, False
    if lasts:
        last = ahead(text, lasts[0], since) if since else ahead(text, lasts[0], today, A_YEAR)
    elif end := _END_OF_MONTH.search(text):
        last = today + relativedelta(day=31) if not text[: end.start()].rstrip().endswith("depuis") else None
    elif length is not None and since is not None:
        last, is_counted = last_day(since, length), True
    if first and last and last < first and _is_weekday(text[firsts[0].start : firsts[0].end] if firsts else ""):
        first -= timedelta(weeks=(first - last).days // 7 + 1)  # «de mardi à vendredi passé»
    return Span(first, last, is_counted, length, alone)


def last_day(first: date, length: str) -> date:
    """The last day of a span that lasts so long, such as `2 weeks`."""
    return first + length_of(length) - timedelta(days=1)


def ahead(text: str, found: Found, since: date, farthest: relativedelta = FARTHEST) -> date:
    """A day that was read, moved to the first such day from `since` on when it names no year.

    Args:
        text: What it was read from.
    """
    day, written = date.fromisoformat(found.value), text[found.start : found.end]
    if day >= since or _YEAR.search(written) or _RELATIVE.search(written):
        return day
    later = (day + step(times) for step in (_step(written),) for times in range(1, 60))
    moved = next((candidate for candidate in later if candidate >= since), day)
    return moved if moved <= since + farthest else day


def _step(written: str) -> Callable[[int], relativedelta]:
    """How often such a day comes again: a weekday each week, a bare day each month, a date each year."""
    if _is_weekday(written):
        return lambda times: relativedelta(weeks=times)
    if _BARE_DAY.fullmatch(written):
        return lambda times: relativedelta(months=times)
    return lambda times: relativedelta(years=times)


def _is_weekday(written: str) -> bool:
    return _WEEKDAY.search(written) is not None and not re.search(r"\d", written)


def _sorted(text: str, found: list[Found]) -> tuple[list[Found], list[Found], list[Found]]:
    """The days called the first, those called the last, and the others."""
    firsts, lasts, others = list[Found](), list[Found](), list[Found]()
    for one, before in zip(found, _before(text, found), strict=True):
        own = text[one.start : one.end]
        if _OWN_LAST.search(own) or (_LAST.search(before) and not _OWN_FIRST.search(own)):
            lasts.append(one)
        elif _OWN_FIRST.search(own) or _FIRST.search(before) or re.search(r"\bd[eu]\s*$", before, re.IGNORECASE):
            firsts.append(one)
        else:
            others.append(one)
    return firsts, lasts, others


def _before(text: str, found: list[Found]) -> Iterator[str]:
    end = 0
    for one in found:
        yield text[end : one.start]
        end = one.end


def _month_of_the_end(text: str, first: Found, last: Found, read: date | None, today: date) -> date | None:
    """The beginning of «du 28 au 30 mars»: a bare day lies in the month of the end, or in the one before."""
    written, end_written = text[first.start : first.end], text[last.start : last.end]
    if not _BARE_DAY.fullmatch(written) or _BARE_DAY.fullmatch(end_written) or _WEEKDAY.search(end_written):
        return read
    if _RELATIVE.search(end_written) or read is None:
        return read
    end = date.fromisoformat(last.value)
    if end < read and not _YEAR.search(end_written):
        end = end + relativedelta(years=1) if end + relativedelta(years=1) <= today + FARTHEST else end
    if read.day <= end.day:
        return end.replace(day=read.day)
    return (end - relativedelta(months=1)).replace(day=1) + timedelta(days=read.day - 1)


def _length(text: str) -> tuple[str | None, relativedelta | None]:
    """How long something lasts, and for how long it has lasted by now."""
    length: str | None = None
    lasted: relativedelta | None = None
    for one in durations(text):
        if _SO_FAR.search(text[: one.start]):
            lasted = lasted or length_of(one.value)
        else:
            length = length or one.value
    return length, lasted
