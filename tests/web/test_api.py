"""The chat API keeps its contract."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from base import clock
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.guards import LARGEST_BODY
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import case_work
from casework.case_events import Agent
from casework.cases import open_cases
from casework.submissions import State, hand_over
from tests.support.submitted import handed_in

API = "/api/chat"


class Visitor:
    """Someone with a session."""

    def __init__(self, client: httpx.AsyncClient, opened: dict[str, Any]) -> None:
        self.client = client
        self.session_id = opened["session_id"]
        self.headers = {"authorization": f"Bearer {opened['token']}"}

    async def send(self, client_id: str = "1", **body: Any) -> httpx.Response:
        return await self.client.post(f"{API}/messages", json={"client_id": client_id, **body}, headers=self.headers)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(f"{API}{path}", params=params, headers=self.headers)


async def new_visitor(client: httpx.AsyncClient, locale: str | None = None) -> Visitor:
    response = await client.post(f"{API}/sessions", json={"locale": locale} if locale else {})
    assert response.status_code == 201
    return Visitor(client, response.json())


@pytest.fixture
async def visitor(client: httpx.AsyncClient) -> Visitor:
    return await new_visitor(client)


def assert_problem(response: httpx.Response, status: int, name: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"urn:cornavin:problem:{name}"
    assert body["status"] == status
    assert body["detail"]
    assert "Traceback" not in response.text


async def test_session_has_id_token_and_the_locale_of_its_answers(client: httpx.AsyncClient) -> None:
    response = await client.post(f"{API}/sessions", json={"locale": "fr-CH"})
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"session_id", "token", "locale", "uploads"}
    assert body["locale"] == "fr"
    assert body["uploads"] is True
    assert len(body["token"]) >= 43


async def test_locale_that_is_not_translated_yet_is_answered_in_french(client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{API}/sessions", json={"locale": "rm"})).json()["locale"] == "fr"


async def test_reply_has_the_shape_of_the_contract(visitor: Visitor) -> None:
    response = await visitor.send(text="où est mon numéro personnel")
    assert response.status_code == 200
    body = response.json()
    (message,) = body["messages"]
    assert set(message) == {"id", "at", "author", "text", "lang", "sources", "choices", "attachments"}
    assert (message["author"], message["lang"], message["attachments"]) == ("bot", "fr", [])
    assert message["at"] == "2026-03-11T10:15:00+01:00"
    assert set(message["sources"][0]) == {"id", "title", "url", "article", "as_of", "standing"}
    assert set(message["choices"][0]) == {"id", "label"}
    assert body["state"] == {
        "mode": "bot",
        "phase": "idle",
        "form": None,
        "slot": None,
        "step": None,
        "steps": None,
        "expects": None,
        "question": None,
        "logged_in": False,
    }
    assert body["debug"] == {
        "intent": "faq/personal_number_where",
        "topic": "personal_number",
        "confidence": body["debug"]["confidence"],
        "slots": {},
        "effects": [],
    }


async def test_without_debug_mode_nothing_is_told_of_the_inside(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"debug": False}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            visitor = await new_visitor(client)
            response = await visitor.send(text="bonjour")
            assert "debug" not in response.json()
            client.headers["x-cornavin-clock"] = "2030-01-01T00:00:00+01:00"
            assert (await visitor.send("2", text="bonjour")).json()["messages"][0]["at"].startswith("2026-03-11")


async def test_clock_header_sets_the_time_of_one_request_in_debug_mode(visitor: Visitor) -> None:
    visitor.headers["x-cornavin-clock"] = "2026-12-02T10:15:00+01:00"
    assert (await visitor.send(text="bonjour")).json()["messages"][0]["at"] == "2026-12-02T10:15:00+01:00"
    del visitor.headers["x-cornavin-clock"]
    assert (await visitor.send("2", text="bonjour")).json()["messages"][0]["at"].startswith("2026-03-11")


async def test_handover_is_reported_as_effect_and_phase(visitor: Visitor) -> None:
    body = (await visitor.send(text="je veux parler à quelqu'un")).json()
    assert body["state"]["phase"] == "handed_over"
    (effect,) = body["debug"]["effects"]
    assert effect["op"] == "create_handover"
    assert effect["payload"]["case"] in body["messages"][0]["text"]


async def test_same_client_id_gets_the_same_reply_and_counts_once(visitor: Visitor) -> None:
    first, second = [await visitor.send("same", text="bonjour") for _ in range(2)]
    assert first.json() == second.json()
    assert len((await visitor.get("/messages")).json()["messages"]) == 2


async def test_choice_is_taken_by_its_id(visitor: Visitor) -> None:
    asked = (await visitor.send(text="puis-je envoyer des documents pour ma demande")).json()
    state = asked["state"]
    assert (state["mode"], state["phase"]) == ("bot", "in_form")
    assert (state["form"], state["slot"]) == ("docs_by_status_form", "documents_status")
    choice = asked["messages"][0]["choices"][1]
    answered = (await visitor.send("2", choice=choice["id"])).json()
    assert "**Oui.**" in answered["messages"][0]["text"]
    said = (await visitor.get("/messages")).json()["messages"]
    assert said[2]["text"] == choice["label"]


async def test_invented_choice_is_answered_kindly(visitor: Visitor) -> None:
    assert "plus valable" in (await visitor.send(choice="/human_handover")).json()["messages"][0]["text"]


async def test_history_goes_on_after_a_message(visitor: Visitor) -> None:
    first = (await visitor.send(text="bonjour")).json()["messages"][-1]["id"]
    await visitor.send("2", text="merci")
    later = (await visitor.get("/messages", after=first)).json()
    assert [message["author"] for message in later["messages"]] == ["user", "bot"]
    assert later["messages"][0]["text"] == "merci"
    assert later["state"]["phase"] == "idle"


async def test_history_waits_for_the_next_message(visitor: Visitor) -> None:
    first = (await visitor.send(text="bonjour")).json()["messages"][-1]["id"]
    waiting = asyncio.create_task(visitor.get("/messages", after=first, wait=25))
    await asyncio.sleep(0)
    await visitor.send("2", text="merci")
    messages = (await asyncio.wait_for(waiting, 10)).json()["messages"]
    assert messages[0]["text"] == "merci"


async def test_history_that_has_something_to_say_does_not_wait(visitor: Visitor) -> None:
    await visitor.send(text="bonjour")
    waiting = visitor.get("/messages", after=0, wait=25)
    assert len((await asyncio.wait_for(waiting, 10)).json()["messages"]) == 2


@pytest.mark.parametrize("wait", ["-1", "26", "long"])
async def test_waiting_is_bounded(visitor: Visitor, wait: str) -> None:
    assert_problem(await visitor.get("/messages", wait=wait), 422, "invalid-request")


async def test_erasing_a_session_ends_the_wait_for_messages(visitor: Visitor, client: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(visitor.get("/messages", wait=25))
    await asyncio.sleep(0)
    await client.delete(f"{API}/sessions/{visitor.session_id}", headers=visitor.headers)
    assert (await asyncio.wait_for(waiting, 10)).status_code in {200, 401}


async def test_service_says_what_holds_for_everybody(settings: Settings, dialogue: Dialogue) -> None:
    noticed = settings.model_copy(update={"service_notice": "Job-Room est fermé dimanche."})
    async with assembled(noticed, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            response = await client.get(f"{API}/service")
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {"notice": "Job-Room est fermé dimanche.", "locales": ["fr"], "uploads": True}


async def test_service_has_no_notice_unless_one_is_set(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{API}/service")).json()["notice"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"client_id": "1"},
        {"client_id": "", "text": "x"},
        {"client_id": "1", "text": "x", "choice": "y"},
        {"client_id": "1", "text": 5},
        {"client_id": "1", "text": "x", "unknown": 1},
        {"client_id": "x" * 101, "text": "x"},
        [],
        "text",
    ],
)
async def test_request_that_is_not_of_the_contract_is_refused(visitor: Visitor, body: Any) -> None:
    response = await visitor.client.post(f"{API}/messages", json=body, headers=visitor.headers)
    assert_problem(response, 422, "invalid-request")


async def test_bytes_that_are_not_json_are_refused(visitor: Visitor) -> None:
    headers = {**visitor.headers, "content-type": "application/json"}
    response = await visitor.client.post(f"{API}/messages", content=b"\xff\xfe\x00{", headers=headers)
    assert_problem(response, 422, "invalid-request")


@pytest.mark.parametrize("brought", ["id", "session_id", "token"])
async def test_no_session_begins_with_an_id_or_token_from_outside(client: httpx.AsyncClient, brought: str) -> None:
    response = await client.post(f"{API}/sessions", json={brought: "chosen-by-somebody-who-wants-to-read-along"})
    assert_problem(response, 422, "invalid-request")


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Basic dXNlcjpwYXNz", "Bearer ", "Bearer é"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/messages"),
        ("GET", "/messages"),
        ("GET", "/stream"),
        ("POST", "/files"),
        ("POST", "/feedback"),
        ("DELETE", "/sessions/x"),
    ],
)
async def test_nothing_is_possible_without_the_token(
    client: httpx.AsyncClient, method: str, path: str, authorization: str | None
) -> None:
    headers = {"authorization": authorization.encode()} if authorization else {}
    bodies = {"/messages": {"client_id": "1", "text": "x"}, "/feedback": {"message_id": 1, "value": "up"}}
    content = bodies.get(path) if method == "POST" else None
    assert_problem(await client.request(method, f"{API}{path}", json=content, headers=headers), 401, "unauthorized")


async def test_unknown_addresses_and_methods_are_problems(client: httpx.AsyncClient) -> None:
    assert_problem(await client.get("/nothing"), 404, "not-found")
    assert_problem(await client.put(f"{API}/sessions"), 405, "method-not-allowed")


async def test_body_that_is_too_large_is_refused(visitor: Visitor) -> None:
    response = await visitor.send(text="x" * LARGEST_BODY)
    assert_problem(response, 413, "too-large")


async def test_body_that_hides_its_size_is_refused(visitor: Visitor) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1024 + 2):
            yield b" " * 1024

    headers = {**visitor.headers, "content-type": "application/json"}
    response = await visitor.client.post(f"{API}/messages", content=chunks(), headers=headers)
    assert_problem(response, 413, "too-large")


async def test_feedback_is_kept_for_own_replies_only(visitor: Visitor, client: httpx.AsyncClient) -> None:
    message_id = (await visitor.send(text="bonjour")).json()["messages"][0]["id"]
    body = {"message_id": message_id, "value": "up", "comment": "clair"}
    assert (await client.post(f"{API}/feedback", json=body, headers=visitor.headers)).status_code == 204
    stranger = await new_visitor(client)
    assert_problem(await client.post(f"{API}/feedback", json=body, headers=stranger.headers), 404, "not-found")


async def test_erasing_a_session_erases_everything_and_ends_the_token(
    visitor: Visitor, client: httpx.AsyncClient
) -> None:
    await visitor.send(text="je veux parler à quelqu'un")
    stranger = await new_visitor(client)
    refused = await client.delete(f"{API}/sessions/{visitor.session_id}", headers=stranger.headers)
    assert_problem(refused, 404, "not-found")
    erased = await client.delete(f"{API}/sessions/{visitor.session_id}", headers=visitor.headers)
    assert erased.status_code == 204
    assert_problem(await visitor.get("/messages"), 401, "unauthorized")


async def test_erasing_a_session_leaves_the_helpdesk_what_is_stuck_but_not_what_was_said(
    program: Program, client: httpx.AsyncClient, visitor: Visitor
) -> None:
    other = await new_visitor(client)
    for one in (visitor, other):
        await one.send(text="je veux parler à quelqu'un")
    stuck = await handed_in(program, visitor.session_id, State.RECORDED)
    async with program.database.unit_of_work() as work:
        case, _ = await open_cases(work.connection)
        await hand_over(work, stuck.id, case.id)
    for one in (visitor, other):
        assert (await client.delete(f"{API}/sessions/{one.session_id}", headers=one.headers)).status_code == 204
    async with program.database.reading() as connection:
        (left,) = await open_cases(connection)
    assert (left.id, left.transcript, left.summary, left.session_id) == (case.id, (), (), None)


async def work_off(program: Program) -> None:
    """Everything that is due is attempted, and what follows from it."""
    while await program.worker.tick(clock.now()):
        pass


async def test_while_an_agent_speaks_messages_are_taken_and_the_assistant_is_silent(
    program: Program, visitor: Visitor
) -> None:
    anne = Agent("anne", "Anne Favre")
    await visitor.send("1", text="je veux parler à quelqu'un")
    async with program.database.unit_of_work() as work:
        (case,) = await open_cases(work.connection)
        case = await case_work.take_over(work, case.id, case.version, anne)
    await work_off(program)
    for client_id in ("2", "2"):
        taken = await visitor.send(client_id, text="c'est pour mon IPA")
        assert taken.status_code == 202
        assert (taken.json()["messages"], taken.json()["state"]["mode"]) == ([], "human")
    async with program.database.unit_of_work() as work:
        await case_work.reply(work, case.id, case.version, anne, "Quel mois ?")
    await work_off(program)
    said = (await visitor.get("/messages")).json()["messages"]
    assert [message["author"] for message in said] == ["user", "bot", "bot", "user", "agent"]
    danger = await visitor.send("3", text="j'en peux plus je veux mourir")
    assert danger.status_code == 200
    back = await visitor.send("4", text="annuler")
    assert (back.status_code, back.json()["state"]["mode"]) == (200, "bot")


async def test_too_many_messages_of_a_session_have_to_wait(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"session_rate": "2/minute"}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            visitor, other = await new_visitor(client), await new_visitor(client)
            for number in range(2):
                assert (await visitor.send(str(number), text="bonjour")).status_code == 200
            refused = await visitor.send("3", text="bonjour")
            assert_problem(refused, 429, "too-many-requests")
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert (await other.send(text="bonjour")).status_code == 200


async def test_too_many_requests_of_an_address_have_to_wait(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"address_rate": "3/hour"}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program), client=("192.0.2.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            for _ in range(3):
                await new_visitor(client)
            assert_problem(await client.post(f"{API}/sessions", json={}), 429, "too-many-requests")


async def test_database_that_fails_is_said_in_words(program: Program) -> None:
    transport = httpx.ASGITransport(app=create_app(program), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
        visitor = await new_visitor(client)
        async with program.database.unit_of_work() as work:
            await work.connection.exec_driver_sql("ALTER TABLE messages RENAME TO gone")
        assert_problem(await visitor.send(text="bonjour"), 503, "unavailable")
        async with program.database.unit_of_work() as work:
            await work.connection.exec_driver_sql("ALTER TABLE gone RENAME TO messages")
        assert (await visitor.send(text="bonjour")).status_code == 200


async def test_health(client: httpx.AsyncClient, program: Program) -> None:
    assert (await client.get("/healthz")).json() == {"status": "ok"}
    assert (await client.get("/readyz")).json() == {"status": "ok"}


async def test_not_ready_without_a_database(settings: Settings, dialogue: Dialogue, tmp_path: Any) -> None:
    async with assembled(settings, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            await program.database.close()
            (tmp_path / "test.db").unlink()
            (tmp_path / "test.db").mkdir()
            response = await client.get("/readyz")
            assert response.status_code == 503
            assert (await client.get("/healthz")).status_code == 200


async def test_every_response_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    for path in ("/", "/chat", "/embed", "/chat/simple", "/static/page.css", f"{API}/messages", "/nothing"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "require-trusted-types-for 'script'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


async def test_only_allowed_origins_may_frame_the_chat(settings: Settings, dialogue: Dialogue) -> None:
    allowed = settings.model_copy(update={"allowed_origins": ("https://www.ge.ch",)})
    async with assembled(allowed, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            framed = (await client.get("/embed")).headers["content-security-policy"]
            others = [
                (await client.get(path)).headers["content-security-policy"] for path in ("/", "/chat", "/chat/simple")
            ]
    assert "frame-ancestors 'self' https://www.ge.ch;" in framed
    assert all("frame-ancestors 'self';" in policy for policy in others)


class Stream:
    """The server-sent events of one request, read straight from the application: httpx buffers whole responses."""

    def __init__(self, app: Any, visitor: Visitor, headers: dict[str, str] | None = None, query: str = "") -> None:
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = asyncio.Event()
        self._text = ""
        pairs = {**visitor.headers, **(headers or {})}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"{API}/stream",
            "raw_path": f"{API}/stream".encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in pairs.items()],
            "client": ("127.0.0.1", 1),
            "server": ("cornavin.test", 80),
        }
        self.task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await self._chunks.put(message["body"])

    async def next(self) -> dict[str, Any]:
        """The data of the next event."""
        while "\n\n" not in self._text:
            self._text += (await asyncio.wait_for(self._chunks.get(), 10)).decode()
        event, _, self._text = self._text.partition("\n\n")
        (data,) = [line.removeprefix("data: ") for line in event.splitlines() if line.startswith("data: ")]
        found: dict[str, Any] = json.loads(data)
        return found

    async def leave(self) -> None:
        self._left.set()
        await asyncio.wait_for(self.task, 10)


async def test_stream_brings_messages_as_they_come_and_resumes(program: Program) -> None:
    app = create_app(program)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://cornavin.test") as client:
        visitor = await new_visitor(client)
        stream = Stream(app, visitor)
        reply = (await visitor.send(text="bonjour")).json()["messages"][0]
        said = [await stream.next(), await stream.next()]
        assert [message["author"] for message in said] == ["user", "bot"]
        assert said[1] == reply
        await stream.leave()
        await visitor.send("2", text="merci")
        resumed = Stream(app, visitor, {"last-event-id": str(reply["id"])})
        assert (await resumed.next())["text"] == "merci"
        await resumed.leave()
        from_query = Stream(app, visitor, query=f"after={reply['id']}")
        assert (await from_query.next())["text"] == "merci"
        await from_query.leave()


async def test_stream_ends_when_the_session_is_erased(program: Program) -> None:
    app = create_app(program)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://cornavin.test") as client:
        visitor = await new_visitor(client)
        stream = Stream(app, visitor)
        await asyncio.sleep(0)
        await client.delete(f"{API}/sessions/{visitor.session_id}", headers=visitor.headers)
        await asyncio.wait_for(stream.task, 10)


async def test_strangers_never_see_each_others_messages(program: Program) -> None:
    app = create_app(program)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://cornavin.test") as client:
        one, other = await new_visitor(client), await new_visitor(client)
        stream = Stream(app, other)
        await one.send(text="bonjour")
        await other.send(text="merci")
        assert (await stream.next())["text"] == "merci"
        assert next(m["text"] for m in (await other.get("/messages")).json()["messages"]) == "merci"
        await stream.leave()
