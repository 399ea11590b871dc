"""Sending things to the sandbox by conversation, in one process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from base import clock
from base.outbox import PENDING, outbox
from base.settings import Settings
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import persons
from casework.files.limits import Kind, Prepared
from casework.submissions import Submission
from conversations.models import FileId, Message
from eservices.sandbox.app import create_app
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.people import A_PDF, person_id
from eservices.sandbox.transport import InProcess
from tests.support.conversing import Talk, talking, transcript

CAMILLE, ELODIE = person_id(1), person_id(9)
"""Has sent nothing yet; has as many versions of her CV as Job-Room keeps."""
AMADOU, LEA, MARCO = person_id(2), person_id(3), person_id(4)
"""Whose applications are drafts, under review, and decided; Camille has none."""
LONG = 60.0
"""Seconds that no answer of a healthy sandbox takes, however slow the machine."""


@dataclass
class Counter:
    """Where documents are handed in: the program, and the sandbox behind it.

    Args:
        gateway: Calls the sandbox, for what tests ask of it.
    """

    program: Program
    gateway: httpx.AsyncClient

    async def link(self, talk: Talk, person: str = CAMILLE) -> None:
        """The person of a conversation has logged in, and it is known who they are."""
        expires_at = self.program.desk.login_expires_at(talk.session.channel)
        async with self.program.database.unit_of_work() as work:
            known = {"subject_hash": f"of {person}", "hashed_by": self.program.keys.current, "expires_at": expires_at}
            await persons.link(work, talk.session.id, person, **known)

    async def log_in(self, talk: Talk, subject: str = "sub-camille") -> None:
        """Somebody has come back from the provider."""
        expires_at = self.program.desk.login_expires_at(talk.session.channel)
        async with self.program.database.unit_of_work() as work:
            await self.program.desk.identifications.log_in(
                work, talk.session.id, "https://id.test", subject, expires_at
            )
        await self.program.on_linked(talk.session.id)

    async def person_of(self, talk: Talk) -> str | None:
        """Who is logged in to a conversation."""
        async with self.program.database.reading() as connection:
            return await persons.person_of(connection, talk.session.id)

    async def file(self, talk: Talk, pages: int = 1, name: str = "document.pdf", content: bytes = A_PDF) -> FileId:
        """A PDF that was uploaded and checked."""
        async with self.program.database.unit_of_work() as work:
            kept = await self.program.files.store.keep(work, talk.session.id, name, Prepared(content, Kind.PDF, pages))
        return FileId(kept.id)

    async def kept(self, talk: Talk, file_id: FileId) -> bool:
        """Whether a conversation has a file."""
        async with self.program.database.reading() as connection:
            return await self.program.files.store.has(connection, file_id, talk.session.id)

    async def received(self) -> list[dict[str, Any]]:
        """The documents that the sandbox has taken."""
        entries = (await self.gateway.get("/sandbox/journal")).json()
        return [entry for entry in entries if entry["operation"] == "send_document"]

    async def fault(self, kind: str, count: int = 1, path: str = "/v1/persons/*/documents", **more: Any) -> None:
        """What goes wrong next."""
        body = {"kind": kind, "count": count, "path": path, **more}
        (await self.gateway.post("/sandbox/faults", json=body)).raise_for_status()

    async def mended(self) -> None:
        """Nothing goes wrong any more."""
        (await self.gateway.delete("/sandbox/faults")).raise_for_status()

    async def advance(self, person: str) -> None:
        """Moves a person's application to its next status."""
        answer = await self.gateway.post(f"/sandbox/persons/{person}/application")
        assert answer.is_redirect

    async def settled(self) -> None:
        """The worker has done all that is due."""
        due = select(outbox.c.id).where(outbox.c.state == PENDING, outbox.c.due_at <= clock.now())
        while True:
            async with self.program.database.reading() as connection:
                if (await connection.execute(due.limit(1))).first() is None:
                    return
            await asyncio.sleep(0)

    async def work(self) -> None:
        """Everything that is due is attempted, and what follows from it."""
        while await self.program.worker.tick(clock.now()):
            pass

    async def submissions(self, talk: Talk) -> tuple[Submission, ...]:
        """What was handed in from a conversation."""
        async with self.program.database.reading() as connection:
            return await self.program.submissions.all_of_session(connection, talk.session.id)

    async def last(self, talk: Talk) -> Message:
        """The last message of a conversation."""
        return (await transcript(self.program.database, talk.session))[-1]

    @asynccontextmanager
    async def talking(
        self,
        person: str | None = CAMILLE,
        locale: str = "fr",
        channel: str = "test",
        *,
        has_consented: bool = True,
    ) -> AsyncIterator[Talk]:
        """A new conversation, whose person has logged in if they are named."""
        program = self.program
        async with talking(program.assistant, program.database, locale, channel, has_consented=has_consented) as talk:
            if person is not None:
                await self.link(talk, person)
            yield talk


@asynccontextmanager
async def opened(settings: Settings, dialogue: Dialogue, *, is_worked: bool, **more: Any) -> AsyncIterator[Counter]:
    """The program with a sandbox.

    Args:
        is_worked: Whether what is due is attempted at once and every answer waits for it; otherwise `Counter.work`
            does it, and no answer waits.
        more: What else `assembled` is to be told.
    """
    sandbox = create_app(
        SandboxConfig(
            url=settings.sandbox_url,
            file=None,
            client_id=settings.eservices_client_id,
            client_secret=settings.eservices_client_secret.get_secret_value(),
            oidc_client_id=settings.oidc_client_id,
            oidc_client_secret=settings.oidc_client_secret.get_secret_value(),
        )
    )
    network = InProcess(sandbox)
    async with (
        assembled(settings, dialogue, network=network, patience=LONG if is_worked else 0.0, **more) as program,
        httpx.AsyncClient(transport=network, base_url=settings.sandbox_url) as gateway,
    ):
        worker = asyncio.create_task(program.worker.run()) if is_worked else None
        yield Counter(program, gateway)
        if worker is not None:
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker
