"""Several processes on one database, and processes that are killed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from sqlalchemy import select

from base.database import Database
from bot.engine.tracker_store import trackers
from casework.cases import cases
from conversations import store
from conversations.models import Session
from conversations.tables import messages, turns
from tests.support.crashing import TEXTS, take_turns

KILLS = 4


async def _new_session(url: str) -> Session:
    database = Database(url)
    await database.migrate()
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "test", "fr")
    await database.close()
    return session


def _start(
    context: ForkServerContext,
    url: str,
    model: Path,
    session: Session,
    name: str,
    *,
    count: int | None = None,
    taken: int = 0,
) -> ForkServerProcess:
    """Starts a process that takes `count` turns, or goes on for ever, and waits until it has taken `taken` of them."""
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=take_turns, args=(url, model, session, name, sender, count))
    process.start()
    reported = -1
    while reported < taken:
        assert receiver.poll(60), "the process did not start, or stands still"
        reported = receiver.recv()
    return process


async def _check_that_turns_are_whole(url: str, session: Session) -> int:
    """Every recorded turn has its message, its answer, its effect and its tracker; nothing belongs to no turn."""
    database = Database(url)
    async with database.reading() as connection:
        recorded = (await connection.execute(select(turns).order_by(turns.c.number))).mappings().all()
        said = (await connection.execute(select(messages).order_by(messages.c.id))).mappings().all()
        events = (await connection.execute(select(trackers.c.events))).scalars().all()
        opened = (await connection.execute(select(cases.c.id))).scalars().all()
    await database.close()
    authors = Counter((row["turn_id"], row["author"]) for row in said)
    for turn in recorded:
        assert authors[turn["id"], "user"] == 1
        assert authors[turn["id"], "bot"] >= 1
    assert {row["turn_id"] for row in said} == {turn["id"] for turn in recorded}
    if recorded:
        last_typed = [row["text"] for row in said if row["author"] == "user"][-1]
        typed_events = [event["text"] for event in events[0] if event["event"] == "user"]
        assert typed_events[-1] == last_typed
    handed_over = sum(bool(turn["debug"]["effects"]) for turn in recorded)
    assert bool(opened) == bool(handed_over)
    return len(recorded)


async def test_process_killed_at_any_point_leaves_whole_turns(
    processes: ForkServerContext, model: Path, database_url: str
) -> None:
    session = await _new_session(database_url)
    chance = random.Random(20260311)
    counts = []
    for life in range(KILLS):
        process = _start(processes, database_url, model, session, f"{life}-", taken=life % 3)
        await asyncio.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.join()
        counts.append(await _check_that_turns_are_whole(database_url, session))
    assert counts[-1] >= sum(life % 3 for life in range(KILLS)), "a turn that was taken is gone"
    assert counts == sorted(counts)


async def test_two_processes_take_the_turns_of_one_conversation_one_at_a_time(
    processes: ForkServerContext, model: Path, postgresql_url: str
) -> None:
    session = await _new_session(postgresql_url)
    each = 3 * len(TEXTS)
    running = [_start(processes, postgresql_url, model, session, name, count=each) for name in ("a", "b")]
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    assert await _check_that_turns_are_whole(postgresql_url, session) == 2 * each
    database = Database(postgresql_url)
    async with database.reading() as connection:
        said = await store.history(connection, session.id)
        (number_of_cases,) = (await connection.execute(select(cases.c.id))).scalars().all()
    await database.close()
    assert number_of_cases == 1
    assert [message.author for message in said][:2] == ["user", "bot"]
    of_turn = [row.author for row in said]
    assert "user,user" not in ",".join(of_turn), "two turns were taken at the same time"


async def test_two_processes_process_one_client_id_once(
    processes: ForkServerContext, model: Path, postgresql_url: str
) -> None:
    session = await _new_session(postgresql_url)
    each = 2 * len(TEXTS)
    running = [_start(processes, postgresql_url, model, session, "same-", count=each) for _ in range(2)]
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    assert await _check_that_turns_are_whole(postgresql_url, session) == each
