"""Submissions: whether any is lost or doubled when everything goes wrong, and how soon there is a receipt when nothing
does."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from base.settings import Settings
from bench.report import Figure
from bot.engine.assistant import Reply, Turn
from bot.program import Program, assembled, load_dialogue
from casework import consents, persons
from casework.files.limits import Kind, Prepared
from conversations import store
from conversations.models import FileId, Session
from eservices.models.files import MAX_VERSIONS
from eservices.sandbox.people import PEOPLE, person_id
from eservices.sandbox.process import running
from tests.casework.files import samples
from tests.support.commands import free_port
from tests.support.trial import MODULE, Plan, undergo

HARD = Plan(wanted=1000, kills=60)
WARM_UP, CONFIRMED = 3, 40
RECEIVED = "Reçu par Job-Room"


async def measure(model: Path) -> list[Figure]:
    """Submissions on a very bad day, and on a good one."""
    return [*await _on_a_bad_day(), *await _on_a_good_day(model)]


async def _on_a_bad_day() -> list[Figure]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([MODULE])
    with tempfile.TemporaryDirectory() as folder:
        truth = await undergo(context, Settings(data_dir=Path(folder), sandbox_port=free_port()), HARD)
    name = f"{truth.confirmed:,} submissions, {HARD.kills} crashes"
    return [
        Figure(f"{name}: lost", len(truth.lost), "", goal=0),
        Figure(f"{name}: double", len(truth.double) + len(truth.strange), "", goal=0),
        Figure(f"{name}: receipts that are not true", len(truth.untrue), "", goal=0),
    ]


async def _on_a_good_day(model: Path) -> list[Figure]:
    dialogue = load_dialogue(model)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), sandbox_port=free_port())
        with running(settings):
            async with assembled(settings, dialogue) as program, _working(program):
                times = [await _confirmed(program, number) for number in range(WARM_UP + CONFIRMED)]
    return [Figure("receipt after «oui», median", statistics.median(times[WARM_UP:]) * 1000, "ms", goal=80)]


@contextlib.asynccontextmanager
async def _working(program: Program) -> AsyncIterator[None]:
    worker = asyncio.create_task(program.worker.run())
    yield
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def _confirmed(program: Program, number: int) -> float:
    """Sends a CV in a conversation of its own.

    Returns:
        Seconds from the yes to the answer that carries the gateway's receipt.
    """
    # Nobody has more than so many versions of a document; one person has them all from the beginning.
    people = [place for place, one in enumerate(PEOPLE, 1) if "six versions" not in one.story]
    async with program.database.unit_of_work() as work:
        session, _ = await store.open_session(work, "bench", "fr")
        person = person_id(people[number // MAX_VERSIONS])
        expires_at = program.desk.login_expires_at(session.channel)
        await persons.link(
            work, session.id, person, subject_hash=person, hashed_by=program.keys.current, expires_at=expires_at
        )
        await consents.give(work, session.id)
        kept = await program.submissions.files.keep(work, session.id, "cv.pdf", Prepared(samples.pdf(), Kind.PDF, 1))
    await _say(program, session, "je veux envoyer mon cv à ma conseillère")
    await program.assistant.answer(Turn(session, "file", files=(FileId(kept.id),)))
    begun = time.perf_counter()
    reply = await _say(program, session, "oui")
    passed = time.perf_counter() - begun
    if not any(RECEIVED in message.text for message in reply.messages):
        raise RuntimeError(f"no receipt came: {[message.text for message in reply.messages]}")
    return passed


async def _say(program: Program, session: Session, text: str) -> Reply:
    return await program.assistant.answer(Turn(session, text, text))
