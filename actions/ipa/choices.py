"""What choices mean that are tapped."""

from __future__ import annotations

from typing import Any

from actions.ipa.draft import IpaDraft
from actions.ipa.months import month_by_date, moved
from actions.ipa.papers import settle, tapped_paper
from actions.ipa.questions import DETAILS, DONE, EARLY, ITEM, LATER, NOTHING, PIECES, TOPICS, WAIT, WHICH
from actions.ipa.topics import Topic
from actions.tasks import NO, UNKNOWN, YES, Question, Said
from eservices.models.common import month_of, period_of


def read(said: Said, draft: IpaDraft, pending: Question | None) -> dict[str, Any]:
    """What a choice says for the draft, by field."""
    if period := next(iter(said.values("month")), None):
        return moved(draft, month_of(period))
    if pending is None:
        due = month_by_date(draft, said.today)
        return {"period": draft.period or (period_of(due) if due else None)}
    answers = set(said.values("answer"))
    if pending is EARLY:
        return {EARLY.slot: YES in answers, "waits": WAIT in answers} if answers & {YES, WAIT} else {}
    if pending is WHICH:
        return tapped_paper(draft, next(iter(said.values(ITEM)), None))
    asked = next((topic for topic, question in TOPICS.items() if question is pending), None)
    if asked is not None:
        return _answered(asked, answers, draft)
    return _of_what_happened(draft.current, answers, draft, pending) if draft.current else {}


def _answered(asked: Topic, answers: set[str], draft: IpaDraft) -> dict[str, Any]:
    if NOTHING in answers:
        return dict.fromkeys(draft.unanswered, False)
    return {asked.value: YES in answers} if answers & {YES, NO} else {}


def _of_what_happened(topic: Topic, answers: set[str], draft: IpaDraft, pending: Question) -> dict[str, Any]:
    if pending is PIECES and draft.offers_certificate(topic) and answers & {YES, NO}:
        return {PIECES.slot: True, "takes_certificate": YES in answers}
    if pending is PIECES and answers & {LATER, DONE}:
        return settle(draft, topic, is_later=LATER in answers)
    if pending is DETAILS and draft.offers_announced(topic) and answers & {YES, NO}:
        return {DETAILS.slot: True, "takes_announced": YES in answers}
    if pending is DETAILS and UNKNOWN in answers and topic is not Topic.ABSENCE:
        return {DETAILS.slot: True, "told": {**draft.told, topic: ""}}
    return {}
