"""A person who changes the language of the page goes on in the same conversation."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from bot.program import assembled, load_dialogue

PERSONAL_NUMBER = "où est mon numéro personnel ?"
GERMAN = "(auf Deutsch)"


class German(Translations):
    """A language in which every text says what it is."""

    def translate(self, text: str) -> str:
        return f"{text} {GERMAN}"


@pytest.fixture(scope="module")
def bilingual(model: Path) -> Dialogue:
    return load_dialogue(model, Catalogues({"fr": Translations("fr"), "de": German("de")}))


@pytest.fixture
async def client(settings: Settings, bilingual: Dialogue) -> AsyncIterator[httpx.AsyncClient]:
    async with assembled(settings, bilingual) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as web:
            yield web


async def test_answers_follow_the_language_of_the_page_in_the_same_session(client: httpx.AsyncClient) -> None:
    session = (await client.post("/api/chat/sessions", json={"locale": "fr"})).json()
    headers = {"authorization": f"Bearer {session['token']}"}

    async def answer(number: str, **locale: str) -> tuple[str, bool]:
        body = {"client_id": number, "text": PERSONAL_NUMBER, **locale}
        response = await client.post("/api/chat/messages", json=body, headers=headers)
        (message,) = response.raise_for_status().json()["messages"]
        return message["lang"], GERMAN in message["text"]

    assert await answer("1", locale="fr-CH") == ("fr", False)
    assert await answer("2", locale="de") == ("de", True)
    assert await answer("3") == ("de", True), "the language holds from now on"
    assert await answer("4", locale="rm") == ("fr", False), "what there are no texts for is answered in French"
    said = (await client.get("/api/chat/messages", headers=headers)).json()["messages"]
    assert [message["lang"] for message in said] == ["fr", "fr", "de", "de", "de", "de", "fr", "fr"]


async def test_page_without_scripts_goes_on_in_its_language(client: httpx.AsyncClient) -> None:
    page = await client.get("/chat/simple")
    for language in ("fr", "de"):
        found = re.search(r'name="ticket" value="([^"]+)"', page.text)
        assert found
        page = await client.post(f"/chat/simple?lang={language}", data={"ticket": found[1], "text": PERSONAL_NUMBER})
    answers = re.findall(r'<li class="bot" lang="(\w+)".*?<div class="text"[^>]*>(.*?)</div>', page.text, re.DOTALL)
    assert [(lang, GERMAN in html.unescape(text)) for lang, text in answers] == [("fr", False), ("de", True)]
