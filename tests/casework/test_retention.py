"""What is too old is deleted, nothing else is, and the number is kept; on both engines, with moved time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from base import clock
from base.database import Database, UnitOfWork, metadata
from base.deletions import last_day, retention_runs
from base.encryption import KeyRing
from base.outbox import DONE, PENDING, Backoff, Item, Worker, outbox, put
from base.settings import Settings
from bot.engine.tracker_store import trackers
from bot.retention import AT, AT_A_TIME, BATCHES, RETENTION, Retention, next_night, rules
from casework import agenda, applications, drafts, persons
from casework.applications import Application
from casework.cases import CaseState, Matter, cases, open_case
from casework.files.limits import Kind as FileKind
from casework.files.limits import Prepared
from casework.files.store import FileStore, files
from casework.submissions import Kind, State, Submission, SubmissionStore, submissions
from conversations import store as chats
from conversations.models import Debug, Draft
from conversations.models import State as Standing
from conversations.store import KEPT_PASSING
from law.documents import ApplicationStatus
from tests.conftest import ORDINARY_DAY

DAY = timedelta(days=1)
AGES = 36_500
"""Days; nothing of these tests grows so old."""
KEYS = KeyRing(["a secret" * 4])
STORE = SubmissionStore(KEYS, FileStore(KEYS, AGES * DAY, AGES * DAY))


def settings(**days: int) -> Settings:
    """Settings that delete nothing but the classes named, after so many days."""
    names = [name for name in Settings.model_fields if name.startswith("retention_")]
    return Settings(**{name: days.get(name.removeprefix("retention_").removesuffix("_days"), AGES) for name in names})


async def nobody(_work: UnitOfWork, item: Item) -> None:
    raise AssertionError(f"{item.kind} was given up")


def worker(database: Database, retention: Retention) -> Worker:
    return Worker(database, retention.handlers, nobody)


async def armed(database: Database, given: Settings) -> Retention:
    """Retention of a program that has started."""
    retention = Retention(database, given)
    await retention.arm()
    return retention


async def run_at(database: Database, retention: Retention, moment: datetime) -> None:
    """Attempts what is due at a moment, and what follows from it at once."""
    with clock.at(moment):
        while await worker(database, retention).tick(moment):
            pass


async def sizes(database: Database) -> dict[str, int]:
    """How many rows each table has, those apart that retention writes itself."""
    async with database.reading() as connection:
        counts = {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
            if table is not retention_runs
        }
        mine = select(func.count()).where(outbox.c.kind == RETENTION)
        counts[outbox.name] -= (await connection.execute(mine)).scalar_one()
    return counts


async def counted(database: Database) -> dict[tuple[str, date], int]:
    """What was deleted, by class and day; days on which there was nothing are left out."""
    async with database.reading() as connection:
        rows = await connection.execute(select(retention_runs).where(retention_runs.c.count > 0))
        return {(row.data_class, row.day): row.count for row in rows}


async def begun(database: Database, *, said: bool = True) -> str:
    """A conversation in which something was said."""
    async with database.unit_of_work() as work:
        session, _ = await chats.open_session(work, "web", "fr")
        if said:
            await say(work, session.id)
    return session.id


async def say(work: UnitOfWork, session_id: str, *, passing: bool = False) -> None:
    number = (await work.connection.execute(text("SELECT count(*) FROM turns"))).scalar_one()
    debug = Debug().model_dump(mode="json")
    drafted = [Draft("user", "bonjour", "fr"), Draft("bot", "bonjour", "fr")]
    await chats.record_turn(
        work, session_id, f"turn-{number}", f"client-{number}", drafted, Standing(), debug, is_passing=passing
    )


async def drafted(database: Database, session_id: str, *, finished: bool) -> str:
    async with database.unit_of_work() as work:
        draft = await drafts.begin(work, session_id, "deadline")
        await drafts.save(work, draft.id, {"notified": "2026-03-01"}, finished=finished)
    return draft.id


async def handed_in(database: Database, session_id: str, state: State) -> Submission:
    """A document with a file, and what became of it."""
    async with database.unit_of_work() as work:
        kept = await STORE.files.keep(work, session_id, "cv.pdf", Prepared(b"%PDF-1.7", FileKind.PDF, 1))
        found = await STORE.record(
            work, session_id=session_id, person_id="p-1", kind=Kind.DOCUMENT, content={}, file_ids=[kept.id]
        )
        match state:
            case State.RECEIVED:
                await STORE.received(work, found, "JR-1", clock.now())
            case State.REFUSED:
                await STORE.refused(work, found, "a-reason")
            case State.GIVEN_UP:
                await STORE.given_up(work, found.id)
        settled = update(outbox).where(outbox.c.state == PENDING, outbox.c.kind != RETENTION)
        if state is not State.RECORDED:
            await work.connection.execute(settled.values(state=DONE, settled_at=clock.now()))
    return found


async def close_case(work: UnitOfWork, case_id: int) -> None:
    values = {"state": CaseState.RESOLVED, "closed_at": clock.now()}
    await work.connection.execute(update(cases).where(cases.c.id == case_id).values(**values))


async def in_a_case(database: Database, session_id: str, *, closed: bool) -> int:
    async with database.unit_of_work() as work:
        case, _ = await open_case(work, session_id, Matter("handover", "fr"))
        if closed:
            await close_case(work, case.id)
    return case.id


async def everything(database: Database) -> None:
    """A conversation of each kind that nothing holds back, and all that can come from one."""
    await drafted(database, await begun(database), finished=True)
    await handed_in(database, await begun(database), State.RECEIVED)
    await in_a_case(database, await begun(database), closed=True)
    await begun(database, said=False)


WITH_THE_CONVERSATION = {"chat_sessions": 4, "turns": 3, "messages": 6, "drafts": 1}


@pytest.mark.parametrize(
    ("data_class", "days", "gone"),
    [
        ("conversations", {"conversation": 90}, WITH_THE_CONVERSATION),
        ("drafts", {"draft": 90}, {"drafts": 1}),
        ("submissions", {"submission": 1095}, {"submissions": 1, "submission_files": 1, "files": 1}),
        ("cases", {"case": 365}, {"cases": 1, "case_events": 1}),
        ("outbox", {"outbox": 30}, {"outbox": 5}),
    ],
)
async def test_before_its_period_nothing_goes_and_after_it_the_class_and_nothing_else(
    database: Database, data_class: str, days: Mapping[str, int], gone: Mapping[str, int]
) -> None:
    retention = await armed(database, settings(**days))
    await everything(database)
    before = await sizes(database)
    (period,) = days.values()
    await run_at(database, retention, ORDINARY_DAY + period * DAY - timedelta(seconds=1))
    assert await sizes(database) == before
    assert await counted(database) == {}
    after = ORDINARY_DAY + (period + 1) * DAY
    await run_at(database, retention, after)
    assert await sizes(database) == {table: count - gone.get(table, 0) for table, count in before.items()}
    of_the_class = gone["chat_sessions"] if data_class == "conversations" else gone[data_class]
    assert await counted(database) == {(data_class, after.date()): of_the_class}


async def hold_by_a_draft(database: Database, session_id: str) -> Callable[[UnitOfWork], Awaitable[object]]:
    draft_id = await drafted(database, session_id, finished=False)
    return lambda work: drafts.discard(work, draft_id)


async def hold_by_a_file(database: Database, session_id: str) -> Callable[[UnitOfWork], Awaitable[object]]:
    async with database.unit_of_work() as work:
        kept = await STORE.files.keep(work, session_id, "cv.pdf", Prepared(b"%PDF-1.7", FileKind.PDF, 1))
        await work.connection.execute(update(files).values(delete_at=None))
    return lambda work: STORE.files.delete(work, kept.id)


async def hold_by_a_submission(database: Database, session_id: str) -> Callable[[UnitOfWork], Awaitable[object]]:
    submission = await handed_in(database, session_id, State.RECORDED)

    async def arrived(work: UnitOfWork) -> None:
        await STORE.received(work, submission, "JR-1", clock.now())
        await work.connection.execute(update(outbox).where(outbox.c.kind != RETENTION).values(state=DONE))

    return arrived


async def hold_by_a_case(database: Database, session_id: str) -> Callable[[UnitOfWork], Awaitable[object]]:
    case_id = await in_a_case(database, session_id, closed=False)
    return lambda work: close_case(work, case_id)


async def hold_by_a_reminder(database: Database, session_id: str) -> Callable[[UnitOfWork], Awaitable[object]]:
    far = (ORDINARY_DAY + 200 * DAY).date()
    async with database.unit_of_work() as work:
        due = await agenda.note(work, session_id, "key", "opposition", {}, far, far)
        assert await agenda.remind(work, due)
    return lambda work: agenda.stop_reminders(work, session_id)


@pytest.mark.parametrize(
    "hold", [hold_by_a_draft, hold_by_a_file, hold_by_a_submission, hold_by_a_case, hold_by_a_reminder]
)
async def test_conversation_stays_until_what_holds_it_is_over(
    database: Database, hold: Callable[[Database, str], Awaitable[Callable[[UnitOfWork], Awaitable[object]]]]
) -> None:
    retention = await armed(database, settings(conversation=90))
    held, other = await begun(database), await begun(database)
    end = await hold(database, held)
    await run_at(database, retention, ORDINARY_DAY + 91 * DAY)
    async with database.reading() as connection:
        assert await chats.session_exists(connection, held)
        assert not await chats.session_exists(connection, other)
    async with database.unit_of_work() as work:
        await end(work)
    await run_at(database, retention, ORDINARY_DAY + 92 * DAY)
    async with database.reading() as connection:
        assert not await chats.session_exists(connection, held)


async def checked(database: Database) -> str:
    """A conversation in which the conditions of a measure were gone through, and something else was asked."""
    session_id = await begun(database)
    async with database.unit_of_work() as work:
        await say(work, session_id, passing=True)
        draft = await drafts.begin(work, session_id, "measures")
        await drafts.save(work, draft.id, {"measure": "are"}, finished=True)
        row = {"session_id": session_id, "events": [], "updated_at": clock.now()}
        await work.connection.execute(insert(trackers).values(**row))
    return session_id


async def test_what_was_said_for_a_check_goes_in_the_night_after_its_pause(database: Database) -> None:
    retention = await armed(database, settings())
    paused, held, kept = await checked(database), await checked(database), await checked(database)
    await in_a_case(database, held, closed=False)
    async with database.unit_of_work() as work:
        await chats.keep_passing(work, kept)
        begun_before = await drafts.latest(work.connection, kept)
        assert begun_before is not None
        await drafts.discard(work, begun_before.id)
    night = next_night(ORDINARY_DAY)
    going_on = await begun(database)
    with clock.at(night - KEPT_PASSING + timedelta(minutes=1)):
        async with database.unit_of_work() as work:
            await say(work, going_on, passing=True)
    before = await sizes(database)
    await run_at(database, retention, night)
    gone = {"messages": 2, "drafts": 1, "trackers": 1}
    assert await sizes(database) == {table: count - gone.get(table, 0) for table, count in before.items()}
    async with database.reading() as connection:
        assert await drafts.latest(connection, paused) is None
        assert await drafts.latest(connection, held) is not None
        assert len(await chats.history(connection, paused)) == 2, "what is not of the check stays"
    await run_at(database, retention, night + DAY)
    async with database.reading() as connection:
        assert len(await chats.history(connection, going_on)) == 2
        assert len(await chats.history(connection, held)) == len(await chats.history(connection, kept)) == 4


async def test_period_of_a_conversation_begins_with_its_last_message(database: Database) -> None:
    retention = await armed(database, settings(conversation=90))
    session_id = await begun(database)
    with clock.at(ORDINARY_DAY + 60 * DAY):
        async with database.unit_of_work() as work:
            await say(work, session_id)
    for days, is_kept in ((149, True), (151, False)):
        await run_at(database, retention, ORDINARY_DAY + days * DAY)
        async with database.reading() as connection:
            assert await chats.session_exists(connection, session_id) is is_kept


async def test_closed_case_and_what_was_handed_in_outlive_their_conversation(database: Database) -> None:
    retention = await armed(database, settings(conversation=90))
    session_id = await begun(database)
    submission = await handed_in(database, session_id, State.RECEIVED)
    await in_a_case(database, session_id, closed=True)
    await run_at(database, retention, ORDINARY_DAY + 91 * DAY)
    async with database.reading() as connection:
        case = (await connection.execute(select(cases))).one()
        found = await STORE.by_number(connection, submission.number)
    assert case.session_id is None
    assert [line["author"] for line in case.transcript] == ["user", "bot"]
    assert found is not None
    assert found.session_id is None


@pytest.mark.parametrize("state", [State.RECORDED, State.GIVEN_UP])
async def test_submission_stays_until_it_has_arrived_or_nobody_looks_after_it(database: Database, state: State) -> None:
    retention = await armed(database, settings(submission=1095))
    session_id = await begun(database)
    submission = await handed_in(database, session_id, state)
    case_id = await in_a_case(database, session_id, closed=False)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(submissions).values(case_id=case_id))
    await run_at(database, retention, ORDINARY_DAY + 1100 * DAY)
    async with database.unit_of_work() as work:
        assert await STORE.find(work.connection, submission.id)
        await close_case(work, case_id)
        await work.connection.execute(update(submissions).values(state=State.GIVEN_UP))
    await run_at(database, retention, ORDINARY_DAY + 1101 * DAY)
    assert {"submissions": 0, "submission_files": 0, "files": 0}.items() <= (await sizes(database)).items()


async def test_file_whose_own_row_failed_is_destroyed_all_the_same_and_its_trace_later(database: Database) -> None:
    retention = await armed(database, settings(outbox=30))
    session_id = await begun(database)
    async with database.unit_of_work() as work:
        for _ in range(2):
            await STORE.files.keep(work, session_id, "cv.pdf", Prepared(b"%PDF-1.7", FileKind.PDF, 1))
        await work.connection.execute(update(outbox).where(outbox.c.kind != RETENTION).values(state="given_up"))
    contents = select(func.count(files.c.content), func.count(files.c.key), func.count())
    for days, left in ((7, (2, 2, 2)), (8, (0, 0, 2)), (37, (0, 0, 2)), (39, (0, 0, 0))):
        await run_at(database, retention, datetime.combine(ORDINARY_DAY.date() + days * DAY, AT, tzinfo=clock.ZONE))
        async with database.reading() as connection:
            assert tuple((await connection.execute(contents)).one()) == left
    destroyed, forgotten = ((ORDINARY_DAY + days * DAY).date() for days in (8, 39))
    found = await counted(database)
    assert found["files", destroyed] == 2
    assert found["file_traces", forgotten] == 2


# When it runs


async def ahead(database: Database) -> dict[str, list[datetime]]:
    """When each class is looked at next."""
    found: dict[str, list[datetime]] = {}
    async with database.reading() as connection:
        query = select(outbox).where(outbox.c.kind == RETENTION, outbox.c.state == PENDING)
        for row in (await connection.execute(query)).mappings():
            found.setdefault(row["payload"]["class"], []).append(row["due_at"])
    return found


def all_at(moment: datetime) -> dict[str, list[datetime]]:
    return {data_class: [moment] for data_class in rules(settings())}


async def test_what_is_known_of_an_application_goes_when_its_person_has_no_conversation(database: Database) -> None:
    retention = await armed(database, settings(conversation=90))
    session_id = await begun(database)
    async with database.unit_of_work() as work:
        hashed = {"subject_hash": "s", "hashed_by": "k"}
        await persons.link(work, session_id, "p-1", **hashed, expires_at=ORDINARY_DAY)
        await applications.keep(work, "p-1", Application(ApplicationStatus.DRAFT, ORDINARY_DAY))
    await run_at(database, retention, ORDINARY_DAY + 89 * DAY)
    async with database.reading() as connection:
        assert await applications.known(connection, "p-1") is not None
    for days in (92, 93):  # the conversation goes first
        await run_at(database, retention, ORDINARY_DAY + days * DAY)
    async with database.reading() as connection:
        assert await applications.known(connection, "p-1") is None


async def test_each_class_is_looked_at_every_night_however_often_programs_start(database: Database) -> None:
    given = settings()
    others = [Database(database.url.render_as_string(hide_password=False)) for _ in range(3)]
    await asyncio.gather(*(armed(one, given) for one in (database, *others)))
    for one in others:
        await one.close()
    retention = await armed(database, given)
    tonight = datetime(2026, 3, 12, 3, 30, tzinfo=clock.ZONE)
    assert await ahead(database) == all_at(tonight)
    await run_at(database, retention, tonight)
    assert await ahead(database) == all_at(tonight + DAY)


async def test_nights_that_were_missed_are_made_up_for_once(database: Database) -> None:
    retention = await armed(database, settings(draft=90))
    await drafted(database, await begun(database), finished=True)
    back = datetime(2026, 8, 20, 14, 0, tzinfo=clock.ZONE)
    with clock.at(back):
        await retention.arm()
    await run_at(database, retention, back)
    assert await counted(database) == {("drafts", back.date()): 1}
    assert await ahead(database) == all_at(datetime(2026, 8, 21, 3, 30, tzinfo=clock.ZONE))


async def test_night_on_which_nothing_was_too_old_is_counted_as_none(database: Database) -> None:
    retention = await armed(database, settings())
    async with database.reading() as connection:
        assert await last_day(connection) is None
    await run_at(database, retention, ORDINARY_DAY + DAY)
    async with database.reading() as connection:
        rows = (await connection.execute(select(retention_runs))).all()
        assert await last_day(connection) == (ORDINARY_DAY + DAY).date()
    assert {row.data_class: row.count for row in rows} == dict.fromkeys(rules(settings()), 0)


async def test_row_attempted_twice_puts_one_row_for_the_next_night(database: Database) -> None:
    retention = await armed(database, settings())
    async with database.reading() as connection:
        row = (await connection.execute(select(outbox).where(outbox.c.key == "retention:cases"))).one()
    item = Item(row.id, row.kind, row.key, row.payload, 1, "lease")
    with clock.at(row.due_at):
        for _ in range(2):
            await retention.handlers[RETENTION](item)
    assert (await ahead(database))["cases"] == [row.due_at, row.due_at + DAY]


async def test_class_that_fails_is_tried_again_the_next_night_and_holds_up_no_other(database: Database) -> None:
    retention = await armed(database, settings())
    tonight = next_night(ORDINARY_DAY)

    async def fails_for_cases(item: Item) -> None:
        if item.payload["class"] == "cases":
            raise OSError("the disk is full")
        await retention.handlers[RETENTION](item)

    with clock.at(tonight):
        failing = Worker(database, {RETENTION: fails_for_cases}, retention.give_up, backoff=Backoff(attempts=1))
        while await failing.tick(tonight):
            pass
    assert await ahead(database) == all_at(tonight + DAY)


async def test_row_of_a_class_that_there_is_no_more_is_done(database: Database) -> None:
    retention = await armed(database, settings())
    async with database.unit_of_work() as work:
        await put(work, RETENTION, "retention:horoscopes", {"class": "horoscopes"})
    await run_at(database, retention, ORDINARY_DAY)
    assert "horoscopes" not in await ahead(database)


def test_night_when_the_clocks_change_is_like_any_other() -> None:
    for day in (date(2026, 3, 28), date(2026, 10, 24)):
        late = datetime.combine(day, AT, tzinfo=clock.ZONE)
        assert next_night(late) == datetime.combine(day + DAY, AT, tzinfo=clock.ZONE)
        assert next_night(late - timedelta(minutes=1)) == late


# A backlog


async def many_drafts(database: Database, count: int) -> None:
    session_id = await begun(database)
    row = {"session_id": session_id, "kind": "x", "content": {}, "finished": True, "updated_at": ORDINARY_DAY}
    async with database.unit_of_work() as work:
        await work.connection.execute(insert(drafts.drafts), [{**row, "id": str(number)} for number in range(count)])


async def test_backlog_that_is_too_large_for_one_attempt_goes_on_at_once(database: Database) -> None:
    retention = await armed(database, settings(draft=90))
    count = AT_A_TIME * BATCHES + 1
    await many_drafts(database, count)
    moment = ORDINARY_DAY + 91 * DAY
    with clock.at(moment):
        await worker(database, retention).tick(moment)
        assert (await sizes(database))["drafts"] == 1
        assert all(due <= moment for due in (await ahead(database))["drafts"])
    await run_at(database, retention, moment)
    assert await counted(database) == {("drafts", moment.date()): count}


async def test_turns_are_taken_between_the_batches(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.migrate()
    retention = await armed(database, settings(draft=90))
    await many_drafts(database, AT_A_TIME * 3)
    moment = ORDINARY_DAY + 91 * DAY
    left: list[int] = []

    async def take_a_turn() -> None:
        async with database.unit_of_work() as work:
            left.append((await work.connection.execute(select(func.count()).select_from(drafts.drafts))).scalar_one())

    with clock.at(moment):
        night = asyncio.create_task(worker(database, retention).tick(moment))
        while not night.done():
            await take_a_turn()
    assert set(left) >= {AT_A_TIME, AT_A_TIME * 2}
    assert (await sizes(database))["drafts"] == 0
    await database.close()


@asynccontextmanager
async def speaking(database: Database, session_id: str) -> AsyncIterator[None]:
    """A turn that is being taken; it ends once somebody waits for its end."""
    async with database.unit_of_work(serialise=session_id) as work:
        await say(work, session_id)
        yield
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not (await work.connection.execute(waiting)).scalar_one():  # noqa: ASYNC110  # the lock tells nobody
            await asyncio.sleep(0.01)


async def test_who_speaks_just_then_is_not_cut_off(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    await database.migrate()
    retention = await armed(database, settings(conversation=90))
    session_id = await begun(database)
    moment = ORDINARY_DAY + 91 * DAY
    with clock.at(moment):
        async with speaking(database, session_id):
            night = asyncio.create_task(worker(database, retention).tick(moment))
        await night
    async with database.reading() as connection:
        assert len(await chats.history(connection, session_id)) == 4
    await database.close()


def test_every_period_that_can_be_set_is_used() -> None:
    """A setting that nothing goes by would be a promise that is not kept."""
    used: Collection[timedelta] = {rule.period for rule in rules(Settings()).values()}
    of_files = {"retention_files_days", "retention_stuck_files_days"}  # their files have rows of their own
    for name in Settings.model_fields:
        if name.startswith("retention_") and name not in of_files:
            changed: dict[str, Any] = {name: 12_345}
            assert {rule.period for rule in rules(Settings(**changed)).values()} != used, name
