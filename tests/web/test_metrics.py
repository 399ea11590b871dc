"""What operators can read, and who can."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import text

from base import clock, outbox
from base.database import Database
from base.outbox import Backoff, Item, Worker
from base.settings import SettingError, Settings
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework.submissions import State
from conversations import store
from tests.conftest import ORDINARY_DAY
from tests.support.submitted import handed_in

TOKEN = "a-token-that-nobody-guesses"
SHOWN = {"authorization": f"Bearer {TOKEN}"}
Figures = dict[tuple[str, ...], float]


def figures(written: bytes) -> Figures:
    """The values, by the name and the labels in the order of their names."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(written.decode())
        for sample in family.samples
    }


@pytest.fixture
async def program(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Program]:
    async with assembled(settings.model_copy(update={"metrics_token": SecretStr(TOKEN)}), dialogue) as running:
        yield running


@pytest.fixture
async def web(program: Program) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application without its background work."""
    transport = httpx.ASGITransport(app=create_app(program), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as opened:
        yield opened


async def scraped(web: httpx.AsyncClient) -> Figures:
    response = await web.get("/metrics", headers=SHOWN)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return figures(response.content)


async def test_page_is_not_there_without_a_token_set(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings, dialogue) as running:
        transport = httpx.ASGITransport(app=create_app(running))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as opened:
            assert (await opened.get("/metrics", headers=SHOWN)).status_code == 404


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}é"])
async def test_figures_are_for_whoever_has_the_token(web: httpx.AsyncClient, header: str | None) -> None:
    response = await web.get("/metrics", headers={"authorization": header.encode()} if header else {})
    assert response.status_code == 401
    assert "cornavin_" not in response.text


@pytest.mark.parametrize("token", ["short", "with spaces in between it", "é" * 20])
def test_token_must_not_be_guessed_nor_break_a_header(token: str) -> None:
    with pytest.raises(SettingError, match="METRICS_TOKEN"):
        Settings.load(metrics_token=token)


def test_empty_token_is_none() -> None:
    assert Settings.load(metrics_token="").metrics_token is None


async def test_worker_and_queue_are_seen(web: httpx.AsyncClient, program: Program) -> None:
    class Refused(Exception):
        pass

    async def deliver(item: Item) -> None:
        if item.payload["fails"]:
            raise Refused("with the name of Zoé in it")

    async def give_up(_work: object, _item: Item) -> None:
        pass

    async with program.database.unit_of_work() as work:
        await outbox.put(work, "deliver", "a", {"fails": False})
        await outbox.put(work, "deliver", "zoé@example.ch", {"fails": True})
        await outbox.put(work, "deliver", "c", {"fails": False}, ORDINARY_DAY + timedelta(days=2))
        await outbox.put(work, "remind", "d", {}, ORDINARY_DAY - timedelta(minutes=5))

    worker = Worker(
        program.database,
        {"deliver": deliver},
        give_up,
        backoff=Backoff(attempts=2),
        observe=program.metrics.attempted,
    )
    assert await worker.tick(ORDINARY_DAY) == 2
    later = ORDINARY_DAY + timedelta(minutes=1)
    clock.freeze(later)
    found = await scraped(web)
    assert found["cornavin_outbox_attempts_total", "deliver"] == 2
    assert found["cornavin_outbox_failures_total", "deliver", "Refused"] == 1
    assert ("cornavin_outbox_given_up_total", "deliver") not in found
    assert found["cornavin_outbox_rows", "deliver", "due"] == 1
    assert found["cornavin_outbox_rows", "deliver", "later"] == 1
    assert found["cornavin_outbox_rows", "remind", "due"] == 1
    assert found["cornavin_outbox_oldest_due_seconds", "deliver"] == 60
    assert found["cornavin_outbox_oldest_due_seconds", "remind"] == 360

    assert await worker.tick(later) == 1
    response = await web.get("/metrics", headers=SHOWN)
    found = figures(response.content)
    assert found["cornavin_outbox_given_up_total", "deliver"] == 1
    assert found["cornavin_outbox_rows", "deliver", "given_up"] == 1
    assert found["cornavin_outbox_rows", "deliver", "due"] == 0
    assert found["cornavin_outbox_oldest_due_seconds", "deliver"] == 0
    assert "zo" not in response.text.lower()


async def test_queue_is_counted_on_both_engines(database: Database) -> None:
    async with database.unit_of_work() as work:
        await outbox.put(work, "deliver", "a", {}, ORDINARY_DAY - timedelta(hours=2))
        await outbox.put(work, "deliver", "a", {}, ORDINARY_DAY - timedelta(hours=1))
        await outbox.put(work, "deliver", "b", {}, ORDINARY_DAY + timedelta(hours=1))
    async with database.reading() as connection:
        (queued,) = await outbox.queued(connection)
    assert queued == outbox.Queued("deliver", 2, 1, 0, ORDINARY_DAY - timedelta(hours=2))


async def test_turns_are_counted_once_with_their_topic_and_nothing_of_the_person(web: httpx.AsyncClient) -> None:
    opened = (await web.post("/api/chat/sessions", json={})).json()
    headers = {"authorization": f"Bearer {opened['token']}"}
    body = {"client_id": "1", "text": "Où trouver mon numéro personnel ?"}
    for _ in range(2):
        answer = await web.post("/api/chat/messages", json=body, headers=headers)
    topic = answer.json()["debug"]["topic"]
    await web.post("/api/chat/messages", json={"client_id": "2", "text": "xqzzt wvvk"}, headers=headers)

    response = await web.get("/metrics", headers=SHOWN)
    found = figures(response.content)
    assert found["cornavin_turns_total",] == 2
    assert found["cornavin_answers_total", topic] == 1
    assert opened["session_id"] not in response.text
    assert "xqzzt" not in response.text


async def test_time_of_requests_is_kept_by_route_and_not_by_address(web: httpx.AsyncClient) -> None:
    secret = uuid.uuid4().hex
    await web.get(f"/recu/{secret}")
    await web.get(f"/{secret}")
    await web.request("WHATEVER", "/")
    await web.get("/healthz")
    response = await web.get("/metrics", headers=SHOWN)
    found = figures(response.content)
    assert found["cornavin_http_seconds_count", "GET", "/recu/{number}", "404"] == 1
    assert found["cornavin_http_seconds_count", "GET", "/healthz", "200"] == 1
    assert found["cornavin_http_seconds_count", "GET", "other", "404"] == 1
    assert found["cornavin_http_seconds_count", "other", "/", "405"] == 1
    assert secret not in response.text
    assert "WHATEVER" not in response.text


async def test_route_of_a_router_is_written_in_full(web: httpx.AsyncClient) -> None:
    await web.get("/api/chat/files/secret")
    found = await scraped(web)
    assert found["cornavin_http_seconds_count", "GET", "/api/chat/files/{file_id}", "401"] == 1


async def test_figures_of_the_process_are_there_while_the_database_is_away(
    web: httpx.AsyncClient, program: Program
) -> None:
    assert (await scraped(web))["cornavin_database_up",] == 1
    async with program.database.engine.connect() as connection:
        await connection.execute(text("ALTER TABLE outbox RENAME TO hidden"))
        await connection.commit()
    found = await scraped(web)
    assert found["cornavin_database_up",] == 0
    assert ("cornavin_turns_total",) in found


async def test_deliveries_are_counted_once_by_outcome_with_the_time_they_took(
    web: httpx.AsyncClient, program: Program
) -> None:
    async with program.database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
    for state in (State.RECEIVED, State.REFUSED, State.GIVEN_UP, State.RECORDED):
        known = await handed_in(program, session.id, state)
    async with program.database.unit_of_work() as work:
        await program.submissions.given_up(work, known.id)
        await program.submissions.given_up(work, known.id)
    found = await scraped(web)
    assert found["cornavin_deliveries_total", "document", "received"] == 1
    assert found["cornavin_deliveries_total", "document", "refused"] == 1
    assert found["cornavin_deliveries_total", "document", "given_up"] == 2
    assert found["cornavin_confirm_to_receipt_seconds_count", "document"] == 1
    assert found["cornavin_confirm_to_receipt_seconds_sum", "document"] == 0
