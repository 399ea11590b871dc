"""What is said arrives in order, as fast as Telegram allows, whatever goes wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from base import clock, outbox
from bot.channels.telegram.pace import Pace
from casework import agenda
from conversations import store, telegram
from conversations.models import Draft
from tests.support.bot_api import LONGEST_TEXT, BotApi, Phone
from tests.support.telegram import Line


async def begun(line: Line, phone: Phone) -> None:
    phone.types("bonjour")
    await line.carry()
    phone.shown.clear()


async def say(line: Line, phone: Phone, *texts: str) -> None:
    """Something is said of our own accord."""
    session = await line.session(phone)
    for text in texts:
        async with line.program.database.unit_of_work(serialise=session.id) as work:
            await store.record_notice(work, session.id, f"of a test: {text}", Draft("bot", text, "fr"))


def read(phone: Phone) -> list[str]:
    return [shown.text for shown in phone.shown]


async def waiting(line: Line) -> int:
    return await outbox.backlog(line.program.database)


async def test_flood_control_is_waited_for_as_told_and_order_is_kept(line: Line, api: BotApi, phone: Phone) -> None:
    await begun(line, phone)
    await say(line, phone, "un", "deux", "trois")
    api.fail("flood", "sendMessage", seconds=30)
    await line.work()
    assert read(phone) == []
    await line.later(seconds=29)
    assert read(phone) == []
    await line.later(seconds=1)
    assert read(phone) == ["un", "deux", "trois"]


async def test_flood_control_of_one_chat_holds_up_no_other(line: Line, api: BotApi, phone: Phone) -> None:
    other = Phone(api, 4712)
    await begun(line, phone)
    await begun(line, other)
    api.fail("flood", "sendMessage", chat=phone.chat, seconds=30)
    await say(line, phone, "un")
    await say(line, other, "un")
    await line.work()
    assert (read(phone), read(other)) == ([], ["un"])


@pytest.mark.parametrize("kind", ["failed", "down"])
async def test_what_fails_is_sent_again_and_once(line: Line, api: BotApi, phone: Phone, kind: str) -> None:
    await begun(line, phone)
    await say(line, phone, "un", "deux")
    api.fail(kind, "sendMessage", count=3)
    await line.work()
    assert read(phone) == []
    for _ in range(4):
        await line.later(minutes=1)
    assert read(phone) == ["un", "deux"]


async def test_answer_that_is_lost_repeats_one_part_and_no_more(line: Line, api: BotApi, phone: Phone) -> None:
    await begun(line, phone)
    await say(line, phone, "\n\n".join(f"{number} {'mot ' * 500}" for number in range(6)))
    api.fail("lost", "sendMessage")
    await line.work()
    await line.later(minutes=1)
    first, again, *rest = [text.partition(" ")[0] for text in read(phone)]
    assert first == again == "0"
    assert len(rest) == len(set(rest)) > 1
    assert all(len(text) <= LONGEST_TEXT for text in read(phone))


@pytest.mark.parametrize("kind", ["blocked", "gone"])
async def test_blocked_bot_stops_reminders_and_says_nothing_more(
    line: Line, api: BotApi, phone: Phone, kind: str
) -> None:
    await begun(line, phone)
    session = await line.session(phone)
    async with line.program.database.unit_of_work() as work:
        safe, deadline = date(2026, 4, 1), date(2026, 4, 3)
        due = await agenda.note(work, session.id, "x", "objection", {}, safe, deadline)
        assert len(await agenda.remind(work, due)) == 2
    api.fail(kind, "sendMessage")
    await say(line, phone, "un")
    await line.work()
    await say(line, phone, "deux")
    await line.later(days=40)
    assert read(phone) == []
    assert not [call for call in api.called("sendMessage") if call["text"] == "deux"]
    phone.types("bonjour")
    await line.carry()
    assert len(read(phone)) == 1


async def test_blocking_is_noted_when_telegram_tells_it(line: Line, phone: Phone) -> None:
    await begun(line, phone)
    phone.blocks()
    await line.carry()
    await say(line, phone, "un")
    await line.work()
    assert read(phone) == []
    phone.blocks(is_blocked=False)
    await line.carry()
    await say(line, phone, "deux")
    await line.work()
    assert read(phone) == ["deux"]


async def test_erased_conversation_leaves_nothing_to_send(line: Line, phone: Phone) -> None:
    await begun(line, phone)
    session = await line.session(phone)
    phone.types("efface mes données")
    await line.carry()
    phone.types("oui")
    await line.carry()
    async with line.program.database.reading() as connection:
        assert not await outbox.waits(connection, telegram.key(session.id))
    assert "effacé" in read(phone)[-1]


async def test_pace_is_kept_overall_and_in_each_chat() -> None:
    now, slept = 100.0, list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))

    pace = Pace(10, 1, now=lambda: now, sleep=sleep)
    for chat in (1, 2, 3, 1, 1):
        await pace.wait(chat)
    assert slept == [0.1, 0.2, 1.0, 2.0]
    slept.clear()
    now += 10
    await pace.wait(1)
    assert slept == []


async def test_row_that_is_told_to_wait_has_not_failed(line: Line, api: BotApi, phone: Phone) -> None:
    await begun(line, phone)
    await say(line, phone, "un")
    api.fail("flood", "sendMessage", count=100, seconds=60)
    for _ in range(60):
        await line.later(seconds=60)
    assert await waiting(line) > 0
    api.faults.clear()
    await line.later(seconds=60)
    assert read(phone) == ["un"]


async def test_reminder_arrives_by_itself(line: Line, phone: Phone) -> None:
    await begun(line, phone)
    session = await line.session(phone)
    async with line.program.database.unit_of_work() as work:
        due = await agenda.note(work, session.id, "x", "objection", {}, date(2026, 4, 1), date(2026, 4, 3))
        first, _ = await agenda.remind(work, due)
    clock.freeze(first - timedelta(seconds=1))
    await line.work()
    assert read(phone) == []
    clock.freeze(first)
    await line.work()
    assert "1er avril" in read(phone)[0]
