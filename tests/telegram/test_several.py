"""Two programs on one PostgreSQL database, which share nothing else: as behind a load balancer, which brings any update
to either, and some to both."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from base import clock
from base.settings import Settings
from bot.engine.dialogue import Dialogue
from bot.program import load_dialogue
from conversations.telegram import ALBUM_SETTLES
from tests.casework.files import samples
from tests.support.bot_api import TOKEN, BotApi, Phone
from tests.support.telegram import Line, connected

CHATS = 12
TEXTS = ("bonjour", "puis-je envoyer des documents pour ma demande", "droit en cours d'examen", "merci")


async def work(*lines: Line) -> None:
    """All are at work at once, until nothing is due."""
    while sum(await asyncio.gather(*(line.telegram.worker.tick(clock.now()) for line in lines))):
        pass


@pytest.mark.long
async def test_two_programs_answer_each_update_once_and_in_order(
    postgresql_url: str, tmp_path: Path, model: Path, dialogue: Dialogue, api: BotApi
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=postgresql_url,
        debug=True,
        session_rate="1000/second",
        secret_key=SecretStr("the secret of both programs"),
        telegram_token=SecretStr(TOKEN),
    )
    async with connected(settings, dialogue, api) as one, connected(settings, load_dialogue(model), api) as other:
        phones = [Phone(api, 6000 + number) for number in range(CHATS)]
        for text in TEXTS:
            for phone in phones:
                phone.types(text)
            updates, api.updates = api.updates, []
            await asyncio.gather(
                *(line.telegram.take(update) for update in updates for line in (one, other)), work(one, other)
            )
            await work(one, other)
        for phone in phones:
            said = await one.transcript(phone)
            assert [message.text for message in said if message.author == "user"] == list(TEXTS)
            chosen = [choice.id for message in said if message.author == "bot" for choice in message.choices]
            assert [data for shown in phone.shown for _, data in shown.buttons] == chosen
            assert len(phone.shown) == len([message for message in said if message.author == "bot"])
        album = [phones[0].photographs(samples.jpeg(samples.picture()), media_group_id="album-1") for _ in range(3)]
        await asyncio.gather(
            *(line.telegram.take(update) for update, line in zip(album, (one, other, one), strict=True))
        )
        clock.freeze(clock.later(clock.now(), ALBUM_SETTLES))
        await work(one, other)
        assert "vos 3 fichiers" in phones[0].last.text
    assert api.refused == []
