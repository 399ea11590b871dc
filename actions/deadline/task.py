"""The questions for a time limit, and how answers are repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from actions.deadline.draft import (
    NONE,
    ActSaid,
    Authority,
    BenefitSaid,
    DeadlineDraft,
    DeliverySaid,
    Kind,
)
from actions.deadline.understanding import read
from actions.tasks import Question, Said, Task
from base import clock
from base.plain import plain
from base.reading import days
from base.wording import Translations, mark, write_day, write_month

KIND = Question("kind", "choice")
ACT = Question("act", "choice")
AUTHORITY = Question("authority", "choice")
BENEFIT = Question("benefit", "choice")
DELIVERY = Question("delivery", "choice")
NOTIFICATION_DATE = Question("notification_date", "past_date")
NOTICE_DATE = Question("notice_date", "past_date")
MONTH = Question("month", "month")
START_DATE = Question("start_date", "past_date")
ENTITLEMENT_END = Question("entitlement_end", "date")
OBSTACLE_END = Question("obstacle_end", "past_date")

_OF_DUTY: Mapping[Kind, Question] = {
    Kind.JOB_SEARCHES: MONTH,
    Kind.IPA: MONTH,
    Kind.INCAPACITY: START_DATE,
    Kind.CANTONAL_REGISTRATION: ENTITLEMENT_END,
}

LABELS: Mapping[object, str] = {
    Kind.RESTITUTION: mark("restitution du délai"),
    Kind.JOB_SEARCHES: mark("recherches d'emploi"),
    Kind.IPA: mark("IPA"),
    Kind.INCAPACITY: mark("incapacité de travail"),
    Kind.CANTONAL_REGISTRATION: mark("inscription à une mesure cantonale"),
    ActSaid.OBJECTION: mark("opposition"),
    ActSaid.APPEAL: mark("recours"),
    Authority.OCE: mark("décision de l'OCE"),
    Authority.FUND: mark("décision de la caisse de chômage"),
    BenefitSaid.FEDERAL: mark("assurance-chômage"),
    BenefitSaid.CANTONAL: mark("prestation cantonale"),
    DeliverySaid.REGISTERED: mark("recommandé retiré ou signé"),
    DeliverySaid.NOT_COLLECTED: mark("recommandé pas retiré"),
    DeliverySaid.ORDINARY: mark("courrier sans signature"),
    DeliverySaid.COUNTER: mark("remise en main propre"),
    NONE: mark("pas d'avis"),
}
"""What was understood, in words; what the person cannot tell is not repeated."""

_DAYS: Mapping[str, str] = {
    "notification_date": mark("reçue le {day}"),
    "notice_date": mark("avis de la Poste du {day}"),
    "start_date": mark("depuis le {day}"),
    "entitlement_end": mark("fin du droit le {day}"),
    "obstacle_end": mark("fin de l'empêchement le {day}"),
}
_REGISTERED = re.compile(r"\brecommandee?s?\b|\bavis de retrait\b")


class DeadlineTask(Task[DeadlineDraft]):
    """Counting a time limit."""

    name = "deadline"
    intent = "tx_deadline"
    title = mark("Délai d'opposition ou de recours")
    model = DeadlineDraft

    def begin(self, said: Said, previous: DeadlineDraft | None) -> DeadlineDraft:
        """What is to be restored is the time limit that was spoken of before."""
        if previous is None or Kind.RESTITUTION not in said.values("duty"):
            return DeadlineDraft()
        return DeadlineDraft(act=previous.act, authority=previous.authority, benefit=previous.benefit)

    def keeps(self, draft: DeadlineDraft) -> bool:
        """What was said and the date that was counted are the conversation; a reminder is asked for by itself."""
        return False

    def tells(self, text: str) -> bool:
        """When a registered letter came: «lundi, en recommandé»."""
        return _REGISTERED.search(plain(text)) is not None and bool(days(text, clock.today()))

    def questions(self, draft: DeadlineDraft) -> Sequence[Question]:
        if draft.kind is not None and draft.kind in _OF_DUTY:
            return (KIND, _OF_DUTY[draft.kind])
        is_plain = draft.authority is Authority.FUND and draft.benefit in {None, BenefitSaid.FEDERAL}
        benefit = () if is_plain else (BENEFIT,)
        if draft.kind is Kind.RESTITUTION:
            return (KIND, AUTHORITY, *benefit, OBSTACLE_END)
        return (KIND, ACT, AUTHORITY, *benefit, DELIVERY, *self._of_delivery(draft))

    def _of_delivery(self, draft: DeadlineDraft) -> Sequence[Question]:
        if draft.delivery is DeliverySaid.NOT_COLLECTED:
            return (NOTICE_DATE,)
        if draft.delivery is DeliverySaid.REGISTERED:
            return (NOTIFICATION_DATE, NOTICE_DATE)
        return (NOTIFICATION_DATE,)

    def read(self, said: Said, draft: DeadlineDraft, pending: Question | None) -> Mapping[str, Any]:
        return read(said, draft, pending)

    def acknowledge(self, values: Mapping[str, Any], draft: DeadlineDraft, translations: Translations) -> Sequence[str]:
        return [text for name, value in values.items() if (text := _written(name, value, translations))]

    def shown(self, draft: DeadlineDraft) -> Mapping[str, Any]:
        days = {
            "notification_date": draft.notification_date,
            "start_date": draft.start_date,
            "end_date": draft.entitlement_end or draft.obstacle_end,
        }
        shown: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day is not None}
        return shown | ({"month": draft.month} if draft.month else {})


def _written(name: str, value: Any, translations: Translations) -> str | None:
    if isinstance(value, date):
        return translations.translate(_DAYS[name]).format(day=write_day(value, translations.locale))
    if name == "month":
        return write_month(date.fromisoformat(f"{value}-01"), translations.locale)
    return translations.translate(LABELS[value]) if value in LABELS else None
