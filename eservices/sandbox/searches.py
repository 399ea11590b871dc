"""Rules of the reports of job searches."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from sqlite3 import Row

from base import clock
from eservices.models import (
    Actor,
    Effort,
    EffortEntered,
    Operation,
    PeriodType,
    Receipt,
    Report,
    ReportStatus,
    SavedEffort,
)
from eservices.models.common import month_of, period_of
from eservices.reasons import Reason
from eservices.sandbox.problems import Refusal
from eservices.sandbox.store import Store, new_id
from law.documents import Recipient
from law.periods import SEARCHES_DUE_DAY, Month, searches_transmissible_from

MONTHS_BACK = 6
DAYS_AHEAD = 5
MONTHS_BEFORE_REGISTRATION = 3
"""How many months of the notice period have a report; no source gives the number."""
LAST_MOMENT = time(23, 59, 59, tzinfo=clock.ZONE)


class Searches:
    """The reports of one person.

    Args:
        store: The database; a transaction is open when something is written.
        person: The row of the person.
    """

    def __init__(self, store: Store, person: Row) -> None:
        self._store = store
        self._person: str = person["id"]
        self._registered = Month.of(date.fromisoformat(person["registered_on"]))

    def periods(self) -> list[str]:
        """The control periods, the newest first."""
        month = Month.of(self._today() + timedelta(days=DAYS_AHEAD))
        found = []
        while month >= self._registered.later(-MONTHS_BEFORE_REGISTRATION):
            found.append(period_of(month))
            month = month.later(-1)
        return found

    def report(self, period: str) -> Report:
        """The report of a period, as it is now."""
        self._check_exists(period)
        month = month_of(period)
        row, efforts = self._row(period), self._efforts(period)
        return Report(
            period=period,
            type=PeriodType.BEFORE_UNEMPLOYMENT if month < self._registered else PeriodType.DURING_UNEMPLOYMENT,
            status=self._status(period, row, efforts),
            efforts=efforts,
            transmissible_from=searches_transmissible_from(month),
            next_submission_on=self._due(month, efforts),
            last_submitted_at=datetime.fromisoformat(row["submitted_at"]) if row and row["submitted_at"] else None,
            receipt=self._store.receipt(row["receipt"]) if row else None,
        )

    def add(self, period: str, effort: Effort) -> SavedEffort:
        """Enters an application."""
        self._check_open(period)
        self._check_date(period, effort.apply_date)
        receipt = self._store.issue_receipt(self._person, Operation.ADD_EFFORT)
        effort_id = new_id("e")
        self._store.execute(
            "INSERT INTO effort VALUES (?, ?, ?, ?, ?, NULL)",
            *(effort_id, self._person, period, effort.model_dump_json(exclude_none=True)),
            receipt.received_at.isoformat(),
        )
        return SavedEffort(receipt=receipt, effort_id=effort_id, report=self.report(period))

    def change(self, period: str, effort_id: str, effort: Effort) -> SavedEffort:
        """Replaces an application."""
        self._check_editable(period, effort_id)
        self._check_date(period, effort.apply_date)
        body = effort.model_dump_json(exclude_none=True)
        self._store.execute("UPDATE effort SET body = ? WHERE id = ?", body, effort_id)
        receipt = self._store.issue_receipt(self._person, Operation.CHANGE_EFFORT)
        return SavedEffort(receipt=receipt, effort_id=effort_id, report=self.report(period))

    def remove(self, period: str, effort_id: str) -> SavedEffort:
        """Takes out an application."""
        self._check_editable(period, effort_id)
        self._store.execute("DELETE FROM effort WHERE id = ?", effort_id)
        receipt = self._store.issue_receipt(self._person, Operation.REMOVE_EFFORT)
        return SavedEffort(receipt=receipt, effort_id=effort_id, report=self.report(period))

    def transmit(self, period: str) -> Report:
        """Transmits what was not transmitted yet."""
        self._check_open(period)
        if self._today() < searches_transmissible_from(month_of(period)):
            raise Refusal(Reason.TRANSMISSION_NOT_OPEN)
        if not any(effort.submitted_at is None for effort in self._efforts(period)):
            raise Refusal(Reason.NOTHING_TO_TRANSMIT)
        self._hand_over(period, self._store.now())
        return self.report(period)

    def settle(self) -> None:
        """Transmits automatically what fell due on a 5th; what it hands over was received on that day."""
        for row in self._store.all(
            "SELECT DISTINCT period FROM effort WHERE person = ? AND submitted_at IS NULL", self._person
        ):
            period = row["period"]
            due = self._due(month_of(period), self._efforts(period))
            if due is not None and due < self._today():
                self._hand_over(period, datetime.combine(due, LAST_MOMENT))
                self._store.note_access(self._person, "automatic_transmission", 200, actor=Actor.GATEWAY)

    def reopen(self, period: str) -> None:
        """The ORP lets the person add to a report that was transmitted."""
        self._store.execute(
            "UPDATE report SET status = 'RE_OPENED' WHERE person = ? AND period = ? AND status = 'SUBMITTED'",
            *(self._person, period),
        )

    def _hand_over(self, period: str, at: datetime) -> Receipt:
        receipt = self._store.issue_receipt(self._person, Operation.TRANSMIT_REPORT, Recipient.ORP, at)
        self._store.execute(
            "UPDATE effort SET submitted_at = ? WHERE person = ? AND period = ? AND submitted_at IS NULL",
            *(at.isoformat(), self._person, period),
        )
        self._store.execute(
            "INSERT OR REPLACE INTO report VALUES (?, ?, 'SUBMITTED', ?, ?)",
            *(self._person, period, at.isoformat(), receipt.number),
        )
        return receipt

    def _today(self) -> date:
        return self._store.now().date()

    def _row(self, period: str) -> Row | None:
        return self._store.one("SELECT * FROM report WHERE person = ? AND period = ?", self._person, period)

    def _efforts(self, period: str) -> list[EffortEntered]:
        rows = self._store.all("SELECT * FROM effort WHERE person = ? AND period = ?", self._person, period)
        efforts = [
            EffortEntered(
                effort_id=row["id"],
                effort=Effort.model_validate_json(row["body"]),
                entered_at=datetime.fromisoformat(row["entered_at"]),
                submitted_at=datetime.fromisoformat(row["submitted_at"]) if row["submitted_at"] else None,
            )
            for row in rows
        ]
        return sorted(efforts, key=lambda one: (one.effort.apply_date, one.entered_at))

    def _status(self, period: str, row: Row | None, efforts: list[EffortEntered]) -> ReportStatus:
        if row is not None and row["status"] == ReportStatus.SUBMITTED:
            return ReportStatus.SUBMITTED
        if month_of(period) < Month.of(self._today()).later(-MONTHS_BACK):
            return ReportStatus.CLOSED
        return ReportStatus(row["status"]) if row is not None else ReportStatus.OPEN

    def _due(self, month: Month, efforts: list[EffortEntered]) -> date | None:
        """The 5th of the next month; for what was entered later, the first 5th after."""
        waiting = [effort.entered_at.astimezone(clock.ZONE).date() for effort in efforts if effort.submitted_at is None]
        if not waiting:
            return None
        due = month.later(1).first_day.replace(day=SEARCHES_DUE_DAY)
        while due < min(waiting):
            due = Month.of(due).later(1).first_day.replace(day=SEARCHES_DUE_DAY)
        return due

    def _check_exists(self, period: str) -> None:
        if period not in self.periods():
            raise Refusal(Reason.NO_CONTROL_PERIOD)

    def _check_open(self, period: str) -> None:
        status = self.report(period).status
        if status is ReportStatus.SUBMITTED:
            raise Refusal(Reason.ALREADY_TRANSMITTED)
        if status is ReportStatus.CLOSED:
            raise Refusal(Reason.PERIOD_CLOSED)

    def _check_date(self, period: str, day: date) -> None:
        if Month.of(day) != month_of(period):
            raise Refusal(Reason.DATE_OUTSIDE_PERIOD, "/apply_date")
        if day > self._today() + timedelta(days=DAYS_AHEAD):
            raise Refusal(Reason.DATE_OUT_OF_RANGE, "/apply_date")

    def _check_editable(self, period: str, effort_id: str) -> None:
        self._check_exists(period)
        row = self._store.one(
            "SELECT submitted_at FROM effort WHERE id = ? AND person = ? AND period = ?",
            *(effort_id, self._person, period),
        )
        if row is None:
            raise Refusal(Reason.NOT_FOUND)
        if row["submitted_at"]:
            raise Refusal(Reason.EFFORT_TRANSMITTED)
        self._check_open(period)
