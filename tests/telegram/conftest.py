"""The program on Telegram, with a Bot API of our own and the sandbox behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from base.settings import Settings
from bot.engine.dialogue import Dialogue
from tests.support.bot_api import TOKEN, BotApi, Phone
from tests.support.telegram import Line, connected


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
def phone(api: BotApi) -> Phone:
    return Phone(api)


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """Settings with a token, and room for many messages."""
    return Settings(
        data_dir=tmp_path,
        database_url=sqlite_url,
        debug=True,
        session_rate="1000/second",
        telegram_token=SecretStr(TOKEN),
    )


@pytest.fixture
async def line(settings: Settings, dialogue: Dialogue, api: BotApi) -> AsyncIterator[Line]:
    """The line between the phones and the program."""
    async with connected(settings, dialogue, api) as line:
        yield line
    assert api.refused == []
