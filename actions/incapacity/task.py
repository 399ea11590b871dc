"""The questions to announce an incapacity for work or its end, and what is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.incapacity.draft import UNKNOWN, IncapacityDraft, announced_by
from actions.incapacity.understanding import BACK_ON, CAUSE, DEGREE, END, RELATION, START, read
from actions.sending import CONFIRMED, FILES, LOGIN, Parcel, SendingTask, count_files
from actions.tasks import Question, Said, draft_of
from base import clock
from base.database import UnitOfWork
from base.spans import span
from base.wording import Catalogues, Translations, mark, write_day, write_month, write_span
from casework import agenda, persons
from casework.desk import desk
from casework.files.store import KEPT_UNSENT
from casework.submissions import Kind, Submission
from eservices.models.files import Cause
from law.calendar import working_day_until
from law.documents import Recipient
from law.periods import incapacity_announced_by, pcm_requested_by, sick_pay_until

FOLLOWED = "certificate:incapacity"
"""Names the reminders of a certificate that is to follow, in the agenda of the conversation."""
CERTIFICATE = "certificate"
ONE_DAY = timedelta(days=1)

CAUSES: Mapping[Cause, str] = MappingProxyType({Cause.ILLNESS: mark("maladie"), Cause.ACCIDENT: mark("accident")})
_DEGREE, _OF_DEGREE = mark("{degree} %"), mark("incapacité de {degree} %")
_COUNTED = mark("{span} (fin calculée : comparez avec le certificat)")
_NOT_SAID = mark("pas précisé")
_DAYS: Mapping[str, str] = MappingProxyType(
    {
        START.slot: mark("dès le {day}"),
        END.slot: mark("jusqu'au {day}"),
        BACK_ON.slot: mark("de retour le {day}"),
    }
)
_IN_TIME = mark("Vous êtes dans les temps : le délai pour l'annoncer court jusqu'au {day}.")
_LATE = mark(
    "Le délai pour l'annoncer est passé depuis le {day}. Annoncez-la quand même maintenant, et indiquez-la dans votre IPA. "
    "Si quelque chose vous a empêché de le faire avant, dites-le à votre ORP, avec une preuve."
)


class IncapacityTask(SendingTask[IncapacityDraft]):
    """Announcing an incapacity for work to the ORP, or its end."""

    name = "incapacity"
    intent = "tx_incapacity"
    title = mark("Annonce d'une maladie ou d'un accident")
    model = IncapacityDraft
    cancelled = "utter_incapacity_cancelled"
    kind = Kind.INCAPACITY
    correctable = MappingProxyType(
        {
            FILES.slot: re.compile(r"\b(?:certif|fichier|photo|pdf|image|scan)", re.IGNORECASE),
            START.slot: re.compile(r"\bd[ée]but|\bdepuis|\bpremier jour", re.IGNORECASE),
            END.slot: re.compile(r"\bfin\b|\bjusqu|\bdernier jour", re.IGNORECASE),
            DEGREE.slot: re.compile(r"\btaux|\bdegr[ée]|\bpour ?cent", re.IGNORECASE),
            CAUSE.slot: re.compile(r"\bcause|\bmaladie ou|\braison", re.IGNORECASE),
        }
    )

    def begin(self, said: Said, previous: IncapacityDraft | None) -> IncapacityDraft:
        """What waits for its certificate goes on, unless somebody speaks of another incapacity; also what was refused."""
        if previous is not None and previous.is_taken_up:
            return previous
        if previous is None or not previous.comes_later or span(said.text, said.today).first is not None:
            return IncapacityDraft()
        return previous.model_copy(update={"comes_later": False})

    def is_meant(self, said: Said, refused: Submission) -> bool:
        """Who says by a tap that they send it again; another incapacity is told."""
        return said.tapped and refused.recorded_at > clock.now() - KEPT_UNSENT

    def questions(self, draft: IncapacityDraft) -> Sequence[Question]:
        if draft.is_elsewhere:
            return ()
        if draft.is_back:
            is_unknown = draft.is_linked and draft.back_on is not None and draft.ended is None
            return (BACK_ON, LOGIN) if is_unknown else (BACK_ON, LOGIN, CONFIRMED)
        relation = (RELATION,) if draft.overlapping else ()
        asked = (START, CAUSE, DEGREE, END, *relation)
        return asked if draft.comes_later and not draft.files else (*asked, LOGIN, FILES, CONFIRMED)

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: IncapacityDraft, *, is_new: bool
    ) -> IncapacityDraft:
        found = await super().look_up(connection, session_id, draft, is_new=is_new)
        person = await persons.person_of(connection, session_id) if found.is_linked else None
        if person is None:
            return found.model_copy(update={"announced": ()})
        return found.model_copy(update={"announced": await announced_by(connection, person)})

    async def let_go(
        self, work: UnitOfWork, session_id: str, draft: IncapacityDraft, kept: IncapacityDraft | None
    ) -> None:
        await super().let_go(work, session_id, draft, kept)
        if kept is None:
            await agenda.settle(work, session_id, FOLLOWED)

    def is_about_health(self, draft: IncapacityDraft) -> bool:
        return True

    def understand(self, said: Said, draft: IncapacityDraft, pending: Question | None) -> Mapping[str, Any]:
        return read(said, draft, pending)

    def acknowledge(
        self, values: Mapping[str, Any], draft: IncapacityDraft, translations: Translations
    ) -> Sequence[str]:
        said = [_written(name, value, translations) for name, value in values.items() if value != UNKNOWN]
        return [part for part in said if part]

    def shown(self, draft: IncapacityDraft) -> Mapping[str, Any]:
        days = {"start_date": draft.start_date, "end_date": draft.last}
        shown: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day is not None}
        return shown | ({"certificates": len(draft.files)} if draft.files else {})

    def wording(self, draft: IncapacityDraft) -> str:
        return "recovery" if draft.is_back else self.name

    def summary(self, draft: IncapacityDraft, translations: Translations) -> Mapping[str, str]:
        if draft.is_back:
            return {
                "last": write_day(draft.last_before_back, translations.locale),
                "back": write_day(draft.back_on or draft.last_before_back, translations.locale),
            }
        start = _known(draft.start_date)
        not_said = translations.translate(_NOT_SAID)
        return {
            "cause": translations.translate(CAUSES[draft.cause]) if isinstance(draft.cause, Cause) else not_said,
            "degree": _write_degree(draft.degree, translations) if isinstance(draft.degree, int) else not_said,
            "span": _write_span(draft, translations),
            "within": _write_within(start, translations),
            "month": write_month(start, translations.locale),
        }

    def parcel(self, draft: IncapacityDraft) -> Parcel:
        if draft.is_back:
            ended, last = draft.ended, draft.last_before_back
            if ended is None:
                raise ValueError("the end of an incapacity that was not announced")
            return Parcel(
                kind=Kind.RECOVERY,
                content={"announced": ended.receipt, "end_date": last.isoformat()},
                effect="submit_incapacity",
                shown={"end_date": last.isoformat()},
                recipient=Recipient.ORP,
            )
        due = incapacity_announced_by(_known(draft.start_date)).deadline
        return Parcel(
            kind=Kind.INCAPACITY,
            content=draft.content,
            effect="submit_incapacity",
            shown={**draft.content, "certificates": len(draft.files or ())},
            recipient=Recipient.ORP,
            legal_date=due if due >= clock.today() else None,
        )

    async def tell_more(
        self,
        work: UnitOfWork,
        dispatcher: CollectingDispatcher,
        session_id: str,
        draft: IncapacityDraft,
        translations: Translations,
    ) -> None:
        """What it means for the IPA, and for the cantonal benefits when it lasts."""
        await agenda.settle(work, session_id, FOLLOWED)
        if draft.is_back:
            return
        start, locale = _known(draft.start_date), translations.locale
        paid = sick_pay_until(start).safe
        dispatcher.utter_message(response="utter_incapacity_ipa", month=write_month(start, locale))
        if draft.last is None or draft.last > paid:
            asked = pcm_requested_by(paid + ONE_DAY).safe
            dispatcher.utter_message(
                response="utter_incapacity_lasting", paid=write_day(paid, locale), asked=write_day(asked, locale)
            )

    async def end_unsent(
        self,
        work: UnitOfWork,
        dispatcher: CollectingDispatcher,
        session_id: str,
        draft: IncapacityDraft,
        translations: Translations,
    ) -> IncapacityDraft | None:
        if draft.is_back and desk().is_open:
            dispatcher.utter_message(response="utter_recovery_elsewhere")
            return None
        if not draft.comes_later:
            dispatcher.utter_message(response="utter_tx_incapacity")
            await self.let_go(work, session_id, draft, None)
            return None
        due = incapacity_announced_by(_known(draft.start_date)).deadline
        times = await agenda.follow(work, session_id, FOLLOWED, CERTIFICATE, {}, by=due)
        is_late = due < clock.today()
        told = due if is_late else max(clock.today(), working_day_until(due))
        dispatcher.utter_message(
            response="utter_incapacity_waits_late" if is_late else "utter_incapacity_waits",
            day=write_day(told, translations.locale),
            remind=write_day(times[0].date(), translations.locale),
        )
        return draft.model_copy(update={"is_confirmed": None})


class AskWhatItIs(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks what an incapacity is to one that was announced for some of the same days.

    Args:
        task: What announces it.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, task: IncapacityTask, catalogues: Catalogues) -> None:
        self._task = task
        self._catalogues = catalogues

    def name(self) -> str:
        return f"action_ask_{self._task.form}_{RELATION.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        _, draft = await draft_of(tracker, self._task.name, IncapacityDraft)
        known = draft.overlapping
        if known is None:
            raise ValueError("the form asks for what nothing overlaps with")
        written = write_span(known.first, known.last, translations)
        dispatcher.utter_message(response="utter_incapacity_overlaps", span=written)
        return []


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("the form ended without what it asks for")
    return day


def _write_span(draft: IncapacityDraft, translations: Translations) -> str:
    written = write_span(_known(draft.start_date), draft.last, translations)
    is_counted = draft.last is not None and draft.is_end_counted
    return translations.translate(_COUNTED).format(span=written) if is_counted else written


def _write_within(start: date, translations: Translations) -> str:
    """Whether the announcement is in time."""
    due = incapacity_announced_by(start).deadline
    text = _IN_TIME if due >= clock.today() else _LATE
    return translations.translate(text).format(day=write_day(due, translations.locale))


def _write_degree(degree: int, translations: Translations) -> str:
    return translations.translate(_DEGREE).format(degree=degree)


def _written(name: str, value: Any, translations: Translations) -> str | None:
    """One thing that was understood, in words."""
    if name in _DAYS and isinstance(value, date):
        return translations.translate(_DAYS[name]).format(day=write_day(value, translations.locale))
    if name == DEGREE.slot:
        return translations.translate(_OF_DEGREE).format(degree=value)
    if name == CAUSE.slot:
        return translations.translate(CAUSES[value])
    return count_files(len(value), translations) if name == FILES.slot else None
