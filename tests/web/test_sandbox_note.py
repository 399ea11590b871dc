"""Whoever may think that something was sent is told when nothing is."""

from __future__ import annotations

import html
import json
import re

import httpx
import pytest
from pydantic import SecretStr

from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.rendering import plain
from bot.channels.web.simple import PATH
from bot.engine.dialogue import Dialogue
from bot.program import assembled
from eservices.sandbox_note import SANDBOX_NOTE

PAGES = ("/chat", "/embed", PATH)


async def read(settings: Settings, dialogue: Dialogue) -> dict[str, str]:
    """The pages, as plain text."""
    async with assembled(settings, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            return {path: written((await client.get(path)).text) for path in PAGES}


def written(page: str) -> str:
    """What a page says, be it by a script."""
    found = re.search(r'id="strings">(.*?)</script>', page, re.DOTALL)
    return plain(" ".join(json.loads(found.group(1)).values()) if found else html.unescape(page))


@pytest.mark.parametrize("page", PAGES)
async def test_pages_say_that_nothing_is_sent_to_jobroom(settings: Settings, dialogue: Dialogue, page: str) -> None:
    assert plain(SANDBOX_NOTE) in (await read(settings, dialogue))[page]


async def test_with_a_gateway_there_is_nothing_to_say(settings: Settings, dialogue: Dialogue) -> None:
    real = settings.model_copy(
        update={"eservices_url": "https://gateway.example", "eservices_client_secret": SecretStr("of the gateway")}
    )
    for page, text in (await read(real, dialogue)).items():
        assert "sable" not in text, page
