"""Submissions in given states, for what shows them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from base import clock
from bot.program import Program
from casework.files.limits import Kind as FileKind
from casework.files.limits import Prepared
from casework.submissions import Kind, SentFile, State, Submission
from law.documents import Recipient

NUMBER = "R-7F3K-9Q2M-X4TB"
ELSEWHERE = "JR-2026-000123"
RECORDED = datetime(2026, 3, 11, 10, 15, tzinfo=clock.ZONE)
RECEIVED = RECORDED + timedelta(minutes=3)
CV_NAME = "cv-zoé-müller.pdf"
CV = SentFile("5a1e1c0e-1111-4222-8333-444455556666", 250_000, 2, "0123456789abcdef" * 4)


def submission(**values: Any) -> Submission:
    """A CV for the ORP, received unless said otherwise."""
    known: dict[str, Any] = {
        "id": "6a1e1c0e-1111-4222-8333-444455556666",
        "number": NUMBER,
        "session_id": None,
        "person_id": "person-of-the-gateway",
        "kind": Kind.DOCUMENT,
        "recipient": Recipient.ORP,
        "state": State.RECEIVED,
        "generation": 1,
        "recorded_at": RECORDED,
        "legal_date": None,
        "received_at": RECEIVED,
        "receipt_number": ELSEWHERE,
        "reason": None,
        "files": (CV,),
        "content": {"type": "cv"},
    }
    return Submission(**(known | values))


async def handed_in(
    program: Program, session_id: str, state: State = State.RECEIVED, name: str = CV_NAME, moment: datetime = RECORDED
) -> Submission:
    """A CV handed in from a conversation, and what became of it."""
    store = program.submissions
    with clock.at(moment):
        async with program.database.unit_of_work() as work:
            prepared = Prepared(b"%PDF-1.7 " + name.encode(), FileKind.PDF, 2)
            kept = await store.files.keep(work, session_id, name, prepared)
            recorded = await store.record(
                work,
                session_id=session_id,
                person_id="person-of-the-gateway",
                kind=Kind.DOCUMENT,
                content={"type": "cv", "name": name},
                file_ids=[kept.id],
                recipient=Recipient.ORP,
            )
        async with program.database.unit_of_work() as work:
            match state:
                case State.RECEIVED:
                    await store.received(work, recorded, ELSEWHERE, RECEIVED)
                case State.REFUSED:
                    await store.refused(work, recorded, "a-reason")
                case State.GIVEN_UP:
                    await store.given_up(work, recorded.id)
    async with program.database.reading() as connection:
        found = await store.find(connection, recorded.id)
    assert found is not None
    return found
