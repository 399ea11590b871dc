"""What a human needs who takes over: collected before the conversation is passed on, and how it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.handover.draft import NONE, EmailDraft, HandoverDraft, RatingDraft
from actions.handover.offices import destination, is_complaint, matter_of
from actions.handover.opening import CRISIS, time_limit
from actions.tasks import CONSENT, NO, SURE, Question, Said, Task, Unusable
from base import clock, identifiers
from base.database import UnitOfWork
from base.identifiers import InvalidIdentifier, Kind
from base.tokens import blanked, first
from base.wording import Translations, mark
from casework import case_work, cases
from casework.cases import CaseState, Cause, Need
from casework.triage import Urgency, position
from conversations import store
from law.offices import Item

LONGEST_ANSWER = 500
"""Characters of what is kept of an answer in words."""
QUESTIONS: Mapping[Item, Question] = MappingProxyType(
    {
        Item.FULL_SCREENSHOT: Question("full_screenshot", "file", help="utter_help_screenshot"),
        Item.SCREENSHOT_WITH_USER_AND_TIME: Question(
            "screenshot_with_user_and_time", "file", help="utter_help_screenshot"
        ),
        Item.REE_NUMBER: Question("ree_number", "text", help="utter_help_item"),
        Item.UID: Question("uid", "text", help="utter_help_uid"),
        Item.DESCRIPTION: Question("description", "text", help="utter_help_item"),
        Item.FORMER_EMAIL: Question("former_email", "text", help="utter_help_email"),
        Item.NEW_EMAIL: Question("new_email", "text", help="utter_help_email"),
    }
)
"""Of what the assistant can ask for."""
HELPFUL, USELESS = "helped", "not_helped"
"""Values of answers that say whether it helped."""
ADDRESS = Question("address", "text", help="utter_help_email")
HELPED = Question("helped", "choice", help="utter_help_helped")
COMMENT = Question("comment", "text", help="utter_help_comment")
_SCREENSHOTS = (Item.FULL_SCREENSHOT, Item.SCREENSHOT_WITH_USER_AND_TIME)
_EMAILS = (Item.FORMER_EMAIL, Item.NEW_EMAIL)
_HAS_NONE = re.compile(r"\b(?:pas|rien|aucun\w*|non|nan|nn|inconnu\w*|plus tard|sans)\b", re.IGNORECASE)
"""In an answer without a digit or an address: the person does not have what is asked for."""
_LONGEST_NONE = 12
"""Words of such an answer."""
_UID_NOTED = mark("numéro IDE {number}")
_UID = re.compile(r"(?:che)?[\s.-]*(?:\d[\s.-]*){6,12}(?:tva|mwst|iva|rc|hr)?", re.IGNORECASE)
_UID_ANYWHERE = re.compile(r"\bche[\s.-]*(?:\d[\s.-]*){9}(?!\d)", re.IGNORECASE)


class HandoverTask(Task[HandoverDraft]):
    """Passing on to a human; most offices need nothing, and then nothing is asked."""

    name = "handover"
    intent = "human_handover"
    model = HandoverDraft
    takes_files = True

    def begin(self, said: Said, previous: HandoverDraft | None) -> HandoverDraft:
        return HandoverDraft(cause=Cause.COMPLAINT if is_complaint(said.text) else Cause.ASKED)

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: HandoverDraft, *, is_new: bool
    ) -> HandoverDraft:
        """What the office needs that was not given before; nothing is asked when it is urgent, or asked already."""
        if not is_new:
            return draft
        recent = await store.recently_asked(connection, session_id)
        topic = matter_of(recent)
        goes_to = destination(topic, recent)
        known = await cases.unresolved_of(connection, session_id)
        limit = await time_limit(connection, session_id, topic)
        is_danger = any(one.topic == CRISIS for one in recent)
        urgency = position(limit.safe if limit else None, clock.today(), is_danger=is_danger).urgency
        is_urgent = urgency in {Urgency.IMMEDIATE, Urgency.PRESSING}
        is_asked = goes_to.is_asked and known is None and not is_urgent
        found = {"topic": CRISIS if is_danger else topic, "office": goes_to.office}
        return draft.model_copy(update={**found, "asked": goes_to.needs if is_asked else ()})

    def keeps(self, draft: HandoverDraft) -> bool:
        return bool(self.questions(draft))

    def questions(self, draft: HandoverDraft) -> Sequence[Question]:
        return () if draft.is_skipped else [QUESTIONS[item] for item in draft.asked]

    def ends(self, said: Said, draft: HandoverDraft, pending: Question | None) -> str | None:
        return None  # who does not want to be asked is passed on all the same

    def read(self, said: Said, draft: HandoverDraft, pending: Question | None) -> Mapping[str, Any]:
        if pending is None:
            return {}
        item = next((item for item, question in QUESTIONS.items() if question is pending), None)
        insists = said.intent == self.intent and said.confidence >= SURE and not said.tapped and not said.files
        if (pending is CONSENT and said.declines) or (insists and item is not Item.DESCRIPTION):
            return {"is_skipped": True}
        values: dict[str, Any] = {"files": (*draft.files, *said.files)} if said.files else {}
        if item is None:
            return values
        if item in _SCREENSHOTS and said.files:
            return values | {item.value: said.files[-1]}
        if _is_none(said, item):
            return values | {item.value: NONE}
        return values | _uid_in(said, draft) | ({} if said.files else self._typed(said, item))

    @staticmethod
    def _typed(said: Said, item: Item) -> dict[str, Any]:
        """What an answer in words says."""
        if said.tapped or item in _SCREENSHOTS:
            return {}
        if item in _EMAILS:
            token = first(Kind.EMAIL, said.text)
            if token is None and "@" in said.text:
                raise Unusable("utter_email_impossible")
            return {item.value: token} if token else {}
        if item is Item.DESCRIPTION:
            is_a_question = said.text.rstrip().endswith("?")
            return {} if is_a_question else {item.value: said.text.strip()[:LONGEST_ANSWER]}
        if item is Item.UID:
            return _uid(said.text)
        has_digits = any(map(str.isdigit, blanked(said.text)))
        return {item.value: said.text.strip()[:LONGEST_ANSWER]} if has_digits and not said.asks else {}

    def acknowledge(self, values: Mapping[str, Any], draft: HandoverDraft, translations: Translations) -> Sequence[str]:
        number = values.get(Item.UID)
        return [] if number in {None, NONE} else [translations.translate(_UID_NOTED).format(number=number)]

    def shown(self, draft: HandoverDraft) -> Mapping[str, Any]:
        return {}

    def given(self, draft: HandoverDraft) -> Sequence[Need]:
        """What was asked for, and what came of it."""
        return [
            Need(item, None if value in {None, NONE} else value, has_none=value == NONE)
            for item in draft.asked
            for value in [getattr(draft, item.value)]
        ]


class EmailTask(Task[EmailDraft]):
    """An e-mail address at which the person can be reached about their case."""

    name = "email"
    intent = "leave_email"
    model = EmailDraft

    def questions(self, draft: EmailDraft) -> Sequence[Question]:
        return (ADDRESS,)

    def ends(self, said: Said, draft: EmailDraft, pending: Question | None) -> str | None:
        is_refused = pending is ADDRESS and _is_none(said, Item.NEW_EMAIL)
        return "utter_email_refused" if is_refused else super().ends(said, draft, pending)

    def read(self, said: Said, draft: EmailDraft, pending: Question | None) -> Mapping[str, Any]:
        token = first(Kind.EMAIL, said.text)
        if token is None and pending is ADDRESS and "@" in said.text:
            raise Unusable("utter_email_impossible")
        return {ADDRESS.slot: token} if token else {}

    def acknowledge(self, values: Mapping[str, Any], draft: EmailDraft, translations: Translations) -> Sequence[str]:
        return ()

    def shown(self, draft: EmailDraft) -> Mapping[str, Any]:
        return {}


class RatingTask(Task[RatingDraft]):
    """Whether the case helped, kept as soon as it is said, and a word about it for who has one."""

    name = "rating"
    intent = "rate_case"
    model = RatingDraft

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: RatingDraft, *, is_new: bool
    ) -> RatingDraft:
        """The case that was resolved last."""
        if not is_new:
            return draft
        found = [one for one in await cases.of_session(connection, session_id) if one.state is CaseState.RESOLVED]
        return draft.model_copy(update={"case": found[-1].id if found else None})

    def keeps(self, draft: RatingDraft) -> bool:
        return False

    def questions(self, draft: RatingDraft) -> Sequence[Question]:
        return () if draft.case is None else (HELPED, COMMENT)

    async def carry_out(self, work: UnitOfWork, session_id: str, draft: RatingDraft) -> RatingDraft:
        case = await cases.find(work.connection, draft.case) if draft.case is not None else None
        said = (draft.helped is not None) + bool(draft.comment)
        if case is None or draft.helped is None or said <= draft.kept:
            return draft
        await case_work.rate(work, case, helped=draft.helped, comment=draft.comment)
        return draft.model_copy(update={"kept": said})

    def read(self, said: Said, draft: RatingDraft, pending: Question | None) -> Mapping[str, Any]:
        if pending is COMMENT:
            if said.declines or NO in said.values("answer"):
                return {COMMENT.slot: ""}
            is_request = said.asks or (said.confidence >= SURE and said.intent != "smalltalk")
            return {} if is_request or said.files or said.tapped else {COMMENT.slot: said.text.strip()}
        if {HELPFUL, USELESS} & set(said.values("answer")):
            return {HELPED.slot: HELPFUL in said.values("answer")}
        return {HELPED.slot: said.agrees} if pending is HELPED and (said.agrees or said.declines) else {}

    def acknowledge(self, values: Mapping[str, Any], draft: RatingDraft, translations: Translations) -> Sequence[str]:
        return ()

    def shown(self, draft: RatingDraft) -> Mapping[str, Any]:
        return {}


def _is_none(said: Said, item: Item) -> bool:
    """Whether the person says that they do not have it; of a description, «pas» says nothing."""
    if NO in said.values("answer") or said.declines or said.unsure:
        return True
    if item is Item.DESCRIPTION or said.tapped or said.asks or len(said.text.split()) > _LONGEST_NONE:
        return False
    return _HAS_NONE.search(said.text) is not None and not any(c.isdigit() or c == "@" for c in said.text)


def _uid_in(said: Said, draft: HandoverDraft) -> dict[str, Any]:
    """An IDE number that a message names, whatever is asked."""
    match = _UID_ANYWHERE.search(said.text) if Item.UID in draft.asked else None
    return _uid(match[0]) if match else {}


def _uid(text: str) -> dict[str, Any]:
    """The IDE number that a text is.

    Raises:
        Unusable: When it cannot be one.
    """
    match = _UID_ANYWHERE.search(text) or _UID.search(text)
    if match is None:
        return {}
    typed = match[0].strip()
    typed = typed if typed.lower().startswith("che") else f"CHE{typed}"
    try:
        return {Item.UID.value: identifiers.write(Kind.UID, identifiers.read(Kind.UID, typed))}
    except InvalidIdentifier:
        raise Unusable("utter_uid_impossible") from None
