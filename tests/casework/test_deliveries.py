"""One submission on its way to the sandbox: whatever happens there, what is kept here is true. On both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Database
from base.encryption import KeyRing, Undecipherable
from base.outbox import DONE, PENDING, Backoff, Item, Worker, outbox
from base.signals import Signals
from bot.engine.dialogue import Dialogue
from bot.notices import Notices
from casework import sealing
from casework.cases import Matter, open_case, open_cases
from casework.deliveries import OURS, OVERDUE, Deliveries, Overtaken
from casework.files.intake import Intake
from casework.files.limits import Kind as FileKind
from casework.files.limits import Limits, Prepared
from casework.files.refusals import Reason as FileReason
from casework.files.refusals import Refused as FileRefused
from casework.files.store import KEPT_AFTER_DELIVERY, KEPT_STUCK, FileStore
from casework.files.workshop import Workshop
from casework.submissions import (
    DAYS_BEFORE_LEGAL_DATE,
    DELIVER,
    NEWS,
    OVERDUE_AFTER,
    SOONEST_WARNING,
    WATCH,
    Gone,
    Kind,
    State,
    Submission,
    SubmissionStore,
    is_handed_over,
    keep_stuck_cases,
    tell,
    warn_at,
)
from conversations import store as chats
from conversations.models import Session
from eservices.client import EServices
from eservices.errors import Unavailable
from eservices.models import Operation
from eservices.models.files import MAX_FILE_BYTES
from eservices.reasons import Reason
from eservices.sandbox import people
from eservices.sandbox.app import create_app
from eservices.sandbox.faults import Kind as Fault
from eservices.sandbox.papers import STAGED_FOR
from eservices.sandbox.people import A_PDF
from eservices.sandbox.transport import InProcess
from law.calendar import is_working_day
from law.documents import Document, Recipient
from tests.casework.files import samples
from tests.eservices.conftest import CONFIG, URL, connected

CAMILLE, ELODIE = people.person_id(1), people.person_id(9)
DOCUMENTS, FILES = "/v1/persons/*/documents", "/v1/persons/*/files"
BOTH_TRIES = 2
"""Requests that one attempt makes at most for one write: `connected` tries twice."""
ATTEMPTS = Backoff().attempts
OLD, NEW = "the old secret " * 3, "the new secret " * 3


class Office:
    """Submissions, the gateway they go to, and the worker that brings them there.

    Args:
        database: Where everything is kept.
        sandbox: The gateway.
        services: The client that calls it.
        session: The conversation that submissions come from.
        workshop: Joins files.
        dialogue: Writes the notices; without it their rows stay where they are.
    """

    def __init__(
        self,
        database: Database,
        sandbox: FastAPI,
        services: EServices,
        session: Session,
        *,
        workshop: Workshop | None = None,
        dialogue: Dialogue | None = None,
    ) -> None:
        keys = KeyRing([OLD])
        self.database, self.session = database, session
        self.store = SubmissionStore(keys, FileStore(keys))
        self.deliveries = Deliveries(database, self.store, services, workshop or Workshop())
        self.intake = Intake(database, self.store.files, Workshop(), None)
        notices = Notices(database, dialogue, Signals(database), self.store).handlers if dialogue else {}
        self.handlers = {**self.deliveries.handlers, **self.intake.handlers, **notices}
        self._web = httpx.AsyncClient(transport=InProcess(sandbox), base_url=URL)

    async def hand_in(self, *pdfs: bytes, person: str = CAMILLE, **values: Any) -> Submission:
        """What a «oui» does."""
        async with self.database.unit_of_work() as work:
            kept = [
                await self.store.files.keep(work, self.session.id, "cv.pdf", Prepared(pdf, FileKind.PDF, 1))
                for pdf in pdfs or (A_PDF,)
            ]
            return await self.store.record(
                work,
                session_id=self.session.id,
                person_id=person,
                kind=Kind.DOCUMENT,
                content={"type": Document.CV, "name": "CV.pdf"},
                file_ids=[file.id for file in kept],
                recipient=Recipient.ORP,
                **values,
            )

    async def work(self, seconds: float = 60) -> int:
        """Attempts everything that is due, once."""
        worker = Worker(
            self.database,
            self.handlers,
            self.deliveries.give_up,
            lease=timedelta(seconds=seconds * 2),
            timeout=timedelta(seconds=seconds),
        )
        return await worker.tick(clock.now())

    async def wait_and_work(self, submission: Submission) -> Submission:
        """Lets time pass to the next attempt of a submission, again and again, until it is settled."""
        while (found := await self.find(submission)).state is State.RECORDED:
            async with self.database.reading() as connection:
                mine = outbox.c.key == f"submission:{submission.id}"
                moment = (await connection.execute(select(outbox.c.next_attempt_at).where(mine))).scalar_one()
            clock.freeze(max(clock.now(), moment))
            await self.work()
        return found

    async def find(self, submission: Submission) -> Submission:
        async with self.database.reading() as connection:
            found = await self.store.find(connection, submission.id)
        assert found is not None
        return found

    async def strike(self, kind: Fault, **more: Any) -> None:
        answer = await self._web.post("/sandbox/faults", json={"kind": kind, **more})
        assert answer.status_code == 201, answer.text

    async def no_more_faults(self) -> None:
        await self._web.delete("/sandbox/faults")

    async def journal(self, operation: Operation) -> list[dict[str, Any]]:
        """What the gateway has processed."""
        entries = (await self._web.get("/sandbox/journal")).json()
        return [entry for entry in entries if entry["operation"] == operation]

    async def news(self) -> list[str]:
        """What the person is to be told."""
        query = select(outbox.c.payload).where(outbox.c.kind == NEWS).order_by(outbox.c.id)
        async with self.database.reading() as connection:
            return [payload["news"] for payload in (await connection.execute(query)).scalars()]

    async def said(self) -> list[str]:
        """What the person was told."""
        async with self.database.reading() as connection:
            return [message.text for message in await chats.history(connection, self.session.id)]

    async def kept(self, file_id: str) -> bytes | None:
        """What is kept of an entrusted file."""
        async with self.database.reading() as connection:
            return await self.store.files.read(connection, file_id, None)

    async def close(self) -> None:
        await self._web.aclose()


@pytest.fixture
def sandbox() -> Iterator[FastAPI]:
    app = create_app(CONFIG)
    yield app
    app.state.store.close()


@pytest.fixture
async def session(database: Database) -> Session:
    async with database.unit_of_work() as work:
        opened, _ = await chats.open_session(work, "web", "fr")
    return opened


@pytest.fixture
async def office(database: Database, sandbox: FastAPI, session: Session) -> AsyncIterator[Office]:
    async with connected(sandbox) as services:
        opened = Office(database, sandbox, services, session)
        yield opened
        await opened.close()


@pytest.fixture
async def speaking(database: Database, sandbox: FastAPI, session: Session, dialogue: Dialogue) -> AsyncIterator[Office]:
    """An office that tells people what became of their submissions."""
    async with connected(sandbox) as services:
        opened = Office(database, sandbox, services, session, dialogue=dialogue)
        yield opened
        await opened.close()


async def assert_arrived_once(office: Office, submission: Submission) -> None:
    """The gateway has it once, and what is kept here is its receipt."""
    (entry,) = await office.journal(Operation.SEND_DOCUMENT)
    found = await office.find(submission)
    assert found.state is State.RECEIVED
    assert found.receipt_number == entry["number"]
    assert found.received_at == clock.parse(entry["at"])
    assert await office.news() == [State.RECEIVED]


async def test_healthy_gateway_has_it_after_the_first_attempt(office: Office) -> None:
    submission = await office.hand_in()
    await office.work()
    await assert_arrived_once(office, submission)
    (staged,) = await office.journal(Operation.STAGE_FILE)
    assert staged["request"]["sha256"] == submission.files[0].sha256


@pytest.mark.parametrize("path", [FILES, DOCUMENTS])
@pytest.mark.parametrize("kind", [Fault.FAILED, Fault.DOWN, Fault.DROPPED, Fault.LOST])
async def test_after_a_passing_fault_it_arrives_once(office: Office, kind: Fault, path: str) -> None:
    submission = await office.hand_in()
    await office.strike(kind, path=path, count=BOTH_TRIES)
    await office.work()
    assert (await office.find(submission)).state is State.RECORDED, "nobody knows yet, and nobody may say otherwise"
    assert await office.news() == []
    await office.wait_and_work(submission)
    await assert_arrived_once(office, submission)
    assert len(await office.journal(Operation.STAGE_FILE)) == 1


async def test_gateway_that_hangs_is_left_and_asked_again(office: Office) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.SLOW, seconds=600)
    await office.work(seconds=0.05)
    assert (await office.find(submission)).state is State.RECORDED
    await office.no_more_faults()
    await office.wait_and_work(submission)
    await assert_arrived_once(office, submission)


async def test_slow_answer_is_waited_for(office: Office) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.SLOW, seconds=0.01, count=BOTH_TRIES)
    await office.work()
    await assert_arrived_once(office, submission)


@pytest.mark.parametrize("path", [FILES, DOCUMENTS])
async def test_every_refusal_is_final_and_keeps_its_reason(office: Office, path: str) -> None:
    passing = {Reason.UNAVAILABLE, Reason.TOO_MANY_REQUESTS, Reason.FAILED}
    refusals = [reason for reason in Reason if reason not in passing | OURS | {Reason.FILE_UNKNOWN}]
    for reason in refusals:
        submission = await office.hand_in()
        await office.strike(Fault.CONFLICT, path=path, reason=reason)
        await office.work()
        found = await office.find(submission)
        assert (found.state, found.reason) == (State.REFUSED, reason)
        assert (found.receipt_number, found.received_at) == (None, None)
    assert await office.journal(Operation.SEND_DOCUMENT) == []
    assert await office.news() == [State.REFUSED] * len(refusals)
    clock.freeze(clock.now() + timedelta(hours=7))
    await office.work()
    assert await office.journal(Operation.SEND_DOCUMENT) == [], "what was refused was sent again"


async def test_refusal_of_the_gateways_own_rules_is_final_too(office: Office) -> None:
    submission = await office.hand_in(person=ELODIE)
    await office.work()
    found = await office.find(submission)
    assert (found.state, found.reason) == (State.REFUSED, Reason.TOO_MANY_VERSIONS)


@pytest.mark.parametrize("reason", [Reason.UNAUTHORIZED, Reason.FORBIDDEN, Reason.INVALID_REQUEST, Reason.NOT_FOUND])
async def test_misunderstanding_is_the_operators_matter_and_not_the_persons(office: Office, reason: Reason) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.CONFLICT, reason=reason, count=9)
    await office.work()
    assert (await office.find(submission)).state is State.RECORDED
    await office.no_more_faults()
    await office.wait_and_work(submission)
    await assert_arrived_once(office, submission)


async def test_wrong_credentials_lose_nothing(database: Database, sandbox: FastAPI, session: Session) -> None:
    async with connected(sandbox, secret="wrong") as wrong, connected(sandbox) as right:
        locked_out, let_in = (Office(database, sandbox, services, session) for services in (wrong, right))
        submission = await locked_out.hand_in()
        await locked_out.work()
        assert (await locked_out.find(submission)).state is State.RECORDED
        await let_in.wait_and_work(submission)
        await assert_arrived_once(let_in, submission)
        await locked_out.close()
        await let_in.close()


async def test_staged_file_that_has_expired_is_staged_anew_and_arrives_once(office: Office) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.DOWN, path=DOCUMENTS, count=BOTH_TRIES)
    await office.work()
    clock.freeze(clock.now() + STAGED_FOR + timedelta(minutes=1))
    assert (await office.wait_and_work(submission)).generation == 2
    (sent,) = await office.journal(Operation.SEND_DOCUMENT)
    first, second = await office.journal(Operation.STAGE_FILE)
    assert first["idempotency_key"] != second["idempotency_key"]
    assert first["request"] == second["request"]
    found = await office.find(submission)
    assert (found.state, found.receipt_number) == (State.RECEIVED, sent["number"])


async def test_document_whose_answer_was_lost_is_not_sent_anew_when_its_file_would_have_expired(
    office: Office,
) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.LOST, path=DOCUMENTS)
    await office.strike(Fault.DOWN, path=DOCUMENTS)
    await office.work()
    received = clock.now()
    clock.freeze(received + STAGED_FOR + timedelta(minutes=1))
    found = await office.wait_and_work(submission)
    assert (found.generation, found.received_at) == (1, received)
    assert len(await office.journal(Operation.SEND_DOCUMENT)) == 1


async def test_key_that_the_gateway_knows_for_something_else_is_no_refusal(office: Office) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.CONFLICT, path=DOCUMENTS, reason=Reason.IDEMPOTENCY_KEY_REUSED, count=1000)
    assert (await office.wait_and_work(submission)).state is State.GIVEN_UP
    assert State.REFUSED not in await office.news()


class Counting(Workshop):
    """Counts what it joins."""

    joined = 0

    async def join(self, pdfs: Sequence[bytes], max_bytes: int) -> Prepared:
        self.joined += 1
        return await super().join(pdfs, max_bytes)


async def test_several_files_are_joined_once_and_the_same_bytes_go_at_each_attempt(
    database: Database, sandbox: FastAPI, session: Session
) -> None:
    async with connected(sandbox) as services:
        workshop = Counting()
        office = Office(database, sandbox, services, session, workshop=workshop)
        submission = await office.hand_in(samples.pdf(), samples.pdf(pages=2))
        await office.strike(Fault.LOST, path=FILES, count=BOTH_TRIES)
        await office.strike(Fault.FAILED, path=DOCUMENTS, count=BOTH_TRIES)
        found = await office.wait_and_work(submission)
        await assert_arrived_once(office, submission)
        (file,) = found.files
        (staged,) = await office.journal(Operation.STAGE_FILE)
        assert (file.pages, staged["request"]) == (3, {"sha256": file.sha256, "size": file.size})
        assert staged["replays"] >= BOTH_TRIES
        assert workshop.joined == 1
        assert [await office.kept(part.file_id) for part in submission.files] == [None, None]
        assert await office.kept(file.file_id)
        await office.close()


async def test_files_that_cannot_be_made_small_enough_are_refused(
    database: Database, sandbox: FastAPI, session: Session
) -> None:
    class Hopeless(Workshop):
        async def join(self, pdfs: Sequence[bytes], max_bytes: int) -> Prepared:
            raise FileRefused(FileReason.NOT_SMALL_ENOUGH)

    async with connected(sandbox) as services:
        office = Office(database, sandbox, services, session, workshop=Hopeless())
        submission = await office.hand_in(A_PDF + bytes(MAX_FILE_BYTES))
        await office.work()
        found = await office.find(submission)
        assert (found.state, found.reason) == (State.REFUSED, FileReason.NOT_SMALL_ENOUGH)
        assert found.is_unsendable
        assert await office.journal(Operation.STAGE_FILE) == []
        await office.close()


async def test_mishap_while_joining_is_no_refusal(database: Database, sandbox: FastAPI, session: Session) -> None:
    async with connected(sandbox) as services:
        office = Office(database, sandbox, services, session, workshop=Workshop(Limits(seconds=0)))
        submission = await office.hand_in(A_PDF + bytes(MAX_FILE_BYTES))
        await office.work()
        assert (await office.find(submission)).state is State.RECORDED
        await office.close()


async def test_what_never_arrives_is_given_up_with_a_case_and_said(speaking: Office) -> None:
    submission = await speaking.hand_in()
    begun = clock.now()
    await speaking.strike(Fault.DOWN, count=1000)
    assert (await speaking.wait_and_work(submission)).state is State.GIVEN_UP
    assert clock.now() - begun > timedelta(days=1)
    clock.freeze((clock.now() + timedelta(days=1)).replace(hour=12))  # by day, when nothing has to wait for the morning
    await speaking.work()
    await speaking.work()
    assert await speaking.news() == [OVERDUE, State.GIVEN_UP]
    (overdue, given_up) = await speaking.said()
    async with speaking.database.reading() as connection:
        (case,) = await open_cases(connection)
    for notice in (overdue, given_up):
        assert submission.number in notice
        assert case.number in notice
    assert "je n'essaie plus" in given_up
    assert await speaking.kept(submission.files[0].file_id) == A_PDF, "whoever takes over has no file"


async def test_arrival_and_refusal_are_said_where_the_person_is(speaking: Office) -> None:
    submission = await speaking.hand_in()
    await speaking.work()
    await speaking.hand_in(person=ELODIE)
    await speaking.work()
    await speaking.work()
    received, refused = await speaking.said()
    assert submission.number in received
    assert "il y en a déjà trop de ce type" in refused
    async with speaking.database.reading() as connection:
        assert await open_cases(connection) == ()


async def _row(office: Office, kind: str) -> Item:
    """The row of a kind, as a worker that is soon taken for dead holds it."""
    async with office.database.reading() as connection:
        found = (await connection.execute(select(outbox).where(outbox.c.kind == kind))).mappings().one()
    return Item(found["id"], kind, found["key"], found["payload"], 1, "somebody's")


async def test_attempt_that_is_overtaken_while_files_are_joined_gives_nothing_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker took the row because this one was slow; it joined the files, and could not send them yet."""
    submission = await office.hand_in(samples.pdf(), samples.pdf())
    item, find = await _row(office, DELIVER), office.store.find

    async def overtaken(connection: AsyncConnection, submission_id: str, **more: Any) -> Submission | None:
        monkeypatch.undo()
        found = await find(connection, submission_id, **more)
        with pytest.raises(Unavailable):
            await office.handlers[DELIVER](item)
        return found

    await office.strike(Fault.DOWN, count=100)
    monkeypatch.setattr(office.store, "find", overtaken)
    with pytest.raises(Overtaken):
        await office.handlers[DELIVER](item)
    await office.no_more_faults()
    assert (await office.wait_and_work(submission)).state is State.RECEIVED


async def test_same_row_handled_twice_delivers_and_tells_once(office: Office) -> None:
    submission = await office.hand_in()
    item = await _row(office, DELIVER)
    for _ in range(2):
        await office.handlers[DELIVER](item)
    await office.work()
    await assert_arrived_once(office, submission)


@pytest.mark.parametrize("files", [1, 2])
async def test_two_attempts_at_the_same_time_deliver_and_tell_once(office: Office, files: int) -> None:
    submission = await office.hand_in(*(samples.pdf() for _ in range(files)))
    item = await _row(office, DELIVER)
    # One of them may fail over the other; the row then stays, and the next attempt finds out.
    await asyncio.gather(*(office.handlers[DELIVER](item) for _ in range(2)), return_exceptions=True)
    await office.wait_and_work(submission)
    await assert_arrived_once(office, submission)
    assert len(await office.journal(Operation.STAGE_FILE)) == 1


async def test_watch_that_died_after_acting_says_once_that_it_is_late(speaking: Office) -> None:
    await speaking.hand_in()
    item = await _row(speaking, WATCH)
    await speaking.strike(Fault.DOWN, count=1000)
    for _ in range(2):
        await speaking.handlers[WATCH](item)
    for _ in range(3):
        await speaking.work()
    (said,) = await speaking.said()
    assert "n'a pas encore confirmé" in said


async def test_late_submission_is_said_after_a_day_and_still_delivered(speaking: Office) -> None:
    submission = await speaking.hand_in()
    await speaking.strike(Fault.DOWN, count=BOTH_TRIES * 3)
    await speaking.work()
    clock.freeze(submission.recorded_at + OVERDUE_AFTER - timedelta(seconds=1))
    await speaking.work()
    await speaking.work()
    assert await speaking.said() == []
    clock.freeze(submission.recorded_at + OVERDUE_AFTER)
    await speaking.work()
    await speaking.work()
    (late,) = await speaking.said()
    assert "déposez-le vous-même" in late
    assert (await speaking.wait_and_work(submission)).state is State.RECEIVED
    await speaking.work()
    assert "Reçu par Job-Room" in (await speaking.said())[-1]
    async with speaking.database.reading() as connection:
        (case,) = await open_cases(connection)
    assert case.number in late


async def test_late_submission_is_said_before_its_legal_date(speaking: Office) -> None:
    submission = await speaking.hand_in(legal_date=date(2026, 3, 13))  # the day after tomorrow, a Friday
    await speaking.strike(Fault.DOWN, count=1000)
    await speaking.work()
    assert await speaking.said() == [], "the first attempt has hardly begun"
    clock.freeze(submission.recorded_at + SOONEST_WARNING)
    await speaking.work()
    await speaking.work()
    (late,) = await speaking.said()
    assert submission.number in late


async def test_submission_that_arrived_is_never_called_late(speaking: Office) -> None:
    submission = await speaking.hand_in(legal_date=clock.today())
    await speaking.work()
    await assert_arrived_once(speaking, submission)
    clock.freeze(clock.now() + OVERDUE_AFTER * 2)
    for _ in range(3):
        await speaking.work()
    (said,) = await speaking.said()
    assert "Reçu par Job-Room" in said


@given(
    recorded=st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1)),
    days=st.none() | st.integers(min_value=-3, max_value=60),
)
def test_warning_comes_in_time_and_gives_the_first_attempts_a_chance(recorded: datetime, days: int | None) -> None:
    # Only moments that exist: in spring, an hour is left out.
    moment = recorded.replace(tzinfo=clock.ZONE).astimezone(UTC).astimezone(clock.ZONE)
    legal_date = None if days is None else moment.date() + timedelta(days=days)
    warned = warn_at(moment, legal_date)
    passed = warned.astimezone(UTC) - moment.astimezone(UTC)
    assert SOONEST_WARNING <= passed <= OVERDUE_AFTER
    if legal_date is None:
        assert passed == OVERDUE_AFTER
    elif passed > SOONEST_WARNING:
        left = [warned.date() + timedelta(days=ahead) for ahead in range((legal_date - warned.date()).days + 1)]
        assert sum(map(is_working_day, left)) >= DAYS_BEFORE_LEGAL_DATE, "no time is left to use another way"


async def test_what_was_confirmed_is_delivered_after_the_conversation_is_erased_and_nobody_is_told(
    office: Office,
) -> None:
    submission = await office.hand_in()
    await office.strike(Fault.DOWN, path=DOCUMENTS, count=BOTH_TRIES)
    await office.work()
    async with office.database.unit_of_work() as work:
        await chats.erase(work, office.session.id)
    clock.freeze(clock.now() + OVERDUE_AFTER)
    found = await office.wait_and_work(submission)
    assert (found.state, found.session_id) == (State.RECEIVED, None)
    assert len(await office.journal(Operation.SEND_DOCUMENT)) == 1
    assert await office.news() == []


async def test_conversation_erased_between_arrival_and_notice_is_no_error(speaking: Office) -> None:
    await speaking.hand_in()
    await speaking.work()
    async with speaking.database.unit_of_work() as work:
        await chats.erase(work, speaking.session.id)
    await speaking.work()
    async with speaking.database.reading() as connection:
        waiting = select(func.count()).where(outbox.c.kind == NEWS, outbox.c.state != DONE)
        assert (await connection.execute(waiting)).scalar_one() == 0


@pytest.mark.parametrize("person", [CAMILLE, ELODIE], ids=["received", "refused"])
async def test_files_are_deleted_a_month_after_the_gateways_answer(office: Office, person: str) -> None:
    submission = await office.hand_in(person=person)
    await office.work()
    (file,) = submission.files
    answered = clock.now()
    clock.freeze(answered + KEPT_AFTER_DELIVERY - timedelta(seconds=1))
    await office.work()
    assert await office.kept(file.file_id) == A_PDF
    clock.freeze(answered + KEPT_AFTER_DELIVERY)
    await office.work()
    assert await office.kept(file.file_id) is None
    assert (await office.find(submission)).files == submission.files, "the receipt names it still"


async def test_files_that_did_not_arrive_are_deleted_once_somebody_had_the_time_to_look(office: Office) -> None:
    submission = await office.hand_in()
    async with office.database.unit_of_work() as work:
        for _ in range(2):
            await office.store.given_up(work, submission.id)
        await work.connection.execute(outbox.delete().where(outbox.c.kind == DELIVER))
    given_up = clock.now()
    for passed, content in ((KEPT_STUCK - timedelta(seconds=1), A_PDF), (KEPT_STUCK, None)):
        clock.freeze(given_up + passed)
        await office.work()
        assert await office.kept(submission.files[0].file_id) == content


async def test_case_of_what_is_stuck_outlives_the_conversation_without_what_was_said(speaking: Office) -> None:
    submission = await speaking.hand_in()
    async with speaking.database.unit_of_work() as work:
        await speaking.store.given_up(work, submission.id)
    await speaking.work()
    async with speaking.database.unit_of_work() as work:
        (case,) = await open_cases(work.connection)
        assert case.topic == "tx_documents"
        other, _ = await chats.open_session(work, "web", "fr")
        await open_case(work, other.id, Matter("handover", "fr"))
        for session_id in (speaking.session.id, other.id):
            await keep_stuck_cases(work, session_id)
            await chats.erase(work, session_id)
        (left,) = await open_cases(work.connection)
        assert (left.id, left.transcript, left.summary, left.session_id) == (case.id, (), (), None)
        assert await is_handed_over(work.connection, submission.id)


async def test_what_is_given_up_after_the_conversation_was_erased_has_a_case_too(speaking: Office) -> None:
    submission = await speaking.hand_in()
    async with speaking.database.unit_of_work() as work:
        await chats.erase(work, speaking.session.id)
        await speaking.store.given_up(work, submission.id)
    await speaking.work()
    async with speaking.database.unit_of_work() as work:
        await tell(work, replace(submission, session_id=None), State.GIVEN_UP)
    await speaking.work()
    async with speaking.database.reading() as connection:
        (case,) = await open_cases(connection)
        assert (case.topic, case.language, case.transcript) == ("tx_documents", "fr", ())
        assert await is_handed_over(connection, submission.id)


async def test_files_stay_as_long_as_nothing_has_arrived(office: Office) -> None:
    submission = await office.hand_in()
    async with office.database.unit_of_work() as work:
        await work.connection.execute(outbox.delete().where(outbox.c.kind == DELIVER))
    clock.freeze(clock.now() + KEPT_AFTER_DELIVERY * 12)
    while await office.work():
        pass
    assert await office.kept(submission.files[0].file_id) == A_PDF


async def test_nothing_is_confirmed_of_a_file_that_is_gone(office: Office) -> None:
    async with office.database.unit_of_work() as work:
        kept = await office.store.files.keep(work, office.session.id, "cv.pdf", Prepared(A_PDF, FileKind.PDF, 1))
        await office.store.files.delete(work, kept.id)
    with pytest.raises(Gone):
        async with office.database.unit_of_work() as work:
            await office.store.record(
                work,
                session_id=office.session.id,
                person_id=CAMILLE,
                kind=Kind.DOCUMENT,
                content={},
                file_ids=[kept.id],
            )
    async with office.database.reading() as connection:
        assert await office.store.all_of_session(connection, office.session.id) == ()
        pending = select(func.count()).where(outbox.c.state == PENDING, outbox.c.kind.in_([DELIVER, WATCH]))
        assert (await connection.execute(pending)).scalar_one() == 0


async def test_submissions_can_be_read_and_delivered_when_the_secret_has_changed(
    database: Database, sandbox: FastAPI, office: Office
) -> None:
    submission = await office.hand_in()
    both = KeyRing([NEW, OLD])
    assert await sealing.wrap_anew(database, both) == 2
    assert await sealing.wrap_anew(database, both) == 0
    new = KeyRing([NEW])
    async with database.reading() as connection:
        found = await SubmissionStore(new, FileStore(new)).find(connection, submission.id)
        assert found == submission
        with pytest.raises(Undecipherable):
            await office.store.find(connection, submission.id)
