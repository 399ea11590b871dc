"""Fetching updates from Telegram (long polling)."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.pace import wait_of

log = structlog.get_logger(__name__)

RawUpdate = dict[str, Any]
"""An update as Telegram writes it."""
UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds that are asked for."""
POLL_SECONDS, READ_SECONDS = 50, 20
"""How long Telegram may wait for something to tell, and how long its answer may take then."""
LOOK_SECONDS = 1.0
"""How often it is asked while an update takes long: those behind it go on meanwhile."""
AT_A_TIME = 100
"""Updates of one request, and of one process at a time."""
TRIES = 5
"""An update that fails so often is left out."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds."""


class Patience:
    """Waits after each failure for longer, unless Telegram says how long."""

    def __init__(self) -> None:
        self._wait = FIRST_WAIT

    async def after(self, error: Exception) -> None:
        """Says what went wrong, and waits."""
        if isinstance(error, Conflict):
            remedy = "stop the other process that fetches this bot's updates, or set CORNAVIN_TELEGRAM_WEBHOOK_URL"
            log.warning("telegram.conflict", reason=remedy)
        else:
            log.warning("telegram.failed", reason=type(error).__name__)
        wait, self._wait = self._wait * random.uniform(0.5, 1.0), min(2 * self._wait, LONGEST_WAIT)
        if isinstance(error, RetryAfter):
            wait = wait_of(error).total_seconds()
        await asyncio.sleep(wait)


class Polling:
    """Fetches updates and has them taken. Telegram forgets an update only once it and all before it were taken.

    Args:
        bot: Calls Telegram.
        take: Takes an update; may be given the same one again.
    """

    def __init__(self, bot: Bot, take: Callable[[RawUpdate], Awaitable[None]]) -> None:
        self._bot = bot
        self._take = take
        self._working: dict[int, asyncio.Task[None]] = {}
        self._taken: set[int] = set()
        self._next = 0

    async def run(self) -> None:
        """Works until cancelled.

        Raises:
            InvalidToken: When Telegram does not know the token any more.
        """
        patience = Patience()
        try:
            while True:
                try:
                    updates = await self._fetch()
                except InvalidToken:
                    raise
                except TelegramError as error:
                    await patience.after(error)
                else:
                    patience = Patience()
                    self._begin(updates)
                    await self._look()
        finally:
            for task in self._working.values():
                task.cancel()
            await asyncio.gather(*self._working.values(), return_exceptions=True)

    async def _fetch(self) -> Sequence[RawUpdate]:
        """What has come. Not by `Bot.get_updates`, for which one update that it cannot read spoils all that came with it."""
        asked = {
            "offset": min(self._working, default=self._next),
            "limit": AT_A_TIME,
            "timeout": 0 if self._working else POLL_SECONDS,
            "allowed_updates": json.dumps(UPDATES),
        }
        address = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        found = await self._bot.request.post(address, read_timeout=POLL_SECONDS + READ_SECONDS)
        assert isinstance(found, list)
        return found

    def _begin(self, updates: Sequence[RawUpdate]) -> None:
        for update in updates:
            number = int(update["update_id"])
            if number not in self._working and number not in self._taken:
                self._working[number] = asyncio.create_task(self._insist(update))
                self._next = max(self._next, number + 1)

    async def _look(self) -> None:
        """Waits a moment for what is being worked on."""
        if self._working:
            await asyncio.wait(self._working.values(), timeout=LOOK_SECONDS)
        done = {number for number, task in self._working.items() if task.done()}
        self._working = {number: task for number, task in self._working.items() if number not in done}
        first = min(self._working, default=self._next)
        self._taken = {number for number in self._taken | done if number >= first}

    async def _insist(self, update: RawUpdate) -> None:
        """Has an update taken, if need be again and again."""
        patience = Patience()
        for _ in range(1, TRIES):
            try:
                await self._take(update)
            except Exception as error:
                await patience.after(error)
            else:
                return
        try:
            await self._take(update)
        except Exception:
            log.exception("telegram.update_left_out", update_id=update["update_id"])
