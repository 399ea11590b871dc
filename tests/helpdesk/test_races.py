"""Agents who act at once, on both databases: one wins, and no word of the others is lost or doubled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from base.settings import Settings
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import case_events
from casework.agents import Colleague, Role
from casework.case_events import Event
from casework.triage import Office
from tests.support.helpdesk import Seat, conversation, opened, seated

AGENTS = [Colleague(f"agent{number}", f"Agent {number}", {Office.ORP: Role.AGENT}) for number in range(6)]


@pytest.fixture
async def house(settings: Settings, dialogue: Dialogue, database_url: str) -> AsyncIterator[tuple[Program, FastAPI]]:
    secret = {"secret_key": Settings(secret_key="the secret of the helpdesk").secret_key}  # type: ignore[arg-type]  # pydantic makes a secret of it
    changed = settings.model_copy(update={"database_url": database_url, **secret})
    async with assembled(changed, dialogue) as program:
        yield program, create_app(program)


@pytest.fixture
async def seats(house: tuple[Program, FastAPI]) -> AsyncIterator[list[Seat]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(seated(*house, agent)) for agent in AGENTS]


async def test_of_many_who_claim_one_wins_and_the_others_are_told_who(
    house: tuple[Program, FastAPI], seats: list[Seat]
) -> None:
    program, _ = house
    case = await opened(program.database)
    pages = await asyncio.gather(*(seat.do(case, "claim", "1") for seat in seats))
    assert Counter(page.status for page in pages) == {200: 1, 409: len(seats) - 1}
    (winner,) = [seat.agent.name for seat, page in zip(seats, pages, strict=True) if page.status == 200]
    assert all(f"{winner} a pris le cas" in page.text for page in pages)


async def test_of_many_who_reply_one_answers_and_the_others_keep_their_text(
    house: tuple[Program, FastAPI], seats: list[Seat]
) -> None:
    program, _ = house
    case = await opened(program.database, await conversation(program.database, "bonjour"))
    path = f"/cases/{case.number}/reply"
    texts = [f"Réponse de {seat.agent.name}." for seat in seats]
    pages = await asyncio.gather(
        *(
            seat.post(path, {"version": "1", "text": text, "client_id": f"{seat.agent.id} r"})
            for seat, text in zip(seats, texts, strict=True)
            for _ in range(2)  # each sends it twice, as after a connection that was lost
        )
    )
    async with program.database.reading() as connection:
        replies = [one for one in await case_events.of(connection, case.id) if one.kind is Event.REPLIED]
    (reply,) = replies
    assert reply.agent is not None
    for index, page in enumerate(pages):
        own = seats[index // 2].agent.name == reply.agent.name
        assert page.status == (303 if own else 409), page.text
        assert own or f"{reply.agent.name} a répondu" in page.text
        assert own or texts[index // 2] in page.text
