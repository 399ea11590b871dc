"""What must be known to send documents, and how it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.documents.draft import DocumentsDraft
from actions.documents.naming import document_in
from actions.sending import CONFIRMED, FILES, LOGIN, Parcel, SendingTask, by_name, count_files
from actions.tasks import CORRECTION, Question, Said, Unusable
from base import clock
from base.database import UnitOfWork
from base.wording import Translations, mark
from casework import applications, persons
from casework.desk import desk
from casework.document_names import FOR_RECIPIENTS, NAMES
from casework.submissions import Kind
from conversations.models import FileId
from law.documents import ORP_TYPES, Document, Recipient

TYPE = Question("type", "choice")
RECIPIENT = Question("recipient", "choice")
TAKEN = Question("is_taken", "choice", help="utter_help_taken")
WHICH = Question("which", "choice")

_RECIPIENTS: Mapping[str, Recipient] = MappingProxyType({"oce": Recipient.ORP, "fund": Recipient.FUND})
_ELSEWHERE: Mapping[Document, str] = MappingProxyType(
    {
        Document.MEDICAL_CERTIFICATE: "utter_documents_without_certificate",
        Document.AGI: "utter_documents_without_agi",
    }
)
"""What is not sent as a document, and what is said when it was named beside others."""
_IPA = "ipa"
"""Value of an answer: the document goes with the monthly form."""
_ADDS = re.compile(
    r"\b(?:aussi|[ée]galement|en plus|ainsi que|et (?:puis )?(?:mon|ma|mes|le|la|les|un|une))\b", re.IGNORECASE
)
"""Names a further document, and not another one."""
_NEWER = re.compile(
    r"\bremplac|\bmettre [àa] jour|\bmise [àa] jour|\bactualis|\bnouve(?:au|l|lle|aux)\b|\bnouvo\b|\bversion|\b[àa] jour\b|"
    r"\brefait",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:fichier|photo|pdf|image|n[°o]|num[ée]ro)\s*(?:n[°o]\s*)?(\d{1,2})\b", re.IGNORECASE)
_SINGLE, _PLURAL = mark("fichier {places}"), mark("fichiers {places}")
_FILED = mark("{document} (sur Job-Room : « Autre document »)")
_MISSING = mark("Sans fichier, donc pas envoyé : {documents}. Envoyez-le maintenant s'il en fait partie.")
_NEW_VERSION = mark("L'ancienne version reste sur Job-Room : effacez-la là-bas si elle ne vaut plus.")


class DocumentsTask(SendingTask[DocumentsDraft]):
    """Sending documents to the ORP at any time, and to the fund while it examines the application."""

    name = "documents"
    intent = "tx_documents"
    title = mark("Documents à envoyer")
    model = DocumentsDraft
    cancelled = "utter_documents_cancelled"
    correctable = MappingProxyType(
        {
            TYPE.slot: re.compile(r"\btypes?\b", re.IGNORECASE),
            RECIPIENT.slot: re.compile(r"\bdestinataire", re.IGNORECASE),
        }
    )

    def questions(self, draft: DocumentsDraft) -> Sequence[Question]:
        if draft.is_elsewhere:
            return ()
        sorting = (WHICH,) if len(draft.type or ()) > 1 else ()
        if draft.is_for_fund:
            return LOGIN, TAKEN, TYPE, FILES, *sorting, CONFIRMED
        choosing = () if draft.type is None or (draft.recipient and draft.is_for_orp_only) else (RECIPIENT,)
        return TYPE, *choosing, LOGIN, FILES, *sorting, CONFIRMED

    async def look_up(
        self, connection: AsyncConnection, session_id: str, draft: DocumentsDraft, *, is_new: bool
    ) -> DocumentsDraft:
        """What files are by their names, and whether the fund takes documents."""
        found = await super().look_up(connection, session_id, draft, is_new=is_new)
        if found.is_elsewhere:
            return found
        found = found.model_copy(update={"named": await by_name(connection, session_id, document_in)})
        if found.type is None:
            found = found.model_copy(update=_by_names(found, found.files or ()))
        return await _with_application(connection, session_id, found) if found.is_for_fund else found

    def noticed(self, known: DocumentsDraft | None, current: DocumentsDraft) -> str | None:
        if known is not None and current.is_for_fund and current.is_taken and known.is_taken is None:
            return "utter_documents_fund_open"
        return super().noticed(known, current)

    def read(self, said: Said, draft: DocumentsDraft, pending: Question | None) -> Mapping[str, Any]:
        values = dict(super().read(said, draft, pending))
        if "type" in values and values["type"] is None:
            several = len(draft.type or ()) > 1
            values |= {"given": {}} | ({"type": draft.type, "is_each_asked": True} if several else {})
        if "recipient" in values:
            values |= {"asked_at": None, "has_answer": False, "is_confirmed": None}
        return values

    def understand(self, said: Said, draft: DocumentsDraft, pending: Question | None) -> Mapping[str, Any]:
        if said.tapped and _IPA in said.values("duty"):
            return {"is_elsewhere": True}
        named = list(dict.fromkeys(Document(value) for value in said.values("document")))
        sendable = [document for document in named if document not in _ELSEWHERE]
        values: dict[str, Any] = {}
        if sendable:
            values = self._documents(said, draft, pending, sendable)
        elif said.files and draft.type is None:
            values = dict(_by_names(draft, (*(draft.files or ()), *said.files)))
        if (recipient := _recipient(said, draft, pending)) is not None:
            values["recipient"] = recipient
        elif "type" in values and draft.recipient is None and ORP_TYPES.issuperset(values["type"]):
            values["recipient"] = Recipient.ORP
        elif "type" in values and draft.is_for_orp_only and not ORP_TYPES.issuperset(values["type"]):
            values["recipient"] = None  # it was not asked so far
        if pending in {None, TYPE} and _NEWER.search(said.text):
            values["is_newer"] = True
        if named and not sendable:
            return {"is_elsewhere": True}
        if len(named) > len(sendable):
            problem = Unusable(next(_ELSEWHERE[document] for document in named if document in _ELSEWHERE))
            problem.kept = values
            raise problem
        return values

    def _documents(
        self, said: Said, draft: DocumentsDraft, pending: Question | None, named: Sequence[Document]
    ) -> dict[str, Any]:
        """What documents that a message names say for the draft."""
        known, files = draft.type or (), draft.files or ()
        together = tuple(dict.fromkeys((*known, *named)))
        added = {"type": together} if together != known else {}
        place = _PLACE.search(said.text)
        if place and 1 <= int(place[1]) <= len(files):
            return {**added, "given": {**draft.clear, files[int(place[1]) - 1]: named[-1]}}
        if pending is WHICH:
            answered = draft.unclear if len(named) == len(draft.unclear) else draft.unclear[:1]
            chosen = named if len(named) == len(draft.unclear) else named[-1:]
            return {**added, "given": {**draft.given, **dict(zip(answered, chosen, strict=True))}}
        if _ADDS.search(said.text) and not said.corrects:
            return added
        if len(known) > 1 and pending in {CONFIRMED, CORRECTION}:
            return {"type": together, "given": {}, "is_each_asked": True}
        return {"type": tuple(named)} if tuple(named) != known else {}

    def acknowledge(
        self, values: Mapping[str, Any], draft: DocumentsDraft, translations: Translations
    ) -> Sequence[str]:
        said = [translations.translate(NAMES[document]) for document in values.get("type", ())]
        if values.get("files"):
            said.append(count_files(len(values["files"]), translations))
        return said

    def summary(self, draft: DocumentsDraft, translations: Translations) -> Mapping[str, str]:
        recipient = draft.recipient or Recipient.ORP
        names = {document: _name(document, recipient, translations) for document in draft.type or ()}
        return {
            "document": ", ".join(names[document] for document in draft.contents),
            "documents": "\n".join(_lines(draft, names, translations)),
            "for_recipient": translations.translate(FOR_RECIPIENTS[recipient]),
            "remarks": "".join(f"\n\n{remark}" for remark in _remarks(draft, names, translations)),
        }

    def parcels(self, draft: DocumentsDraft) -> Sequence[Parcel]:
        recipient = draft.recipient or Recipient.ORP
        return [
            Parcel(
                kind=Kind.DOCUMENT,
                content={"type": filed_as, "name": f"{NAMES[document]}.pdf"},
                effect="upload_document",
                shown={"type": filed_as, "recipient": recipient},
                recipient=recipient,
                files=files,
            )
            for document, files in draft.contents.items()
            for filed_as in [_filed_as(document, recipient)]
        ]

    async def end_unsent(
        self,
        work: UnitOfWork,
        dispatcher: CollectingDispatcher,
        session_id: str,
        draft: DocumentsDraft,
        translations: Translations,
    ) -> DocumentsDraft | None:
        if not desk().is_open:
            dispatcher.utter_message(response="utter_documents_closed")
        elif draft.is_for_fund and draft.has_answer:
            dispatcher.utter_message(response=f"utter_documents_fund_{draft.status or 'none'}")
        else:
            dispatcher.utter_message(response="utter_tx_documents")
        if draft.files:
            await self.let_go(work, session_id, draft, None)
            dispatcher.utter_message(response="utter_documents_erased")
        return None

    def shown(self, draft: DocumentsDraft) -> Mapping[str, Any]:
        return {"recipient": draft.recipient.value} if draft.recipient else {}


async def _with_application(connection: AsyncConnection, session_id: str, draft: DocumentsDraft) -> DocumentsDraft:
    """The draft with what the gateway said of the application lately; without it nothing is sent to the fund."""
    person_id = await persons.person_of(connection, session_id)
    known = await applications.known(connection, person_id) if person_id else None
    asked_at = draft.asked_at or clock.program_now()
    if known is None or known.read_at < asked_at - applications.FRESH:
        return draft.model_copy(update={"has_answer": False})
    answered = draft.model_copy(update={"asked_at": asked_at, "has_answer": True, "status": known.status})
    return answered.model_copy(update={"is_elsewhere": not answered.is_taken})


def _by_names(draft: DocumentsDraft, files: Sequence[FileId]) -> Mapping[str, Any]:
    """What the names of files say for the draft, if each of them is clear."""
    found = [draft.named.get(file) for file in files]
    documents = tuple(dict.fromkeys(document for document in found if document is not None))
    if not files or None in found:
        return {}
    is_for_orp = draft.recipient is None and ORP_TYPES.issuperset(documents)
    return {"type": documents} | ({"recipient": Recipient.ORP} if is_for_orp else {})


def _recipient(said: Said, draft: DocumentsDraft, pending: Question | None) -> Recipient | None:
    """Another recipient than so far, if a message names one where that is no matter of chance."""
    is_meant = said.tapped or said.corrects or said.intent == DocumentsTask.intent
    if pending not in {None, TYPE, RECIPIENT, CORRECTION} and not is_meant:
        return None
    named = [_RECIPIENTS[office] for office in said.values("office") if office in _RECIPIENTS]
    return named[-1] if named and named[-1] is not draft.recipient and not said.agrees else None


def _filed_as(document: Document, recipient: Recipient) -> Document:
    return document if recipient is Recipient.FUND or document in ORP_TYPES else Document.OTHER


def _name(document: Document, recipient: Recipient, translations: Translations) -> str:
    """What a document is called, and under what it is found on Job-Room when that is something else."""
    name = translations.translate(NAMES[document])
    is_as_filed = _filed_as(document, recipient) is document
    return name if is_as_filed else translations.translate(_FILED).format(document=name)


def _lines(draft: DocumentsDraft, names: Mapping[Document, str], translations: Translations) -> list[str]:
    """What is sent, document by document; of several it is said which files they are."""
    contents, files = draft.contents, draft.files or ()
    if len(draft.type or ()) == 1:
        return [translations.translate(mark("- Document : **{document}**")).format(document=names[d]) for d in contents]
    lines = []
    for document, mine in contents.items():
        places = ", ".join(str(files.index(file) + 1) for file in mine)
        written = translations.translate(_SINGLE if len(mine) == 1 else _PLURAL).format(places=places)
        lines.append(f"- **{names[document]}** : {written}")
    return lines


def _remarks(draft: DocumentsDraft, names: Mapping[Document, str], translations: Translations) -> list[str]:
    """What the person should know before they agree."""
    missing = ", ".join(names[document] for document in draft.missing)
    remarks = [translations.translate(_MISSING).format(documents=missing)] if missing else []
    if draft.is_newer and not draft.is_for_fund:
        remarks.append(translations.translate(_NEW_VERSION))
    return remarks
