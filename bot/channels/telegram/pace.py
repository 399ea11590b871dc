"""How fast messages may be sent: Telegram allows a bot so many a second, and so many a second to one chat."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram.error import RetryAfter

OVERALL, PER_CHAT = 30, 1
"""Messages a second."""


def wait_of(told: RetryAfter) -> timedelta:
    """How long Telegram says to wait."""
    return timedelta(seconds=told.retry_after) if isinstance(told.retry_after, int) else told.retry_after


class Pace:
    """Keeps messages apart. Counted in this process; where several send, Telegram slows them down by itself (429).

    Args:
        overall: Messages a second, all chats together.
        per_chat: Messages a second to one chat.
        now: Seconds of a clock that only goes forward.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        overall: float = OVERALL,
        per_chat: float = PER_CHAT,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._between, self._between_in_chat = 1 / overall, 1 / per_chat
        self._now, self._sleep = now, sleep
        self._next = 0.0
        self._next_in_chat: dict[int, float] = {}

    async def wait(self, chat_id: int) -> None:
        """Returns when the next message to a chat may go; who asks first goes first."""
        now = self._now()
        self._next_in_chat = {chat: at for chat, at in self._next_in_chat.items() if at > now}
        at = max(now, self._next, self._next_in_chat.get(chat_id, 0.0))
        self._next, self._next_in_chat[chat_id] = max(now, self._next) + self._between, at + self._between_in_chat
        if at > now:
            await self._sleep(at - now)
