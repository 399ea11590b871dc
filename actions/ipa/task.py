"""The questions of the IPA, and what is handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from dateutil.relativedelta import relativedelta
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.incapacity.draft import announced_by
from actions.ipa.answers import without
from actions.ipa.draft import IpaDraft
from actions.ipa.months import month_named
from actions.ipa.papers import paper_in
from actions.ipa.questions import DETAILS, EARLY, PERIOD, PIECES, TOPICS, WHICH
from actions.ipa.table import announced, details, missing, names, table
from actions.ipa.topics import LABELS, SITUATIONS, Topic
from actions.ipa.understanding import read
from actions.sending import CONFIRMED, FILES, LOGIN, OF_FILES, Parcel, SendingTask, by_name, count_files
from actions.tasks import Question, Said
from base import clock
from base.database import UnitOfWork
from base.wording import SOURCE_LANGUAGE, Translations, mark, write_day, write_month
from casework import agenda, persons
from casework.agenda import REMIND_AT
from casework.desk import desk
from casework.files.refusals import Refused
from casework.submissions import Kind, Submission
from conversations.models import FileId
from eservices.models.common import month_of
from eservices.reasons import Reason
from law.calendar import nth_working_day, working_day_from
from law.documents import Attachment, Recipient
from law.periods import Month, benefits_lapse

MATTER, PAPERS = "ipa", "ipa_papers"
"""Matters of the agenda: the form of a month, and papers that follow it."""
WORKING_DAYS = 5
"""After how many of them somebody is reminded of papers that are to follow."""

CERTIFICATE_NAME = "certificat médical.pdf"
_NOT_ABOUT_HEALTH = frozenset({Topic.WORKED, Topic.SELF_EMPLOYED, Topic.MAINTENANCE})
"""Topics whose papers are not about somebody's health."""
_FOR_FUND = Translations(SOURCE_LANGUAGE)
"""In what language the fund reads it."""

_MONTH = mark("IPA de {month}")
_NOTHING = mark("rien d'autre")
_SAID = mark("{topic} ({details})")
_FOLLOWING = mark("{topic} : {papers}")
_PAPERS_OF = mark("Envoyer à votre caisse les pièces de l'IPA de {month} : {papers}")
_IN_TIME = mark("Vous êtes dans les temps : les indemnités de {month} se demandent jusqu'au {day}.")
_LATE = mark(
    "Le délai pour demander les indemnités de {month} est passé depuis le {day}. Envoyez l'IPA quand même, et expliquez "
    "pourquoi à votre caisse, avec preuves : c'est elle qui décide."
)
_NOT_OVER = mark(
    "Le mois n'est pas fini : si quelque chose change encore, il faudra l'annoncer à votre caisse, par écrit."
)
_TO_FOLLOW = mark(
    "Une demande sans les pièces ne suffit pas : elles doivent être à la caisse dans le même délai. Je vous y ferai penser."
)
_NOT_TAKEN_OVER = mark(
    "**Attention :** vous avez annoncé ici à l'ORP une incapacité ({announced}), et elle n'est pas dans cette IPA. "
    "Dites « j'étais malade » pour l'ajouter."
)
_LEFT_OUT = mark("Pas joint : {files}, faute de réponse à laquelle cela se rapporte.")


class IpaTask(SendingTask[IpaDraft]):
    """Handing in the form of the insured person of a month to the unemployment fund."""

    name = "ipa"
    intent = "tx_ipa"
    title = mark("IPA du mois")
    model = IpaDraft
    cancelled = "utter_ipa_cancelled"
    kind = Kind.IPA
    curable = frozenset({Reason.IPA_NOT_OPEN, Reason.NO_CONTROL_PERIOD})
    correctable = MappingProxyType(
        {
            PERIOD.slot: re.compile(r"\bmois\b|\bp[ée]riode", re.IGNORECASE),
            Topic.SELF_EMPLOYED.value: re.compile(r"\bind[ée]pendant|\bmon compte", re.IGNORECASE),
            Topic.NEW_JOB.value: re.compile(r"\bnouve(?:l|au) ", re.IGNORECASE),
            Topic.WORKED.value: re.compile(r"\btravail|\bgain|\bemployeur", re.IGNORECASE),
            Topic.INCAPACITY.value: re.compile(r"\bmalad|\baccident|\bincapacit", re.IGNORECASE),
            Topic.MAINTENANCE.value: re.compile(r"\benfant|\bentretien", re.IGNORECASE),
            Topic.BENEFITS.value: re.compile(r"\bprestation|\brente", re.IGNORECASE),
            Topic.ABSENCE.value: re.compile(r"\babsen|\bvacance", re.IGNORECASE),
            Topic.CHANGED.value: re.compile(r"\badresse|\bcompte|\bchangement", re.IGNORECASE),
        }
    )

    def begin(self, said: Said, previous: IpaDraft | None) -> IpaDraft:
        """What was left until the month is over goes on, and what was refused."""
        if previous is None or not previous.waits:
            return super().begin(said, previous)
        return previous.model_copy(update={"waits": False, "goes_on": None})

    async def recalled(self, work: UnitOfWork, session_id: str, said: Said) -> IpaDraft | None:
        draft = await super().recalled(work, session_id, said)
        if draft is not None:  # what was to follow it
            await _withdraw_papers(work, session_id, draft.period)
        return draft

    def is_meant(self, said: Said, refused: Submission) -> bool:
        """Who names no month means the one that is due, or the one that is running."""
        period = refused.content["period"]
        named = month_named(said)
        if refused.reason == Reason.NO_CONTROL_PERIOD:  # the answers may be those of another month
            return said.tapped and named is None
        return named == period if named else month_of(period) >= Month.of(said.today).later(-1)

    def mended(self, draft: IpaDraft, reason: str) -> IpaDraft:
        mended = super().mended(draft, reason)
        if reason in OF_FILES:
            return mended.model_copy(update={"belongs": {}, "types": {}, "settled": (), "following": ()})
        return mended.model_copy(update={"goes_on": None} | ({} if reason == Reason.IPA_NOT_OPEN else {"period": None}))

    def questions(self, draft: IpaDraft) -> Sequence[Question]:
        if draft.is_elsewhere or draft.is_sent:
            return ()
        is_early = draft.period is not None and draft.month.last_day > clock.today()
        month = (PERIOD, EARLY) if is_early else (PERIOD,)
        return month if draft.waits else (*month, *TOPICS.values(), LOGIN, DETAILS, WHICH, PIECES, CONFIRMED)

    async def look_up(self, connection: AsyncConnection, session_id: str, draft: IpaDraft, *, is_new: bool) -> IpaDraft:
        """What files are by their names, what was announced to the ORP, and what was sent before."""
        found = await super().look_up(connection, session_id, draft, is_new=is_new)
        if found.is_elsewhere:
            return found
        gone = [file for file in draft.files or () if file not in (found.files or ())]
        lost = {draft.topic_of(file) for file in gone}
        person = await persons.person_of(connection, session_id) if found.is_linked else None
        announced_before = await announced_by(connection, person) if person else ()
        certificates = [file for one in announced_before for file in one.certificates]
        sent = await desk().submissions.latest_of_person(connection, person, Kind.IPA) if person else ()
        return found.model_copy(
            update={
                "named": await by_name(connection, session_id, paper_in),
                "settled": tuple(topic for topic in found.settled if topic not in lost),
                "announced": announced_before,
                "certificates": tuple(await desk().submissions.files.names(connection, certificates)),
                "sent": {one.content["period"]: one.number for one in reversed(sent)},
            }
        )

    async def carry_out(self, work: UnitOfWork, session_id: str, draft: IpaDraft) -> IpaDraft:
        """The certificate that the ORP has is copied for the fund: the file itself is that of what was sent."""
        if not draft.takes_certificate:
            return draft
        copies = [await _copied(work, file, session_id) for file in draft.certificates_then]
        added = [file for file in copies if file is not None]
        return draft.model_copy(
            update={
                "takes_certificate": False,
                "files": (*(draft.files or ()), *added) or None,
                "belongs": {**draft.belongs, **dict.fromkeys(added, Topic.INCAPACITY)},
                "types": {**draft.types, **dict.fromkeys(added, Attachment.MEDICAL_CERTIFICATE)},
            }
        )

    def is_about_health(self, draft: IpaDraft) -> bool:
        """Unless other papers were just asked for, such as a payslip."""
        return self.pending(draft) not in {PIECES, WHICH} or draft.current not in _NOT_ABOUT_HEALTH

    def read(self, said: Said, draft: IpaDraft, pending: Question | None) -> Mapping[str, Any]:
        values = dict(super().read(said, draft, pending))
        taken_back = [name for name, value in values.items() if value is None]
        values |= without(draft, taken_back)
        if PERIOD.slot in taken_back:
            values[EARLY.slot] = None
        if FILES.slot in taken_back:
            values |= {"settled": (), "following": (), "takes_certificate": None}
        return values

    def understand(self, said: Said, draft: IpaDraft, pending: Question | None) -> Mapping[str, Any]:
        return read(said, draft, pending)

    def acknowledge(self, values: Mapping[str, Any], draft: IpaDraft, translations: Translations) -> Sequence[str]:
        parts = []
        if values.get(PERIOD.slot):
            month = write_month(draft.month.first_day, translations.locale)
            parts.append(translations.translate(_MONTH).format(month=month))
        for topic in Topic:
            if values.get(topic) and (said := details(draft, topic, translations)):
                label = translations.translate(LABELS[topic])
                parts.append(translations.translate(_SAID).format(topic=label, details=said))
        denied = [topic for topic in Topic if values.get(topic) is False]
        return [*parts, translations.translate(_NOTHING)] if len(denied) > 1 and not draft.unanswered else parts

    def shown(self, draft: IpaDraft) -> Mapping[str, Any]:
        return {"month": draft.period} if draft.period else {}

    def summary(self, draft: IpaDraft, translations: Translations) -> Mapping[str, str]:
        return {
            "month": write_month(draft.month.first_day, translations.locale),
            "table": table(draft, translations),
            "remarks": "\n\n".join(_remarks(draft, translations)),
        }

    def parcel(self, draft: IpaDraft) -> Parcel:
        due = benefits_lapse(draft.month).deadline
        files: list[FileId] = []
        parts: list[int] = []
        situations = []
        for topic in draft.proven:
            contents = draft.contents(topic)
            for pages in contents.values():
                files += pages
                parts.append(len(pages))
            told = details(draft, topic, _FOR_FUND)
            situation = {"situation": SITUATIONS[topic], "attachments": list(contents)}
            situations.append(situation | ({"details": told} if told else {}))
        return Parcel(
            kind=Kind.IPA,
            content={"period": draft.period, "situations": situations, "parts": parts, **self._others(draft)},
            effect="submit_ipa",
            shown={"month": draft.period, "situations": [SITUATIONS[topic] for topic in draft.proven]},
            recipient=Recipient.FUND,
            legal_date=due if due >= clock.today() else None,
            files=files,
        )

    @staticmethod
    def _others(draft: IpaDraft) -> Mapping[str, Any]:
        """What needs no proof."""
        days = [
            {"first_day": one.first.isoformat(), "last_day": one.last.isoformat()}
            | ({"reason": one.reason} if one.reason else {})
            for one in draft.absences
        ]
        changes = [draft.told.get(Topic.CHANGED, "")] if draft.changed else []
        if draft.new_job and draft.new_job_from is None:
            changes.append(f"{LABELS[Topic.NEW_JOB]} : {details(draft, Topic.NEW_JOB, _FOR_FUND)}")
        if draft.changed and not any(changes):
            changes.append(f"{LABELS[Topic.CHANGED]} : {details(draft, Topic.CHANGED, _FOR_FUND)}")
        written = "\n".join(filter(None, changes))
        return (
            ({"absences": days} if draft.absence and days else {})
            | ({"new_job_from": draft.new_job_from.isoformat()} if draft.new_job and draft.new_job_from else {})
            | ({"changes": written} if written else {})
        )

    async def tell_more(
        self,
        work: UnitOfWork,
        dispatcher: CollectingDispatcher,
        session_id: str,
        draft: IpaDraft,
        translations: Translations,
    ) -> None:
        """Which papers are still to come, with a reminder; the form itself needs none any more."""
        for due in await agenda.coming(work.connection, session_id, clock.today()):
            if due.matter == MATTER and due.about.get("month") == draft.period:
                await agenda.forget(work, due)
        await _withdraw_papers(work, session_id, draft.period)
        if not draft.following:
            return
        month = write_month(draft.month.first_day, translations.locale)
        lines = [
            translations.translate(_FOLLOWING).format(
                topic=translations.translate(LABELS[topic]), papers=names(missing(draft, topic), translations)
            )
            for topic in draft.following
        ]
        papers = ", ".join(names(missing(draft, topic), translations) for topic in draft.following)
        day = nth_working_day(clock.today() + relativedelta(days=1), WORKING_DAYS)
        words = translations.translate(_PAPERS_OF).format(month=month, papers=papers)
        at = datetime.combine(day, REMIND_AT, tzinfo=clock.ZONE)
        await agenda.set_reminder(work, session_id, PAPERS, {"words": words, "month": draft.period}, at)
        lapse = benefits_lapse(draft.month)
        if lapse.deadline >= clock.today():
            about = {"month": draft.period}
            noted = await agenda.note(
                work, session_id, f"{PAPERS}:{draft.period}", PAPERS, about, lapse.safe, lapse.deadline
            )
            await agenda.remind(work, noted)
        dispatcher.utter_message(
            response="utter_ipa_following",
            papers="\n".join(f"- {line}" for line in lines),
            day=write_day(lapse.deadline, translations.locale),
            remind=write_day(day, translations.locale),
        )

    async def end_unsent(
        self,
        work: UnitOfWork,
        dispatcher: CollectingDispatcher,
        session_id: str,
        draft: IpaDraft,
        translations: Translations,
    ) -> IpaDraft | None:
        """The month is not over, its form was sent before, or nothing can be sent here."""
        if draft.is_elsewhere:
            dispatcher.utter_message(response="utter_tx_ipa")
            await self.let_go(work, session_id, draft, None)
            return None
        month = write_month(draft.month.first_day, translations.locale)
        if draft.is_sent:
            dispatcher.utter_message(response="utter_ipa_already", month=month, number=draft.sent[str(draft.period)])
            return None
        day = working_day_from(draft.month.last_day + relativedelta(days=1))
        at = datetime.combine(day, REMIND_AT, tzinfo=clock.ZONE)
        await agenda.set_reminder(work, session_id, MATTER, {}, at)
        dispatcher.utter_message(response="utter_ipa_waits", month=month, day=write_day(day, translations.locale))
        return draft


async def _withdraw_papers(work: UnitOfWork, session_id: str, period: str | None) -> None:
    """No papers of a month are to follow any more, as far as it is known."""
    coming = await agenda.coming(work.connection, session_id, clock.today())
    for due in [due for due in coming if due.matter == PAPERS and due.about.get("month") == period]:
        await agenda.forget(work, due)
    ahead = await agenda.ahead(work.connection, session_id)
    await agenda.withdraw(work, [one for one in ahead if one.matter == PAPERS and one.about.get("month") == period])


async def _copied(work: UnitOfWork, file: FileId, session_id: str) -> FileId | None:
    try:
        copy = await desk().submissions.files.copy(work, file, session_id, CERTIFICATE_NAME)
    except Refused:  # there is no room for it; the paper is asked for as any other
        return None
    return FileId(copy.id) if copy is not None else None


def _remarks(draft: IpaDraft, translations: Translations) -> list[str]:
    """What the person should know before they agree."""
    translate, locale, today = translations.translate, translations.locale, clock.today()
    month, due = write_month(draft.month.first_day, locale), benefits_lapse(draft.month).deadline
    remarks = [translate(_IN_TIME if due >= today else _LATE).format(month=month, day=write_day(due, locale))]
    if draft.month.last_day > today:
        remarks.append(translate(_NOT_OVER))
    if draft.following:
        remarks.append(translate(_TO_FOLLOW))
    if draft.incapacity is False and draft.announced_then:
        remarks.append(translate(_NOT_TAKEN_OVER).format(announced=announced(draft.announced_then, translations)))
    if draft.left_out:
        remarks.append(translate(_LEFT_OUT).format(files=count_files(draft.left_out, translations)))
    return remarks
