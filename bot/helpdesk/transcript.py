"""What was said in the conversation of a case, as an agent may see it: identifiers and return codes are masks."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, tokens
from base.encryption import Undecipherable
from base.identifiers import Kind
from bot.channels.web.uploads import with_names
from bot.program import Program
from casework import case_events, return_codes
from casework.case_events import Event
from casework.cases import Case, Need
from casework.vault import Gone
from conversations import store
from conversations.models import Attachment, Message, Source
from conversations.tables import messages

REVEALED = (Kind.PERSONAL_NUMBER, Kind.EMAIL, Kind.PHONE)
"""Identifiers that agents may ask to see; what is not needed to find or reach somebody stays a mask."""
MOST_QUESTIONS = 5
"""How many messages of the person the assistant is asked, the last first: that is often «un humain, svp»."""
MOST_MESSAGES = 500
"""Of a conversation; the last ones."""


@dataclass(frozen=True)
class Said:
    """One message.

    Args:
        author: `user`, `bot` or `agent`.
        text: Markdown.
        is_of_person: Whether the person wrote it, so that it is no Markdown.
        sources: Of an answer.
        files: Those that the person gave for the case with it.
        withheld: How many files they sent with it that nobody but the assistant was given.
    """

    at: datetime
    author: str
    text: str
    sources: tuple[Source, ...] = ()
    files: tuple[Attachment, ...] = ()
    withheld: int = 0

    @property
    def is_of_person(self) -> bool:
        return self.author == "user"


async def of_case(connection: AsyncConnection, program: Program, case: Case) -> tuple[Said, ...]:
    """The conversation as it goes on, until the case is resolved; what the case has kept of it, where it is gone.

    Where the person has come back in another conversation, what they said there before is not for this case.
    """
    if case.session_id is None:
        said = await _kept(connection, case)
    else:
        said = await _of_session(connection, program, case, case.session_id)
    if case.chat_id is not None and case.chat_id != case.session_id:
        since = await _came_back(connection, case)
        said += tuple(one for one in await _of_session(connection, program, case, case.chat_id) if one.at >= since)
    return tuple(one for one in said if case.closed_at is None or one.at <= case.closed_at)


async def _came_back(connection: AsyncConnection, case: Case) -> datetime:
    """Since when the person speaks in another conversation about their case."""
    return await case_events.last_of(connection, case.id, Event.RETURNED) or case.opened_at


async def _of_session(connection: AsyncConnection, program: Program, case: Case, session_id: str) -> tuple[Said, ...]:
    """The last messages of a conversation."""
    last = select(messages.c.id).where(messages.c.session_id == session_id).order_by(messages.c.id.desc())
    oldest = (await connection.execute(last.offset(MOST_MESSAGES).limit(1))).scalar_one_or_none()
    found = await store.history(connection, session_id, oldest or 0, MOST_MESSAGES)
    return tuple(
        Said(
            message.at,
            message.author,
            return_codes.hidden(message.text),
            message.sources,
            *_files(message, case),
        )
        for message in await with_names(connection, program.files.store, found)
    )


def _files(message: Message, case: Case) -> tuple[tuple[Attachment, ...], int]:
    """The files of a message that were given for the case, and how many others the person sent with it."""
    sent = [file for file in message.attachments if store.is_sent_by_a_person(file.id)]
    given = tuple(file for file in sent if file.id in case.files)
    return given, len(sent) - len(given)


async def questions_of_case(connection: AsyncConnection, case: Case) -> tuple[str, ...]:
    """What the person wrote last, the latest first, as the assistant sees it: with tokens for identifiers."""
    if case.speaks_in is None:
        texts = [line.text for line in reversed(case.transcript) if line.author == "user"]
    else:
        query = select(messages.c.text).where(messages.c.session_id == case.speaks_in, messages.c.author == "user")
        if case.speaks_in != case.session_id:
            query = query.where(messages.c.at >= await _came_back(connection, case))
        if case.closed_at is not None:
            query = query.where(messages.c.at <= case.closed_at)
        query = query.where(messages.c.text != "").order_by(messages.c.id.desc()).limit(MOST_QUESTIONS)
        texts = list((await connection.execute(query)).scalars())
    return tuple(text for text in texts if text.strip())[:MOST_QUESTIONS]


async def files_of_case(connection: AsyncConnection, program: Program, case: Case) -> dict[str, str]:
    """The files that the person gave for the case: their names by their ids."""
    said = await of_case(connection, program, case)
    sent = {file.id: file.name for one in said for file in one.files}
    given = await program.files.store.names(connection, [file_id for file_id in case.files if file_id not in sent])
    return {**sent, **given}


async def known_of_case(connection: AsyncConnection, case: Case) -> tuple[tuple[str, ...], tuple[Need, ...]]:
    """Summary and needs, with masks in the place of identifiers."""
    values = [need.value or "" for need in case.needs]
    texts = [*case.summary, *values]
    shown = await tokens.masked(connection, case.session_id or "", texts)
    split = len(case.summary)
    needs = tuple(
        Need(need.item, value or None, need.has_none) for need, value in zip(case.needs, shown[split:], strict=True)
    )
    return shown[:split], needs


async def identifiers_of_case(connection: AsyncConnection, program: Program, case: Case) -> tuple[tuple[str, str], ...]:
    """What the person is found and reached by, as they gave it: kinds and values, in the order in which they came."""
    if case.session_id is None:
        return ()
    query = select(tokens.identifiers.c.kind, tokens.identifiers.c.number)
    query = query.where(tokens.identifiers.c.session_id == case.session_id, tokens.identifiers.c.kind.in_(REVEALED))
    found: list[tuple[str, str]] = []
    for row in await connection.execute(query.order_by(tokens.identifiers.c.kind, tokens.identifiers.c.number)):
        with contextlib.suppress(Gone, Undecipherable):
            token = tokens.token(Kind(row.kind), row.number)
            found.append((row.kind, await program.vault.reveal(connection, case.session_id, token)))
    return tuple(found)


async def last_message(connection: AsyncConnection, case: Case) -> int:
    """The id of what was said last; 0 when nothing was, or it is gone."""
    if case.speaks_in is None:
        return 0
    query = select(func.max(messages.c.id)).where(messages.c.session_id == case.speaks_in)
    return (await connection.execute(query)).scalar_one_or_none() or 0


async def _kept(connection: AsyncConnection, case: Case) -> tuple[Said, ...]:
    shown = await tokens.masked(connection, case.session_id or "", [line.text for line in case.transcript])
    return tuple(
        Said(clock.parse(line.at), line.author, text) for line, text in zip(case.transcript, shown, strict=True)
    )
