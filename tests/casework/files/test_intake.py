"""The way in: from the bytes that were sent to the file that is kept."""

import asyncio

import pytest
from sqlalchemy import select

from base.database import Database
from base.encryption import KeyRing
from casework.files.intake import Intake
from casework.files.limits import MEBIBYTE, Kind
from casework.files.refusals import Reason, Refused
from casework.files.scanning import Scanner
from casework.files.store import FileStore, files
from casework.files.wording import WORDING
from casework.files.workshop import Workshop
from conversations import store as chats
from law.documents import LIMITS, EService
from tests.casework.files import samples
from tests.casework.files.test_scanning import EICAR, Clamd, serving, usual

STORE = FileStore(KeyRing(["a secret" * 4]))


async def begun(database: Database) -> str:
    async with database.unit_of_work() as work:
        session, _ = await chats.open_session(work, "web", "fr")
    return session.id


async def refusal(database: Database, data: bytes, scanner: Scanner | None = None) -> Reason:
    """Why it is not taken; and nothing is kept."""
    session_id = await begun(database)
    with pytest.raises(Refused) as refused:
        await Intake(database, STORE, Workshop(), scanner).take(session_id, "cv.pdf", data)
    async with database.reading() as connection:
        assert (await connection.execute(select(files))).all() == []
    return refused.value.reason


async def test_photos_and_a_pdf_become_one_pdf_for_the_e_service(database: Database) -> None:
    session_id, intake = await begun(database), Intake(database, STORE, Workshop(), None)
    sent = [samples.jpeg(samples.picture()), samples.pdf(), samples.heic(samples.picture())]
    taken = [await intake.take(session_id, "certificat.exe", data) for data in sent]
    assert [file.kind for file in taken] == [Kind.JPEG, Kind.PDF, Kind.HEIC]
    assert {file.name for file in taken} == {"certificat.pdf"}
    joined = await intake.joined(session_id, [file.id for file in taken], LIMITS[EService.DOCUMENTS].max_bytes)
    assert joined.pages == 3


async def test_files_of_another_conversation_are_not_joined(database: Database) -> None:
    intake = Intake(database, STORE, Workshop(), None)
    file = await intake.take(await begun(database), "cv.pdf", samples.pdf())
    with pytest.raises(LookupError):
        await intake.joined(await begun(database), [file.id], MEBIBYTE)


async def test_files_that_come_at_once_are_counted_one_after_another(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.files.store.MOST_FILES", 1)
    session_id, intake = await begun(database), Intake(database, STORE, Workshop(), None)
    photo = samples.jpeg(samples.picture())
    ended = await asyncio.gather(*(intake.take(session_id, "cv", photo) for _ in range(4)), return_exceptions=True)
    assert len([end for end in ended if isinstance(end, Refused)]) == 3
    async with database.reading() as connection:
        assert len((await connection.execute(select(files.c.id))).all()) == 1


async def test_empty_and_too_big_files_are_refused_before_anything_reads_them(database: Database) -> None:
    async with serving(Clamd(usual)) as scanner:
        pass  # a scanner that is gone would be noticed
    assert await refusal(database, b"", scanner) is Reason.EMPTY
    assert await refusal(database, b"x" * (10 * MEBIBYTE + 1), scanner) is Reason.TOO_BIG


async def test_clean_verdict_lets_the_file_in(database: Database) -> None:
    async with serving(Clamd(usual)) as scanner:
        taken = await Intake(database, STORE, Workshop(), scanner).take(await begun(database), "cv", samples.pdf())
    assert taken.kind is Kind.PDF


async def test_infected_file_is_refused(database: Database) -> None:
    async with serving(Clamd(usual)) as scanner:
        assert await refusal(database, samples.pdf() + EICAR, scanner) is Reason.INFECTED


async def test_without_a_verdict_no_file_is_taken(database: Database) -> None:
    async with serving(Clamd(lambda _data: b"ERROR\0")) as scanner:
        assert await refusal(database, samples.pdf(), scanner) is Reason.NOT_SCANNED
    assert await refusal(database, samples.pdf(), scanner) is Reason.NOT_SCANNED


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_says_what_to_do(reason: Reason) -> None:
    why, _, todo = WORDING[reason].partition(". ")
    assert why
    assert todo.endswith(".")
