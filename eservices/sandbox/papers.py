"""Rules of files, documents and incapacities."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from sqlite3 import Row

from eservices.models import (
    Deletion,
    Documents,
    DocumentToSend,
    FiledDocument,
    IncapacityAnnouncement,
    IncapacityEnd,
    Operation,
    SentDocument,
    SentIncapacity,
    StagedFile,
)
from eservices.models.files import MAX_VERSIONS
from eservices.reasons import Reason
from eservices.sandbox.problems import Refusal
from eservices.sandbox.store import Store, new_id
from law.documents import ORP_TYPES, ApplicationStatus, Document, Recipient, submission

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
STAGED_FOR = timedelta(days=1)
HEADER, TRAILER = b"%PDF-", b"%%EOF"
TRAILER_WITHIN = 1024
VIRUS_FOR_TESTS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class Files:
    """Files that one person has staged."""

    def __init__(self, store: Store, person: Row) -> None:
        self._store = store
        self._person: str = person["id"]

    def stage(self, content: bytes) -> StagedFile:
        """Keeps a PDF until a submission names it."""
        if not content.startswith(HEADER) or TRAILER not in content[-TRAILER_WITHIN:]:
            raise Refusal(Reason.NOT_A_PDF)
        if VIRUS_FOR_TESTS in content:
            raise Refusal(Reason.FILE_INFECTED)
        file_id, checksum = new_id("f"), hashlib.sha256(content).hexdigest()
        expires_at = self._store.now() + STAGED_FOR
        receipt = self._store.issue_receipt(self._person, Operation.STAGE_FILE)
        self._store.execute(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, NULL)",
            *(file_id, self._person, content, len(content), checksum, expires_at.isoformat()),
        )
        return StagedFile(receipt=receipt, file_id=file_id, size=len(content), sha256=checksum, expires_at=expires_at)

    def check(self, file_id: str, field: str) -> Row:
        """The file, if a submission can use it now."""
        row = self._store.one("SELECT * FROM file WHERE id = ? AND person = ?", file_id, self._person)
        usable = row is not None and row["used_by"] is None
        if row is None or not usable or datetime.fromisoformat(row["expires_at"]) < self._store.now():
            raise Refusal(Reason.FILE_UNKNOWN, field)
        return row

    def hold(self, files: Sequence[tuple[str, str]]) -> None:
        """Keeps files for a draft that names them, until it is transmitted.

        Args:
            files: Ids, each with the field that names it.
        """
        for file_id, field in files:
            self.check(file_id, field)
            self._store.execute("UPDATE file SET expires_at = ? WHERE id = ?", NEVER.isoformat(), file_id)

    def use(self, files: Sequence[tuple[str, str]], number: str) -> None:
        """Marks files as used by a submission.

        Args:
            files: Ids, each with the field that names it.
            number: Of the submission's receipt.
        """
        for file_id, field in files:
            self.check(file_id, field)
            self._store.execute("UPDATE file SET used_by = ? WHERE id = ?", number, file_id)


class Papers:
    """Documents and incapacities of one person."""

    def __init__(self, store: Store, person: Row) -> None:
        self._store = store
        self._person: str = person["id"]
        self._files = Files(store, person)

    def documents(self) -> Documents:
        """What is in «Mes documents»."""
        rows = self._store.all(_DOCUMENTS + " ORDER BY document.rowid DESC", self._person)
        return Documents(items=[self._filed(row) for row in rows])

    def send(self, document: DocumentToSend) -> SentDocument:
        """Hands a document over."""
        self._check_taken(document.type, document.recipient)
        self._files.check(document.file_id, "/file_id")
        kept = [d for d in self.documents().items if (d.type, d.recipient) == (document.type, document.recipient)]
        if document.recipient is Recipient.ORP and len(kept) >= MAX_VERSIONS:
            raise Refusal(Reason.TOO_MANY_VERSIONS, "/type")
        receipt = self._store.issue_receipt(self._person, Operation.SEND_DOCUMENT, document.recipient)
        self._files.use([(document.file_id, "/file_id")], receipt.number)
        document_id = new_id("d")
        version = 1 + max((one.version for one in kept), default=0)
        self._store.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
            *(document_id, self._person, document.type, document.recipient, document.name, version),
            *(document.file_id, receipt.number),
        )
        row = self._store.one(_DOCUMENTS + " AND document.id = ?", self._person, document_id)
        assert row is not None
        return SentDocument(receipt=receipt, document=self._filed(row))

    def delete(self, document_id: str) -> Deletion:
        """Deletes a document for the ORP; what the fund has stays with it."""
        found = self._store.execute(
            "UPDATE document SET deleted = 1 WHERE id = ? AND person = ? AND recipient = ? AND deleted = 0",
            *(document_id, self._person, Recipient.ORP),
        )
        if not found:
            raise Refusal(Reason.NOT_FOUND)
        return Deletion(receipt=self._store.issue_receipt(self._person, Operation.DELETE_DOCUMENT, Recipient.ORP))

    def announce(self, announcement: IncapacityAnnouncement) -> SentIncapacity:
        """Announces an incapacity to the ORP."""
        receipt = self._store.issue_receipt(self._person, Operation.ANNOUNCE_INCAPACITY, Recipient.ORP)
        named = [(file, f"/certificates/{index}") for index, file in enumerate(announcement.certificates)]
        self._files.use(named, receipt.number)
        body = announcement.model_dump_json(exclude_none=True)
        self._store.execute("INSERT INTO incapacity VALUES (?, ?, ?)", receipt.number, self._person, body)
        return SentIncapacity(receipt=receipt)

    def end(self, number: str, told: IncapacityEnd) -> SentIncapacity:
        """Changes the last day of an incapacity that was announced."""
        row = self._store.one("SELECT body FROM incapacity WHERE receipt = ? AND person = ?", number, self._person)
        if row is None:
            raise Refusal(Reason.NOT_FOUND)
        announced = IncapacityAnnouncement.model_validate_json(row["body"])
        if told.end_date < announced.start_date:
            raise Refusal(Reason.INVALID_REQUEST, "/end_date")
        receipt = self._store.issue_receipt(self._person, Operation.END_INCAPACITY, Recipient.ORP)
        body = announced.model_copy(update={"end_date": told.end_date}).model_dump_json(exclude_none=True)
        self._store.execute("UPDATE incapacity SET body = ? WHERE receipt = ?", body, number)
        return SentIncapacity(receipt=receipt)

    def _check_taken(self, document: Document, recipient: Recipient) -> None:
        if recipient is Recipient.ORP:
            if document is Document.MEDICAL_CERTIFICATE:
                raise Refusal(Reason.USE_INCAPACITY_SERVICE, "/type")
            if document not in ORP_TYPES:
                raise Refusal(Reason.TYPE_NOT_TAKEN, "/type")
            return
        row = self._store.one("SELECT status FROM application WHERE person = ?", self._person)
        if row is None:
            raise Refusal(Reason.NO_APPLICATION, "/recipient")
        rule = submission(document, recipient, ApplicationStatus(row["status"]))
        if not rule.uploads_open:
            raise Refusal(Reason.TRANSMIT_FIRST if rule.transmit_first else Reason.DOCUMENTS_CLOSED, "/recipient")

    def _filed(self, row: Row) -> FiledDocument:
        receipt = self._store.receipt(row["receipt"])
        assert receipt is not None
        return FiledDocument(
            document_id=row["id"],
            type=Document(row["type"]),
            recipient=Recipient(row["recipient"]),
            name=row["name"],
            version=row["version"],
            size=row["size"],
            sha256=row["sha256"],
            receipt=receipt,
        )


_DOCUMENTS = (
    "SELECT document.*, file.size, file.sha256 FROM document JOIN file ON file.id = document.file "
    "WHERE document.person = ? AND document.deleted = 0"
)
