"""The answer: the date to keep, how it was counted, what to do, and what goes along with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.deadline.draft import UNKNOWN, ActSaid, Authority, DeadlineDraft, DeliverySaid, Kind
from actions.deadline.limits import is_still_waiting, limit_of
from actions.deadline.task import DeadlineTask
from actions.deadline.titles import title_of
from actions.explaining import sentence
from actions.handover.actions import missed
from actions.tasks import draft_of, resumed
from base import clock
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark, write_day, write_month
from casework import agenda, drafts
from conversations.documents import CalendarEntry, Format, Letter, LetterKind, Recipient
from law.calendar import counters_open
from law.deadlines import (
    COLLECTION,
    Act,
    Deadline,
    Limit,
    Outlook,
    Rule,
    Situation,
    Step,
    outlook,
)
from law.periods import Month

_OPEN = frozenset(
    {
        Rule.UNSIGNED_ON_REST_DAY,
        Rule.BEFORE_SUSPENSION,
        Rule.CANTONAL_NOT_SUSPENDED,
        Rule.SUSPENSION_NOT_SETTLED,
        Rule.BENEFIT_UNKNOWN,
    }
)
"""Steps that say what is not settled."""
_OF_DUTIES: Mapping[Situation, str] = {
    Situation.IN_TIME: "ahead",
    Situation.LAST_MOMENT: "last",
    Situation.CONTESTED: "passed",
    Situation.PASSED: "passed",
}
_ADVICE = frozenset({Rule.SAFE, Rule.COUNTERS_CLOSED})
"""Steps that are no part of the count."""

_WHAT: Mapping[LetterKind, str] = {
    LetterKind.OBJECTION: mark("votre opposition"),
    LetterKind.APPEAL: mark("votre recours"),
    LetterKind.RESTITUTION: mark("votre demande de restitution du délai"),
}


@dataclass(frozen=True)
class _Case:
    """A decision, its count, and where the person stands."""

    draft: DeadlineDraft
    result: Deadline
    outlook: Outlook
    today: date

    @property
    def letter(self) -> LetterKind:
        """What there is to file."""
        if self.draft.kind is Kind.RESTITUTION or self.outlook.situation is Situation.PASSED:
            return LetterKind.RESTITUTION
        return LetterKind.APPEAL if self.draft.law_act is Act.APPEAL else LetterKind.OBJECTION

    @property
    def recipient(self) -> Recipient | None:
        if self.draft.law_act is Act.APPEAL:
            return Recipient.COURT
        return None if self.draft.authority in {None, Authority.UNKNOWN} else Recipient(str(self.draft.authority))

    @property
    def received(self) -> date | None:
        """The day on which the person had the letter; None while it waits at the post office."""
        return None if self.draft.delivery is DeliverySaid.NOT_COLLECTED else self.draft.notification_date

    def letter_page(self, public_url: str) -> str:
        """Address of the page on which the letter can be completed."""
        known = {"kind": self.letter, "recipient": self.recipient, "received": self.received and str(self.received)}
        return f"{public_url}/lettre?{urlencode({name: value for name, value in known.items() if value})}"


class AnswerDeadline(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Answers, notes the date in the agenda, and leaves the draft for corrections.

    Args:
        catalogues: The languages that answers are written in.
        public_url: Where our own pages are.
    """

    def __init__(self, catalogues: Catalogues, public_url: str) -> None:
        self._catalogues = catalogues
        self._public_url = public_url

    def name(self) -> str:
        return "action_answer_deadline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), self._catalogues[tracker.latest_message["metadata"]["locale"]]
        draft_id, draft = await draft_of(tracker, DeadlineTask.name, DeadlineDraft)
        await drafts.save(work, draft_id, draft.model_dump(mode="json"), finished=True)
        today = clock.today()
        limit, matter = limit_of(draft, today)
        due = await agenda.note(
            work,
            tracker.sender_id,
            draft_id,
            matter,
            {"month": draft.month, "authority": None if draft.month else draft.authority},
            limit.safe,
            limit.deadline,
        )
        entry = CalendarEntry(
            uid=f"{draft_id}@cornavin",
            title=title_of(due, translations),
            description=translations.translate(mark("Date calculée par Cornavin, à vérifier sur votre décision.")),
            day=limit.safe,
        )
        say = _Speaker(dispatcher, translations)
        if isinstance(limit, Deadline):
            case = _Case(draft, limit, outlook(limit, today), today)
            _answer_decision(say, case, entry, self._public_url)
            if case.outlook.situation is Situation.PASSED and draft.kind is Kind.DECISION:
                await missed(dispatcher, tracker, draft, translations)
        else:
            _answer_duty(say, draft, limit, outlook(limit, today), entry, today)
        return await resumed(tracker)


class _Speaker:
    """Says responses, with days and words in the person's language."""

    def __init__(self, dispatcher: CollectingDispatcher, translations: Translations) -> None:
        self._dispatcher = dispatcher
        self._translations = translations

    def __call__(self, response: str, **values: Any) -> None:
        """Values may be days; `facts` and `recipes` are as the generator takes them."""
        self._dispatcher.utter_message(response=response, **{k: self._write(v) for k, v in values.items()})

    def words(self, text: str) -> str:
        return self._translations.translate(text)

    def count(self, result: Deadline) -> str:
        """The steps of the count, as a numbered list."""
        steps = [step for step in result.steps if step.rule not in _OPEN | _ADVICE]
        return "\n".join(f"{number}. {sentence(step, self._translations)}" for number, step in enumerate(steps, 1))

    def sentences(self, steps: Iterable[Step]) -> str:
        """Steps as running text."""
        return " ".join(sentence(step, self._translations) for step in steps)

    def month(self, month: Month) -> str:
        return write_month(month.first_day, self._translations.locale)

    def _write(self, value: Any) -> Any:
        return write_day(value, self._translations.locale) if isinstance(value, date) else value


def _answer_decision(say: _Speaker, case: _Case, entry: CalendarEntry, public_url: str) -> None:
    result, situation, draft = case.result, case.outlook.situation, case.draft
    dates = {"safe": result.safe, "deadline": result.deadline, "possible": result.possible}
    what = say.words(_WHAT[_filed(draft)])
    say(_headline(case), what=what, **_left(case.outlook), **dates)
    if situation is Situation.IN_TIME and result.deadline > result.safe:
        say("utter_deadline_last_day", **dates)
    if situation in {Situation.IN_TIME, Situation.LAST_MOMENT}:
        _doubt(say, result)
    if draft.approximate:
        say("utter_deadline_approximate")
    if draft.notice_date == UNKNOWN:
        say("utter_deadline_notice_unknown")
    if draft.act is ActSaid.UNKNOWN:
        say("utter_deadline_act_unknown")
    facts = [fact for step in result.steps for fact in step.facts]
    say("utter_deadline_count", count=say.count(result), facts=list(dict.fromkeys(facts)))
    _advise(say, case)
    files = "utter_deadline_files" if result.safe > case.today else "utter_deadline_files_late"
    say(files, recipes=_files(case, entry), page=case.letter_page(public_url))


def _headline(case: _Case) -> str:
    """The response that says where the person stands."""
    situation = case.outlook.situation
    if situation is Situation.CONTESTED and case.draft.law_benefit is None:
        return "utter_deadline_contested_benefit"
    return f"utter_deadline_{situation}{_urgency(case.outlook, case.result, case.today)}"


def _doubt(say: _Speaker, result: Deadline) -> None:
    """What is not settled, and the later date that nobody should count on."""
    doubts = [step for step in result.steps if step.rule in _OPEN]
    if doubts:
        say("utter_deadline_doubts", doubts=say.sentences(doubts))
    is_said = any(s.dates.get("later") == result.possible for s in doubts if s.rule is not Rule.BENEFIT_UNKNOWN)
    if result.possible > result.deadline and not is_said:
        say("utter_deadline_possible", possible=result.possible)


def _filed(draft: DeadlineDraft) -> LetterKind:
    """What the time limit is for, whether it has passed or not."""
    if draft.kind is Kind.RESTITUTION:
        return LetterKind.RESTITUTION
    return LetterKind.APPEAL if draft.law_act is Act.APPEAL else LetterKind.OBJECTION


def _left(outlook: Outlook) -> Mapping[str, int]:
    return {"left": outlook.working_days_left}


def _urgency(outlook: Outlook, limit: Limit, today: date) -> str:
    """Which wording fits the days that are left until the safe date."""
    if outlook.situation is not Situation.IN_TIME:
        return ""
    if today == limit.safe:
        return "_today"
    return "_one" if outlook.working_days_left == 1 else "_many"


def _advise(say: _Speaker, case: _Case) -> None:
    """What to send, to whom and how; after the end, what is left."""
    if case.outlook.situation is Situation.PASSED:
        say("utter_deadline_if_prevented" if case.draft.kind is not Kind.RESTITUTION else "utter_deadline_case_by_case")
        return
    to_whom = f"utter_deadline_to_{case.recipient or UNKNOWN}"
    is_appeal = case.letter is LetterKind.APPEAL
    if case.draft.kind is Kind.RESTITUTION:
        say("utter_deadline_restitution_letter")
    else:
        say("utter_deadline_letter_appeal" if is_appeal else "utter_deadline_letter")
    say(to_whom)
    last = case.result.safe if case.outlook.situation is Situation.IN_TIME else case.today
    if is_appeal:
        say("utter_deadline_how_appeal")
    elif counters_open(last):
        say("utter_deadline_how")
    elif case.outlook.situation is Situation.IN_TIME and (open_day := _last_open(case)) is not None:
        say("utter_deadline_how_before", last_open=open_day)
    else:
        say("utter_deadline_how_post")
    if case.draft.attempt is not None and is_still_waiting(case.draft, case.today):
        say("utter_deadline_collect_ahead", day=case.draft.attempt + COLLECTION)
    elif case.draft.delivery is DeliverySaid.NOT_COLLECTED:
        say("utter_deadline_collect")
    say("utter_deadline_no_email_appeal" if is_appeal else "utter_deadline_no_email")
    if case.outlook.situation is Situation.CONTESTED:
        say("utter_deadline_if_prevented")


def _last_open(case: _Case) -> date | None:
    """The last day before the safe date on which the counters are open, if it has not passed."""
    days = [step.dates["last_open"] for step in case.result.steps if step.rule is Rule.COUNTERS_CLOSED]
    return days[0] if days and days[0] >= case.today else None


def _files(case: _Case, entry: CalendarEntry) -> list[dict[str, Any]]:
    letters = [
        Letter(letter=case.letter, format=form, recipient=case.recipient, received=case.received)
        for form in (Format.DOCX, Format.PDF)
    ]
    is_ahead = case.result.safe > case.today
    return [recipe.model_dump(mode="json") for recipe in ([entry] if is_ahead else []) + letters]


def _answer_duty(
    say: _Speaker, draft: DeadlineDraft, limit: Limit, outlook: Outlook, entry: CalendarEntry, today: date
) -> None:
    situation = _OF_DUTIES[outlook.situation]
    values: dict[str, Any] = {"safe": limit.safe, "deadline": limit.deadline}
    if draft.month:
        values["month"] = say.month(draft.law_month)
    say(f"utter_deadline_{draft.kind}_{situation}", **values)
    if situation == "ahead" and today <= limit.safe:
        say(f"utter_deadline_left{_urgency(outlook, limit, today)}", **_left(outlook))
    if draft.approximate:
        say("utter_deadline_approximate")
    is_ahead = limit.safe > today
    say(
        "utter_deadline_duty_files" if is_ahead else "utter_deadline_duty_next",
        recipes=[entry.model_dump(mode="json")] if is_ahead else [],
    )
