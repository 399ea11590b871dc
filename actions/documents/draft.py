"""What is known of documents to send, and which file is which of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions.sending import SendingDraft
from conversations.models import FileId
from law.documents import ORP_TYPES, ApplicationStatus, Document, Recipient, submission


class DocumentsDraft(SendingDraft):
    """What is known of documents to send.

    Args:
        type: What they are, each once, in the order in which they were named.
        recipient: Who gets them.
        asked_at: When it was first looked whether the fund takes documents.
        has_answer: Whether the gateway has said since how the application stands.
        status: What it said; None when there is no application.
        named: What the names of the kept files say that they are.
        given: What the person says that files are.
        is_each_asked: Whether names say nothing: the person does not agree with what was made of them.
        is_newer: Whether the person says that there is an earlier version.
    """

    type: tuple[Document, ...] | None = None
    recipient: Recipient | None = None
    asked_at: datetime | None = None
    has_answer: bool = False
    status: ApplicationStatus | None = None
    named: Mapping[FileId, Document] = {}
    given: Mapping[FileId, Document] = {}
    is_each_asked: bool = False
    is_newer: bool = False

    @property
    def is_for_fund(self) -> bool:
        return self.recipient is Recipient.FUND

    @property
    def is_taken(self) -> bool | None:
        """Whether the fund takes documents now; None while that is not known."""
        if not self.has_answer:
            return None
        status = self.status
        return status is not None and submission(Document.OTHER, Recipient.FUND, status).uploads_open

    @property
    def sorted(self) -> Mapping[FileId, Document | None]:
        """What each file is; None where that has to be asked.

        Where all documents but one have a file, the files that are left are that one, unless each is to be asked.
        """
        documents, files = self.type or (), self.files or ()
        if len(documents) == 1:
            return dict.fromkeys(files, documents[0])
        clear = self.given if self.is_each_asked else {**self.named, **self.given}
        found = {file: clear.get(file) if clear.get(file) in documents else None for file in files}
        left = self.type_without_file(found)
        if len(left) == 1 and any(found.values()) and not self.is_each_asked:
            found = {file: document or left[0] for file, document in found.items()}
        return found

    def type_without_file(self, found: Mapping[FileId, Document | None]) -> tuple[Document, ...]:
        """The documents that no file is."""
        return tuple(document for document in self.type or () if document not in found.values())

    @property
    def which(self) -> bool | None:
        """Whether it is known what each file is; None while it is not."""
        return None if None in self.sorted.values() else True

    @property
    def unclear(self) -> tuple[FileId, ...]:
        """The files that the person has to say something of."""
        return tuple(file for file, document in self.sorted.items() if document is None)

    @property
    def clear(self) -> Mapping[FileId, Document]:
        """The files that need not be asked for, and what they are."""
        return {file: document for file, document in self.sorted.items() if document is not None}

    @property
    def contents(self) -> Mapping[Document, tuple[FileId, ...]]:
        """What is sent: the files of each document, in their order."""
        found = self.sorted
        wanted = {document: tuple(file for file in found if found[file] is document) for document in self.type or ()}
        return {document: files for document, files in wanted.items() if files}

    @property
    def missing(self) -> tuple[Document, ...]:
        """What was named and has no file."""
        return self.type_without_file(self.sorted)

    @property
    def is_for_orp_only(self) -> bool:
        """Whether there is no doubt about who gets it, as long as nothing else is said."""
        return bool(self.type) and ORP_TYPES.issuperset(self.type or ())
