"""Rules of the IPA form and of the application for benefit."""

from __future__ import annotations

from datetime import date
from sqlite3 import Row

from eservices.models import (
    Application,
    ApplicationContent,
    ApplicationState,
    DocumentRule,
    IpaForm,
    IpaState,
    IpaStatus,
    Operation,
    SentIpa,
)
from eservices.models.common import month_of
from eservices.reasons import Reason
from eservices.sandbox.papers import Files
from eservices.sandbox.problems import Refusal
from eservices.sandbox.store import Store
from law.documents import ApplicationStatus, Document, Recipient, submission
from law.periods import Month, benefits_lapse


class Fund:
    """What one person has with the unemployment fund."""

    def __init__(self, store: Store, person: Row) -> None:
        self._store = store
        self._person: str = person["id"]
        self._registered = Month.of(date.fromisoformat(person["registered_on"]))
        self._ipa_day: int = person["ipa_day"]
        self._files = Files(store, person)

    def ipa(self, period: str) -> IpaState:
        """The form of a month."""
        month = month_of(period)
        today = self._store.now().date()
        if not self._registered <= month <= Month.of(today).later(1):
            raise Refusal(Reason.NO_CONTROL_PERIOD)
        row = self._store.one("SELECT receipt FROM ipa WHERE person = ? AND period = ?", self._person, period)
        opens_on = month.first_day.replace(day=self._ipa_day)
        status = IpaStatus.OPEN if today >= opens_on else IpaStatus.NOT_YET_OPEN
        return IpaState(
            period=period,
            status=IpaStatus.SENT if row is not None else status,
            opens_on=opens_on,
            benefits_lapse_on=benefits_lapse(month).deadline,
            receipt=self._store.receipt(row["receipt"]) if row is not None else None,
        )

    def send_ipa(self, period: str, form: IpaForm) -> SentIpa:
        """Hands the form of a month over, once."""
        state = self.ipa(period)
        if state.status is IpaStatus.SENT:
            raise Refusal(Reason.ALREADY_TRANSMITTED)
        if state.status is IpaStatus.NOT_YET_OPEN:
            raise Refusal(Reason.IPA_NOT_OPEN)
        receipt = self._store.issue_receipt(self._person, Operation.SEND_IPA, Recipient.FUND)
        named = [
            (attachment.file_id, f"/situations/{index}/attachments/{place}/file_id")
            for index, one in enumerate(form.situations)
            for place, attachment in enumerate(one.attachments)
        ]
        self._files.use(named, receipt.number)
        body = form.model_dump_json(exclude_none=True)
        self._store.execute("INSERT INTO ipa VALUES (?, ?, ?, ?)", self._person, period, body, receipt.number)
        return SentIpa(receipt=receipt, ipa=self.ipa(period))

    def application(self) -> ApplicationState:
        """The application for benefit."""
        row = self._row()
        if row is None:
            raise Refusal(Reason.NO_APPLICATION)
        status = ApplicationStatus(row["status"])
        rule = submission(Document.OTHER, Recipient.FUND, status)
        draft = status is ApplicationStatus.DRAFT
        return ApplicationState(
            status=status,
            documents=DocumentRule(open=rule.uploads_open, transmit_first=rule.transmit_first, ways=list(rule.ways)),
            content=ApplicationContent.model_validate_json(row["content"]) if draft else None,
            receipt=self._store.receipt(row["receipt"]),
        )

    def save(self, content: ApplicationContent) -> Application:
        """Writes the application, which is not transmitted."""
        row = self._row()
        if row is not None and row["status"] != ApplicationStatus.DRAFT:
            raise Refusal(Reason.ALREADY_TRANSMITTED)
        self._files.hold([(file, f"/attachments/{index}") for index, file in enumerate(content.attachments)])
        self._store.execute(
            "INSERT OR REPLACE INTO application VALUES (?, ?, ?, NULL)",
            *(self._person, ApplicationStatus.DRAFT, content.model_dump_json(exclude_none=True)),
        )
        receipt = self._store.issue_receipt(self._person, Operation.SAVE_APPLICATION)
        return Application(receipt=receipt, application=self.application())

    def transmit(self) -> Application:
        """Hands the application over, once."""
        state = self.application()
        if state.content is None:
            raise Refusal(Reason.ALREADY_TRANSMITTED)
        receipt = self._store.issue_receipt(self._person, Operation.TRANSMIT_APPLICATION, Recipient.FUND)
        self._files.use([(file, "") for file in state.content.attachments], receipt.number)
        self._store.execute(
            "UPDATE application SET status = ?, receipt = ? WHERE person = ?",
            *(ApplicationStatus.UNDER_REVIEW, receipt.number, self._person),
        )
        return Application(receipt=receipt, application=self.application())

    def advance(self) -> None:
        """Moves the application to its next status, as the person or the fund would."""
        state = self.application()
        if state.status is ApplicationStatus.DRAFT:
            self.transmit()
        else:
            self._store.execute(
                "UPDATE application SET status = ? WHERE person = ?", ApplicationStatus.DECIDED, self._person
            )

    def _row(self) -> Row | None:
        return self._store.one("SELECT * FROM application WHERE person = ?", self._person)
