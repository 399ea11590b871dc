"""Talking to the assistant in tests."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from base.database import Database
from base.encryption import KeyRing
from bot.engine.assistant import Assistant, Reply, Turn
from casework import consents
from casework.desk import Desk
from casework.files.store import FileStore
from casework.identification import Identifications
from casework.return_codes import ReturnCodes
from casework.submissions import SubmissionStore
from casework.vault import Vault
from conversations import store
from conversations.models import FileId, Message, Session, State

KEYS = KeyRing(["the secret of a test"])
VAULT = Vault(KEYS)


def a_desk(files: FileStore | None = None) -> Desk:
    """Where affairs are taken in, without a program around it."""
    return Desk(
        SubmissionStore(KEYS, files or FileStore(KEYS)),
        Identifications(KEYS),
        VAULT,
        ReturnCodes(KEYS),
        login_url=lambda _ticket: "",
        login_lasts=lambda _channel: timedelta(days=1),
    )


class Talk:
    """One conversation.

    Args:
        assistant: Who answers.
        session: Whose conversation it is.
    """

    def __init__(self, assistant: Assistant, session: Session) -> None:
        self.assistant = assistant
        self.session = session
        self.reply: Reply | None = None

    async def say(self, text: str, client_id: str | None = None) -> Reply:
        """Types a message."""
        return await self._take(Turn(self.session, client_id or uuid.uuid4().hex, text))

    async def tap(self, label: str) -> Reply:
        """Taps the choice of the last reply whose label contains this text."""
        assert self.reply is not None, "nothing was said yet"
        (choice,) = [c for message in self.reply.messages for c in message.choices if label in c.label]
        return await self._take(Turn(self.session, uuid.uuid4().hex, choice=choice.id))

    async def send(self, *files: FileId, client_id: str | None = None) -> Reply:
        """Sends files that were taken in before."""
        return await self._take(Turn(self.session, client_id or uuid.uuid4().hex, files=files))

    async def _take(self, turn: Turn) -> Reply:
        self.reply = await self.assistant.answer(turn)
        return self.reply


@asynccontextmanager
async def talking(
    assistant: Assistant,
    database: Database,
    locale: str = "fr",
    channel: str = "test",
    *,
    has_consented: bool = False,
) -> AsyncIterator[Talk]:
    """A new conversation.

    Args:
        has_consented: Whether the person has agreed to what is kept.
    """
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, channel, locale)
        if has_consented:
            await consents.give(work, session.id)
    yield Talk(assistant, session)


async def transcript(database: Database, session: Session) -> tuple[Message, ...]:
    """Everything that was said."""
    async with database.reading() as connection:
        return await store.history(connection, session.id)


def text_of(reply: Reply) -> str:
    """All messages of a reply as one text, with ordinary spaces."""
    return "\n\n".join(message.text for message in reply.messages).replace("\u00a0", " ")


def still_asked(reply: Reply) -> State:
    """What the conversation asks, whichever message asks it."""
    return reply.state.model_copy(update={"question": None})
