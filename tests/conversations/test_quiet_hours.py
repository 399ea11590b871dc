"""Nobody is disturbed at night; who is there gets an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, time

import pytest

from base import clock, outbox
from base.database import UnitOfWork
from base.outbox import Item, NotYet, Worker
from base.quiet import USUAL, QuietHours
from bot.program import Program
from casework import agenda
from tests.support.conversing import Talk, talking, transcript


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("quiet", "moment", "over"),
    [
        (USUAL, "2026-03-11T20:59", "2026-03-11T20:59"),
        (USUAL, "2026-03-11T21:00", "2026-03-12T07:00"),
        (USUAL, "2026-03-12T06:59", "2026-03-12T07:00"),
        (USUAL, "2026-03-12T07:00", "2026-03-12T07:00"),
        (USUAL, "2026-03-28T23:00", "2026-03-29T07:00"),
        (USUAL, "2026-10-24T23:00", "2026-10-25T07:00"),
        (QuietHours(time(12), time(13, 30)), "2026-03-11T12:10", "2026-03-11T13:30"),
        (QuietHours(time(12), time(13, 30)), "2026-03-11T22:00", "2026-03-11T22:00"),
        (QuietHours(time(0), time(0)), "2026-03-11T03:00", "2026-03-11T03:00"),
    ],
)
def test_when_quiet_hours_are_over(quiet: QuietHours, moment: str, over: str) -> None:
    assert quiet.over_at(local(moment)) == local(over)


@pytest.fixture
async def talk(program: Program) -> AsyncIterator[Talk]:
    async with talking(program.assistant, program.database, has_consented=True) as conversation:
        yield conversation


async def reminded_at(program: Program, talk: Talk, moment: datetime) -> None:
    """Sets a reminder as an operator's longer quiet hours or an older version may have left it."""
    async with program.database.unit_of_work() as work:
        await agenda.set_reminder(work, talk.session.id, "ipa", {}, moment)


async def test_what_falls_due_at_night_waits_for_the_morning(talk: Talk, program: Program) -> None:
    await talk.say("bonjour")
    before = len(await transcript(program.database, talk.session))
    night, morning = local("2026-03-11T23:30"), local("2026-03-12T07:00")
    await reminded_at(program, talk, night)
    clock.freeze(night)
    assert await program.worker.tick(night) == 1
    assert len(await transcript(program.database, talk.session)) == before
    clock.freeze(local("2026-03-12T06:59"))
    assert await program.worker.tick(clock.now()) == 0
    clock.freeze(morning)
    assert await program.worker.tick(morning) == 1
    assert len(await transcript(program.database, talk.session)) == before + 1


async def test_who_is_there_is_told_at_once(talk: Talk, program: Program) -> None:
    clock.freeze(local("2026-03-11T23:20"))
    await talk.say("bonjour")
    before = len(await transcript(program.database, talk.session))
    await reminded_at(program, talk, local("2026-03-11T23:30"))
    clock.freeze(local("2026-03-11T23:30"))
    await program.worker.tick(clock.now())
    assert len(await transcript(program.database, talk.session)) == before + 1


async def test_waiting_is_no_failure(program: Program) -> None:
    """However many nights a row waits, it is not given up, and keeps its place among those of its key."""
    handled = list[int]()

    async def handle(item: Item) -> None:
        handled.append(item.attempt)
        if clock.now() < local("2026-03-14T07:00"):
            raise NotYet(USUAL.over_at(local(f"2026-03-{11 + len(handled)}T22:00")))

    async def give_up(_work: UnitOfWork, _item: Item) -> None:
        raise AssertionError("it was given up")

    worker = Worker(program.database, {"wait": handle}, give_up)
    async with program.database.unit_of_work() as work:
        await outbox.put(work, "wait", "key", {})
    for moment in ("2026-03-11T22:00", "2026-03-13T07:00", "2026-03-14T07:00"):
        clock.freeze(local(moment))
        assert await worker.tick(clock.now()) == 1
    assert handled == [1, 1, 1]
