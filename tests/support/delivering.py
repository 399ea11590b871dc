"""A process that takes submissions in and brings them to the sandbox until it is killed."""

from __future__ import annotations

import asyncio
import contextlib
import random
import uuid
from ctypes import c_double
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

from sqlalchemy import case, func, select

from base import clock, logs
from base.database import Database
from base.encryption import KeyRing
from base.outbox import Worker
from base.settings import Settings
from casework.deliveries import Deliveries
from casework.files.limits import Kind as FileKind
from casework.files.limits import Prepared
from casework.files.store import FileStore
from casework.files.workshop import Workshop
from casework.submissions import Kind, State, SubmissionStore, submissions
from conversations import store as chats
from eservices.client import EServices, Patience
from eservices.sandbox.people import PEOPLE, person_id
from law.documents import ApplicationStatus, Document, Recipient
from tests.casework.files import samples

KEYS = KeyRing(["the secret of the trial"])
PATIENCE = Patience(timeout=1.0, attempts=2, pause=0.01)
PERSONS = [person_id(place) for place, one in enumerate(PEOPLE, 1) if one.application is ApplicationStatus.UNDER_REVIEW]
"""Those from whom the fund takes any number of documents."""
AT_A_TIME = 20
"""No more is taken in while so much is under way."""
IN_SEVERAL_FILES = 0.04
"""Share of the submissions that must be joined."""
LOOKS = 0.01
"""Seconds between two looks at the clock, and at what there is to do."""


def submission_store() -> SubmissionStore:
    """What the trial keeps submissions with."""
    return SubmissionStore(KEYS, FileStore(KEYS))


def deliver(settings: Settings, moment: c_double, wanted: int, seed: int, told: Connection) -> None:
    """Takes in what is still wanted, and delivers it with the program's own worker, until killed.

    Args:
        settings: Name the database and the sandbox.
        moment: What the clock shows, as seconds since 1970; it stands still until the parent moves it.
        wanted: How many submissions there should be in the end.
        seed: Of what is left to chance.
        told: Is told the number of each submission once it is confirmed.
    """
    logs.configure("json")
    asyncio.run(_deliver(settings, moment, wanted, random.Random(seed), told))


async def _deliver(settings: Settings, moment: c_double, wanted: int, chance: random.Random, told: Connection) -> None:
    database, store = Database(settings.database_url), submission_store()
    async with EServices.of(settings, patience=PATIENCE) as services, asyncio.TaskGroup() as tasks:
        deliveries = Deliveries(database, store, services, Workshop())
        worker = Worker(database, deliveries.handlers, deliveries.give_up)
        _look(moment)
        tasks.create_task(_follow(moment))
        tasks.create_task(worker.run(idle=timedelta(seconds=LOOKS)))
        tasks.create_task(_take_in(database, store, wanted, chance, told))


def _look(moment: c_double) -> None:
    clock.freeze(datetime.fromtimestamp(moment.value, clock.ZONE))


async def _follow(moment: c_double) -> None:
    while True:
        _look(moment)
        await asyncio.sleep(LOOKS)


async def _take_in(
    database: Database, store: SubmissionStore, wanted: int, chance: random.Random, told: Connection
) -> None:
    async with database.unit_of_work() as work:
        session, _ = await chats.open_session(work, "test", "fr")
    query = select(func.count(), func.count(case((submissions.c.state == State.RECORDED, 1))))
    while True:
        async with database.reading() as connection:
            taken, under_way = (await connection.execute(query)).one()
        if taken >= wanted:
            return
        if under_way >= AT_A_TIME:
            await asyncio.sleep(LOOKS)
            continue
        number = await _confirm(database, store, session.id, chance)
        with contextlib.suppress(BrokenPipeError):  # nobody listens any more
            told.send(number)


async def _confirm(database: Database, store: SubmissionStore, session_id: str, chance: random.Random) -> str:
    """What a «oui» does.

    Returns:
        The number that the person is told.
    """
    name = f"{uuid.uuid4()}.pdf"
    alone = b"%PDF-1.4\n%" + name.encode() + b"\n%%EOF\n"
    pdfs = [samples.pdf(), samples.pdf()] if chance.random() < IN_SEVERAL_FILES else [alone]
    async with database.unit_of_work() as work:
        kept = [await store.files.keep(work, session_id, name, Prepared(pdf, FileKind.PDF, 1)) for pdf in pdfs]
        submission = await store.record(
            work,
            session_id=session_id,
            person_id=chance.choice(PERSONS),
            kind=Kind.DOCUMENT,
            content={"type": Document.CV, "name": name},
            file_ids=[file.id for file in kept],
            recipient=Recipient.FUND,
        )
    return submission.number
