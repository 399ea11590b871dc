"""Bringing a draft from another conversation, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from base import clock
from base.database import Database
from base.encryption import KeyRing
from casework import drafts, following, persons
from casework.desk import Desk, staffed
from casework.files.store import FileStore
from casework.identification import Identifications
from casework.return_codes import ReturnCodes
from casework.submissions import SubmissionStore
from casework.vault import Vault
from conversations import store

KEYS = KeyRing(["the secret of a test"])
DESK = Desk(
    SubmissionStore(KEYS, FileStore(KEYS)),
    Identifications(KEYS),
    Vault(KEYS),
    ReturnCodes(KEYS),
    login_url=lambda ticket: ticket,
    login_lasts=lambda channel: timedelta(days=1),
)


async def chat(database: Database, person: str = "P-1") -> str:
    """A conversation of somebody who is logged in."""
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "test", "fr")
        until = clock.later(clock.now(), timedelta(hours=1))
        await persons.link(work, session.id, person, subject_hash="s", hashed_by="k", expires_at=until)
    return session.id


async def begun(database: Database, session_id: str, kind: str = "documents") -> str:
    async with database.unit_of_work(serialise=session_id) as work:
        return (await drafts.begin(work, session_id, kind)).id


async def brought(database: Database, session_id: str, kind: str = "documents") -> bool:
    with staffed(DESK):
        async with database.unit_of_work(serialise=session_id) as work:
            return await following.bring(work, session_id, kind)


async def test_the_latest_of_each_kind_is_offered(database: Database) -> None:
    here, first, second, foreign = [await chat(database, person) for person in ("P-1", "P-1", "P-1", "P-2")]
    for session_id in (first, foreign):
        await begun(database, session_id)
    clock.freeze(clock.later(clock.now(), timedelta(minutes=1)))
    last = await begun(database, second)
    other = await begun(database, first, "deadline")
    async with database.reading() as connection:
        found = await following.elsewhere(connection, here, {"documents", "deadline"})
        assert {draft.id for draft in found} == {last, other}
        assert [draft.id for draft in await following.elsewhere(connection, here, {"deadline"})] == [other]


async def test_draft_is_in_one_conversation_at_a_time(database: Database) -> None:
    here, there = await chat(database), await chat(database)
    old, moved = await begun(database, here), await begun(database, there)
    assert await brought(database, here)
    assert not await brought(database, here), "there is nothing left elsewhere"
    async with database.reading() as connection:
        assert await drafts.session_of(connection, moved) == here
        assert await drafts.session_of(connection, old) is None


async def test_two_conversations_that_want_the_same_never_both_get_it(database: Database) -> None:
    there, *wanting = [await chat(database) for _ in range(4)]
    draft = await begun(database, there)
    results = await asyncio.gather(*(brought(database, session_id) for session_id in wanting))
    async with database.reading() as connection:
        owner = await drafts.session_of(connection, draft)
    assert any(results)
    assert owner in [session_id for session_id, got in zip(wanting, results, strict=True) if got]


async def test_conversation_that_is_being_answered_keeps_its_draft(database: Database) -> None:
    here, there = await chat(database), await chat(database)
    await begun(database, there)
    if database.is_sqlite:  # one writer: whoever comes second waits
        assert await brought(database, here)
        return
    async with database.unit_of_work(serialise=there):
        assert not await brought(database, here)
    assert await brought(database, here)
