"""Everything that is kept of a person, brought together for the copy that they download."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.deadline.titles import reminded_of, title_of
from base import clock
from base.database import Database
from base.encryption import Undecipherable
from base.tokens import identifiers, masked
from base.wording import Translations, mark
from bot.documents.my_data import FILES, Copied, Everything
from casework import access, agenda, applications, case_events, cases, consents, drafts, persons
from casework.cases import Case
from casework.files.store import StoredFile, kept_unsent
from casework.submissions import Submission, SubmissionStore
from conversations import store, telegram
from conversations.tables import chat_sessions, feedback, messages
from eservices.client import EServices
from eservices.errors import EServicesError

log = structlog.get_logger(__name__)

_NOT_LOGGED_IN = mark("Vous n'êtes pas connecté·e : le journal de Job-Room n'est pas dans cette copie.")
_NO_ANSWER = mark(
    "Job-Room n'a pas répondu : son journal n'est pas dans cette copie. Téléchargez-la à nouveau plus tard."
)


class Collector:
    """Brings it together.

    Args:
        database: Where it is kept.
        submissions: How submissions and files are kept.
        eservices: Keeps a log of accesses of its own.
    """

    def __init__(self, database: Database, submissions: SubmissionStore, eservices: EServices) -> None:
        self._database = database
        self._submissions = submissions
        self._eservices = eservices

    async def everything(self, session_id: str, translations: Translations) -> Everything:
        """All of a conversation; while the person is logged in, of all of theirs.

        Raises:
            Undecipherable: When a secret is missing that submissions need.
        """
        async with self._database.reading() as connection:
            person_id = await persons.person_of(connection, session_id)
            chats = await persons.chats_of(connection, session_id)
            sent = await self._handed_in(connection, chats, person_id)
            files, listed = await self._files(connection, chats, sent)
            names = {entry["id"]: entry["name"] for entry in listed}
            content: dict[str, Any] = {
                "made_at": clock.now().isoformat(),
                "conversations": [await _conversation(connection, chat, names, translations) for chat in chats],
                "submissions": [_submission(one) for one in sent],
                "benefit_application": await _application(connection, person_id),
                "files": listed,
                "accesses": [
                    {**vars(one), "at": one.at.isoformat()} for one in await access.of(connection, chats, person_id)
                ],
            }
        content |= await self._job_room(person_id, translations)  # while no connection is held
        return Everything(content, files, clock.now())

    async def _handed_in(
        self, connection: AsyncConnection, chats: Sequence[str], person_id: str | None
    ) -> tuple[Submission, ...]:
        if person_id is not None:
            return await self._submissions.all_of_person(connection, person_id)
        (chat,) = chats
        return await self._submissions.all_of_session(connection, chat)

    async def _files(
        self, connection: AsyncConnection, chats: Sequence[str], sent: Sequence[Submission]
    ) -> tuple[list[Copied], list[dict[str, Any]]]:
        """The files that are still there, and all of them as they are listed."""
        owners: dict[str, str | None] = {}
        for chat in chats:
            owners |= dict.fromkeys(await kept_unsent(connection, chat), chat)
        owners |= {file.file_id: None for one in sent for file in one.files}
        files: list[Copied] = []
        listed: list[dict[str, Any]] = []
        for file_id, owner in owners.items():
            try:
                stored = await self._submissions.files.find(connection, file_id, owner)
                content = await self._submissions.files.read(connection, file_id, owner)
            except Undecipherable:
                log.exception("files.undecipherable", file=file_id)
                listed.append({"id": file_id, "name": file_id, "path": None})
                continue
            if stored is not None and content is not None:
                name = f"{len(files) + 1:02d}-{stored.name}"
                files.append(Copied(name, content))
                listed.append(_listed(stored, name))
        return files, listed

    async def _job_room(self, person_id: str | None, translations: Translations) -> dict[str, Any]:
        """The e-service's own log; without it the reason."""
        note = _NOT_LOGGED_IN
        if person_id is not None:
            try:
                found = await self._eservices.access_log(person_id)
            except EServicesError as error:
                log.warning("my_data.no_access_log", reason=type(error).__name__)
                note = _NO_ANSWER
            else:
                return {"job_room_accesses": found.model_dump(mode="json")["items"]}
        return {"job_room_accesses": None, "job_room_note": translations.translate(note)}


async def _application(connection: AsyncConnection, person_id: str | None) -> dict[str, Any] | None:
    found = await applications.known(connection, person_id) if person_id else None
    return {"status": found.status, "read_at": found.read_at.isoformat()} if found else None


async def _conversation(
    connection: AsyncConnection, chat: str, names: Mapping[str, str], translations: Translations
) -> dict[str, Any]:
    row = (await connection.execute(select(chat_sessions).where(chat_sessions.c.id == chat))).mappings().one()
    link = select(persons.links.c.linked_at).where(persons.links.c.session_id == chat)
    linked_at = (await connection.execute(link)).scalar_one_or_none()
    agreed = select(consents.consents).where(consents.consents.c.session_id == chat)
    query = select(drafts.drafts).where(drafts.drafts.c.session_id == chat).order_by(drafts.drafts.c.updated_at)
    begun = (await connection.execute(query)).all()
    contents = await masked(connection, chat, [json.dumps(one.content, ensure_ascii=False) for one in begun])
    telegram_chat = await telegram.chat_of(connection, chat)
    typed = select(identifiers.c.kind, identifiers.c.mask).where(identifiers.c.session_id == chat)
    return {
        "channel": row["channel"],
        "telegram_chat": telegram_chat.id if telegram_chat else None,
        "language": row["locale"],
        "begun_at": row["created_at"].isoformat(),
        "linked_at": linked_at.isoformat() if linked_at else None,
        "consents": [
            {"version": one.version, "given_at": one.given_at.isoformat()} for one in await connection.execute(agreed)
        ],
        "messages": await _messages(connection, chat, names),
        "drafts": [
            {
                "task": one.kind,
                "content": json.loads(content),
                "finished": one.finished,
                "updated_at": one.updated_at.isoformat(),
            }
            for one, content in zip(begun, contents, strict=True)
        ],
        "identifiers": [{"kind": one.kind, "shown": one.mask} for one in await connection.execute(typed)],
        "dates": await _dates(connection, chat, translations),
        "reminders": await _reminders(connection, chat, translations),
        "cases": [await _case(connection, chat, one, translations) for one in await cases.of_session(connection, chat)],
    }


async def _case(connection: AsyncConnection, chat: str, case: Case, translations: Translations) -> dict[str, Any]:
    """A case, with what agents answered and wrote down about it."""
    events = await case_events.of(connection, case.id)
    texts = [str(event.details.get("text") or event.details.get("comment") or "") for event in events]
    owner = case.session_id or chat
    shown = await masked(connection, owner, [*texts, *case.summary, *(need.value or "" for need in case.needs)])
    words, rest = shown[: len(texts)], shown[len(texts) :]
    summary, given = rest[: len(case.summary)], rest[len(case.summary) :]
    return {
        "number": case.number,
        "office": case.office,
        "topic": case.topic,
        "urgency": case.urgency,
        "state": case.state,
        "opened_at": case.opened_at.isoformat(),
        "date_to_keep": case.safe.isoformat() if case.safe else None,
        "summary": list(summary),
        "given": {need.item: value or None for need, value in zip(case.needs, given, strict=True)},
        "labels": list(case.labels),
        "history": [
            {
                "at": event.at.isoformat(),
                "what": event.kind,
                "by": event.agent.name if event.agent else None,
                "words": text,
            }
            for event, text in zip(events, words, strict=True)
        ],
    }


async def _messages(connection: AsyncConnection, chat: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    opinions = select(feedback).join(messages).where(messages.c.session_id == chat)
    given = {row.message_id: row for row in await connection.execute(opinions)}
    comments = await masked(connection, chat, [row.comment or "" for row in given.values()])
    commented = dict(zip(given, comments, strict=True))
    found: list[dict[str, Any]] = []
    last = 0
    while said := await store.history(connection, chat, last):
        last = said[-1].id
        for message in said:
            opinion = given.get(message.id)
            found.append(
                {
                    "at": message.at.isoformat(),
                    "author": message.author,
                    "text": message.text,
                    "lang": message.lang,
                    "files": [names.get(file.id, file.name) for file in message.attachments],
                    "feedback": {"value": opinion.value, "comment": commented[message.id]} if opinion else None,
                }
            )
    return found


async def _dates(connection: AsyncConnection, chat: str, translations: Translations) -> list[dict[str, Any]]:
    dues, ahead = await agenda.all_of(connection, chat), await agenda.ahead(connection, chat)
    return [
        {
            "title": title_of(due, translations),
            "safe": due.safe.isoformat(),
            "deadline": due.deadline.isoformat(),
            "reminders": [one.at.isoformat() for one in ahead if one.due_date_id == due.id],
        }
        for due in dues
    ]


async def _reminders(connection: AsyncConnection, chat: str, translations: Translations) -> list[dict[str, Any]]:
    """The reminders that belong to no date."""
    alone = [one for one in await agenda.ahead(connection, chat) if one.due_date_id is None]
    titles = [reminded_of(one.matter, one.about, None, translations) for one in alone]
    return [
        {"title": title, "at": one.at.isoformat(), "repeats": one.repeats}
        for one, title in zip(alone, await masked(connection, chat, titles), strict=True)
    ]


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "number": one.number,
        "title": one.title,
        "content": dict(one.content),
        "recipient": one.recipient,
        "state": one.state,
        "reason": one.reason,
        "recorded_at": one.recorded_at.isoformat(),
        "legal_date": one.legal_date.isoformat() if one.legal_date else None,
        "received_at": one.received_at.isoformat() if one.received_at else None,
        "receipt_number": one.receipt_number,
        "files": [{"id": file.file_id, "pages": file.pages, "sha256": file.sha256} for file in one.files],
    }


def _listed(stored: StoredFile, name: str) -> dict[str, Any]:
    return {
        "id": stored.id,
        "name": stored.name,
        "path": f"{FILES}/{name}",
        "pages": stored.pages,
        "size": stored.size,
        "sha256": stored.sha256,
        "created_at": stored.created_at.isoformat(),
        "delete_at": stored.delete_at.isoformat() if stored.delete_at else None,
    }
