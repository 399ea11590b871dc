"""Talking to the program on Telegram in tests: nothing is attempted before a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from base import clock
from base.settings import Settings
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pace import Pace
from bot.engine.dialogue import Dialogue
from bot.program import Program
from conversations import store, telegram
from conversations.models import Message, Session
from tests.support.bot_api import BotApi, Phone
from tests.support.sending import Counter, opened


@dataclass
class Line:
    """The line between the phones and the program.

    Args:
        api: Telegram.
        counter: The program, and the sandbox behind it.
    """

    api: BotApi
    counter: Counter

    @property
    def program(self) -> Program:
        return self.counter.program

    @property
    def telegram(self) -> Telegram:
        assert self.program.telegram is not None
        return self.program.telegram

    async def carry(self) -> None:
        """Everything that was done on the phones arrives, and what is said to it."""
        while self.api.updates:
            await self.telegram.take(self.api.updates.pop(0))
        await self.work()

    async def work(self) -> None:
        """Everything that is due is attempted, and what follows from it."""
        while await self.program.worker.tick(clock.now()) + await self.telegram.worker.tick(clock.now()):
            pass

    async def later(self, **period: float) -> None:
        """Time passes, and everything that is due then is attempted."""
        clock.freeze(clock.later(clock.now(), timedelta(**period)))
        await self.work()

    async def session(self, phone: Phone) -> Session:
        """The conversation of a phone."""
        async with self.program.database.reading() as connection:
            chat = await telegram.chat(connection, phone.chat)
            assert chat is not None
            session = await store.session_by_id(connection, chat.session_id)
        assert session is not None
        return session

    async def transcript(self, phone: Phone) -> tuple[Message, ...]:
        """What was said, as it is kept."""
        async with self.program.database.reading() as connection:
            return await store.history(connection, (await self.session(phone)).id)


@asynccontextmanager
async def connected(settings: Settings, dialogue: Dialogue, api: BotApi) -> AsyncIterator[Line]:
    """The program with Telegram and a sandbox."""
    fast = Pace(overall=1e6, per_chat=1e6)
    async with opened(settings, dialogue, is_worked=False, bot_api=api, pace=fast) as counter:
        yield Line(api, counter)
