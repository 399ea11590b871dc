"""Rules of the enrolment check."""

from __future__ import annotations

from datetime import date, timedelta
from sqlite3 import Row

from eservices.models import Enrolment, EnrolmentCheck, Operation, Person
from eservices.reasons import Reason
from eservices.sandbox.problems import Refusal
from eservices.sandbox.store import Store

WRONG_ATTEMPTS = 5
WITHIN = timedelta(hours=1)


class Enrolments:
    """Recognises persons, and does not let anybody guess birth dates."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, check: EnrolmentCheck) -> Row:
        """The person with this number and birth date.

        Raises:
            Refusal: When there is none, or there were too many wrong attempts; unknown numbers count like wrong dates.
        """
        now = self._store.now()
        since = (now - WITHIN).isoformat()
        wrong = [
            row["at"]
            for row in self._store.all("SELECT at FROM attempt WHERE number = ?", check.personal_number)
            if row["at"] > since
        ]
        if len(wrong) >= WRONG_ATTEMPTS:
            raise Refusal(Reason.TOO_MANY_ATTEMPTS, "/birth_date", {"retry-after": str(int(WITHIN.total_seconds()))})
        row = self._store.one(
            "SELECT * FROM person WHERE number = ? AND birth_date = ?",
            *(check.personal_number, check.birth_date.isoformat()),
        )
        if row is None:
            self._store.execute("INSERT INTO attempt VALUES (?, ?)", check.personal_number, now.isoformat())
            raise Refusal(Reason.ENROLMENT_MISMATCH, "/personal_number")
        return row

    def enrol(self, person: Row, check: EnrolmentCheck) -> Enrolment:
        """Recognises the person and binds the login, if one is given."""
        if check.subject is not None:
            another = self._store.one(
                "SELECT id FROM person WHERE subject = ? AND id <> ?", check.subject, person["id"]
            )
            if another is not None or person["subject"] not in {None, check.subject}:
                raise Refusal(Reason.ENROLMENT_TAKEN, "/subject")
            self._store.execute("UPDATE person SET subject = ? WHERE id = ?", check.subject, person["id"])
        receipt = self._store.issue_receipt(person["id"], Operation.CHECK_ENROLMENT)
        return Enrolment(receipt=receipt, person=describe(person))


def describe(row: Row) -> Person:
    """What the contract tells about a person."""
    return Person(
        person_id=row["id"],
        given_name=row["given_name"],
        family_name=row["family_name"],
        registered_on=date.fromisoformat(row["registered_on"]),
        fund=row["fund"],
    )
