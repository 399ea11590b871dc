"""What a message says about a time limit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from actions.deadline.draft import (
    UNKNOWN,
    ActSaid,
    Authority,
    BenefitSaid,
    DeadlineDraft,
    DeliverySaid,
    Kind,
)
from actions.tasks import BACK, FIELD, Question, Said, Unusable, is_denied
from base.day_answers import answered_days
from base.reading import Found, days, impossible_days

OLDEST = relativedelta(years=2)
"""A day further back is more likely a slip than a decision that can still be contested."""
THIS_MONTH, LAST_MONTH = "this", "last"

_DATED = re.compile(
    r"\b(?:dat[ée]e?|[ée]crite?|cachet|d[ée]cision|sign[ée]e par)\s+(?:est |du|de|le|au)?\W*$|\bdat[ée]\w*\s+(?:du|de)?\W*$",
    re.IGNORECASE,
)
"""Before the date that stands on the letter, which does not count."""
_NOTICE = re.compile(r"\b(?:avis|facteur|postier|essay|tent|pass[ée]\w*|laiss|papier jaune|carton)", re.IGNORECASE)
_RECEIVED = re.compile(r"\b(?:re[cçs]\w+|retir|sign|cherch|r[ée]cup|pris|arriv|eu\b|notifi|trouv|remis)", re.IGNORECASE)
_MENTIONS_POST = re.compile(r"\bposte\b|\boffice postal\b|\bfacteur\b|\bpostier\b", re.IGNORECASE)

_DAY_OF_KIND: Mapping[Kind, str] = {
    Kind.INCAPACITY: "start_date",
    Kind.CANTONAL_REGISTRATION: "entitlement_end",
    Kind.RESTITUTION: "obstacle_end",
}
MAY_BE_AHEAD = frozenset({"entitlement_end"})


def read(said: Said, draft: DeadlineDraft, pending: Question | None) -> Mapping[str, Any]:
    """What a message says for the draft, by field; None takes an answer back.

    Raises:
        Unusable: When it names a day that cannot be meant.
    """
    taken_back = {_field(name, draft): None for name in said.values(FIELD) if name != BACK}
    chosen = dict(_chosen(said, draft, pending))
    kind = chosen.get("kind") or draft.kind
    said_now: dict[str, Any] = chosen | _months(said, pending, kind) | _days(said, draft, pending, kind)
    if pending and pending.slot in said_now and not (said.tapped or said.corrects):
        # An answer may tell more, but by the way it takes nothing back.
        said_now = {name: value for name, value in said_now.items() if name == pending.slot or _is_new(name, draft)}
    return _settled(taken_back | said_now, draft)


def _is_new(name: str, draft: DeadlineDraft) -> bool:
    return getattr(draft, name) is None or name == "approximate"


def _field(name: str, draft: DeadlineDraft) -> str:
    """The field that a correction means; «la date» is the one that the count begins with."""
    if name != "date":
        return name
    if draft.delivery is DeliverySaid.NOT_COLLECTED:
        return "notice_date"
    return _DAY_OF_KIND.get(draft.kind or Kind.DECISION, "notification_date")


def _settled(values: Mapping[str, Any], draft: DeadlineDraft) -> dict[str, Any]:
    """What follows from what was said."""
    settled = dict(values)
    if settled.get("authority") is Authority.FUND:
        settled["benefit"] = BenefitSaid.FEDERAL
    elif "authority" in settled and draft.authority is Authority.FUND and "benefit" not in settled:
        settled["benefit"] = None
    if settled.get("act") and not draft.kind and "kind" not in settled:
        settled["kind"] = Kind.DECISION
    if settled.get("delivery") is DeliverySaid.NOT_COLLECTED:
        settled["notification_date"] = None
    elif "delivery" in settled and settled["delivery"] is not DeliverySaid.REGISTERED:
        settled["notice_date"] = None
    return settled


def _chosen(said: Said, draft: DeadlineDraft, pending: Question | None) -> Iterator[tuple[str, Any]]:
    """What is one of a few things."""
    slot = pending.slot if pending else None
    unsure = said.unsure
    named = _acts(said)
    if draft.kind is None or slot == "kind" or said.corrects or said.tapped:
        kind = _kind(said, bool(named))
        if kind is not None and kind is not draft.kind:
            yield "kind", kind
    if named:
        yield "act", named[-1]
    elif slot == "act" and said.values("letter"):
        yield "act", ActSaid.OBJECTION
    elif slot == "act" and unsure:
        yield "act", ActSaid.UNKNOWN
    authorities = {value for value in said.values("office") if value in {*Authority}}
    if slot == "authority" and unsure:
        yield "authority", Authority.UNKNOWN
    elif len(authorities) == 1:
        yield "authority", Authority(authorities.pop())
    benefit = _benefit(said, asked=slot == "benefit")
    if slot == "benefit" and unsure:
        yield "benefit", BenefitSaid.UNKNOWN
    elif benefit:
        yield "benefit", benefit
    delivery = _delivery(said)
    if slot == "delivery" and unsure:
        yield "delivery", DeliverySaid.UNKNOWN
    elif delivery:
        yield "delivery", delivery
    if slot == "notice_date":
        notices = [*said.values("notice"), *([UNKNOWN] if unsure else [])]
        yield from (("notice_date", value) for value in notices[:1])


def _kind(said: Said, names_an_act: bool) -> Kind | None:
    """What the time limit is for: words for a decision count more than what the decision may be about."""
    duties = said.values("duty")
    if Kind.RESTITUTION in duties or (duties and (said.tapped or not (names_an_act or said.values("letter")))):
        return Kind.RESTITUTION if Kind.RESTITUTION in duties else Kind(duties[0])
    return Kind.DECISION if names_an_act or said.values("letter") else None


def _acts(said: Said) -> list[ActSaid]:
    """«Décision sur opposition» is contested by an appeal: the longer word wins."""
    acts = [ActSaid(value) for value in said.values("act")]
    return [ActSaid.APPEAL] if ActSaid.APPEAL in acts else acts[:1]


def _benefit(said: Said, asked: bool) -> BenefitSaid | None:
    """What the decision is about; words that could mean either count only as an answer to that question."""
    subjects = said.values("subject")
    if said.values("benefit") or BenefitSaid.CANTONAL in subjects:
        return BenefitSaid.CANTONAL
    if BenefitSaid.FEDERAL in subjects or (asked and "maybe_federal" in subjects):
        return BenefitSaid.FEDERAL
    return BenefitSaid.UNKNOWN if UNKNOWN in subjects else None


def _delivery(said: Said) -> DeliverySaid | None:
    """How the letter came; the first rule that holds decides."""
    found = set(said.values("delivery"))
    by_post = "registered" in found or _MENTIONS_POST.search(said.text) is not None
    at_an_office = "counter" in found or bool(found & {"collected", "signed"} and said.values("office"))
    rules = (
        (at_an_office and not by_post, DeliverySaid.COUNTER),
        ("collected" in found and "not_collected" not in found, DeliverySaid.REGISTERED),
        (bool(found & {"not_collected", "notice"}) and "signed" not in found, DeliverySaid.NOT_COLLECTED),
        ("ordinary" in found and not found & {"registered", "counter"}, DeliverySaid.ORDINARY),
        (bool(found & {"registered", "signed", "counter"}), DeliverySaid.REGISTERED),
        ("ordinary" in found, DeliverySaid.ORDINARY),
        (UNKNOWN in found, DeliverySaid.UNKNOWN),
    )
    return next((delivery for holds, delivery in rules if holds), None)


def _days(said: Said, draft: DeadlineDraft, pending: Question | None, kind: Kind | None) -> dict[str, Any]:
    """The days that a message names, by what they are.

    Raises:
        Unusable: When one cannot be meant.
    """
    if said.tapped:
        named = [date.fromisoformat(day) for day in said.values("day")]
        return {_DAY_OF_KIND.get(kind or Kind.DECISION, "notification_date"): named[0]} if named else {}
    wanted = pending.slot if pending and pending.expects in {"date", "past_date"} else None
    impossible = impossible_days(said.text, said.today)
    if impossible and not days(said.text, said.today):
        raise Unusable("utter_day_impossible", written=impossible[0])
    found = answered_days(said.text, said.today) if wanted else days(said.text, said.today)
    kept = [one for one in found if not is_denied(said.text, one.start)]
    if pending and not wanted and not said.corrects:  # told by the way, for instance when the letter will be fetched
        kept = [one for one in kept if one.value <= said.today.isoformat()]
    if not kept:
        return {}
    values: dict[str, Any] = {}
    for one, role in zip(kept, _roles(said.text, kept, draft, wanted, kind), strict=True):
        if role is not None and role not in values:
            values[role] = _checked(one, role, said)
            if one.approximate:
                values["approximate"] = True
    if values and "approximate" not in values and draft.approximate:
        values["approximate"] = False
    notice, received = (
        values.get("notice_date", draft.notice_date),
        values.get("notification_date", draft.notification_date),
    )
    if isinstance(notice, date) and isinstance(received, date) and received < notice:
        raise Unusable("utter_days_contradict")
    return values


def _roles(
    text: str, found: list[Found], draft: DeadlineDraft, wanted: str | None, kind: Kind | None
) -> Iterator[str | None]:
    """What each day is: by the words before it, else what was asked for, else what the task is about."""
    begin = 0
    for one in found:
        before = text[begin : one.start]
        begin = one.end
        if kind is not None and kind in _DAY_OF_KIND:
            yield _DAY_OF_KIND[kind]
        elif _DATED.search(before) and not _RECEIVED.search(before):
            yield None
        elif _may_have_notice(draft) and _NOTICE.search(before) and not _RECEIVED.search(before.split("avis")[-1]):
            yield "notice_date"
        elif wanted:
            yield wanted
        else:
            is_out = draft.delivery is DeliverySaid.NOT_COLLECTED and not _RECEIVED.search(before)
            yield "notice_date" if is_out else "notification_date"


def _may_have_notice(draft: DeadlineDraft) -> bool:
    return draft.delivery in {None, DeliverySaid.REGISTERED, DeliverySaid.NOT_COLLECTED}


def _checked(found: Found, role: str, said: Said) -> date:
    """The day, if it can be meant.

    Raises:
        Unusable: When it lies ahead, or too far back.
    """
    day = date.fromisoformat(found.value)
    if role in MAY_BE_AHEAD:
        # Without a year, the nearest such day is meant, before or after.
        has_year = re.search(r"20\d\d", said.text[found.start : found.end]) is not None
        ahead = day + relativedelta(years=1)
        return ahead if not has_year and ahead - said.today < said.today - day else day
    if day > said.today:
        raise Unusable("utter_day_in_future", day=day)
    if day < said.today - OLDEST:
        raise Unusable("utter_day_too_old", day=day)
    return day


def _months(said: Said, pending: Question | None, kind: Kind | None) -> dict[str, Any]:
    """The month that a message names, where the task is about one; a day stands for its month."""
    if kind not in {Kind.JOB_SEARCHES, Kind.IPA}:
        return {}
    named = [month_of(value, said.today) for value in said.values("month")]
    if not named and pending and pending.slot == "month":
        named = [found.value[:7] for found in days(said.text, said.today)]
    return {"month": named[0]} if named else {}


def month_of(value: str, today: date) -> str:
    """A month as `2026-10`, also for «this» and «last»."""
    if value == THIS_MONTH:
        return today.strftime("%Y-%m")
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m") if value == LAST_MONTH else value
