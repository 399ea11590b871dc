"""The outbox, on both engines."""

import asyncio
import contextlib
import random
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import hypothesis
import pytest
import structlog
from hypothesis import strategies as st
from sqlalchemy import RowMapping, select

from base import clock
from base.database import Database, UnitOfWork
from base.outbox import (
    DONE,
    GIVEN_UP,
    PENDING,
    Backoff,
    GiveUp,
    Handler,
    HoldOn,
    Item,
    Worker,
    backlog,
    cancel,
    outbox,
    put,
)
from base.paths import PROJECT

MOMENT = timedelta(microseconds=1)
LEASE = timedelta(minutes=2)

KILLED_IN_THE_HANDLER = """
import asyncio, os, signal, sys

from base import clock
from base.database import Database
from base.outbox import Worker

async def die(item):
    os.kill(os.getpid(), signal.SIGKILL)

async def nobody(work, item):
    raise AssertionError("nothing was to be given up")

asyncio.run(Worker(Database(sys.argv[1]), {"note": die}, nobody).tick(clock.parse(sys.argv[2])))
"""


class Undelivered(Exception):
    """What a handler says that could not deliver."""


class Recorder:
    """A handler that delivers everything but the keys in `refused`."""

    def __init__(self, *refused: str) -> None:
        self.refused = set(refused)
        self.items: list[Item] = []

    async def __call__(self, item: Item) -> None:
        self.items.append(item)
        if item.key in self.refused:
            raise Undelivered(f"nobody there for {item.payload}")

    @property
    def numbers(self) -> list[Any]:
        return [item.payload["number"] for item in self.items]


class Held:
    """A handler that does not end before it is let go, and then delivers or not."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self._outcome: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __call__(self, _item: Item) -> None:
        self.began.set()
        await self._outcome

    def deliver(self) -> None:
        self._outcome.set_result(None)

    def fail(self) -> None:
        self._outcome.set_exception(Undelivered())


class HandOver:
    """Keeps what was given up, and writes it down in the same transaction."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.fails = False

    async def __call__(self, work: UnitOfWork, item: Item) -> None:
        self.items.append(item)
        await put(work, "case", f"case-{item.id}", {})
        if self.fails:
            raise Undelivered


async def nobody(_work: UnitOfWork, item: Item) -> None:
    pytest.fail(f"{item} was given up")


def worker(database: Database, handler: Handler, give_up: GiveUp = nobody, **options: Any) -> Worker:
    return Worker(database, {"note": handler}, give_up, **{"lease": LEASE, **options})


async def add(
    database: Database,
    key: str = "chat",
    number: int = 0,
    due: datetime | None = None,
    wanted_by: datetime | None = None,
) -> int:
    async with database.unit_of_work() as work:
        return await put(work, "note", key, {"number": number}, due, wanted_by)


async def row(database: Database, row_id: int) -> RowMapping:
    async with database.reading() as connection:
        return (await connection.execute(select(outbox).where(outbox.c.id == row_id))).mappings().one()


async def kinds(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(outbox.c.kind).order_by(outbox.c.id))).scalars())


# Claiming


async def test_row_is_seen_once_its_unit_of_work_has_committed(database: Database, frozen_clock: datetime) -> None:
    recorder = Recorder()
    async with database.unit_of_work() as work:
        await put(work, "note", "chat", {"number": 1})
        assert await backlog(database) == 0
    assert await backlog(database) == 1
    assert await worker(database, recorder).tick(frozen_clock) == 1
    assert recorder.numbers == [1]


async def test_row_of_a_failed_unit_of_work_is_never_seen(database: Database, frozen_clock: datetime) -> None:
    async def failing() -> None:
        async with database.unit_of_work() as work:
            await put(work, "note", "chat", {})
            raise Undelivered

    with pytest.raises(Undelivered):
        await failing()
    assert await worker(database, Recorder()).tick(frozen_clock) == 0


async def test_handler_is_told_everything_about_the_row(database: Database, frozen_clock: datetime) -> None:
    recorder = Recorder()
    payload = {"text": "«Ça va»", "list": [1, None, True], "deep": {"x": 0.5}}
    async with database.unit_of_work() as work:
        row_id = await put(work, "note", "chat", payload)
    await worker(database, recorder).tick(frozen_clock)
    (item,) = recorder.items
    assert (item.id, item.kind, item.key, item.payload, item.attempt) == (row_id, "note", "chat", payload, 1)


async def test_row_waits_until_it_is_due(database: Database, frozen_clock: datetime) -> None:
    due = frozen_clock + timedelta(days=3)
    await add(database, due=due)
    working = worker(database, Recorder())
    assert await working.tick(due - MOMENT) == 0
    assert await working.tick(due) == 1


async def test_row_is_delivered_once(database: Database, frozen_clock: datetime) -> None:
    recorder = Recorder()
    row_id = await add(database)
    working = worker(database, recorder)
    assert await working.tick(frozen_clock) == 1
    assert await working.tick(frozen_clock + timedelta(days=365)) == 0
    assert len(recorder.items) == 1
    assert (await row(database, row_id))["state"] == DONE
    assert await backlog(database) == 0


async def test_rows_that_nobody_here_handles_are_left_to_others(database: Database, frozen_clock: datetime) -> None:
    await add(database)
    assert await Worker(database, {"letter": Recorder()}, nobody).tick(frozen_clock) == 0
    assert await Worker(database, {}, nobody).tick(frozen_clock) == 0
    assert await worker(database, Recorder()).tick(frozen_clock) == 1


async def test_no_more_rows_are_claimed_than_a_batch_and_the_longest_due_first(
    database: Database, frozen_clock: datetime
) -> None:
    for number in range(5):
        await add(database, f"chat-{number}", number, due=frozen_clock - timedelta(minutes=number))
    recorder = Recorder()
    assert await worker(database, recorder, batch=2).tick(frozen_clock) == 2
    assert sorted(recorder.numbers) == [3, 4]


async def test_lease_must_outlast_the_handler(database: Database) -> None:
    with pytest.raises(ValueError, match="before its lease"):
        worker(database, Recorder(), timeout=LEASE, lease=LEASE)


async def test_row_that_is_told_to_wait_waits_as_long_and_has_not_failed(
    database: Database, frozen_clock: datetime
) -> None:
    told = True

    async def handle(_item: Item) -> None:
        if told:
            raise HoldOn(timedelta(minutes=7))

    row_id = await add(database)
    busy = worker(database, handle, backoff=Backoff(attempts=1))
    for minutes in (0, 7, 14):
        assert await busy.tick(frozen_clock + timedelta(minutes=minutes)) == 1
        assert await busy.tick(frozen_clock + timedelta(minutes=minutes + 7) - MOMENT) == 0
    assert (await row(database, row_id))["attempts"] == 0
    told = False
    assert await busy.tick(frozen_clock + timedelta(minutes=21)) == 1
    assert (await row(database, row_id))["state"] == DONE


# Order


async def test_rows_of_one_key_are_attempted_one_at_a_time_as_they_fall_due(
    database: Database, frozen_clock: datetime
) -> None:
    await add(database, number=2, due=frozen_clock)
    await add(database, number=3, due=frozen_clock)
    await add(database, number=1, due=frozen_clock - MOMENT)
    recorder = Recorder()
    working = worker(database, recorder)
    assert [await working.tick(frozen_clock) for _ in range(4)] == [1, 1, 1, 0]
    assert recorder.numbers == [1, 2, 3]


async def test_rows_of_other_keys_are_attempted_side_by_side(database: Database, frozen_clock: datetime) -> None:
    for key in ("one", "two", "three"):
        await add(database, key)
    together = asyncio.Barrier(3)

    async def handler(_item: Item) -> None:
        await together.wait()

    async with asyncio.timeout(10):
        assert await worker(database, handler).tick(frozen_clock) == 3


async def test_row_in_hand_holds_back_the_next_of_its_key_from_other_workers(
    database: Database, frozen_clock: datetime
) -> None:
    await add(database, number=1)
    await add(database, number=2)
    held, recorder = Held(), Recorder()
    first = asyncio.create_task(worker(database, held).tick(frozen_clock))
    await held.began.wait()
    assert await worker(database, recorder).tick(frozen_clock) == 0
    held.deliver()
    assert await first == 1
    assert await worker(database, recorder).tick(frozen_clock) == 1
    assert recorder.numbers == [2]


async def test_row_that_waits_for_its_next_attempt_holds_back_its_key_only(
    database: Database, frozen_clock: datetime
) -> None:
    recorder = Recorder("chat")
    failed = await add(database, "chat", 1)
    await add(database, "chat", 2)
    await add(database, "other", 3)
    await add(database, "other", 4)
    working = worker(database, recorder)
    assert [await working.tick(frozen_clock) for _ in range(3)] == [2, 1, 0]
    assert sorted(recorder.numbers) == [1, 3, 4]
    recorder.refused.clear()
    again = (await row(database, failed))["next_attempt_at"]
    assert await working.tick(again - MOMENT) == 0
    assert [await working.tick(again) for _ in range(3)] == [1, 1, 0]
    assert recorder.numbers[-2:] == [1, 2]


async def test_row_for_another_day_does_not_hold_back_what_is_due_earlier(
    database: Database, frozen_clock: datetime
) -> None:
    await add(database, number=2, due=frozen_clock + timedelta(days=20))
    await add(database, number=1)
    recorder = Recorder()
    working = worker(database, recorder)
    assert [await working.tick(frozen_clock) for _ in range(2)] == [1, 0]
    assert await working.tick(frozen_clock + timedelta(days=20)) == 1
    assert recorder.numbers == [1, 2]


async def test_four_workers_deliver_every_row_once_and_keep_the_order_of_each_key(
    database: Database, frozen_clock: datetime
) -> None:
    async with database.unit_of_work() as work:
        for number in range(200):
            await put(work, "note", f"chat-{number % 20}", {"number": number})
    url = database.url.render_as_string(hide_password=False)
    together = threading.Barrier(4)
    delivered: list[tuple[str, int]] = []
    in_hand: set[str] = set()
    overlapping: list[str] = []
    took_part: set[int] = set()

    async def handler(item: Item) -> None:
        if item.key in in_hand:
            overlapping.append(item.key)
        in_hand.add(item.key)
        await asyncio.sleep(0.001)
        delivered.append((item.key, item.payload["number"]))
        took_part.add(threading.get_ident())
        in_hand.discard(item.key)

    async def work_through() -> None:
        own = Database(url)
        working = worker(own, handler, batch=3)
        together.wait()
        while await backlog(own):
            if not await working.tick(frozen_clock):
                await asyncio.sleep(0.001)
        await own.close()

    def process() -> None:
        asyncio.run(work_through())

    await asyncio.gather(*(asyncio.to_thread(process) for _ in range(4)))
    assert sorted(number for _, number in delivered) == list(range(200))
    by_key = defaultdict(list)
    for key, number in delivered:
        by_key[key].append(number)
    assert all(numbers == sorted(numbers) for numbers in by_key.values())
    assert overlapping == []
    assert len(took_part) > 1


# Failing


@hypothesis.settings(database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
@hypothesis.given(
    attempt=st.integers(1, 10_000),
    first=st.integers(1, 40 * 365 * 86400),
    longest=st.integers(1, 7 * 86400),
    seed=st.integers(),
)
def test_wait_lies_between_half_and_the_whole_of_the_doubled_wait(
    attempt: int, first: int, longest: int, seed: int
) -> None:
    backoff = Backoff(timedelta(seconds=first), timedelta(seconds=longest))
    whole = timedelta(seconds=min(first * 2 ** (attempt - 1), longest))
    assert whole / 2 <= backoff.delay(attempt, random.Random(seed)) <= whole


def test_waits_are_spread() -> None:
    chance = random.Random(1)
    assert len({Backoff().delay(3, chance) for _ in range(100)}) > 90


async def test_row_that_fails_is_attempted_again_after_ever_longer_waits(
    database: Database, frozen_clock: datetime
) -> None:
    recorder = Recorder("chat")
    row_id = await add(database)
    working = worker(database, recorder, backoff=Backoff(timedelta(seconds=10), timedelta(minutes=1)))
    now = frozen_clock
    for attempt, whole in enumerate((10, 20, 40, 60, 60), start=1):
        assert await working.tick(now) == 1
        failed = await row(database, row_id)
        assert (failed["state"], failed["attempts"], failed["lease"]) == (PENDING, attempt, None)
        again = failed["next_attempt_at"]
        assert timedelta(seconds=whole / 2) <= again - now <= timedelta(seconds=whole)
        assert await working.tick(again - MOMENT) == 0
        now = again
    assert [item.attempt for item in recorder.items] == [1, 2, 3, 4, 5]


@hypothesis.settings(database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
@hypothesis.given(attempt=st.integers(1, 10_000), left=st.integers(-7 * 86400, 7 * 86400), seed=st.integers())
def test_no_wait_takes_more_than_half_of_the_time_that_is_left(attempt: int, left: int, seed: int) -> None:
    wait = Backoff().delay(attempt, random.Random(seed), timedelta(seconds=left))
    usual = Backoff().delay(attempt, random.Random(seed))
    assert wait <= usual
    if left > 0:
        assert wait <= max(timedelta(seconds=left / 2), Backoff().pressing)
    else:
        assert wait == usual, "what is late is attempted as everything is"


async def test_row_that_is_wanted_is_attempted_until_the_last_minutes(
    database: Database, frozen_clock: datetime
) -> None:
    recorder, midnight = Recorder("chat"), frozen_clock + timedelta(hours=20)
    row_id = await add(database, wanted_by=midnight)
    working = worker(database, recorder, backoff=Backoff(timedelta(hours=3)))
    now = frozen_clock
    while now < midnight:
        assert await working.tick(now) == 1
        last, now = now, (await row(database, row_id))["next_attempt_at"]
    assert midnight - last <= timedelta(minutes=10)
    assert {item.wanted_by for item in recorder.items} == {midnight}


async def test_wait_counts_from_the_failure_and_not_from_the_claim(database: Database, frozen_clock: datetime) -> None:
    failure = frozen_clock + timedelta(seconds=50)

    async def slow(_item: Item) -> None:
        clock.freeze(failure)
        raise Undelivered

    row_id = await add(database)
    await worker(database, slow, backoff=Backoff(timedelta(seconds=10))).tick(frozen_clock)
    assert (await row(database, row_id))["next_attempt_at"] >= failure + timedelta(seconds=5)


@pytest.mark.parametrize("fold", [0, 1])
async def test_waits_and_leases_hold_in_the_night_when_the_hands_are_put_back(database: Database, fold: int) -> None:
    now = datetime(2026, 10, 25, 2, 30, tzinfo=clock.ZONE, fold=fold)
    with clock.at(now):
        recorder, held = Recorder("chat"), Held()
        failed, in_hand = await add(database), await add(database, key="held")
        both = Worker(database, {"note": recorder}, nobody, lease=LEASE)
        await both.tick(now)
        assert (await row(database, failed))["next_attempt_at"].timestamp() > now.timestamp()
        assert (await row(database, in_hand))["state"] == DONE
        await add(database, key="held")
        holding = asyncio.create_task(worker(database, held).tick(now))
        await held.began.wait()
        assert await worker(database, recorder).tick(now) == 0, "what is in hand, or waits, was claimed"
        held.deliver()
        await holding


async def test_only_the_kind_of_a_failure_is_kept(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database)
    await worker(database, Recorder("chat")).tick(frozen_clock)
    assert (await row(database, row_id))["last_error"] == "Undelivered"


async def test_failing_row_does_not_disturb_the_others_of_its_batch(database: Database, frozen_clock: datetime) -> None:
    rows = {key: await add(database, key) for key in ("one", "chat", "two")}
    assert await worker(database, Recorder("chat")).tick(frozen_clock) == 3
    states = {key: (await row(database, row_id))["state"] for key, row_id in rows.items()}
    assert states == {"one": DONE, "chat": PENDING, "two": DONE}


async def test_handler_that_awaits_something_cancelled_has_failed_and_nothing_more(
    database: Database, frozen_clock: datetime
) -> None:
    async def handler(_item: Item) -> None:
        elsewhere = asyncio.get_running_loop().create_future()
        elsewhere.cancel()
        await elsewhere

    row_id = await add(database)
    tick = asyncio.create_task(worker(database, handler).tick(frozen_clock))
    await asyncio.wait([tick])
    assert not tick.cancelled()
    assert (await row(database, row_id))["lease"] is None


async def test_handler_that_hangs_is_stopped_and_the_row_attempted_again(
    database: Database, frozen_clock: datetime
) -> None:
    stopped: list[int] = []

    async def hangs_at_first(item: Item) -> None:
        if item.attempt == 1:
            try:
                await asyncio.Event().wait()
            finally:
                stopped.append(item.id)

    row_id = await add(database)
    working = worker(database, hangs_at_first, timeout=timedelta(milliseconds=20))
    async with asyncio.timeout(10):
        assert await working.tick(frozen_clock) == 1
    assert stopped == [row_id]
    failed = await row(database, row_id)
    assert (failed["state"], failed["lease"]) == (PENDING, None)
    assert await working.tick(failed["next_attempt_at"]) == 1
    assert (await row(database, row_id))["state"] == DONE


# Giving up


async def test_row_is_given_up_once_after_the_last_attempt_and_the_key_goes_on(
    database: Database, frozen_clock: datetime
) -> None:
    recorder, hand_over = Recorder("chat"), HandOver()
    row_id = await add(database, number=1)
    await add(database, number=2)
    working = worker(database, recorder, hand_over, backoff=Backoff(attempts=3))
    now = frozen_clock
    for _ in range(3):
        assert hand_over.items == []
        assert await working.tick(now) == 1
        now = (await row(database, row_id))["next_attempt_at"]
    given_up = await row(database, row_id)
    assert (given_up["state"], given_up["last_error"], given_up["lease"]) == (GIVEN_UP, "Undelivered", None)
    assert [(item.id, item.attempt) for item in hand_over.items] == [(row_id, 3)]
    assert await kinds(database) == ["note", "note", "case"]
    recorder.refused.clear()
    assert [await working.tick(now + timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert recorder.numbers == [1, 1, 1, 2]
    assert len(hand_over.items) == 1


async def test_row_is_not_given_up_without_being_handed_over(database: Database, frozen_clock: datetime) -> None:
    recorder, hand_over = Recorder("chat"), HandOver()
    row_id = await add(database)
    working = worker(database, recorder, hand_over, backoff=Backoff(attempts=1))
    hand_over.fails = True
    with pytest.raises(Undelivered):
        await working.tick(frozen_clock)
    assert (await row(database, row_id))["state"] == PENDING
    assert await kinds(database) == ["note"]
    hand_over.fails = False
    assert await working.tick(frozen_clock + LEASE) == 1
    assert (await row(database, row_id))["state"] == GIVEN_UP
    assert await kinds(database) == ["note", "case"]
    assert len(recorder.items) == 1


async def test_row_whose_outcome_cannot_be_recorded_leaves_the_others_their_time(
    database: Database, frozen_clock: datetime
) -> None:
    finished: list[str] = []

    async def handle(item: Item) -> None:
        if item.key == "bad":
            raise Undelivered
        await asyncio.sleep(0.01)
        finished.append(item.key)

    hand_over = HandOver()
    hand_over.fails = True
    await add(database, key="bad")
    good = await add(database, key="good")
    working = Worker(database, {"note": handle}, hand_over, backoff=Backoff(attempts=1), lease=LEASE, timeout=LEASE / 2)
    with pytest.raises(Undelivered):
        await working.tick(frozen_clock)
    assert finished == ["good"]
    assert (await row(database, good))["state"] == DONE


# Workers that die


async def test_another_worker_takes_over_from_one_that_was_killed(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database, number=1)
    await add(database, number=2)
    url = database.url.render_as_string(hide_password=False)
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED_IN_THE_HANDLER, url, frozen_clock.isoformat(), cwd=PROJECT
    )
    assert await killed.wait() == -signal.SIGKILL
    recorder = Recorder()
    working = worker(database, recorder)
    assert await working.tick(frozen_clock + LEASE - MOMENT) == 0
    assert [await working.tick(frozen_clock + LEASE) for _ in range(3)] == [1, 1, 0]
    assert [(item.payload["number"], item.attempt) for item in recorder.items] == [(1, 2), (2, 1)]
    assert recorder.items[0].id == row_id


async def test_late_failure_does_not_undo_the_delivery_of_the_new_holder(
    database: Database, frozen_clock: datetime
) -> None:
    row_id = await add(database)
    held = Held()
    late = asyncio.create_task(worker(database, held, backoff=Backoff(attempts=1)).tick(frozen_clock))
    await held.began.wait()
    assert await worker(database, Recorder()).tick(frozen_clock + LEASE) == 1
    held.fail()
    await late
    delivered = await row(database, row_id)
    assert (delivered["state"], delivered["attempts"], delivered["last_error"]) == (DONE, 2, None)


async def test_late_delivery_does_not_take_the_row_from_the_new_holder(
    database: Database, frozen_clock: datetime
) -> None:
    row_id = await add(database)
    old, new = Held(), Held()
    late = asyncio.create_task(worker(database, old).tick(frozen_clock))
    await old.began.wait()
    current = asyncio.create_task(worker(database, new).tick(frozen_clock + LEASE))
    await new.began.wait()
    old.deliver()
    await late
    assert (await row(database, row_id))["lease_until"] == frozen_clock + 2 * LEASE
    new.fail()
    await current
    failed = await row(database, row_id)
    assert (failed["state"], failed["last_error"]) == (PENDING, "Undelivered")


async def test_row_that_takes_every_worker_with_it_is_given_up_in_the_end(
    database: Database, frozen_clock: datetime
) -> None:
    row_id = await add(database)
    hand_over = HandOver()
    backoff = Backoff(attempts=3)
    for attempt in range(3):
        held = Held()
        dying = asyncio.create_task(
            worker(database, held, hand_over, backoff=backoff).tick(frozen_clock + attempt * LEASE)
        )
        await held.began.wait()
        dying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await dying
    assert hand_over.items == []
    recorder = Recorder()
    assert await worker(database, recorder, hand_over, backoff=backoff).tick(frozen_clock + 3 * LEASE) == 1
    assert recorder.items == []
    assert [item.id for item in hand_over.items] == [row_id]
    assert (await row(database, row_id))["state"] == GIVEN_UP


# Withdrawing


async def withdrawn(database: Database, row_id: int) -> bool:
    async with database.unit_of_work() as work:
        return await cancel(work, row_id)


async def test_row_that_waits_can_be_withdrawn(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database, number=1)
    await add(database, number=2)
    assert await withdrawn(database, row_id)
    assert not await withdrawn(database, row_id)
    recorder = Recorder()
    await worker(database, recorder).tick(frozen_clock)
    assert recorder.numbers == [2]


async def test_row_that_waits_for_its_next_attempt_can_be_withdrawn(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database)
    working = worker(database, Recorder("chat"))
    await working.tick(frozen_clock)
    assert await withdrawn(database, row_id)
    assert await working.tick(frozen_clock + timedelta(days=1)) == 0


async def test_row_in_hand_or_delivered_cannot_be_withdrawn(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database)
    in_hand: list[bool] = []

    async def handler(item: Item) -> None:
        in_hand.append(await withdrawn(database, item.id))

    await worker(database, handler).tick(frozen_clock)
    assert in_hand == [False]
    assert not await withdrawn(database, row_id)
    assert (await row(database, row_id))["state"] == DONE


async def test_row_that_was_given_up_cannot_be_withdrawn(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database)
    await worker(database, Recorder("chat"), HandOver(), backoff=Backoff(attempts=1)).tick(frozen_clock)
    assert not await withdrawn(database, row_id)


async def test_withdrawal_is_undone_with_its_unit_of_work(database: Database, frozen_clock: datetime) -> None:
    row_id = await add(database)

    async def failing() -> None:
        async with database.unit_of_work() as work:
            assert await cancel(work, row_id)
            raise Undelivered

    with pytest.raises(Undelivered):
        await failing()
    assert await worker(database, Recorder()).tick(frozen_clock) == 1


# Running


@asynccontextmanager
async def running(working: Worker, idle: timedelta) -> AsyncIterator[None]:
    task = asyncio.create_task(working.run(idle))
    try:
        async with asyncio.timeout(10):
            yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("steps", range(5))
async def test_worker_stops_even_when_it_is_woken_at_the_same_moment(sqlite_url: str, steps: int) -> None:
    database, looked = Database(sqlite_url), asyncio.Event()

    class Looking(Worker):
        async def _claim(self, now: datetime, most: int) -> list[Item]:
            looked.set()
            return []

    task = asyncio.create_task(Looking(database, {}, nobody).run(timedelta(hours=1)))
    await looked.wait()
    await asyncio.sleep(0)
    for wake in database.workers:
        wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=5)
    task.cancel()
    await database.close()
    assert task in done


async def test_worker_looks_at_once_when_a_row_is_put(database: Database) -> None:
    delivered = asyncio.Event()

    async def handler(_item: Item) -> None:
        delivered.set()

    working = worker(database, handler)
    await add(database)
    async with running(working, idle=timedelta(hours=1)):
        await delivered.wait()
        delivered.clear()
        await asyncio.sleep(0.05)  # until it has found nothing more and waits
        await add(database)
        await delivered.wait()
    assert database.workers == set()


async def test_worker_that_nobody_wakes_looks_from_time_to_time(database: Database) -> None:
    delivered = asyncio.Event()

    async def handler(_item: Item) -> None:
        delivered.set()

    another_process = Database(database.url.render_as_string(hide_password=False))
    async with running(worker(database, handler), idle=timedelta(milliseconds=10)):
        await asyncio.sleep(0.02)
        await add(another_process)
        await delivered.wait()
    await another_process.close()


async def test_row_that_a_request_of_another_time_puts_is_due_at_once(
    database: Database, frozen_clock: datetime
) -> None:
    recorder = Recorder()
    with clock.at(frozen_clock + timedelta(days=300)):
        await add(database)
    assert await worker(database, recorder).tick(frozen_clock) == 1


async def test_row_that_takes_long_keeps_no_other_waiting(database: Database) -> None:
    delivered, finish = asyncio.Event(), asyncio.Event()

    async def handler(item: Item) -> None:
        await finish.wait() if item.key == "slow" else delivered.set()

    await add(database, "slow")
    async with running(worker(database, handler), idle=timedelta(hours=1)):
        await asyncio.sleep(0.02)
        await add(database, "quick")
        await delivered.wait()
        assert await backlog(database) >= 1
        finish.set()


async def test_worker_that_is_stopped_leaves_what_it_has_in_hand_to_others(database: Database) -> None:
    begun = asyncio.Event()

    async def handler(_item: Item) -> None:
        begun.set()
        await asyncio.Event().wait()

    await add(database)
    async with running(worker(database, handler), idle=timedelta(hours=1)):
        await begun.wait()
    assert await backlog(database) == 1


@pytest.mark.parametrize("steps", range(8))
async def test_worker_that_is_stopped_in_the_moment_it_is_woken_ends(database: Database, steps: int) -> None:
    going = asyncio.create_task(worker(database, Recorder()).run(idle=timedelta(hours=1)))
    await asyncio.sleep(0)
    await database.ping()  # it has looked by then, and waits
    for wake in database.workers:
        wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    going.cancel()
    ended, _ = await asyncio.wait({going}, timeout=30)
    going.cancel()
    assert ended, "it goes on, and the program cannot be stopped"


async def test_worker_goes_on_until_nothing_is_left(database: Database) -> None:
    delivered: list[int] = []
    everything = asyncio.Event()

    async def handler(item: Item) -> None:
        delivered.append(item.payload["number"])
        if len(delivered) == 5:
            everything.set()

    for number in range(5):
        await add(database, number=number)
    async with running(worker(database, handler, batch=1), idle=timedelta(hours=1)):
        await everything.wait()
    assert delivered == [0, 1, 2, 3, 4]


async def test_worker_outlives_a_database_error(bare_database_url: str) -> None:
    delivered = asyncio.Event()

    async def handler(_item: Item) -> None:
        delivered.set()

    database = Database(bare_database_url)
    working = worker(database, handler)
    with structlog.testing.capture_logs() as logs:
        async with running(working, idle=timedelta(milliseconds=10)):
            while not logs:  # noqa: ASYNC110  # the tables are not there yet
                await asyncio.sleep(0.005)
            await database.migrate()
            await add(database)
            await delivered.wait()
    assert logs[0]["event"] == "outbox.claim_failed"
    await database.close()


async def test_backlog_counts_what_is_still_to_be_delivered(database: Database, frozen_clock: datetime) -> None:
    for key in ("one", "chat", "gone"):
        await add(database, key)
    await add(database, "later", due=frozen_clock + timedelta(days=1))
    assert await backlog(database) == 4
    await worker(database, Recorder("chat", "gone"), HandOver()).tick(frozen_clock)
    assert await backlog(database) == 3
