"""What a message says about an incapacity for work."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.incapacity.draft import UNKNOWN, IncapacityDraft, Relation
from actions.tasks import BACK, FIELD, Question, Said, Unusable
from base.day_answers import answered_days
from base.reading import days, impossible_days
from base.spans import ahead, last_day, span
from eservices.models.files import Cause

START = Question("start_date", "past_date", help="utter_help_incapacity_start")
CAUSE = Question("cause", "choice")
DEGREE = Question("degree", "text", help="utter_help_incapacity_degree")
END = Question("end_date", "date", help="utter_help_incapacity_end")
RELATION = Question("relation", "choice")
BACK_ON = Question("back_on", "date", help="utter_help_incapacity_back")
LATER, TODAY, YESTERDAY, IS_BACK = "later", "today", "yesterday", "back"
"""Values of answers that are tapped."""

OLDEST = relativedelta(months=6)
"""A first day further back is more likely a slip of the year."""
WHOLE = 100

_ACCIDENT = re.compile(
    r"\baccid\w*|\bchut[eé]\w*|\btomb[ée]\w*(?! (?:malade|enceinte))|\b(?:cass|fractur|pl[âa]tr|foul|renvers|percut|br[uû]l|gliss)[ée]\w*|"
    r"\bentorse\w*|\bme suis (?:fait|coup)\w*|\bunfall\b",
    re.IGNORECASE,
)
_ILLNESS = re.compile(
    r"\bmalad\w*|\bgripp\w*|\bcovid\w*|\bburn[- ]?out\b|\bd[ée]press\w*|\bangine|\bgastro\w*|\bfi[èe]vre|\bmigraine|\bbronchite|"
    r"\blumbago|\bpneumonie|\binfection|\bcancer|\bgrossesse|\bkrank\w*",
    re.IGNORECASE,
)
_TREATED = re.compile(r"\bop[ée]r(?:[ée]|ation)\w*|\bh[ôo]pital|\bhospitali\w*", re.IGNORECASE)
"""An answer to the question for the cause that names none of the two words: who is treated without an accident is ill."""
_PERCENT = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3})(?:[.,]\d+)?\s*(?:%|pour ?-?cents?\b|pourcents?\b|pct\b)", re.IGNORECASE
)
_BARE = re.compile(r"\D{0,12}(?P<number>\d{1,3})\D{0,4}")
_HALF = re.compile(r"\b(?:[àa] (?:la )?moiti[ée]|la moiti[ée]|mi[- ]temps|cinquante pour ?cent)\b", re.IGNORECASE)
_FULLY = re.compile(
    r"\b(?:compl[èe]te?(?:ment)?|total(?:e(?:ment)?)?|enti[èe]re(?:ment)?|(?:pas )?du tout|cent pour ?cent|[àa] plein)\b",
    re.IGNORECASE,
)
_CAPACITY = re.compile(
    r"\b(?:capacit[ée] (?:de travail )?(?:de |à )?|(?:peux|peut|pouvais) (?:encore )?travailler (?:à |a )?|travaille (?:encore )?(?:à|a) |"
    r"(?:reprise|reprends?|apte) (?:à|a) )$",
    re.IGNORECASE,
)
"""Before a percentage: it is what the person can still do."""
_BACK = re.compile(
    r"\b(?:je |j')?(?:(?:vais )?(?:reprend\w*|repris)\b(?! (?:à|a) \d)|recommenc\w+|retravaill\w+|peux (?:de nouveau |[àa] nouveau |re)travailler)|"
    r"\bgu[ée]ri\w*|\br[ée]tabli\w*|\b(?:de nouveau|[àa] nouveau|re)[- ]?apte\b|\bremis\w* (?:sur pied|au travail)|"
    r"\bfin d[e']?\s?(?:mon |l')?(?:arr[êe]t|incapacit[ée]|maladie)|\b(?:arr[êe]t|maladie|incapacit[ée]) (?:est |et )?(?:fini\w*|termin[ée]\w*)|"
    r"\bfini\w* (?:ma |mon |la )?(?:maladie|arr[êe]t)",
    re.IGNORECASE,
)
_LAST_DAY_OF_IT = re.compile(
    r"\bfin d[e']?\s?(?:mon |l')?(?:arr[êe]t|incapacit[ée]|maladie)\W*(?:le|au|:)?\s*$", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"\bprolong\w*|\bencore (?:malade|arr[êe]t)|\bnouve(?:au|l) (?:arr[êe]t|certificat)|\brefait un certificat",
    re.IGNORECASE,
)
_FELL_ILL = re.compile(
    r"\b(?:malade|accident\w*|arr[êe]t\w*|incapacit[ée]\w*) (?:\d+ ?% )?(?:depuis|dps|du|d[eè]s)\b", re.IGNORECASE
)
_EXTENDS = re.compile(r"\bprolong\w*", re.IGNORECASE)
_ALREADY = re.compile(r"\b(?:depuis|dps|hier|repris|guéri\w* (?:depuis|le)|ça fait)\b", re.IGNORECASE)
_NOT_YET = re.compile(
    r"(?:non[\s,]*)?(?:pas encore|on verra|on verra bien|à voir|ça dépend|indéterminé\w*|le médecin (?:n'a |ne l'a )?pas (?:encore )?dit)[\s.!]*",
    re.IGNORECASE,
)
"""An answer to «until when?» that names no day."""
_PLANNED = re.compile(
    r"\b(?:pr[ée]vue?s?|serai|sera|vais (?:être|me faire|etre)|prochaine?)\b[^,.;]{0,20}$", re.IGNORECASE
)
_NO_CERTIFICATE = re.compile(
    r"\b(?:pas|plus) (?:encore )?(?:de |le |mon |re[çc]u )?(?:certif\w*|papier|attestation|document|arr[êe]t)|\bsans (?:certif\w*|papier)|"
    r"\b(?:aurai|recevrai|enverrai|apporterai|attends?) (?:le |mon |encore )*(?:certif\w*|papier|attestation)",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\bplus tard|\bpas encore|\bpas (?:là|la|sur moi|sous la main|maintenant)|\b(?:je (?:ne )?|j)l'?ai pas|\bdemain|"
    r"\b(?:aurai|recevrai|enverrai|apporterai|attends)\b|\bensuite|\bapr[èe]s\b",
    re.IGNORECASE,
)


_FIELDS = frozenset({START.slot, CAUSE.slot, DEGREE.slot, END.slot, BACK_ON.slot})
_TAPPED: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {CAUSE.slot: Cause, DEGREE.slot: int, RELATION.slot: Relation}
)
"""What the entities of choices mean."""


def read(said: Said, draft: IncapacityDraft, pending: Question | None) -> Mapping[str, Any]:
    """What a message says for the draft, by field; None takes an answer back.

    Raises:
        Unusable: When it says something that cannot be right.
    """
    if said.tapped:
        return _tapped(said, draft, pending)
    values: dict[str, Any] = {name: None for name in said.values(FIELD) if name != BACK and name in _FIELDS}
    if pending is None and not values and draft.start_date is None and _is_back(said.text):
        values["is_back"] = True
    try:
        if values.get("is_back", draft.is_back):
            return values | _back(said, pending)
        values |= _cause(said, draft, pending) | _certificate(said, pending)
        if _EXTENDS.search(said.text) and draft.relation is None:
            values["relation"] = Relation.EXTENSION
        values |= _days(said, draft, pending)
        return values | _degree(said, pending)
    except Unusable as problem:
        problem.kept = values
        raise


def _tapped(said: Said, draft: IncapacityDraft, pending: Question | None) -> Mapping[str, Any]:
    values: dict[str, Any] = {name: None for name in said.values(FIELD) if name in _FIELDS}
    answers = set(said.values("answer"))
    for one in said.entities:
        if (means := _TAPPED.get(one.kind)) is not None:
            values[one.kind] = means(one.value)
    if IS_BACK in answers:
        values["is_back"] = True
    if answers & {TODAY, YESTERDAY}:
        day = said.today - timedelta(days=YESTERDAY in answers)
        values |= {(BACK_ON if draft.is_back else START).slot: day}
        values |= {} if draft.is_back else _counted_end(day, draft)
    if UNKNOWN in answers and pending in {END, CAUSE, DEGREE}:
        values[pending.slot] = UNKNOWN
    if LATER in answers:
        values["comes_later"] = True
    return values


def _is_back(text: str) -> bool:
    """Whether a message announces that somebody can work again, and not that they cannot."""
    return _BACK.search(text) is not None and not (_GOES_ON.search(text) or _FELL_ILL.search(text))


def _cause(said: Said, draft: IncapacityDraft, pending: Question | None) -> dict[str, Any]:
    """Illness or accident, said so; it is changed only by who answers or corrects."""
    if draft.cause is not None and pending is not CAUSE and not said.corrects:
        return {}
    if _ACCIDENT.search(said.text):
        return {CAUSE.slot: Cause.ACCIDENT}
    if _ILLNESS.search(said.text) or (pending is CAUSE and _TREATED.search(said.text)):
        return {CAUSE.slot: Cause.ILLNESS}
    return {CAUSE.slot: UNKNOWN} if pending is CAUSE and said.unsure else {}


def _certificate(said: Said, pending: Question | None) -> dict[str, Any]:
    """Whether the certificate is to follow."""
    is_asked = pending is not None and pending.expects == "file"
    if _NO_CERTIFICATE.search(said.text) or (is_asked and not said.asks and _NOT_NOW.search(said.text)):
        return {"comes_later": True}
    return {}


def _degree(said: Said, pending: Question | None) -> dict[str, Any]:
    """The percentage of the incapacity.

    Raises:
        Unusable: When there is no such one.
    """
    text = said.text
    found = _PERCENT.search(text) or (_BARE.fullmatch(text.strip()) if pending is DEGREE else None)
    if found is None:
        if pending is DEGREE and said.unsure:
            return {DEGREE.slot: UNKNOWN}
        if _HALF.search(text):
            return {DEGREE.slot: WHOLE // 2}
        return {DEGREE.slot: WHOLE} if pending is DEGREE and _FULLY.search(text) else {}
    degree = int(found["number"])
    if degree > WHOLE:
        raise Unusable("utter_incapacity_degree_too_high")
    if _CAPACITY.search(text[: found.start("number")]):
        degree = WHOLE - degree
    if degree == 0:
        raise Unusable("utter_incapacity_degree_zero")
    return {DEGREE.slot: degree}


def _days(said: Said, draft: IncapacityDraft, pending: Question | None) -> dict[str, Any]:
    """The first and the last day.

    Raises:
        Unusable: When they cannot be meant.
    """
    is_unknown = said.unsure or _NOT_YET.fullmatch(said.text.strip()) is not None
    if pending is END and is_unknown and not days(said.text, said.today):
        return {END.slot: UNKNOWN}
    if (impossible := impossible_days(said.text, said.today)) and not days(said.text, said.today):
        raise Unusable("utter_day_impossible", written=impossible[0])
    is_answer = pending in {START, END}
    found = span(said.text, said.today, draft.start_date, is_answer=is_answer)
    first, last = found.first, found.last
    if first is None and found.alone is not None and pending is not END and draft.start_date is None:
        _check_planned(said, found.alone)
        first = found.alone
    if first is not None and draft.start_date is not None and _is_back(said.text):  # «guérie depuis hier»
        last, first = first - timedelta(days=1), None
    is_back = _BACK.search(said.text) is not None and draft.start_date is not None and first is None
    if (pending is END or is_back) and last is None:
        last = _answered_end(said, draft, is_back=is_back)
    values: dict[str, Any] = {}
    if first is not None:
        values |= {START.slot: _checked(first, said)} | _counted_end(first, draft)
    elif START.slot not in values and draft.start_date is None and _EXTENDS.search(said.text):
        values |= _follows(draft)
    if last is not None:
        values |= {END.slot: last, "is_end_counted": found.is_counted}
    elif found.length:
        values["length"] = found.length
    _compare(values, draft)
    return values


def _answered_end(said: Said, draft: IncapacityDraft, *, is_back: bool) -> date | None:
    """The last day; who names the day they are back names the one after it."""
    read = answered_days(said.text, said.today)
    if not read:
        return None
    day = ahead(said.text, read[0], draft.start_date or said.today)
    return day - timedelta(days=1) if is_back else day


def _counted_end(first: date, draft: IncapacityDraft) -> dict[str, Any]:
    """The last day, once the first is known, when it was said before how long it lasts."""
    if draft.end_date is not None or draft.length is None:
        return {}
    return {END.slot: last_day(first, draft.length), "is_end_counted": True}


def _follows(draft: IncapacityDraft) -> dict[str, Any]:
    """An extension begins on the day after the last incapacity that was announced, for the same cause."""
    before = draft.announced[0] if draft.announced else None
    if before is None or before.last is None:
        return {}
    cause = {CAUSE.slot: before.cause} if before.cause and draft.cause is None else {}
    return {START.slot: before.last + timedelta(days=1), **cause}


def _back(said: Said, pending: Question | None) -> dict[str, Any]:
    """The first day on which somebody can work again."""
    found = answered_days(said.text, said.today) if pending is BACK_ON else days(said.text, said.today)
    if not found:
        return {}
    named = next((one for one in found if _LAST_DAY_OF_IT.search(said.text[: one.start])), None)
    one = named or found[-1]
    day = date.fromisoformat(one.value)
    if not _ALREADY.search(said.text):
        day = ahead(said.text, one, said.today)
    return {BACK_ON.slot: day + timedelta(days=1) if named else day}


def _check_planned(said: Said, day: date) -> None:
    """«Opération prévue le 20» is no day of the past, whatever day was read.

    Raises:
        Unusable: When it is planned.
    """
    found = (one for one in days(said.text, said.today) if one.value == day.isoformat())
    if any(_PLANNED.search(said.text[: one.start]) for one in found):
        raise Unusable("utter_incapacity_in_future")


def _checked(first: date, said: Said) -> date:
    """The first day, if it can be meant.

    Raises:
        Unusable: When it lies ahead, or too far back.
    """
    if first > said.today:
        raise Unusable("utter_incapacity_in_future")
    if first < said.today - OLDEST:  # without its year, a day so far back is one that comes
        has_year = re.search(rf"{first:%Y}|\d[./-]{first:%y}\b", said.text)
        raise Unusable("utter_day_too_old", day=first) if has_year else Unusable("utter_incapacity_in_future")
    return first


def _compare(values: Mapping[str, Any], draft: IncapacityDraft) -> None:
    """An incapacity does not end before it begins.

    Raises:
        Unusable: When it is said to.
    """
    first, last = values.get(START.slot, draft.start_date), values.get(END.slot, draft.end_date)
    if not {START.slot, END.slot} & values.keys():
        return
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise Unusable("utter_incapacity_ends_before", first=first, last=last)
