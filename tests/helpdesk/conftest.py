"""The program with its console, and agents at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI

from bot.channels.web.app import create_app
from bot.program import Program
from casework.agents import Colleague
from tests.support.helpdesk import MARC, NADIA, Seat, seated


class Console:
    """Seats agents."""

    def __init__(self, program: Program, app: FastAPI, stack: AsyncExitStack) -> None:
        self.program = program
        self.app = app
        self._stack = stack

    async def seat(self, agent: Colleague) -> Seat:
        """An agent who has signed in."""
        return await self._stack.enter_async_context(seated(self.program, self.app, agent))


@pytest.fixture
async def console(program: Program) -> AsyncIterator[Console]:
    async with AsyncExitStack() as stack:
        yield Console(program, create_app(program), stack)


@pytest.fixture
async def nadia(console: Console) -> Seat:
    return await console.seat(NADIA)


@pytest.fixture
async def marc(console: Console) -> Seat:
    return await console.seat(MARC)
