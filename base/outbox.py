"""What must happen in the world after a transaction: rows that workers claim, attempt, and never forget.

A row is delivered at least once: a worker that dies after acting and before saying so is replaced by another.
Handlers therefore pass the row's id on as an idempotency key. Rows of one key are attempted in the order in which they
fall due, one at a time; a row that keeps failing holds back those behind it until it is given up.
"""

import asyncio
import contextlib
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Database, Instant, Json, UnitOfWork, inserted_id, metadata

log = structlog.get_logger(__name__)

PENDING, DONE, GIVEN_UP = "pending", "done", "given_up"

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("key", String(128), nullable=False),
    Column("payload", Json, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("wanted_by", Instant),
    Column("state", String(16), nullable=False, default=PENDING),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease", String(36)),
    Column("lease_until", Instant),
    Column("last_error", String(500)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    # Finds the first row of each key; also serves whatever asks for a state alone.
    Index("ix_outbox_state_key_due_at_id", "state", "key", "due_at", "id"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Item:
    """A claimed row.

    Args:
        id: Serves as idempotency key.
        kind: Names the handler.
        key: Rows with the same key keep their order.
        payload: What the handler needs.
        attempt: 1 the first time.
        lease: Proves that this worker holds the row.
        wanted_by: When it ought to have succeeded; None when any time will do.
    """

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    lease: str
    wanted_by: datetime | None = None


class HoldOn(Exception):
    """What a handler raises that was told to come again: the row waits, those behind it too, and nothing has failed.

    Args:
        wait: How long.
    """

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"not for {wait}")
        self.wait = wait


Handler = Callable[[Item], Awaitable[None]]
GiveUp = Callable[[UnitOfWork, Item], Awaitable[None]]
Observer = Callable[[Item, str, str | None], None]
"""Told of an attempt that is recorded: the row, its new state, and what was wrong if it failed."""


class NotYet(Exception):
    """What a handler raises whose row falls due later, while those behind it may go, though nothing has failed.

    Args:
        until: When it falls due instead, aware.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True)
class Backoff:
    """How long to wait between attempts.

    Args:
        first: Wait after the first failure.
        longest: No wait is longer.
        attempts: After so many failures the row is given up.
        pressing: No wait is shortened below this because of when a row is wanted.
    """

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=6)
    attempts: int = 20
    pressing: timedelta = timedelta(minutes=10)

    def delay(self, attempt: int, chance: random.Random, left: timedelta | None = None) -> timedelta:
        """The wait after the failure of `attempt` (counted from 1): doubling, between half and the whole of it.

        Args:
            left: Until the row is wanted; no wait takes more than half of that.
        """
        doublings = min(attempt - 1, 30)
        doubled = self.first * (1 << doublings) if self.first < self.longest / (1 << doublings) else self.longest
        if left is not None and left > timedelta(0):
            doubled = min(doubled, max(left / 2, self.pressing))
        return doubled * chance.uniform(0.5, 1.0)


async def put(
    work: UnitOfWork,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    due: datetime | None = None,
    wanted_by: datetime | None = None,
) -> int:
    """Adds a row that becomes visible to workers when the unit of work commits.

    Args:
        kind: Names the handler.
        key: Rows with the same key keep their order, e.g. one chat or one submission.
        payload: JSON values.
        due: First attempt not before this time; now when omitted.
        wanted_by: When it ought to have succeeded: the nearer that is, the shorter the waits between attempts.

    Returns:
        The row's id.
    """
    moment = clock.now()
    due = due or min(moment, clock.program_now())  # at once, also for a request that is told a later time
    values = {"kind": kind, "key": key, "payload": dict(payload), "due_at": due, "wanted_by": wanted_by}
    result = await work.connection.execute(insert(outbox).values(**values, created_at=moment, next_attempt_at=due))
    if clock.is_past(due):
        work.after_commit(work.wake_workers)
    return inserted_id(result)


async def cancel(work: UnitOfWork, row_id: int) -> bool:
    """Withdraws a row that no worker holds.

    Returns:
        False when it has been delivered, given up or claimed already.
    """
    result = await work.connection.execute(
        outbox.delete().where(outbox.c.id == row_id, outbox.c.state == PENDING, outbox.c.lease.is_(None))
    )
    return result.rowcount == 1


def is_awaited(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a row of this key is still to be attempted: a condition for queries."""
    return select(outbox.c.id).where(outbox.c.key == key, outbox.c.state == PENDING).exists()


async def waits(connection: AsyncConnection, key: str, *, besides: int | None = None) -> bool:
    """Whether a row of this key is still to be attempted.

    Args:
        besides: The id of one that does not count.
    """
    query = select(outbox.c.id).where(outbox.c.key == key, outbox.c.state == PENDING, outbox.c.id != (besides or 0))
    return (await connection.execute(query.limit(1))).first() is not None


async def delete_settled(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes rows that were done or given up by then.

    Returns:
        How many; `most` at a time.
    """
    is_old = and_(outbox.c.state.in_((DONE, GIVEN_UP)), func.coalesce(outbox.c.settled_at, outbox.c.due_at) <= before)
    found = select(outbox.c.id).where(is_old).limit(most)
    return (await work.connection.execute(delete(outbox).where(outbox.c.id.in_(found)))).rowcount


async def forget(work: UnitOfWork, *keys: str) -> None:
    """Removes all rows of these keys, also those that were delivered; an attempt under way records nothing any more."""
    await work.connection.execute(outbox.delete().where(outbox.c.key.in_(keys)))


class Worker:
    """Claims rows that are due and hands them to their handlers.

    Args:
        database: Where the rows are.
        handlers: One for each kind; rows of other kinds are left to other workers.
        give_up: Called in the transaction that gives a row up after the last attempt, to open a case for a human.
        backoff: Waits between attempts.
        lease: A worker that has not finished by then is taken for dead and the row is claimed anew.
        timeout: A handler that takes longer is cancelled and counted as failed; must be shorter than `lease`.
        batch: Rows claimed at a time.
        observe: Told of each attempt.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        give_up: GiveUp,
        *,
        backoff: Backoff = Backoff(),
        lease: timedelta = timedelta(minutes=2),
        timeout: timedelta = timedelta(minutes=1),
        batch: int = 10,
        chance: random.Random | None = None,
        observe: Observer = lambda _item, _state, _reason: None,
    ) -> None:
        if timeout >= lease:
            raise ValueError("a handler must time out before its lease does")
        self._database = database
        self._handlers = handlers
        self._give_up = give_up
        self._backoff = backoff
        self._lease = lease
        self._timeout = timeout
        self._batch = batch
        self._chance = chance or random.Random()
        self._observe = observe
        self._wake = asyncio.Event()

    async def run(self, idle: timedelta = timedelta(seconds=5)) -> None:
        """Works until cancelled, looking for work at least every `idle`, and at once when a row is put in this process.

        A row that takes long keeps no other waiting, as long as there are fewer than `batch` of them.
        """
        in_hand: set[asyncio.Task[None]] = set()
        self._database.workers.add(self._wake.set)
        try:
            while True:
                self._wake.clear()
                try:
                    for item in await self._claim(now := clock.working_now(), self._batch - len(in_hand)):
                        task = asyncio.create_task(self._attempt(item, now))
                        in_hand.add(task)
                        task.add_done_callback(in_hand.discard)
                        task.add_done_callback(self._look_again)
                except Exception:  # the database may be away for a while; the rows are safe in it
                    log.exception("outbox.claim_failed")
                with contextlib.suppress(TimeoutError):  # not wait_for(): in Python 3.11 it can swallow a cancellation
                    async with asyncio.timeout(idle.total_seconds()):
                        await self._wake.wait()
        finally:
            self._database.workers.discard(self._wake.set)
            for task in in_hand:
                task.cancel()
            await asyncio.gather(*in_hand, return_exceptions=True)

    def _look_again(self, attempt: asyncio.Task[None]) -> None:
        """After an attempt: there is room for another row, or the next of its key may go."""
        if not attempt.cancelled() and (error := attempt.exception()) is not None:
            log.error("outbox.outcome_not_recorded", exc_info=error)  # its lease runs out, and it is claimed anew
        else:
            self._wake.set()

    async def tick(self, now: datetime) -> int:
        """Claims what is due at `now` (aware), attempts it, and records the outcome.

        Returns:
            How many rows were attempted.

        Raises:
            Exception: When an outcome could not be recorded, after every other row was attempted.
        """
        items = await self._claim(now, self._batch)
        outcomes = await asyncio.gather(*(self._attempt(item, now) for item in items), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return len(items)

    async def _claim(self, now: datetime, most: int) -> list[Item]:
        if most < 1:
            return []
        earlier = outbox.alias("earlier")
        is_first_of_its_key = ~(
            select(earlier.c.id)
            .where(
                earlier.c.key == outbox.c.key,
                earlier.c.state == PENDING,
                tuple_(earlier.c.due_at, earlier.c.id) < tuple_(outbox.c.due_at, outbox.c.id),
            )
            .exists()
        )
        claimable = (
            select(outbox)
            .where(
                outbox.c.state == PENDING,
                outbox.c.kind.in_(list(self._handlers)),
                outbox.c.next_attempt_at <= now,
                or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now),
                is_first_of_its_key,
            )
            .order_by(outbox.c.due_at, outbox.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        lease = str(uuid.uuid4())
        async with self._database.unit_of_work() as work:
            rows = (await work.connection.execute(claimable)).mappings().all()
            if rows:
                await work.connection.execute(
                    update(outbox)
                    .where(outbox.c.id.in_([row["id"] for row in rows]))
                    .values(lease=lease, lease_until=clock.later(now, self._lease), attempts=outbox.c.attempts + 1)
                )
        return [_item(row, lease) for row in rows]

    async def _attempt(self, item: Item, now: datetime) -> None:
        with structlog.contextvars.bound_contextvars(outbox_id=item.id, kind=item.kind, attempt=item.attempt):
            if item.attempt > self._backoff.attempts:  # the last attempt took its worker with it
                await self._failed(item, "WorkerLost", now)
                return
            try:
                async with asyncio.timeout(self._timeout.total_seconds()):
                    await self._handlers[item.kind](item)
            except NotYet as wait:
                await self._put_off(item, wait.until)
            except HoldOn as later:
                again = clock.later(max(now.astimezone(UTC), clock.now().astimezone(UTC)), later.wait)
                await self._settle(item, state=PENDING, attempts=item.attempt - 1, next_attempt_at=again)
            except (Exception, asyncio.CancelledError) as error:  # whatever a handler raises is one failed attempt
                if _is_being_cancelled():
                    raise
                await self._failed(item, type(error).__name__, now)
            else:
                await self._settle(item, state=DONE)

    async def _failed(self, item: Item, reason: str, now: datetime) -> None:
        if item.attempt < self._backoff.attempts:
            log.warning("outbox.attempt_failed", reason=reason)
            failed_at = max(now.astimezone(UTC), clock.now().astimezone(UTC))
            left = item.wanted_by - failed_at if item.wanted_by else None
            again = clock.later(failed_at, self._backoff.delay(item.attempt, self._chance, left))
            await self._settle(item, state=PENDING, next_attempt_at=again, last_error=reason)
        else:
            log.error("outbox.given_up", reason=reason)
            await self._settle(item, state=GIVEN_UP, last_error=reason)

    async def _put_off(self, item: Item, until: datetime) -> None:
        """Has a row fall due later, as if it had not been attempted."""
        values = {"due_at": until, "next_attempt_at": until, "attempts": item.attempt - 1}
        async with self._database.unit_of_work() as work:
            is_held = and_(outbox.c.id == item.id, outbox.c.lease == item.lease)
            await work.connection.execute(update(outbox).where(is_held).values(lease=None, lease_until=None, **values))

    async def _settle(self, item: Item, **values: Any) -> None:
        """Records the outcome, unless the lease ran out and another worker holds the row now."""
        settled_at = None if values["state"] == PENDING else clock.now()
        async with self._database.unit_of_work() as work:
            result = await work.connection.execute(
                update(outbox)
                .where(and_(outbox.c.id == item.id, outbox.c.lease == item.lease))
                .values(lease=None, lease_until=None, settled_at=settled_at, **values)
            )
            if result.rowcount and values["state"] == GIVEN_UP:
                await self._give_up(work, item)
        if result.rowcount:
            self._observe(item, values["state"], values.get("last_error"))


def _is_being_cancelled() -> bool:
    """Whether it is this worker that is told to stop, and not something that its handler waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _item(row: RowMapping, lease: str) -> Item:
    return Item(row["id"], row["kind"], row["key"], row["payload"], row["attempts"] + 1, lease, row["wanted_by"])


async def backlog(database: Database) -> int:
    """How many rows wait to be delivered."""
    async with database.reading() as connection:
        count = select(func.count()).select_from(outbox).where(outbox.c.state == PENDING)
        return int((await connection.execute(count)).scalar_one())


@dataclass(frozen=True)
class Queued:
    """What the outbox holds of one kind, done rows apart.

    Args:
        kind: Of the rows.
        due: How many should be attempted by now, those included that wait for another attempt.
        later: How many fall due later.
        given_up: How many were given up.
        oldest_due: When the first that is due fell due.
    """

    kind: str
    due: int
    later: int
    given_up: int
    oldest_due: datetime | None


async def queued(connection: AsyncConnection) -> tuple[Queued, ...]:
    """What waits or was given up, by kind."""
    is_due = and_(outbox.c.state == PENDING, outbox.c.due_at <= clock.now())
    query = (
        select(
            outbox.c.kind,
            func.count(case((is_due, 1))),
            func.count(case((and_(outbox.c.state == PENDING, ~is_due), 1))),
            func.count(case((outbox.c.state == GIVEN_UP, 1))),
            func.min(case((is_due, outbox.c.due_at)), type_=Instant),
        )
        .where(outbox.c.state.in_((PENDING, GIVEN_UP)))
        .group_by(outbox.c.kind)
        .order_by(outbox.c.kind)
    )
    return tuple(Queued(*row) for row in await connection.execute(query))
