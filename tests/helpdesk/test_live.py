"""What is live, at its source: streams say when to look again, and end with the session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.helpdesk.streams import TOPIC
from bot.program import Program
from casework import agents
from conversations import store
from conversations.models import Draft
from tests.helpdesk.conftest import Console
from tests.support.helpdesk import Seat, conversation, opened

PATIENCE_SECONDS = 20


@asynccontextmanager
async def streaming(console: Console, seat: Seat, path: str, after: str) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """A stream; gives a function that waits for its next event and names it."""
    events: asyncio.Queue[str] = asyncio.Queue()
    begun, left = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        begun.set()
        for line in message.get("body", b"").decode().splitlines():
            if line.startswith("event: "):
                events.put_nowait(line.removeprefix("event: "))

    async def following() -> str:
        return await asyncio.wait_for(events.get(), PATIENCE_SECONDS)

    cookie = "; ".join(f"{name}={value}" for name, value in seat.client.cookies.items())
    scope = {"type": "http", "method": "GET", "path": path, "query_string": f"after={after}".encode()}
    scope["headers"] = [(b"cookie", cookie.encode())]
    stream = asyncio.create_task(console.app(scope, receive, send))
    try:
        await asyncio.wait_for(begun.wait(), PATIENCE_SECONDS)
        yield following
    finally:
        left.set()
        await asyncio.wait_for(stream, PATIENCE_SECONDS)


async def test_queue_is_told_of_a_case_and_of_what_is_done_with_it(
    console: Console, nadia: Seat, marc: Seat, program: Program
) -> None:
    async with streaming(console, nadia, "/helpdesk/live", "0") as following:
        case = await opened(program.database)
        async with program.database.unit_of_work() as work:
            await program.signals.announce(work, TOPIC)
        assert await following() == "changed"
        await marc.do(case, "claim", "1")
        assert await following() == "changed"


async def test_page_of_a_case_is_told_of_what_the_person_writes(
    console: Console, nadia: Seat, program: Program
) -> None:
    session = await conversation(program.database, "bonjour")
    case = await opened(program.database, session)
    async with streaming(console, nadia, f"/helpdesk/cases/{case.number}/live", "x") as following:
        assert await following() == "changed", "the page shows something else"
        async with program.database.unit_of_work() as work:
            await store.record_notice(work, session.id, "more", Draft("user", "encore moi", "fr"))
            await program.signals.announce(work, session.id)
        assert await following() == "changed"
    assert "encore moi" in (await nadia.see(case)).text


async def test_stream_ends_with_the_session(console: Console, nadia: Seat, program: Program) -> None:
    async with streaming(console, nadia, "/helpdesk/live", "0") as following:
        async with program.database.unit_of_work() as work:
            await agents.sign_out(work, nadia.secret)
            await program.signals.announce(work, TOPIC)
        assert await following() == "ended"
