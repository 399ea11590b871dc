"""Submissions while processes are killed at any point and the sandbox errs, hangs and loses answers; and what is true
in the end.

Time is the trial's own: it stands still while there is something to do, and then moves to when there is again, so that
hours of waiting take no time.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from ctypes import c_double
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.sharedctypes import RawValue
from typing import Any

import httpx
from sqlalchemy import func, select

from base import clock
from base.database import Database
from base.outbox import PENDING, outbox
from base.settings import Settings
from casework.submissions import DELIVER, NEWS, State, submissions
from eservices.client import EServices
from eservices.models import FiledDocument, Operation
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.faults import Kind as Fault
from eservices.sandbox.process import running
from law.documents import Recipient
from tests.support.delivering import PATIENCE, PERSONS, deliver, submission_store

MODULE = "tests.support.delivering"
"""What a forkserver should have imported."""
BEGIN = datetime(2026, 3, 11, 10, 15, tzinfo=clock.ZONE)
AFTER_A_DEATH = timedelta(minutes=2, seconds=1)
"""By then the lease of whoever died has run out."""
LOOKS = 0.01
STILL_SECONDS = 60
"""After so long without any progress, something is broken."""
FAULTS = (
    *({"kind": kind, "path": "/v1/persons/*/files"} for kind in (Fault.FAILED, Fault.DROPPED, Fault.DOWN)),
    *({"kind": kind, "path": "/v1/persons/*/documents"} for kind in (Fault.FAILED, Fault.DROPPED, Fault.DOWN)),
    *({"kind": Fault.LOST, "path": path} for path in ("/v1/persons/*/files", "/v1/persons/*/documents") * 2),
    {"kind": Fault.LOST, "path": "/v1/persons/*/documents", "count": PATIENCE.attempts},
    {"kind": Fault.DOWN, "path": "/oauth/token"},
)
HANGS = {"kind": Fault.SLOW, "seconds": PATIENCE.timeout * 1.5}


@dataclass(frozen=True)
class Plan:
    """How hard it is.

    Args:
        wanted: How many submissions.
        kills: How many processes are killed.
        processes: How many there are at a time.
        faults: How many faults there are at the beginning, and after each kill.
        seed: Of what is left to chance.
    """

    wanted: int
    kills: int
    processes: int = 1
    faults: int = 8
    seed: int = 20260311


@dataclass
class Truth:
    """What was found in the end.

    Args:
        confirmed: How many submissions people were told of, or are kept.
        lost: Numbers of those that the gateway does not have.
        double: Of those that it has more than once.
        untrue: Of those whose receipt is not what the gateway says, or whose news are not exactly that.
        strange: What the gateway has and nobody confirmed.
        attempts: How many attempts all of it took.
        repeated: How many writes the gateway recognised as repeated.
    """

    confirmed: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    attempts: int = 0
    repeated: int = 0


async def undergo(context: ForkServerContext, settings: Settings, plan: Plan) -> Truth:
    """The whole of it.

    Args:
        context: Starts processes.
        settings: Name an empty database and a port for the sandbox.
    """
    with running(settings):
        database = Database(settings.database_url)
        await database.migrate()
        trial = _Trial(context, settings, database, plan)
        try:
            await trial.run()
        finally:
            trial.end()
        truth = await _truth(settings, database, trial.told)
        await database.close()
    return truth


class _Trial:
    def __init__(self, context: ForkServerContext, settings: Settings, database: Database, plan: Plan) -> None:
        self.told: set[str] = set()
        self._context, self._settings, self._database, self._plan = context, settings, database, plan
        self._chance = random.Random(plan.seed)
        self._moment: c_double = RawValue(c_double, BEGIN.timestamp())
        self._living: list[tuple[ForkServerProcess, Connection]] = []
        # Each submission is two writes for the gateway: the file, and the document.
        self._kill_at = sorted(self._chance.sample(range(1, plan.wanted * 19 // 10), plan.kills))

    async def run(self) -> None:
        with self._journal() as journal:
            await self._strike(also=(HANGS,))
            for _ in range(self._plan.processes):
                self._start()
            seen, last_progress = (0, 0), asyncio.get_running_loop().time()
            while (progress := (self._written(journal), len(self.told))) and not await self._is_over():
                if progress != seen:
                    seen, last_progress = progress, asyncio.get_running_loop().time()
                assert asyncio.get_running_loop().time() < last_progress + STILL_SECONDS, "nothing happens any more"
                self._listen()
                if self._kill_at and progress[0] >= self._kill_at[0]:
                    await self._kill(progress[0])
                else:
                    await self._let_time_pass()
                await asyncio.sleep(LOOKS)

    def end(self) -> None:
        for process, _ in self._living:
            process.kill()
            process.join()
        self._listen()

    @contextmanager
    def _journal(self) -> Iterator[sqlite3.Connection]:
        """The sandbox's own database, to look at as often as one likes."""
        file = SandboxConfig.of(self._settings).file
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            yield connection

    @staticmethod
    def _written(journal: sqlite3.Connection) -> int:
        found: int = journal.execute("SELECT coalesce(max(sequence), 0) FROM journal").fetchone()[0]
        return found

    def _start(self) -> None:
        receiver, sender = self._context.Pipe(duplex=False)
        seed = self._chance.randrange(2**32)
        process = self._context.Process(
            target=deliver, args=(self._settings, self._moment, self._plan.wanted, seed, sender)
        )
        process.start()
        sender.close()
        self._living.append((process, receiver))

    def _listen(self) -> None:
        for _, receiver in self._living:
            self._drain(receiver)

    def _drain(self, receiver: Connection) -> None:
        try:
            while receiver.poll():
                self.told.add(receiver.recv())
        except EOFError:
            pass  # it ended, possibly in the middle of a word

    async def _kill(self, written: int) -> None:
        """Ends a process without any warning, waits until it would be taken for dead, and starts another."""
        process, receiver = self._living.pop(self._chance.randrange(len(self._living)))
        process.kill()
        process.join()
        self._drain(receiver)
        del self._kill_at[0]
        if self._kill_at:  # not before the next one has done something
            self._kill_at[0] = max(self._kill_at[0], written + 1)
            await self._strike()
        else:
            await self._stop_striking()
        self._moment.value += AFTER_A_DEATH.total_seconds()
        self._start()

    async def _let_time_pass(self) -> None:
        """When everything waits for its next attempt, it is time for that."""
        query = select(func.min(outbox.c.next_attempt_at)).where(outbox.c.kind == DELIVER, outbox.c.state == PENDING)
        async with self._database.reading() as connection:
            first = (await connection.execute(query)).scalar_one()
        if first is not None:
            self._moment.value = max(self._moment.value, first.timestamp())

    async def _is_over(self) -> bool:
        if self._kill_at:
            return False
        query = select(submissions.c.state == State.RECORDED, func.count()).group_by(submissions.c.state)
        async with self._database.reading() as connection:
            counts = (await connection.execute(query)).all()
        return sum(count for _, count in counts) >= self._plan.wanted and not any(under_way for under_way, _ in counts)

    async def _strike(self, also: tuple[Any, ...] = ()) -> None:
        async with self._sandbox() as client:
            for fault in (*also, *self._chance.choices(FAULTS, k=self._plan.faults)):
                (await client.post("/sandbox/faults", json=fault)).raise_for_status()

    async def _stop_striking(self) -> None:
        async with self._sandbox() as client:
            (await client.delete("/sandbox/faults")).raise_for_status()

    def _sandbox(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._settings.sandbox_url, trust_env=False, timeout=30)


async def _truth(settings: Settings, database: Database, told: set[str]) -> Truth:
    """Compares what is kept with what the gateway has."""
    sent, repeated = await _journal(settings)
    filed = await _documents(settings)
    store, truth = submission_store(), Truth(repeated=repeated)
    async with database.reading() as connection:
        ids = (await connection.execute(select(submissions.c.id))).scalars().all()
        kept = [found for one in ids if (found := await store.find(connection, one))]
        news = Counter(
            (payload["submission"], payload["news"])
            for payload in (await connection.execute(select(outbox.c.payload).where(outbox.c.kind == NEWS))).scalars()
        )
        attempts = select(func.sum(outbox.c.attempts)).where(outbox.c.kind == DELIVER)
        truth.attempts = (await connection.execute(attempts)).scalar_one()
    truth.confirmed = len(told | {one.number for one in kept})
    truth.lost += told - {one.number for one in kept}
    for one in kept:
        name = one.content["name"]
        entries, documents = sent.pop(name, []), filed.pop(name, [])
        if not entries or not documents:
            truth.lost.append(one.number)
        elif len(entries) > 1 or len(documents) > 1:
            truth.double.append(one.number)
        else:
            (entry,), (document,) = entries, documents
            ours = (one.state, one.receipt_number, one.received_at, [file.sha256 for file in one.files])
            theirs = (State.RECEIVED, entry["number"], clock.parse(entry["at"]), [document.sha256])
            told_once = news[one.id, State.RECEIVED] == 1 and not news[one.id, State.REFUSED]
            if ours != theirs or document.receipt.number != one.receipt_number or not told_once:
                truth.untrue.append(one.number)
    truth.strange += [*sent, *filed]
    return truth


async def _journal(settings: Settings) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """The documents that the gateway took, by their names, and how many repeated writes it recognised."""
    async with httpx.AsyncClient(base_url=settings.sandbox_url, trust_env=False, timeout=30) as client:
        entries = (await client.get("/sandbox/journal")).json()
    sent = defaultdict(list)
    for entry in entries:
        if entry["operation"] == Operation.SEND_DOCUMENT:
            sent[entry["request"]["name"]].append(entry)
    return sent, sum(entry["replays"] for entry in entries)


async def _documents(settings: Settings) -> dict[str, list[FiledDocument]]:
    """The documents that the fund has, by their names; all came from here."""
    filed = defaultdict(list)
    async with EServices.of(settings) as services:
        for person in PERSONS:
            for document in (await services.documents(person)).items:
                if document.recipient is Recipient.FUND:
                    filed[document.name].append(document)
    return filed
