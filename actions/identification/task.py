"""What is asked once of who logs in, and how it is understood.

The answers are tokens: `casework.vault` keeps what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.tasks import FIELD, Question, Said, Task, TaskDraft, Unusable
from base.database import UnitOfWork
from base.identifiers import MASK, PERSONAL_NUMBER_DIGITS, Kind
from base.tokens import TOKEN
from base.wording import Translations
from casework import persons
from casework.desk import desk
from casework.identification import Outcome, Standing

UNLOCKED = Question("is_unlocked", "choice", help="utter_help_locked")
LOGIN = Question("is_proven", "choice", help="utter_help_login")
NUMBER = Question("personal_number", "personal_number")
BIRTH_DATE = Question("birth_date", "birth_date")
RECOGNISED = Question("is_recognised", "choice", help="utter_help_recognised")
SAME = "same"
"""Value of an answer that keeps the number that was checked before."""

_OTHER_NUMBERS = {
    Kind.AVS: "utter_number_is_avs",
    Kind.PHONE: "utter_number_is_phone",
    Kind.IBAN: "utter_number_is_iban",
}
_ENDINGS: Mapping[Outcome | None, str] = {
    Outcome.TAKEN: "utter_identification_taken",
    Outcome.OTHER_PERSON: "utter_identification_other_person",
}
"""Why the login is good for nothing any more, unless time has ended it."""
_FEWEST_DIGITS, _MOST_DIGITS = 4, 16
"""Of what was probably meant for a number."""
_YEAR_ALONE = re.compile(r"\b(?:en|in|nel|ann[ée]e\D{0,20}|jahrgang) ⟦birth_date:\d+⟧", re.IGNORECASE)
_DIGIT = re.compile(rf"\d|{MASK}")
_A_YEAR = re.compile(r"\D*(?:19|20)\d\d\D*")
_LIKE_A_DATE = re.compile(r"\d\D{1,4}\d\D{1,4}\d|\d{4}|\d\D{0,3}[^\W\d_]{3,}")


class IdentificationDraft(TaskDraft):
    """What is known of who has logged in.

    Args:
        subject: The hash of the login that the answers belong to.
        is_proven: Whether somebody has logged in; None until then.
        personal_number: Token of the number.
        birth_date: Token of the date.
        check_id: The check that is under way.
        is_recognised: Whether it is known who they are.
        tried: Token of the number of the last check.
        problem: What came of that.
        tries_left: How often they may still be wrong.
        locked_until: When they may try again.
    """

    subject: str | None = None
    is_proven: bool | None = None
    personal_number: str | None = None
    birth_date: str | None = None
    check_id: str | None = None
    is_recognised: bool | None = None
    tried: str | None = None
    problem: Outcome | None = None
    tries_left: int = 0
    locked_until: datetime | None = None

    @property
    def is_unlocked(self) -> bool | None:
        return None if self.locked_until else True


class IdentificationTask(Task[IdentificationDraft]):
    """Personal number and birth date of who has logged in."""

    name = "identification"
    intent = "log_in"
    model = IdentificationDraft

    def questions(self, draft: IdentificationDraft) -> Sequence[Question]:
        if draft.is_recognised:
            return ()
        return (UNLOCKED,) if draft.locked_until else (LOGIN, NUMBER, BIRTH_DATE, RECOGNISED)

    def pending(self, draft: IdentificationDraft) -> Question | None:
        """The first question that is not answered; what is wrong is asked anew, and not what it is."""
        return next((one for one in self.questions(draft) if getattr(draft, one.slot) is None), None)

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: IdentificationDraft, *, is_new: bool
    ) -> IdentificationDraft:
        """Whether they have logged in, and what came of a check."""
        person = await persons.person_of(connection, session_id)
        standing = await desk().identifications.standing(connection, session_id)
        found: dict[str, Any] = {
            "is_recognised": True if person else None,
            "is_proven": True if person or (standing and standing.is_proven) else None,
            "locked_until": None,
        }
        return draft.model_copy(update=found | (_news(draft, standing) if standing else {"check_id": None}))

    def noticed(self, known: IdentificationDraft | None, current: IdentificationDraft) -> str | None:
        was_proven = known is not None and known.is_proven
        if current.is_proven and not was_proven:
            return None if current.is_recognised or current.personal_number else "utter_identification_begins"
        if current.is_proven or not was_proven:
            return None
        return _ENDINGS.get(current.problem, "utter_login_ended")

    async def let_go(
        self, work: UnitOfWork, session_id: str, draft: IdentificationDraft, kept: IdentificationDraft | None
    ) -> None:
        """What comes of a check that was given up is of no interest."""
        if kept is None and draft.check_id:
            await desk().identifications.withdraw(work, draft.check_id)

    def read(self, said: Said, draft: IdentificationDraft, pending: Question | None) -> Mapping[str, Any]:
        if said.tapped:
            return _tapped(said, draft)
        tokens = {Kind(match["kind"]): match[0] for match in TOKEN.finditer(said.text)}
        values: dict[str, Any] = {
            kind.value: tokens[kind] for kind in (Kind.PERSONAL_NUMBER, Kind.BIRTH_DATE) if kind in tokens
        }
        if "birth_date" in values and _YEAR_ALONE.search(said.text):
            del values["birth_date"]
            raise _unusable("utter_birth_date_incomplete", values)
        if pending is NUMBER and "personal_number" not in values:
            _explain_number(said, tokens, values)
        elif pending is BIRTH_DATE and not values and not said.asks and _LIKE_A_DATE.search(said.text):
            is_a_year = _A_YEAR.fullmatch(said.text)
            raise Unusable("utter_birth_date_incomplete" if is_a_year else "utter_birth_date_impossible")
        elif pending in {BIRTH_DATE, RECOGNISED} and not values and said.corrects:
            values = {"personal_number": None, "birth_date": None}
        return _changed(values)

    def acknowledge(
        self, values: Mapping[str, Any], draft: IdentificationDraft, translations: Translations
    ) -> Sequence[str]:
        return ()  # nothing of it is repeated

    def shown(self, draft: IdentificationDraft) -> Mapping[str, Any]:
        return {}


def _news(draft: IdentificationDraft, standing: Standing) -> dict[str, Any]:
    """What has changed since the draft was kept."""
    news: dict[str, Any] = {
        "subject": standing.subject,
        "tries_left": standing.tries_left,
        "locked_until": standing.locked_until,
    }
    if draft.subject not in {None, standing.subject}:  # what somebody else said of themselves is not for this login
        news |= dict.fromkeys(("personal_number", "birth_date", "check_id", "tried", "problem"))
    elif draft.check_id != standing.check_id:
        news["check_id"] = None
    elif standing.outcome is not None and draft.check_id is not None:
        news |= dict.fromkeys(("personal_number", "birth_date", "check_id"))
        news |= {"tried": draft.personal_number, "problem": standing.outcome}
    if standing.locked_until is not None:
        news["problem"] = None
    return news


def _tapped(said: Said, draft: IdentificationDraft) -> Mapping[str, Any]:
    if SAME in said.values("answer") and draft.tried is not None:
        return _changed({"personal_number": draft.tried})
    return _changed(dict.fromkeys(name for name in said.values(FIELD) if name in {NUMBER.slot, BIRTH_DATE.slot}))


def _changed(values: Mapping[str, Any]) -> dict[str, Any]:
    """With what follows from it: other answers need another check."""
    return {**values, "check_id": None, "problem": None} if values else {}


def _explain_number(said: Said, tokens: Mapping[Kind, str], values: Mapping[str, Any]) -> None:
    """Says what was given in place of the personal number.

    Raises:
        Unusable: When something was.
    """
    for kind, response in _OTHER_NUMBERS.items():
        if kind in tokens:
            raise _unusable(response, values)
    if Kind.BIRTH_DATE in tokens:
        raise _unusable("utter_number_is_date", values)
    digits = len(_DIGIT.findall(TOKEN.sub("", said.text)))
    if _FEWEST_DIGITS <= digits <= _MOST_DIGITS and digits != PERSONAL_NUMBER_DIGITS and not said.asks:
        raise Unusable("utter_number_has_other_length", count=str(digits))


def _unusable(response: str, kept: Mapping[str, Any]) -> Unusable:
    problem = Unusable(response)
    problem.kept = _changed(kept)
    return problem
