"""Two programs on one PostgreSQL database, which share nothing else: as behind a load balancer, which brings any update
to either, and some to both; in one process, where time can be moved, and as `cornavin run` twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Database
from base.settings import WEBHOOK_PATH, Settings
from bot.channels.telegram.webhook import SECRET_HEADER
from bot.engine.dialogue import Dialogue
from bot.program import load_dialogue
from conversations import store, telegram
from conversations.telegram import ALBUM_SETTLES
from tests.browser.server import running, serving
from tests.casework.files import samples
from tests.support.bot_api import TOKEN, BotApi, Phone
from tests.support.telegram import Line, connected

CHATS = 12
TEXTS = ("bonjour", "puis-je envoyer des documents pour ma demande", "droit en cours d'examen", "merci")


SECONDS = 120


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Waits for something that other processes do."""
    async with asyncio.timeout(SECONDS):
        while not (now if isinstance(now := holds(), bool) else await now):  # noqa: ASYNC110  # no event crosses processes
            await asyncio.sleep(0.1)


async def said_with(connection: AsyncConnection, phone: Phone) -> tuple[tuple[str, ...], int]:
    """What was typed on a phone, and how many messages answered, as they are kept."""
    chat = await telegram.chat(connection, phone.chat)
    assert chat is not None
    said = await store.history(connection, chat.session_id)
    typed = tuple(message.text for message in said if message.author == "user")
    return typed, len(said) - len(typed)


async def work(*lines: Line) -> None:
    """All are at work at once, until nothing is due."""
    while sum(await asyncio.gather(*(line.telegram.worker.tick(clock.now()) for line in lines))):
        pass


@pytest.mark.long
async def test_two_processes_answer_each_update_once_and_in_order(
    postgresql_url: str, postgres_server: str, tmp_path: Path, model: Path, api: BotApi
) -> None:
    shared = {
        "database_url": postgres_server.replace("/postgres?", f"/{make_url(postgresql_url).database}?"),
        "secret_key": "the secret of both programs",
        "telegram_token": TOKEN,
        "telegram_webhook_url": "https://cornavin.example.ch" + WEBHOOK_PATH,
    }
    phones = [Phone(api, 6000 + number) for number in range(CHATS)]
    database = Database(postgresql_url)
    async with AsyncExitStack() as stack:
        at = stack.enter_context(serving(api.app))
        addresses = [
            stack.enter_context(running(model, tmp_path / name, telegram_api_url=at, **shared)) for name in ("a", "b")
        ]
        await until(lambda: bool(api.webhook))
        web = await stack.enter_async_context(httpx.AsyncClient(timeout=SECONDS))
        secret = {SECRET_HEADER: api.webhook["secret_token"]}
        for text in TEXTS:
            for phone in phones:
                phone.types(text)
            updates, api.updates = api.updates, []
            answers = await asyncio.gather(
                *(
                    web.post(f"{one}{WEBHOOK_PATH}", json=update, headers=secret)
                    for update in updates
                    for one in addresses
                )
            )
            assert {answer.status_code for answer in answers} == {200}

        async def all_is_said() -> bool:
            async with database.reading() as connection:
                said = [await said_with(connection, phone) for phone in phones]
            return all(
                typed == TEXTS and len(phone.shown) >= answers
                for phone, (typed, answers) in zip(phones, said, strict=True)
            )

        await until(all_is_said)
    async with database.reading() as connection:
        for phone in phones:
            assert (await said_with(connection, phone)) == (TEXTS, len(phone.shown))
    await database.close()
    assert api.refused == []


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
