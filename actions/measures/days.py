"""The days that a message names: the last one of the allowances, the first one of a sickness."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum, auto
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.measures import questions as asked
from actions.measures.circumstances import ENTITLED
from actions.measures.draft import Entitlement, MeasuresDraft, Told
from actions.tasks import Question, Said, Unusable, is_denied
from base.day_answers import answered_days
from base.plain import plain
from base.reading import Found, days, durations, impossible_days, length_of, months

LONG_PAST = relativedelta(months=2)
"""An end further back that is named without a year is one that lies ahead."""
NEXT_YEAR = relativedelta(years=1)
OLDEST_SICKNESS = relativedelta(years=2)


class _Of(Enum):
    """What a day is the day of."""

    ENTITLEMENT = auto()
    SICKNESS = auto()
    OTHER = auto()


_WORDS: tuple[tuple[re.Pattern[str], _Of], ...] = (
    (
        re.compile(rf"\bfin\b|\b{ENTITLED}\b|\bfini\w*|\btermin\w*|\bepuis\w*|\bjusqu\w*|\bplus rien"),
        _Of.ENTITLEMENT,
    ),
    (re.compile(r"\bmalad\w*|\barret\w*|\bincapacite|\baccident\w*|\bopere\w*|\bhopital"), _Of.SICKNESS),
    (
        re.compile(
            r"\bhabit\w*|\bdomicil\w*|\bgeneve|\barrive\w* (?:a|ici)|\bemmenag\w*|\binstall\w*|\bcondamn\w*|\bsuspen\w*|\bpenalit\w*|"
            r"\bcommenc\w*|\bcontrat|\bcd[id]\b|\bchez\b|\bengage\w*|\bembauch\w*|\binscri\w*|\bare\b|\bprogramme|\bstage|\bdeja eu|\bdeja fait|\bne en\b|\bdemenag\w*"
        ),
        _Of.OTHER,
    ),
)
_PAST = re.compile(
    r"\bdepuis\b|\bil y a\b|\bpasse\b|\bdernier\b|\bhier\b|\b(?:s'est|se sont|ont|a|est|sont|etai\w+|ai) (?:\w+ )?(?:fini|termine|epuise|pris fin)"
)


def told_days(said: Said, pending: Question | None, draft: MeasuresDraft) -> dict[str, Any]:
    """The days of the entitlement's end and of the beginning of a sickness.

    Raises:
        Unusable: When one cannot be meant.
    """
    wanted = {asked.END: _Of.ENTITLEMENT, asked.SICK_SINCE: _Of.SICKNESS}.get(pending) if pending else None
    impossible = impossible_days(said.text, said.today)
    if impossible and wanted and not days(said.text, said.today):
        raise Unusable("utter_day_impossible", written=impossible[0])
    found = answered_days(said.text, said.today) if wanted else days(said.text, said.today)
    named = [*found, *months(said.text, said.today)]
    if wanted is _Of.SICKNESS and not named:
        named = [_before(one, said.today) for one in durations(said.text)[:1]]
    values: dict[str, Any] = {}
    written = plain(said.text)
    for one in sorted(named, key=lambda each: each.start):
        if is_denied(said.text, one.start):
            continue
        subject = _subject(written[: one.start]) or wanted or (_last_told(draft) if said.corrects else None)
        if subject is _Of.ENTITLEMENT and "entitlement_end" not in values:
            values |= _end(one, written, said.today)
        elif subject is _Of.SICKNESS and "sick_since" not in values:
            values |= _beginning(one, said.today)
    if "sick_since" not in values and wanted is None:
        values |= _since(said, written)
    return values


def _last_told(draft: MeasuresDraft) -> _Of | None:
    """Which day a correction means that names nothing else."""
    if isinstance(draft.sick_since, date):
        return _Of.SICKNESS
    return _Of.ENTITLEMENT if draft.end else None


def _since(said: Said, written: str) -> dict[str, Any]:
    """A sickness that is told by its length: «malade depuis six semaines»."""
    for one in durations(said.text):
        if re.search(r"\b(?:malad\w*|arret\w*|incapacite)\b[^.;]{0,20}\bdepuis (?:\w+ )?$", written[: one.start]):
            return _beginning(_before(one, said.today), said.today)
    return {}


def _before(duration: Found, today: date) -> Found:
    day = today - length_of(duration.value)
    return Found(day.isoformat(), duration.start, duration.end, approximate=True)


def _subject(before: str) -> _Of | None:
    """What the last telling word before a day speaks of."""
    matches = [(match.start(), subject) for pattern, subject in _WORDS for match in pattern.finditer(before)]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _end(found: Found, written: str, today: date) -> dict[str, Any]:
    """The last day of the entitlement; of a month, the first day, which is the one that is safe to count from."""
    is_month = len(found.value) == len("2026-10")
    day = date.fromisoformat(f"{found.value}-01" if is_month else found.value)
    if is_month and day == today.replace(day=1) and not _PAST.search(written):
        day = today
    has_year = re.search(r"20\d\d|\d[./-]\d\d\s*$", written[found.start : found.end]) is not None
    if not has_year and day < today - LONG_PAST and not _PAST.search(written):
        day += NEXT_YEAR
    return {
        "entitlement_end": day,
        "entitlement": Entitlement.ENDED if day < today else Entitlement.DRAWING,
        "approximate": is_month or found.approximate,
    }


def _beginning(found: Found, today: date) -> dict[str, Any]:
    if len(found.value) == len("2026-10"):
        return {}
    day = date.fromisoformat(found.value)
    if day > today:
        raise Unusable("utter_day_in_future", day=day)
    if day < today - OLDEST_SICKNESS:
        raise Unusable("utter_day_too_old", day=day)
    return {"sick_since": day, "is_unfit": Told.YES}
