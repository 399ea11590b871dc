"""What must be known to send a document, and how it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.tasks import CORRECTION, FIELD, Question, Said, Task, TaskDraft
from base.database import UnitOfWork
from base.wording import Translations, mark
from casework import persons
from casework.desk import desk
from casework.document_names import NAMES
from casework.files.store import kept_unsent
from conversations import store
from conversations.models import FileId
from law.documents import ORP_TYPES, Document

TYPE = Question("type", "choice")
LOGIN = Question("is_linked", "choice", help="utter_help_login")
FILES = Question("files", "file")
CONFIRMED = Question("is_confirmed", "choice", help="utter_help_confirm")
FUND = "fund"
_WRONG = re.compile(
    r"\bpas (?:le |la |les )?bon|\b(?:est|c) (?:tout )?faux|\berreur|\btromp[ée]|\b(?:chang|corrig|modifi|remplac)",
    re.IGNORECASE,
)
"""Says at the summary that something is to change, perhaps not what."""
_FILE, _TYPE = re.compile(r"\b(?:fichier|photo|pdf|image|scan)", re.IGNORECASE), re.compile(r"\btype\b", re.IGNORECASE)
"""Enough to say what is to change, once that was asked."""
_NOTHING = re.compile(r"(?:non,? )?rien(?: du tout)?[\s.!]*", re.IGNORECASE)


class DocumentsDraft(TaskDraft):
    """What is known of a document to send.

    Args:
        type: What it is.
        is_elsewhere: Whether it does not go to the ORP, so that there is nothing to send here.
        is_linked: Whether it is known whose conversation this is; None until someone has logged in.
        files: What was sent for it, in the order of its pages.
        is_confirmed: Whether the person has said yes to the summary.
    """

    type: Document | None = None
    is_elsewhere: bool = False
    is_linked: bool | None = None
    files: tuple[FileId, ...] | None = None
    is_confirmed: bool | None = None


class DocumentsTask(Task[DocumentsDraft]):
    """Sending a document to the ORP."""

    name = "documents"
    intent = "tx_documents"
    model = DocumentsDraft
    takes_files = True
    cancelled = "utter_documents_cancelled"

    def questions(self, draft: DocumentsDraft) -> Sequence[Question]:
        return () if draft.is_elsewhere else (TYPE, LOGIN, FILES, CONFIRMED)

    def keeps(self, draft: DocumentsDraft) -> bool:
        return not draft.is_elsewhere

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: DocumentsDraft, *, is_new: bool
    ) -> DocumentsDraft:
        """Files that were sent before anybody asked for them are meant, and one login serves for all."""
        if not desk().is_open:
            return draft.model_copy(update={"is_elsewhere": True})
        kept = await kept_unsent(connection, session_id)
        offered = await store.files_sent(connection, session_id) if is_new else draft.files or ()
        chosen = [file_id for file_id in offered if file_id in kept]
        person = await persons.person_of(connection, session_id)
        return draft.model_copy(
            update={"files": tuple(map(FileId, chosen)) or None, "is_linked": True if person else None}
        )

    def noticed(self, known: DocumentsDraft | None, current: DocumentsDraft) -> str | None:
        if known is None:
            return "utter_documents_kept" if current.files else None
        if known.is_linked and not current.is_linked:
            return "utter_documents_unlinked"
        if len(known.files or ()) > len(current.files or ()):
            return "utter_documents_expired"
        return "utter_documents_linked" if current.is_linked and not known.is_linked else None

    async def let_go(self, work: UnitOfWork, draft: DocumentsDraft, kept: DocumentsDraft | None) -> None:
        """A file that was taken out is not to turn up in what is sent next."""
        still = (kept.files or ()) if kept is not None and not kept.is_elsewhere else ()
        for file_id in draft.files or ():
            if file_id not in still:
                await desk().submissions.files.delete(work, file_id)

    def read(self, said: Said, draft: DocumentsDraft, pending: Question | None) -> Mapping[str, Any]:
        values: dict[str, Any] = {}
        if said.files:
            values["files"] = (*(draft.files or ()), *said.files)
        named = [Document(value) for value in said.values("document")]
        if named and named[-1] is not draft.type:
            values |= {"type": named[-1], "is_elsewhere": named[-1] not in ORP_TYPES}
        elif not named and draft.type is None and FUND in said.values("office"):
            values["is_elsewhere"] = True
        values |= dict.fromkeys(_taken_back(said, pending))
        if pending is CONFIRMED and not values:
            if said.agrees:
                values["is_confirmed"] = True
            elif said.declines or (not said.asks and _WRONG.search(said.text)):
                values |= {"is_confirmed": None, "is_questioned": True}
        elif pending is CORRECTION and not values and (said.agrees or _NOTHING.fullmatch(said.text.strip())):
            values["is_confirmed"] = None  # back to the summary
        return values

    def acknowledge(
        self, values: Mapping[str, Any], draft: DocumentsDraft, translations: Translations
    ) -> Sequence[str]:
        said = [translations.translate(NAMES[values["type"]])] if values.get("type") in ORP_TYPES else []
        if values.get("files"):
            said.append(count_files(len(values["files"]), translations))
        return said

    def shown(self, draft: DocumentsDraft) -> Mapping[str, Any]:
        return {"recipient": "orp"} if draft.type in ORP_TYPES else {}


def _taken_back(said: Said, pending: Question | None) -> Sequence[str]:
    """What a message wants to give anew."""
    named = [name for name in ("files", "type") if name in said.values(FIELD)]
    if named or pending is not CORRECTION or said.tapped:
        return named
    return [name for name, pattern in (("files", _FILE), ("type", _TYPE)) if pattern.search(said.text)][:1]


def count_files(count: int, translations: Translations) -> str:
    """«1 fichier», «2 fichiers»."""
    return translations.translate(mark("1 fichier") if count == 1 else mark("{count} fichiers")).format(count=count)


def count_pages(count: int, translations: Translations) -> str:
    """«1 page», «2 pages»."""
    return translations.translate(mark("1 page") if count == 1 else mark("{count} pages")).format(count=count)
