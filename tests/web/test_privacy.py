"""The privacy page: what the program does and what the page says are one thing."""

import re

import httpx
import pytest

from base.settings import Settings
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from bot.program import assembled

RETENTION = [name for name in Settings.model_fields if name.startswith("retention_")]


def rows_of(page: str) -> list[str]:
    """The rows of the table, without their marks."""
    found = re.findall(r"<tr>(.*?)</tr>", page.replace("\xa0", " "), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


async def test_page_shows_the_periods_that_are_set(settings: Settings, dialogue: Dialogue) -> None:
    periods = {name: 11_111 + place for place, name in enumerate(RETENTION)}
    async with assembled(settings.model_copy(update=periods), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            page = (await client.get("/confidentialite")).text
    shown = {int(number.replace("\u202f", "").replace("’", "")) for number in re.findall(r"11.\d{3}", page)}
    assert shown == set(periods.values())


async def test_page_names_the_law_for_what_the_office_keeps_and_marks_what_is_missing(
    client: httpx.AsyncClient,
) -> None:
    page = (await client.get("/confidentialite")).text
    office = rows_of(page)[-1]
    assert "5 ans" in office
    assert "10 ans" in office
    assert "art. 125 OACI" in office
    assert page.count("À compléter par l&#39;exploitant") == 2
    assert "LIPAD" in page
    assert "nLPD" in page


@pytest.mark.parametrize("path", ["/accessibility", "/chat/simple", "/integration"])
async def test_every_page_leads_there(client: httpx.AsyncClient, path: str) -> None:
    assert 'href="/confidentialite"' in (await client.get(path)).text


async def test_page_without_scripts_says_before_erasing_what_goes_and_what_stays(client: httpx.AsyncClient) -> None:
    page = (await client.get("/chat/simple")).text
    for field in ({"ask": "bonjour"}, {"erase": "ask"}):
        ticket = re.search(r'name="ticket" value="([^"]+)"', page)
        assert ticket
        page = (await client.post("/chat/simple", data={"ticket": ticket[1], **field})).text
    assert "Disparaissent tout de suite" in page
    assert "Un envoi confirmé part encore" in page


async def test_erasing_by_a_word_works_without_scripts(client: httpx.AsyncClient) -> None:
    page = (await client.get("/chat/simple")).text
    for said in ("bonjour", "efface mes données", "oui"):
        ticket = re.search(r'name="ticket" value="([^"]+)"', page)
        assert ticket
        page = (await client.post("/chat/simple", data={"ticket": ticket[1], "text": said})).text
    assert "La conversation est effacée." in page
    assert '<li class="user"' not in page
