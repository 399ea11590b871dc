"""What the assistant says of its own accord, where the person is: reminders, what became of submissions, and how the
application for benefit stands.

In the quiet hours it waits with that, unless the person has just been there: docs/decisions/0031-quiet-hours.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.deadline.titles import reminded_of
from actions.handover.offices import BY_RECIPIENT
from actions.handover.opening import About
from actions.handover.opening import hand_over as open_a_case
from actions.job_search.draft import JobSearchDraft
from actions.job_search.task import JobSearchTask
from base import clock
from base.database import Database, UnitOfWork
from base.outbox import Handler, Item, NotYet
from base.quiet import USUAL, QuietHours
from base.signals import Signals
from base.wording import SOURCE_LANGUAGE, Translations, write_day, write_moment, write_month
from bot.engine.dialogue import Dialogue
from bot.engine.generator import INFORMATION
from casework import agenda, applications, drafts, efforts, persons, search_reminders
from casework.agenda import DueDate, Reminder
from casework.case_work import HELPDESK
from casework.cases import Cause, Matter, TimeLimit, open_case
from casework.deliveries import OVERDUE
from casework.document_names import FOR_RECIPIENTS, TO_RECIPIENTS, name_of
from casework.submissions import NEWS, Kind, State, Submission, SubmissionStore, hand_over, is_handed_over
from conversations import store
from conversations.documents import Receipt
from conversations.models import Draft, Offer, Session
from conversations.sources import sources_of
from eservices.models.common import month_of
from law.calendar import working_day_until
from law.documents import Recipient

TOPICS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.DOCUMENT: "tx_documents",
        Kind.INCAPACITY: "tx_incapacity",
        Kind.RECOVERY: "tx_incapacity",
        Kind.EFFORT: "tx_job_search",
        Kind.REPORT: "tx_job_search",
        Kind.IPA: "tx_ipa",
    }
)
"""Topics of the cases of what is stuck; also the intents that begin it anew."""
WORDING: Mapping[Kind, str] = MappingProxyType({Kind.EFFORT: "utter_effort", Kind.REPORT: "utter_report"})
"""How the responses begin that tell of what is no document."""
STILL_THERE = timedelta(minutes=15)
"""Who said something so short a time ago is still there."""


class Notices:
    """Writes notices into conversations.

    Args:
        database: Where conversations are kept.
        dialogue: Knows the wording.
        signals: Told of every conversation that has a new message.
        submissions: Where submissions are kept.
        note: What must be said wherever something is sent, in French; None when there is nothing to say.
        quiet: When nothing is said to who is not there.
    """

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        signals: Signals,
        submissions: SubmissionStore,
        note: str | None = None,
        quiet: QuietHours = USUAL,
    ) -> None:
        self._quiet = quiet
        self._note = note
        self._submissions = submissions
        self._database = database
        self._dialogue = dialogue
        self._signals = signals

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kinds of outbox rows that become notices."""
        return {agenda.REMINDER: self._remind, NEWS: self._tell, applications.TELL: self._tell_application}

    async def _remind(self, item: Item) -> None:
        """Reminds of what the person asked for, unless it is gone or has passed; the same row twice reminds once."""
        async with self._database.unit_of_work(serialise=str(item.payload["session"])) as work:
            reminder = await agenda.of_row(work.connection, item.id)
            session = await store.session_by_id(work.connection, reminder.session_id) if reminder else None
            if reminder is None or session is None:
                return
            due = await agenda.find(work.connection, reminder.due_date_id) if reminder.due_date_id else None
            if due is not None and (
                due.deadline < clock.today() or await agenda.has_newer_reminder(work.connection, due, reminder.at)
            ):
                return
            await wait_while_quiet(work.connection, session.id, self._quiet)
            period = await search_reminders.period_of(work.connection, due.id) if due is not None else None
            draft = (
                self._reminder(session, reminder, due, again=await agenda.go_on(work, reminder))
                if period is None
                else await self._of_searches(work, session, period)
            )
            if draft is not None and await store.record_notice(work, session.id, f"notice:{item.id}", draft):
                await self._signals.announce(work, session.id)

    def _reminder(self, session: Session, reminder: Reminder, due: DueDate | None, again: datetime | None) -> Draft:
        """The message that reminds.

        Args:
            again: When the same reminder comes next.
        """
        translations = self._dialogue.translations(session.locale)
        values = {"title": reminded_of(reminder.matter, reminder.about, due, translations)}
        if due is not None:
            days = {"safe": due.safe, "deadline": due.deadline}
            values |= {name: write_day(day, translations.locale) for name, day in days.items()}
            response = "utter_reminder" if due.safe >= clock.today() else "utter_reminder_late"
        elif again is not None:
            values["again"] = write_day(again.date(), translations.locale)
            response = f"utter_reminder_{reminder.repeats}"
        else:
            response = "utter_reminder_once"
        said = self._dialogue.write(response, session.locale, **values)
        return Draft("bot", said.text, session.locale, offers=said.offers)

    async def _of_searches(self, work: UnitOfWork, session: Session, period: str) -> Draft | None:
        """The message that reminds of a month's job searches; None when nothing is missing.

        Who has entered some of that month is reminded of the next one, too.
        """
        month, person_id = month_of(period), await persons.owner_of(work.connection, session.id)
        fifth = efforts.fifth_after(month)
        if fifth < clock.today():
            return None
        account = await efforts.account(self._submissions, work.connection, person_id) if person_id else efforts.NOTHING
        entered = len(account.of(period))
        if entered and fifth == clock.today():
            await search_reminders.go_on(work, session.id, period)
        stored = await drafts.latest(work.connection, session.id, JobSearchTask.name)
        draft = JobSearchDraft.model_validate(stored.content) if stored else JobSearchDraft()
        if draft.period != period:  # nothing of that month was begun in this conversation
            draft = JobSearchDraft(period=period, target=draft.target)
        count = max(entered, len(draft.entries or ()))
        if account.is_transmitted(period, clock.today()) or not (draft.left or count < (draft.target or 1)):
            return None
        translations = self._dialogue.translations(session.locale)
        locale = translations.locale
        said = self._dialogue.write(
            "utter_job_search_reminder" if count else "utter_job_search_reminder_none",
            session.locale,
            month=write_month(month.first_day, locale),
            fifth=write_day(fifth, locale),
            count=str(count),
            left=str(draft.left),
        )
        sources = sources_of(said.fact_ids if said.kind == INFORMATION else (), translations)
        return Draft("bot", said.text, session.locale, sources=sources, offers=said.offers)

    async def _tell(self, item: Item) -> None:
        """Tells what became of a submission, each piece of news once, and passes on to a human what is stuck."""
        news, submission_id = str(item.payload["news"]), str(item.payload["submission"])
        session_id: str | None = item.payload["session"]
        async with self._database.unit_of_work(serialise=session_id or submission_id) as work:
            session = await store.session_by_id(work.connection, session_id) if session_id else None
            submission = await self._submissions.find(work.connection, submission_id, even_unreadable=True)
            if submission is None or (news == OVERDUE and submission.state is not State.RECORDED):
                return
            response, is_stuck = _response(self._dialogue, submission, news)
            if session is None:
                if is_stuck and not await is_handed_over(work.connection, submission_id):
                    await _hand_over(work, None, submission, news)
                return
            notice_id = _notice_id(submission, news)
            if await store.recorded_turn(work.connection, session.id, notice_id) is not None:
                return
            await wait_while_quiet(work.connection, session.id, self._quiet)
            translations = self._dialogue.translations(session.locale)
            recipient = submission.recipient or Recipient.ORP
            values = {
                "document": translations.translate(name_of(submission.title)),
                "number": submission.number,
                "month": _month(submission, translations),
                "received": write_moment(submission.received_at, translations) if submission.received_at else "",
                "for_recipient": translations.translate(FOR_RECIPIENTS[recipient]),
                "to_recipient": translations.translate(TO_RECIPIENTS[recipient]),
                "note": f"\n\n*{translations.translate(self._note)}*" if self._note else "",
            }
            if is_stuck:
                await self._signals.announce(work, HELPDESK)
                values["case_number"] = await _hand_over(work, session, submission, news)
            said = self._dialogue.write(response, session.locale, **values)
            draft = Draft(
                "bot",
                said.text,
                session.locale,
                sources=sources_of(said.fact_ids if said.kind == INFORMATION else (), translations),
                offers=tuple(_for_the_same(offer, submission) for offer in said.offers),
                files=() if submission.kind is Kind.EFFORT else (Receipt(submission=submission.id),),
            )
            await store.record_notice(work, session.id, notice_id, draft)
            await self._signals.announce(work, session.id)
            if submission.kind is Kind.REPORT and submission.state is State.RECEIVED:
                await search_reminders.go_on(work, session.id, submission.content["period"])

    async def _tell_application(self, item: Item) -> None:
        """Tells how the application of a chat's person stands; the same row twice tells it once."""
        session_id = str(item.payload["session"])
        async with self._database.unit_of_work(serialise=session_id) as work:
            session = await store.session_by_id(work.connection, session_id)
            person_id = await persons.owner_of(work.connection, session_id)
            found = await applications.known(work.connection, person_id) if person_id else None
            if session is None or found is None:
                return
            await wait_while_quiet(work.connection, session.id, self._quiet)
            said = self._dialogue.write(f"utter_application_{found.status or 'none'}", session.locale)
            if item.payload["is_news"]:
                said = self._dialogue.write("utter_application_news", session.locale) + said
            sources = sources_of(said.fact_ids, self._dialogue.translations(session.locale))
            draft = Draft("bot", said.text, session.locale, sources=sources, offers=said.offers)
            if await store.record_notice(work, session.id, f"application:{item.id}", draft):
                await self._signals.announce(work, session.id)


async def wait_while_quiet(connection: AsyncConnection, session_id: str, quiet: QuietHours) -> None:
    """Returns when something may be said now.

    Raises:
        NotYet: When it may not.
    """
    moment = clock.now()
    over_at = quiet.over_at(moment)
    is_there = await store.has_spoken_since(connection, session_id, clock.later(moment, -STILL_THERE))
    if over_at > moment and not is_there:
        raise NotYet(over_at)


async def _hand_over(work: UnitOfWork, session: Session | None, submission: Submission, news: str) -> str:
    """Opens a case for a submission that is stuck, or adds to the one that the conversation has."""
    legal = submission.legal_date
    limit = TimeLimit(submission.title, working_day_until(legal), legal) if legal else None
    became = "refusé" if news == State.REFUSED else "pas arrivé"
    reason = f" ({submission.reason})" if submission.reason else ""
    about = About(
        cause=Cause.REFUSED if news == State.REFUSED else Cause.OVERDUE,
        topic=TOPICS[submission.kind],
        office=BY_RECIPIENT[submission.recipient or Recipient.ORP],
        limit=limit,
        tried=f"envoi {submission.number}, {name_of(submission.title)}, {became}{reason}.",
    )
    if session is not None:
        case, _ = await open_a_case(work, session, about)
    else:
        summary = (f"Demande : {name_of(submission.title)}, conversation effacée.", f"Essayé : {about.tried}")
        matter = Matter(TOPICS[submission.kind], SOURCE_LANGUAGE, cause=about.cause, limit=limit, summary=summary)
        case, _ = await open_case(work, None, replace(matter, office=about.office or matter.office))
    await hand_over(work, submission.id, case.id)
    return case.number


def _for_the_same(offer: Offer, submission: Submission) -> Offer:
    """A choice to send again, which takes along what is to be sent, and to whom."""
    payload = f"/{TOPICS[Kind.DOCUMENT]}"
    if offer.payload != payload:
        return offer
    if submission.kind is Kind.IPA:
        named = json.dumps({"month": submission.content["period"]})
        return replace(offer, payload=f"/{TOPICS[submission.kind]}{named}")
    if submission.kind is not Kind.DOCUMENT:
        return replace(offer, payload=f"/{TOPICS[submission.kind]}")
    office = "fund" if submission.recipient is Recipient.FUND else "oce"
    return replace(offer, payload=f'{payload}{{"document": "{submission.title}", "office": "{office}"}}')


def _notice_id(submission: Submission, news: str) -> str:
    """The same for all efforts of a month that do not arrive: one message is enough."""
    if submission.kind is Kind.EFFORT and news in {OVERDUE, State.GIVEN_UP}:
        return f"news:{submission.content.get('period', submission.id)}:{news}"
    return f"news:{submission.id}:{news}"


def _month(submission: Submission, translations: Translations) -> str:
    """The month that something belongs to, in words; empty when it belongs to none."""
    period = submission.content.get("period")
    return write_month(month_of(period).first_day, translations.locale) if period else ""


def _response(dialogue: Dialogue, submission: Submission, news: str) -> tuple[str, bool]:
    """Which response tells it, and whether a human must look."""
    start = WORDING.get(submission.kind, "utter_submission")
    if news != State.REFUSED:
        return f"{start}_{news}", news in {OVERDUE, State.GIVEN_UP}
    response = f"{start}_refused_{(submission.reason or '').replace('-', '_')}"
    is_known = response in dialogue.domain.responses
    if submission.is_unsendable and not is_known:
        return "utter_submission_unsendable", False
    return (response, False) if is_known else (f"{start}_refused", True)
