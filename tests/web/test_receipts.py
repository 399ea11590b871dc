"""The verification of receipts, and their files."""

from __future__ import annotations

import html
import io
import re
import uuid

import httpx
import pytest
from pypdf import PdfReader

from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.receipts import KINDS, number_in
from bot.channels.web.rendering import plain
from bot.channels.web.tickets import Ticket
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework.submissions import Kind, State
from conversations import store
from conversations.documents import Receipt
from conversations.models import Debug, Draft
from conversations.models import State as Standing
from tests.support.submitted import CV_NAME, ELSEWHERE, NUMBER, RECEIVED, handed_in

UNKNOWN = "Nous ne connaissons pas ce numéro."


@pytest.fixture
async def session_id(program: Program) -> str:
    """A conversation."""
    async with program.database.unit_of_work() as work:
        return (await store.open_session(work, "web", "fr"))[0].id


def said(response: httpx.Response) -> str:
    """What the page says, on one line."""
    return plain(" ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split()))


async def test_page_says_what_is_known_and_nothing_personal(
    client: httpx.AsyncClient, program: Program, session_id: str
) -> None:
    known = await handed_in(program, session_id)
    response = await client.get(f"/recu/{known.number}")
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-robots-tag"] == "noindex"
    text = said(response)
    digits = known.files[0].sha256
    for shown in (
        "Ce reçu vient de nous",
        "Reçu par Job-Room le 11 mars 2026 à 10 h 18",
        "Enregistré ici le 11 mars 2026 à 10 h 15",
        "Genre d'envoi Documents",
        "Office régional de placement (ORP)",
        f"{digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:16]}",
        known.number,
        ELSEWHERE,
        "Bac à sable – aucune valeur",
    ):
        assert shown in text
    assert "CV" not in text
    for hidden in (CV_NAME, digits[:17], session_id, known.id, known.person_id, known.files[0].file_id):
        assert hidden not in response.text


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.RECORDED, "transmission en cours"),
        (State.REFUSED, "Refusé par Job-Room"),
        (State.GIVEN_UP, "Non transmis"),
    ],
)
async def test_page_never_says_received_of_what_was_not(
    client: httpx.AsyncClient, program: Program, session_id: str, state: State, status: str
) -> None:
    text = said(await client.get(f"/recu/{(await handed_in(program, session_id, state)).number}"))
    assert status in text
    assert "Reçu par Job-Room" not in text
    assert ELSEWHERE not in text


async def test_receipt_can_be_verified_once_its_conversation_is_erased(
    client: httpx.AsyncClient, program: Program, session_id: str
) -> None:
    known = await handed_in(program, session_id)
    async with program.database.unit_of_work(serialise=session_id) as work:
        await store.erase(work, session_id)
    assert "Ce reçu vient de nous" in said(await client.get(f"/recu/{known.number}"))


@pytest.mark.parametrize("number", ["R-AAAA-BBBB-CCCC", "R-7F3K", "x", "%00", "<script>", "R" * 3000])
async def test_unknown_number_has_a_clear_page(client: httpx.AsyncClient, number: str) -> None:
    response = await client.get(f"/recu/{number}")
    assert response.status_code == 404
    assert UNKNOWN in said(response)
    assert "<script>" not in response.text


async def test_form_leads_to_the_page_however_the_number_is_typed(client: httpx.AsyncClient) -> None:
    assert 'name="number"' in (await client.get("/recu")).text
    response = await client.get("/recu", params={"number": " r 7f3k–9q2m x4tb "})
    assert (response.status_code, response.headers["location"]) == (303, f"/recu/{NUMBER}")
    response = await client.get("/recu", params={"number": "R-7F3K"})
    assert response.status_code == 404
    assert UNKNOWN in said(response)
    assert 'value="R-7F3K"' in response.text


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("R7F3K9Q2MX4TB", NUMBER),
        ("r-7f3k-9q2m-x4tb", NUMBER),
        ("", None),
        ("R-7F3K", None),
        ("R-7F3K-9Q2M-X4TÉ", None),
        (f"{NUMBER}/..", NUMBER),
    ],
)
def test_number_is_found_in_what_was_typed(typed: str, number: str | None) -> None:
    assert number_in(typed) == number


async def test_numbers_cannot_be_tried_without_end(settings: Settings, dialogue: Dialogue) -> None:
    limited = settings.model_copy(update={"address_rate": "3/minute"})
    async with assembled(limited, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as web:
            answers = [await web.get("/recu/R-AAAA-BBBB-CCCC") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert "retry-after" in answers[-1].headers
    assert "Attendez un instant" in said(answers[-1])


def test_every_kind_of_submission_has_a_name() -> None:
    assert set(KINDS) == set(Kind)


async def offered(program: Program, session_id: str, submission_id: str) -> str:
    """A message with a receipt; gives the file's id."""
    async with program.database.unit_of_work(serialise=session_id) as work:
        draft = Draft("bot", "C'est envoyé.", "fr", files=(Receipt(submission=submission_id),))
        turn = await store.record_turn(
            work, session_id, str(uuid.uuid4()), "1", [draft], Standing(), Debug().model_dump()
        )
    (attachment,) = turn.messages[0].attachments
    assert (attachment.name, attachment.mime) == ("Reçu d'envoi.pdf", "application/pdf")
    return attachment.id


async def test_file_is_made_of_what_is_known_when_it_is_fetched(client: httpx.AsyncClient, program: Program) -> None:
    opened = (await client.post("/api/chat/sessions", json={})).json()
    headers = {"authorization": f"Bearer {opened['token']}"}
    known = await handed_in(program, opened["session_id"], State.RECORDED)
    file_id = await offered(program, opened["session_id"], known.id)

    async def read() -> str:
        response = await client.get(f"/api/chat/files/{file_id}", headers=headers)
        assert response.status_code == 200
        return PdfReader(io.BytesIO(response.content)).pages[0].extract_text()

    text = await read()
    assert f"{program.settings.public_url}/recu/{known.number}" in text
    assert CV_NAME in text
    assert "Bac à sable" in text
    assert "transmission en cours" in text
    async with program.database.unit_of_work() as work:
        await program.submissions.received(work, known, ELSEWHERE, RECEIVED)
    assert "Reçu par Job-Room le 11 mars 2026 à 10 h 18" in await read()

    async with program.database.unit_of_work() as work:
        await program.submissions.files.delete(work, known.files[0].file_id)
    text = await read()
    assert CV_NAME not in text
    assert "Fichier 1" in text


async def test_file_is_had_without_javascript_too(client: httpx.AsyncClient, program: Program) -> None:
    ticket = Ticket.for_new_conversation()
    async with program.database.unit_of_work(serialise=ticket.session_id) as work:
        await store.open_session(work, "web", "fr", ticket.session_id)
    known = await handed_in(program, ticket.session_id)
    file_id = await offered(program, ticket.session_id, known.id)
    tickets = create_app(program).state.tickets
    response = await client.post("/chat/simple/file", data={"ticket": tickets.write(ticket), "file": file_id})
    assert response.headers["content-type"] == "application/pdf"


async def test_receipt_of_somebody_else_is_not_found(
    client: httpx.AsyncClient, program: Program, session_id: str
) -> None:
    opened = (await client.post("/api/chat/sessions", json={})).json()
    foreign = await handed_in(program, session_id)
    headers = {"authorization": f"Bearer {opened['token']}"}
    file_id = await offered(program, opened["session_id"], foreign.id)
    assert (await client.get(f"/api/chat/files/{file_id}", headers=headers)).status_code == 404
