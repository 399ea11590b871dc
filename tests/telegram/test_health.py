"""Documents about health do not go through Telegram, but through a page of ours, by a link that is good once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from base import clock
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from casework.files.limits import USUAL
from tests.casework.files import samples
from tests.support.bot_api import BotApi, Phone
from tests.support.conversing import Talk
from tests.support.telegram import Line, connected

CAPTION = "voici mon certificat médical"


@pytest.fixture
async def web(line: Line) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the person's phone; nothing works in the background."""
    transport = httpx.ASGITransport(app=create_app(line.program), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def link(line: Line, phone: Phone) -> str:
    """What the person is given in place of taking their file."""
    phone.photographs(samples.jpeg(samples.picture()), caption=CAPTION)
    await line.carry()
    found = re.search(r'href="([^"]+/depot/[^"]+)"', phone.last.html)
    assert found is not None
    return found[1]


async def give(web: httpx.AsyncClient, address: str, content: bytes | None = None, **fields: Any) -> httpx.Response:
    """Sends the form of the page."""
    data = {"ticket": address.rpartition("/")[2], **fields}
    files = {"upload": ("certificat.pdf", samples.pdf() if content is None else content, "application/pdf")}
    return await web.post("/depot", data=data, files=files)


async def test_file_about_health_is_not_fetched_and_the_reason_is_said(line: Line, api: BotApi, phone: Phone) -> None:
    await link(line, phone)
    assert "ne passe pas par Telegram" in phone.last.text
    assert api.called("getFile") == []


async def test_link_takes_the_file_once_and_the_conversation_goes_on(
    line: Line, phone: Phone, web: httpx.AsyncClient
) -> None:
    address = await link(line, phone)
    for _ in range(2):  # looking uses nothing up
        assert "Déposer un document" in (await web.get(address)).text
    assert "revenez à la conversation" in (await give(web, address)).text
    await line.work()
    assert "J'ai reçu votre fichier" in phone.last.text
    for again in (await web.get(address), await give(web, address)):
        assert again.status_code == 410
        assert "déjà servi" in again.text
    await line.work()
    assert [message.attachments != () for message in await line.transcript(phone)].count(True) == 1


async def test_file_that_is_refused_leaves_the_link_good(line: Line, phone: Phone, web: httpx.AsyncClient) -> None:
    address = await link(line, phone)
    refused = await give(web, address, b"MZ not a document")
    assert refused.status_code == 422
    assert "ni un PDF ni une photo" in refused.text
    missing = await web.post("/depot", data={"ticket": address.rpartition("/")[2]}, files={"upload": ("", b"")})
    assert missing.status_code == 422
    assert "Choisissez" in missing.text
    assert (await give(web, address)).status_code == 200


async def test_link_ends_after_a_day_and_with_its_conversation(
    line: Line, phone: Phone, web: httpx.AsyncClient
) -> None:
    address = await link(line, phone)
    with clock.at(clock.later(clock.now(), timedelta(days=1, seconds=1))):
        assert (await web.get(address)).status_code == 410
    phone.types("/effacer")
    await line.carry()
    phone.types("oui")
    await line.carry()
    assert (await give(web, address)).status_code == 410


async def test_page_runs_no_script_and_is_not_kept(line: Line, phone: Phone, web: httpx.AsyncClient) -> None:
    page = await web.get(await link(line, phone))
    assert "script-src 'none'" in page.headers["content-security-policy"]
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "<script" not in page.text


async def test_ticket_of_the_chat_gives_no_file_and_the_other_way_round(
    line: Line, phone: Phone, web: httpx.AsyncClient
) -> None:
    ticket = (await link(line, phone)).rpartition("/")[2]
    shown = await web.post("/chat/simple", data={"ticket": ticket, "look": "1"})
    assert shown.status_code == 400
    assert CAPTION not in shown.text


async def filling_in(line: Line, phone: Phone) -> None:
    """The IPA of somebody who has agreed and logged in, up to its papers."""
    phone.types(
        "mon ipa de février, j'ai travaillé 3 jours chez Migros, j'ai été malade du 3 au 6, grippe, 100 %, sinon rien"
    )
    await line.carry()
    phone.taps("D'accord, continuer")
    await line.carry()
    talk = Talk(line.program.assistant, await line.session(phone))
    await line.counter.link(talk)
    await line.program.on_linked(talk.session.id)
    await line.work()


async def test_payslip_for_the_ipa_comes_directly_and_the_certificate_by_the_page(
    line: Line, api: BotApi, phone: Phone, web: httpx.AsyncClient
) -> None:
    await filling_in(line, phone)
    phone.sends(samples.pdf(), "fiche de salaire.pdf")
    await line.carry()
    assert "j'ai reçu feuille de salaire" in phone.last.text
    phone.types("c'est tout")
    await line.carry()
    assert "certificat médical" in phone.last.text
    phone.sends(samples.pdf(), "document.pdf")
    await line.carry()
    assert "ne passe pas par Telegram" in phone.last.text
    assert len(api.called("getFile")) == 1
    found = re.search(r'href="([^"]+/depot/[^"]+)"', phone.last.html)
    assert found is not None
    assert "revenez à la conversation" in (await give(web, found[1])).text
    await line.work()
    phone.taps("Certificat médical")
    await line.carry()
    assert "j'ai reçu certificat médical" in phone.last.text


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"MZ not a document", "contrat.docx", "ni un PDF ni une photo"),
        (samples.pdf()[:300], "contrat.pdf", "abîmé ou incomplet"),
        (b"%PDF" + bytes(USUAL.max_bytes), "contrat.pdf", "dépasse 10 Mo"),
    ],
    ids=["type", "broken", "large"],
)
async def test_paper_that_is_not_taken_says_why_and_loses_nothing(
    line: Line, phone: Phone, content: bytes, name: str, why: str
) -> None:
    await filling_in(line, phone)
    phone.sends(content, name)
    await line.carry()
    assert why in phone.last.text
    phone.sends(samples.pdf(), "contrat.pdf")
    await line.carry()
    assert "j'ai reçu contrat de travail" in phone.last.text


async def test_operator_can_let_them_through(settings: Settings, dialogue: Dialogue, api: BotApi, phone: Phone) -> None:
    open_ = settings.model_copy(update={"telegram_health_files": True})
    async with connected(open_, dialogue, api) as line:
        phone.photographs(samples.jpeg(samples.picture()), caption=CAPTION)
        await line.carry()
    assert len(api.called("getFile")) == 1
