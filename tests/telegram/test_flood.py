"""A thousand people at once."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.support.bot_api import BotApi, Phone
from tests.support.telegram import Line

CHATS, EACH = 250, 4
TEXTS = ("bonjour", "il est où mon numéro personnel", "puis-je envoyer des documents pour ma demande", "merci")


@pytest.mark.long
async def test_thousand_updates_are_each_answered_once_and_in_order(line: Line, api: BotApi) -> None:
    phones = [Phone(api, 5000 + number) for number in range(CHATS)]
    for text in TEXTS[:EACH]:
        for phone in phones:
            phone.types(text)
    api.fail("flood", "sendMessage", count=20, seconds=2)
    api.fail("down", "sendMessage", count=20)
    updates, api.updates = api.updates, []
    assert len(updates) == CHATS * EACH
    # Telegram brings some twice, and a hundred at a time.
    for start in range(0, len(updates), 100):
        batch = updates[start : start + 100]
        await asyncio.gather(*(line.telegram.take(update) for update in (*batch, *batch[::7])))
    for _ in range(20):
        await line.later(seconds=60)
    for phone in phones:
        said = await line.transcript(phone)
        assert [message.text for message in said if message.author == "user"] == list(TEXTS)
        bots = [message for message in said if message.author == "bot"]
        assert len(phone.shown) == len(bots)
        assert [data for shown in phone.shown for _, data in shown.buttons] == [
            choice.id for message in bots for choice in message.choices
        ]
    assert set(Counter(shown.id for phone in phones for shown in phone.shown).values()) == {1}
