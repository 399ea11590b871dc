"""Erasing a conversation, in both kinds of database."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

import bot.engine.tracker_store  # noqa: F401  # registers its table
from actions.my_data import erasure
from base import clock
from base.database import Database, metadata
from base.encryption import KeyRing
from base.outbox import outbox
from casework import access, agenda, applications, consents, drafts, persons
from casework.access import Actor, Deed
from casework.applications import Application
from casework.cases import Matter, open_case
from casework.files.limits import Kind as FileKind
from casework.files.limits import Prepared
from casework.files.store import FileStore, files
from casework.submissions import DELIVER, WATCH, Kind, State, Submission, SubmissionStore, submissions
from conversations import store
from law.documents import ApplicationStatus, Document, Recipient

KEYS = KeyRing(["the secret of this test"])
PDF = Prepared(b"%PDF-1.7 small", FileKind.PDF, 1)


async def handed_in(database: Database, kept: SubmissionStore, session_id: str) -> Submission:
    async with database.unit_of_work() as work:
        file = await kept.files.keep(work, session_id, "cv.pdf", PDF)
        return await kept.record(
            work,
            session_id=session_id,
            person_id="p",
            kind=Kind.DOCUMENT,
            content={"type": Document.CV, "name": "CV.pdf"},
            file_ids=[file.id],
            recipient=Recipient.ORP,
        )


async def lived_in(database: Database, kept: SubmissionStore) -> str:
    """A conversation with something of everything."""
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
        await persons.new_login(work, session.id)
        await persons.link(work, session.id, "p", subject_hash="s", hashed_by="k", expires_at=clock.now())
        await consents.give(work, session.id)
        await drafts.begin(work, session.id, "documents")
        await kept.files.keep(work, session.id, "unsent.pdf", PDF)
        day = date(2026, 6, 1)
        due = await agenda.note(work, session.id, "x", "ipa", {"month": None}, day, day)
        await agenda.remind(work, due)
        await open_case(work, session.id, Matter("tx_documents", "fr"))
        await access.note(work, session.id, Actor.PERSON, Deed.COPIED, access.Kind.EVERYTHING, "")
    on_its_way, arrived, refused, stuck = [await handed_in(database, kept, session.id) for _ in range(4)]
    async with database.unit_of_work() as work:
        await kept.received(work, arrived, "JR-1", clock.now())
        await kept.refused(work, refused, "file-infected")
        await kept.given_up(work, stuck.id)
    assert on_its_way.state is State.RECORDED
    return session.id


async def test_everything_goes_but_what_was_handed_in(database: Database) -> None:
    kept = SubmissionStore(KEYS, FileStore(KEYS))
    mine, other = await lived_in(database, kept), await lived_in(database, kept)
    async with database.unit_of_work() as work:
        await erasure.erase(work, kept, mine)
    async with database.reading() as connection:
        for table in metadata.sorted_tables:
            if "session_id" in table.c:
                left = set((await connection.execute(select(table.c.session_id))).scalars())
                assert mine not in left, table.name
        states = select(submissions.c.state).where(submissions.c.session_id.is_(None))
        assert set((await connection.execute(states)).scalars()) == {State.RECORDED, State.RECEIVED, State.GIVEN_UP}
        rows = (await connection.execute(select(outbox.c.kind, outbox.c.key))).all()
        assert not [row for row in rows if mine in row.key]
        assert [row.kind for row in rows].count(DELIVER) == [row.kind for row in rows].count(WATCH) == 8
        contents = select(func.count(files.c.content)).where(files.c.session_id.is_(None))
        assert (await connection.execute(contents)).scalar_one() == 2 + 4, "on their way or stuck, and the other's"
        assert await agenda.coming(connection, other, clock.today())
        assert len(await kept.all_of_session(connection, other)) == 4


async def test_what_is_sent_afterwards_is_noted_for_the_person(database: Database) -> None:
    kept = SubmissionStore(KEYS, FileStore(KEYS))
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
    submission = await handed_in(database, kept, session.id)
    async with database.unit_of_work() as work:
        await erasure.erase(work, kept, session.id)
    async with database.unit_of_work() as work:
        await kept.note_sending(work, submission)
        await kept.received(work, submission, "JR-1", clock.now() + timedelta(minutes=1))
    async with database.reading() as connection:
        (noted,) = await access.of(connection, [], "p")
        assert (noted.actor, noted.object) == (Actor.SYSTEM, submission.number)
        assert await access.of(connection, [], "somebody else") == ()
        assert await access.of(connection, [session.id], None) == ()


async def test_what_is_known_of_an_application_goes_with_the_last_conversation(database: Database) -> None:
    kept = SubmissionStore(KEYS, FileStore(KEYS))
    chats = [await lived_in(database, kept) for _ in range(2)]
    async with database.unit_of_work() as work:
        await applications.keep(work, "p", Application(ApplicationStatus.DRAFT, clock.now()))
        await applications.follow(work, "p")
        for session_id in chats:
            await applications.ask(work, session_id, "p")
    for session_id, is_known in zip(chats, (True, False), strict=True):
        async with database.unit_of_work() as work:
            await erasure.erase(work, kept, session_id)
        async with database.reading() as connection:
            assert (await applications.known(connection, "p") is not None) == is_known
    async with database.reading() as connection:
        left = select(func.count()).where(outbox.c.kind == applications.READ)
        assert (await connection.execute(left)).scalar_one() == 0
