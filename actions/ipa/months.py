"""Which month an IPA is of, by what is said and by the date."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.ipa.draft import IpaDraft
from actions.ipa.questions import EARLY, PERIOD
from actions.sending import CONFIRMED
from actions.tasks import CORRECTION, Question, Said, Unusable
from base.plain import plain
from base.reading import months
from eservices.models.common import period_of
from law.periods import Month

BOTH_MEANT_FROM = 20
"""Day from which people who do not name the month may mean the one that is running."""
OLDEST = relativedelta(months=9)
"""A month as far back, named without its year, is the one that comes."""
_NO_MONTH = re.compile(r"\bsept\| \w|\b(?:depuis|des|avant) (?:le mois de |fin |debut )?\w+\|")
"""A number, or the beginning of something, before the place where a month was read."""
_OF_THE_FORM = re.compile(
    r"\b(?:ipa|mois|formulaire|feuille|fiche|indications\b.{0,25}) (?:du mois )?(?:de |d'|pour )?(?:le mois )?(?:de |d')?$"
)
_YEAR = re.compile(r"\b20\d\d\b")


def month_by_date(draft: IpaDraft, today: date) -> Month | None:
    """The month that is due when none is named; None when it can be two, or was refused as none."""
    if draft.is_taken_up:
        return None
    before, running = Month.of(today).later(-1), Month.of(today)
    if today.day < BOTH_MEANT_FROM:
        return before
    return running if period_of(before) in draft.sent else None


def month(said: Said, draft: IpaDraft, pending: Question | None) -> dict[str, Any]:
    """The month, where it is named and meant; at the beginning also the one that is due.

    Raises:
        Unusable: When it has not begun.
    """
    begins = pending is None or said.intent == "tx_ipa"
    is_meant = begins or pending in {PERIOD, EARLY, CONFIRMED, CORRECTION} or said.corrects
    named = _typed(said) if is_meant and (begins or not said.asks) else None
    if named is not None and (pending in {None, PERIOD, EARLY} or _speaks_of_the_form(said.text)):
        is_news = pending in {None, PERIOD} or period_of(named) != draft.period
        return moved(draft, named) if is_news else {}
    if pending is None and draft.period is None:
        due = month_by_date(draft, said.today)
        return {"period": period_of(due)} if due else {}
    return {"period": draft.period} if pending is None else {}


def month_named(said: Said) -> str | None:
    """The month that a message begins the form for, as YYYY-MM; None when it names none that can be meant."""
    if said.tapped:
        return next(iter(said.values("month")), None)
    try:
        named = _typed(said)
    except Unusable:
        return None
    return period_of(named) if named else None


def _typed(said: Said) -> Month | None:
    """The month of the form that a message names.

    Raises:
        Unusable: When it has not begun.
    """
    simple = plain(said.text)
    found = [
        one
        for one in months(said.text, said.today)
        if not _NO_MONTH.search(simple[: one.end] + "|" + simple[one.end :])
    ]
    if not found:
        return None
    one = next((one for one in found if _OF_THE_FORM.search(simple[: one.start])), found[0])
    month = Month.of(date.fromisoformat(f"{one.value}-01"))
    has_year = _YEAR.search(said.text[one.start : one.end])
    if month > Month.of(said.today) or (not has_year and month.first_day <= said.today - OLDEST):
        raise Unusable("utter_ipa_in_future")
    return month


def _speaks_of_the_form(text: str) -> bool:
    """Whether a correction names the month of the form, and not when something happened."""
    simple = plain(text)
    return len(simple.split()) <= 4 or re.search(r"\bipa\b|\bmois\b|\bpour (?:le )?\w+$", simple) is not None


def moved(draft: IpaDraft, month: Month) -> dict[str, Any]:
    """Another month: what was said of the days of the one before is asked anew."""
    period = period_of(month)
    if draft.period in {None, period}:
        return {"period": period}
    return {"period": period, "goes_on": None, "absences": (), "takes_announced": None}


def early(said: Said) -> dict[str, Any]:
    """Whether the form of a month that is not over is filled in all the same."""
    simple = plain(said.text)
    if re.search(r"^\s*no+n?\b|\b(?:attend\w*|rappel\w*|fin du mois|plus tard|pas maintenant)\b", simple):
        return {EARLY.slot: False, "waits": True}
    if said.agrees or re.search(r"\b(?:continu\w*|maintenant|quand meme)\b", simple):
        return {EARLY.slot: True}
    return {}
