"""Which day of a message is which: the one on the letter, the one of the post's notice, the one that counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum, auto
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.deadline.draft import DeadlineDraft, DeliverySaid, Kind
from actions.tasks import Question, Said, Unusable, is_denied
from base.day_answers import answered_days
from base.reading import Found, days, impossible_days

OLDEST = relativedelta(years=2)
"""A day further back is more likely a slip than a decision that can still be contested."""
OLDEST_WITHOUT_YEAR = relativedelta(months=6)
"""Further back, the year is a guess, and no answer rests on a guess."""

DAY_OF_KIND: Mapping[Kind, str] = {
    Kind.INCAPACITY: "start_date",
    Kind.CANTONAL_REGISTRATION: "entitlement_end",
    Kind.RESTITUTION: "obstacle_end",
}
"""The only day that a task is about; for decisions there are two."""
MAY_BE_AHEAD = frozenset({"entitlement_end"})
LONG_PAST = relativedelta(months=2)
"""An entitlement that ended longer ago without a year being said is one that will end."""


class _Word(Enum):
    """What the words before a day say of it."""

    WRITTEN = auto()
    """It stands on the letter, and does not count."""
    NOTICE = auto()
    RECEIVED = auto()
    OTHER = auto()
    """Something else happened on it, or has to happen until then."""


_LETTER = r"(?:d[ée]cision|lettre|courrier|sanction|p[ée]nalit[ée]|suspension|refus|pli|recommand[ée]e?|opposition)"
_WORDS: tuple[tuple[re.Pattern[str], _Word], ...] = (
    (
        re.compile(
            rf"\bdat[ée]\w*|\bcachet\b|\bmarqu[ée]|\b{_LETTER}\b[^,.;\d]{{0,30}}?\b(?:du|de)\s*(?=\W*$)", re.IGNORECASE
        ),
        _Word.WRITTEN,
    ),
    (
        re.compile(r"\bavis\b|\bfacteur\b|\bpostier\b|\bessay|\bpapier jaune|\bcarton\b|\btalon\b", re.IGNORECASE),
        _Word.NOTICE,
    ),
    (
        re.compile(
            r"\bre[cçs][uo]\w*|\bretir|\bsign[ée]|\bcherch|\br[ée]cup|\bpris\w*|\barriv|\beue?\b|\bnotifi|\btrouv|\bremis|\btenu",
            re.IGNORECASE,
        ),
        _Word.RECEIVED,
    ),
    (
        re.compile(
            r"\bvacances|\brentr[ée]|\bentretien|\brendez-vous|\brdv|\bm'a dit|\bm'ont dit|\bfait opposition|\bd[eè]s\b|"
            r"[àa] partir|\benvoy|\bpost[ée]\w*|\bjusqu|\bavant le|\bd[ée]lai au|\bt[ée]l[ée]phon|\b[ée]crit [àa]\b",
            re.IGNORECASE,
        ),
        _Word.OTHER,
    ),
)
_RANGE = re.compile(r"^\s*(?:au|et le|et)\s*$", re.IGNORECASE)


def read_days(
    said: Said, draft: DeadlineDraft, pending: Question | None, kind: Kind | None, delivery: DeliverySaid | None
) -> dict[str, Any]:
    """The days that a message names, by the field of the draft that they belong to.

    Args:
        kind: What the time limit is for, as far as that is known now.
        delivery: How the letter came, as far as that is known now.

    Raises:
        Unusable: When one cannot be meant.
    """
    if said.tapped:
        return {}
    wanted = pending.slot if pending and pending.expects in {"date", "past_date"} else None
    impossible = impossible_days(said.text, said.today)
    if impossible and not days(said.text, said.today):
        raise Unusable("utter_day_impossible", written=impossible[0])
    found = answered_days(said.text, said.today) if wanted else days(said.text, said.today)
    kept = [one for one in found if not is_denied(said.text, one.start)]
    if pending and not wanted and not said.corrects:  # told by the way, for instance when the letter will be fetched
        kept = [one for one in kept if one.value <= said.today.isoformat()]
    chosen = _chosen(said, kept, wanted, kind, delivery)
    values: dict[str, Any] = {field: _checked(one, field, said) for field, one in chosen.items()}
    if values:
        values["approximate"] = any(one.approximate for one in chosen.values())
    _compare(values, draft)
    return values


def _chosen(
    said: Said, found: list[Found], wanted: str | None, kind: Kind | None, delivery: DeliverySaid | None
) -> dict[str, Found]:
    """The day for each field: by the words before it; without such words, the only day that is left."""
    if kind is not None and kind in DAY_OF_KIND:
        return {DAY_OF_KIND[kind]: found[0]} if found else {}
    may_have_notice = delivery in {None, DeliverySaid.REGISTERED, DeliverySaid.NOT_COLLECTED}
    main = wanted or ("notice_date" if delivery is DeliverySaid.NOT_COLLECTED else "notification_date")
    chosen: dict[str, Found] = {}
    unlabelled: list[Found] = []
    for one, word in zip(found, _words_before(said.text, found), strict=True):
        if word is _Word.NOTICE and may_have_notice:
            chosen.setdefault("notice_date", one)
        elif word is _Word.RECEIVED:
            chosen.setdefault("notification_date" if wanted != "notice_date" else main, one)
        elif word in {None, _Word.NOTICE}:
            unlabelled.append(one)
    if main not in chosen and unlabelled and (wanted or len(unlabelled) == 1):
        chosen[main] = unlabelled[0]
    return chosen


def _words_before(text: str, found: list[Found]) -> Iterator[_Word | None]:
    """What the last telling word before each day says; the end of a span of days says what its beginning says."""
    begin, word = 0, None
    for one in found:
        before = text[begin : one.start]
        begin = one.end
        if not (word and _RANGE.match(before)):
            matches = [(match.start(), kind) for pattern, kind in _WORDS for match in pattern.finditer(before)]
            word = max(matches, key=lambda match: match[0])[1] if matches else None
        yield word


def _checked(found: Found, field: str, said: Said) -> date:
    """The day, if it can be meant.

    Raises:
        Unusable: When it lies ahead, or too far back.
    """
    day = date.fromisoformat(found.value)
    has_year = re.search(r"20\d\d|\d[./-]\d\d\s*$|an|y a|fait", said.text[found.start : found.end]) is not None
    if field in MAY_BE_AHEAD:
        return day + relativedelta(years=1) if not has_year and day < said.today - LONG_PAST else day
    if day > said.today:
        raise Unusable("utter_day_in_future", day=day)
    if day < said.today - (OLDEST if has_year else OLDEST_WITHOUT_YEAR):
        raise Unusable("utter_day_too_old", day=day)
    return day


def _compare(values: Mapping[str, Any], draft: DeadlineDraft) -> None:
    """A letter does not come before its notice.

    Raises:
        Unusable: When it is said to.
    """
    if not {"notice_date", "notification_date"} & values.keys():
        return
    notice, received = (values.get(name, getattr(draft, name)) for name in ("notice_date", "notification_date"))
    if isinstance(notice, date) and isinstance(received, date) and received < notice:
        raise Unusable("utter_days_contradict")
