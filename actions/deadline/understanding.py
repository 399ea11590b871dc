"""What a message says about a time limit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from actions.deadline.days import DAY_OF_KIND, read_days
from actions.deadline.draft import (
    NONE,
    UNKNOWN,
    ActSaid,
    Authority,
    BenefitSaid,
    DeadlineDraft,
    DeliverySaid,
    Kind,
)
from actions.tasks import BACK, FIELD, Question, Said, Unusable
from base.reading import days

THIS_MONTH, LAST_MONTH = "this", "last"

_MENTIONS_POST = re.compile(r"\bposte\b|\boffice postal\b|\bfacteur\b|\bpostier\b", re.IGNORECASE)


def read(said: Said, draft: DeadlineDraft, pending: Question | None) -> Mapping[str, Any]:
    """What a message says for the draft, by field; None takes an answer back.

    Raises:
        Unusable: When it names a day that cannot be meant.
    """
    taken_back = {_field(name, draft): None for name in said.values(FIELD) if name != BACK}
    told: dict[str, Any] = dict(_chosen(said, draft, pending))
    kind = told.get("kind") or draft.kind
    told |= _months(said, pending, kind)
    try:
        told |= read_days(said, draft, pending, kind, told.get("delivery") or draft.delivery)
    except Unusable as problem:
        problem.kept = _settled(taken_back | told, draft)
        raise
    if pending and pending.slot in told and not (said.tapped or said.corrects):
        # An answer may tell more, but by the way it takes nothing back.
        told = {name: value for name, value in told.items() if name == pending.slot or _is_new(name, draft)}
    return _settled(taken_back | told, draft)


def _is_new(name: str, draft: DeadlineDraft) -> bool:
    return getattr(draft, name) is None or name == "approximate"


def _field(name: str, draft: DeadlineDraft) -> str:
    """The field that a correction means; «la date» is the one that the count begins with."""
    if name != "date":
        return name
    if draft.delivery is DeliverySaid.NOT_COLLECTED:
        return "notice_date"
    return DAY_OF_KIND.get(draft.kind or Kind.DECISION, "notification_date")


def _settled(values: Mapping[str, Any], draft: DeadlineDraft) -> dict[str, Any]:
    """What follows from what was said.

    Raises:
        Unusable: When a letter that nobody fetched has no notice whose day is known.
    """
    settled = dict(values)
    if settled.get("authority") is Authority.FUND:
        # Funds pay federal benefits; where a cantonal one is named, that counts.
        if settled.get("benefit") is None and draft.benefit is not BenefitSaid.CANTONAL:
            settled["benefit"] = BenefitSaid.FEDERAL
    elif "authority" in settled and draft.authority is Authority.FUND and "benefit" not in settled:
        settled["benefit"] = None
    if settled.get("act") and not draft.kind and "kind" not in settled:
        settled["kind"] = Kind.DECISION
    delivery = settled.get("delivery", draft.delivery)
    if delivery is DeliverySaid.NOT_COLLECTED:
        settled["notification_date"] = None
        notice = settled.get("notice_date", draft.notice_date)
        if notice == NONE and "notice_date" in settled:
            settled |= {"delivery": DeliverySaid.REGISTERED}
            del settled["notification_date"]
        elif notice in {NONE, UNKNOWN}:
            settled["notice_date"] = None
            if "notice_date" in values:
                raise Unusable("utter_notice_needed")
    elif "delivery" in settled and delivery is not DeliverySaid.REGISTERED:
        settled["notice_date"] = None
    return settled


def _chosen(said: Said, draft: DeadlineDraft, pending: Question | None) -> Iterator[tuple[str, Any]]:
    """What is one of a few things."""
    slot = pending.slot if pending else None
    unsure = said.unsure
    named = _acts(said, asked=slot in {"act", "kind"})
    if draft.kind is None or slot == "kind" or said.tapped or (said.corrects and _may_change_kind(said, slot)):
        kind = _kind(said, names_a_decision=bool(named) or (draft.kind is None and bool(said.values("letter"))))
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
    delivery = _delivery(said, asked=slot == "delivery")
    if slot == "delivery" and unsure:
        yield "delivery", DeliverySaid.UNKNOWN
    elif delivery:
        yield "delivery", delivery
    if slot == "notice_date":
        notices = [UNKNOWN] if unsure else said.values("notice")
        yield from (("notice_date", value) for value in notices[:1])


def _kind(said: Said, *, names_a_decision: bool) -> Kind | None:
    """What the time limit is for: words for a decision count more than what the decision may be about."""
    duties = said.values("duty")
    if Kind.RESTITUTION in duties:
        return Kind.RESTITUTION
    if duties and (said.tapped or not names_a_decision):
        return Kind(duties[0])
    return Kind.DECISION if names_a_decision else None


def _may_change_kind(said: Said, slot: str | None) -> bool:
    """While something else of a decision is asked, a cause that is named is no other time limit."""
    return slot is None or re.search(r"\bd[ée]lai", said.text, re.IGNORECASE) is not None


def _acts(said: Said, asked: bool) -> list[ActSaid]:
    """«Décision sur opposition» is contested by an appeal: that counts most.

    Everyday speech calls any contestation a «recours», and who speaks of an opposition that was made may hold the answer
    to it: both leave open which letter it is, unless that was asked.
    """
    acts = said.values("act")
    if ActSaid.APPEAL in acts:
        return [ActSaid.APPEAL]
    if "appeal_word" in acts:
        return [ActSaid.APPEAL] if asked else []
    return [ActSaid.OBJECTION] if ActSaid.OBJECTION in acts and "open" not in acts else []


def _benefit(said: Said, asked: bool) -> BenefitSaid | None:
    """What the decision is about; words that could mean either count only as an answer to that question."""
    subjects = said.values("subject")
    if said.values("benefit") or BenefitSaid.CANTONAL in subjects:
        return BenefitSaid.CANTONAL
    if BenefitSaid.FEDERAL in subjects or (asked and "maybe_federal" in subjects):
        return BenefitSaid.FEDERAL
    return BenefitSaid.UNKNOWN if UNKNOWN in subjects else None


def _delivery(said: Said, asked: bool) -> DeliverySaid | None:
    """How the letter came; the first rule that holds decides.

    Meetings and offices are named for many reasons: unless the way was asked, only plain words for handing over count.
    """
    found = set(said.values("delivery"))
    by_post = "registered" in found or _MENTIONS_POST.search(said.text) is not None
    met = "meeting" in found or bool(found & {"collected", "signed"} and said.values("office"))
    at_an_office = "counter" in found or (asked and met)
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
