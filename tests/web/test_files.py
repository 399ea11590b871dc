"""Files in the chat API: what is taken, what is refused and why, and who gets them back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pikepdf
import pytest
from sqlalchemy import select

from base import clock
from base.encryption import KeyRing
from base.settings import Settings
from bot.channels.web import uploads
from bot.channels.web.app import create_app
from bot.channels.web.guards import LARGEST_BODY, LARGEST_UPLOAD
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import sealing
from casework.files.limits import MEBIBYTE
from casework.files.refusals import Reason
from casework.files.store import KEPT_UNSENT, FileStore, files
from casework.files.wording import WORDING
from conversations.models import UNNAMED
from tests.casework.files import samples
from tests.web.test_api import API, Visitor, assert_problem, new_visitor

LARGEST = 10 * MEBIBYTE


@pytest.fixture
async def visitor(client: httpx.AsyncClient) -> Visitor:
    return await new_visitor(client)


async def upload(visitor: Visitor, data: bytes, name: str = "Certificat médical.pdf") -> httpx.Response:
    sent = {"file": (name, data, "application/octet-stream")}
    return await visitor.client.post(f"{API}/files", files=sent, headers=visitor.headers)


async def taken(visitor: Visitor, name: str = "Certificat médical.pdf") -> dict[str, Any]:
    response = await upload(visitor, samples.pdf(), name)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


def filled(size: int) -> bytes:
    """A photo of exactly this size: what follows the end of the picture counts for nothing."""
    made = samples.jpeg(samples.picture())
    return made + b"\0" * (size - len(made))


async def kept(program: Program) -> list[Any]:
    async with program.database.reading() as connection:
        return list((await connection.execute(select(files))).mappings())


async def test_photo_is_taken_and_given_back_as_pdf(visitor: Visitor) -> None:
    response = await upload(visitor, samples.jpeg(samples.picture()), "../Photo de Léa.jpg")
    assert response.status_code == 201
    body = response.json()
    assert set(body) == {"id", "name", "size", "kind"}
    assert (body["name"], body["kind"]) == ("Photo de Léa.pdf", "jpeg")
    given = await visitor.get(f"/files/{body['id']}")
    assert given.status_code == 200
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''Photo%20de%20L%C3%A9a.pdf"
    assert given.headers["cache-control"] == "no-store"
    assert len(given.content) == body["size"]
    assert samples.seen(given.content).size[0] > 0


async def test_files_stand_in_the_history_under_their_names(visitor: Visitor) -> None:
    first, second = await taken(visitor), await taken(visitor, "cv.pdf")
    reply = (await visitor.send(files=[first["id"], second["id"], first["id"]])).json()
    assert "vos 2 fichiers" in reply["messages"][0]["text"]
    said, answered = (await visitor.get("/messages")).json()["messages"]
    assert (said["author"], said["text"]) == ("user", "")
    assert [file["name"] for file in said["attachments"]] == ["Certificat médical.pdf", "cv.pdf"]
    assert said["attachments"][0] == {
        "id": first["id"],
        "name": "Certificat médical.pdf",
        "mime": "application/pdf",
        "url": f"{API}/files/{first['id']}",
    }
    assert answered["id"] == reply["messages"][0]["id"]


async def test_name_and_content_are_kept_encrypted_only(visitor: Visitor, settings: Settings) -> None:
    file = await taken(visitor, "Léa-SECRET.pdf")
    await visitor.send(files=[file["id"]])
    written = await asyncio.to_thread(lambda: b"".join(map(Path.read_bytes, settings.data_dir.glob("*.db*"))))
    assert file["id"].encode() in written
    assert b"SECRET" not in written
    assert b"%PDF" not in written


async def test_files_that_nothing_asked_for_are_asked_what_they_are_for(visitor: Visitor) -> None:
    file = await taken(visitor)
    body = (await visitor.send(files=[file["id"]])).json()
    (message,) = body["messages"]
    assert "J'ai reçu votre fichier" in message["text"]
    assert "tant que vous ne me demandez pas de l'envoyer" in message["text"]
    assert f"{KEPT_UNSENT.days} jours" in message["text"]
    labels = {choice["label"]: choice["id"] for choice in message["choices"]}
    assert list(labels) == [
        "Envoyer un document maintenant",
        "Puis-je encore envoyer des papiers à la caisse ?",
        "Annoncer ma maladie ou mon accident maintenant",
        "Remplir mon formulaire IPA maintenant",
    ]
    assert body["state"]["phase"] == "idle"
    chosen = await visitor.send("2", choice=labels["Envoyer un document maintenant"])
    assert chosen.json()["debug"]["intent"] == "tx_documents"


async def test_open_question_stays_open_with_its_choices(visitor: Visitor) -> None:
    asked = (await visitor.send(text="Puis-je encore envoyer des documents ?")).json()
    file = await taken(visitor)
    body = (await visitor.send("2", files=[file["id"]])).json()
    assert body["state"] == {**asked["state"], "phase": body["state"]["phase"]}
    assert body["state"]["form"] is not None
    labels = [choice["label"] for choice in asked["messages"][-1]["choices"]]
    assert [choice["label"] for choice in body["messages"][0]["choices"]] == labels
    assert "Ma question d'avant reste ouverte" in body["messages"][0]["text"]
    answered = await visitor.send("3", choice=body["messages"][0]["choices"][1]["id"])
    assert "**Oui.**" in answered.json()["messages"][0]["text"]


async def test_same_client_id_counts_once_even_when_the_file_is_gone(visitor: Visitor) -> None:
    file = await taken(visitor)
    first = await visitor.send(files=[file["id"]])
    await visitor.client.delete(f"{API}/files/{file['id']}", headers=visitor.headers)
    again = await visitor.send(files=[file["id"]])
    assert again.json()["messages"] == first.json()["messages"]
    assert len((await visitor.get("/messages")).json()["messages"]) == 2


async def test_nobody_else_gets_sends_or_removes_a_file(visitor: Visitor, client: httpx.AsyncClient) -> None:
    file = await taken(visitor)
    stranger = await new_visitor(client)
    assert_problem(await stranger.get(f"/files/{file['id']}"), 404, "not-found")
    assert_problem(await stranger.send(files=[file["id"]]), 422, "file-gone")
    removed = await client.delete(f"{API}/files/{file['id']}", headers=stranger.headers)
    assert_problem(removed, 404, "not-found")
    assert (await stranger.get("/messages")).json()["messages"] == []
    assert (await visitor.get(f"/files/{file['id']}")).status_code == 200


@pytest.mark.parametrize(
    "change", [lambda id_: id_[:-1] + ("0" if id_[-1] != "0" else "1"), str.upper, lambda _: "%2e%2e"]
)
async def test_changed_id_finds_nothing(visitor: Visitor, change: Any) -> None:
    file = await taken(visitor)
    if change(file["id"]) == file["id"]:
        pytest.skip("this id has no letters")
    assert_problem(await visitor.get(f"/files/{change(file['id'])}"), 404, "not-found")
    assert_problem(await visitor.send(files=[change(file["id"])[:36]]), 422, "file-gone")


async def test_one_missing_file_sends_none(visitor: Visitor) -> None:
    file = await taken(visitor)
    refused = await visitor.send(files=[file["id"], "00000000-0000-0000-0000-000000000000"])
    assert_problem(refused, 422, "file-gone")
    assert (await visitor.get("/messages")).json()["messages"] == []


async def test_erasing_the_conversation_destroys_its_files(visitor: Visitor, program: Program) -> None:
    file = await taken(visitor)
    await visitor.client.delete(f"{API}/sessions/{visitor.session_id}", headers=visitor.headers)
    assert await kept(program) == []
    assert_problem(await visitor.get(f"/files/{file['id']}"), 401, "unauthorized")


async def test_conversation_that_is_erased_while_a_file_is_read_keeps_none(visitor: Visitor, program: Program) -> None:
    check = program.files.check

    async def check_and_lose(data: bytes) -> Any:
        prepared = await check(data)
        await visitor.client.delete(f"{API}/sessions/{visitor.session_id}", headers=visitor.headers)
        return prepared

    program.files.check = check_and_lose  # type: ignore[method-assign]  # nothing else stands between the two
    assert_problem(await upload(visitor, samples.pdf()), 401, "unauthorized")
    assert await kept(program) == []


async def test_removed_file_leaves_neither_name_nor_content(visitor: Visitor, program: Program) -> None:
    file = await taken(visitor)
    await visitor.send(files=[file["id"]])
    removed = await visitor.client.delete(f"{API}/files/{file['id']}", headers=visitor.headers)
    assert removed.status_code == 204
    (row,) = await kept(program)
    assert (row["name"], row["content"], row["key"]) == (None, None, None)
    assert_problem(await visitor.get(f"/files/{file['id']}"), 404, "not-found")
    assert (await visitor.get("/messages")).json()["messages"][0]["attachments"][0]["name"] == UNNAMED


async def test_file_is_deleted_in_time(visitor: Visitor, program: Program) -> None:
    file = await taken(visitor)
    with clock.at(clock.now() + KEPT_UNSENT):
        while await program.worker.tick(clock.now()):
            pass
    assert_problem(await visitor.get(f"/files/{file['id']}"), 404, "not-found")


@pytest.mark.parametrize(
    ("data", "status", "reason"),
    [
        (b"", 422, Reason.EMPTY),
        (b"MZ virus", 422, Reason.UNSUPPORTED),
        (samples.pdf()[:200], 422, Reason.BROKEN),
        (samples.pdf(encryption=pikepdf.Encryption(owner="x", user="y")), 422, Reason.ENCRYPTED),
        (b"x" * (LARGEST + 1), 413, Reason.TOO_BIG),
        (b"x" * (LARGEST + 20 * MEBIBYTE), 413, Reason.TOO_BIG),
        (b"x" * LARGEST_UPLOAD, 413, Reason.TOO_BIG),
    ],
    ids=["empty", "unsupported", "broken", "encrypted", "a byte too long", "much too long", "cut off"],
)
async def test_refused_file_says_why_and_what_to_do(
    visitor: Visitor, program: Program, data: bytes, status: int, reason: Reason
) -> None:
    response = await upload(visitor, data)
    assert_problem(response, status, f"file-{reason.replace('_', '-')}")
    assert response.json()["detail"] == WORDING[reason]
    assert await kept(program) == []


async def test_exactly_ten_megabytes_are_taken(visitor: Visitor) -> None:
    data = filled(LARGEST)
    assert len(data) == LARGEST
    assert (await upload(visitor, data)).status_code == 201


async def test_other_routes_keep_their_limit_for_forms(visitor: Visitor) -> None:
    sent = {"file": ("a.pdf", b"x" * 100_000)}
    response = await visitor.client.post(f"{API}/messages", files=sent, headers=visitor.headers)
    assert_problem(response, 413, "too-large")


async def test_body_that_comes_in_pieces_and_says_no_size_is_read(visitor: Visitor) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\n'
        data = samples.pdf()
        for start in range(0, len(data), 100):
            yield data[start : start + 100]
        yield b"\r\n--x--\r\n"

    headers = {**visitor.headers, "content-type": "multipart/form-data; boundary=x"}
    response = await visitor.client.post(f"{API}/files", content=pieces(), headers=headers)
    assert response.status_code == 201
    assert response.json()["name"] == "cv.pdf"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/pdf", samples.pdf()),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"no form"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n',
        ),
    ],
    ids=["no form", "no boundary", "no part", "no file", "text for a file"],
)
async def test_request_without_a_file_is_refused(visitor: Visitor, content_type: str, body: bytes) -> None:
    headers = {**visitor.headers, "content-type": content_type}
    response = await visitor.client.post(f"{API}/files", content=body, headers=headers)
    assert_problem(response, 422, "invalid-request")


async def test_form_of_many_parts_is_refused_though_they_have_one_name(visitor: Visitor) -> None:
    sent = [("x", (None, b"")) for _ in range(uploads.MOST_FIELDS)]
    for fields, status in ((sent, 422), (sent[1:], 201)):
        parts = [*fields, ("file", ("a.pdf", samples.pdf()))]
        response = await visitor.client.post(f"{API}/files", files=parts, headers=visitor.headers)
        assert response.status_code == status


async def test_upload_that_is_broken_off_is_no_failure(
    visitor: Visitor, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    pieces = iter([{"type": "http.request", "body": b"--x\r\n", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(pieces)

    async def send(_message: Any) -> None:
        pass

    headers = {**visitor.headers, "content-type": "multipart/form-data; boundary=x"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{API}/files",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await create_app(program)(scope, receive, send)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_two_files_in_one_request_are_refused(visitor: Visitor, program: Program) -> None:
    sent = [("file", ("a.pdf", samples.pdf())), ("file", ("b.pdf", samples.pdf()))]
    response = await visitor.client.post(f"{API}/files", files=sent, headers=visitor.headers)
    assert_problem(response, 422, "invalid-request")
    assert await kept(program) == []


async def test_uploads_without_a_session_are_refused_unread(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        raise AssertionError("the body is read")
        yield b""

    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = await client.post(f"{API}/files", content=endless(), headers=headers)
    assert_problem(response, 401, "unauthorized")


async def test_uploads_count_for_the_rate_of_the_session(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"session_rate": "1/hour"}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            visitor = await new_visitor(client)
            await taken(visitor)
            refused = await upload(visitor, samples.pdf())
            assert_problem(refused, 429, "too-many-requests")
            assert int(refused.headers["retry-after"]) > 0


async def test_one_address_can_send_so_many_megabytes_only(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"upload_rate": "2/hour"}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            await taken(await new_visitor(client))
            await taken(await new_visitor(client))
            refused = await upload(await new_visitor(client), samples.pdf())
            assert_problem(refused, 429, "too-many-requests")
            assert int(refused.headers["retry-after"]) > 60
            assert len(await kept(program)) == 2


async def test_no_more_uploads_at_a_time_than_fit_into_memory(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    monkeypatch.setattr(uploads, "MOST_AT_A_TIME", 0)
    transport = httpx.ASGITransport(app=create_app(program))
    async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
        visitor.client = client
        refused = await upload(visitor, samples.pdf())
    assert_problem(refused, 503, "unavailable")
    assert refused.headers["retry-after"] == "5"


async def test_header_without_end_is_no_form(visitor: Visitor) -> None:
    body = (
        b'--x\r\ncontent-disposition: form-data; name="file"; filename="' + b"a" * 10_000 + b'"\r\n\r\nx\r\n--x--\r\n'
    )
    headers = {**visitor.headers, "content-type": "multipart/form-data; boundary=x"}
    assert_problem(await visitor.client.post(f"{API}/files", content=body, headers=headers), 422, "invalid-request")


async def test_large_forms_of_one_address_leave_room_for_others_and_small_ones_need_none(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, program: Program
) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_AN_ADDRESS", 1)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="cv.pdf"\r\n\r\n'
        yield b"%PDF" + b"0" * (2 * LARGEST_BODY)
        begun.set()
        await go_on.wait()
        yield b"\r\n--x--\r\n"

    headers = {**visitor.headers, "content-type": "multipart/form-data; boundary=x"}
    first = asyncio.create_task(visitor.client.post(f"{API}/files", content=slowly(), headers=headers))
    await begun.wait()
    assert_problem(await upload(visitor, b"%PDF" + b"0" * (2 * LARGEST_BODY)), 503, "unavailable")
    assert (await upload(visitor, samples.pdf())).status_code == 201
    go_on.set()
    assert_problem(await first, 422, "file-unsupported")
    assert_problem(await upload(visitor, b"%PDF" + b"0" * (2 * LARGEST_BODY)), 422, "file-unsupported")


async def test_uploads_can_be_closed(settings: Settings, dialogue: Dialogue) -> None:
    async with assembled(settings.model_copy(update={"uploads": False}), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            opened = (await client.post(f"{API}/sessions", json={})).json()
            assert opened["uploads"] is False
            assert (await client.get(f"{API}/service")).json()["uploads"] is False
            visitor = Visitor(client, opened)
            refused = await upload(visitor, b"%PDF")
            assert_problem(refused, 403, "uploads-not-open")
            assert "Job-Room" in refused.json()["detail"]
            assert_problem(await visitor.send(files=["1"]), 403, "uploads-not-open")
            assert 'type="file"' not in (await client.get("/chat/simple")).text


async def test_keys_are_moved_to_a_new_secret_when_the_program_starts(settings: Settings, dialogue: Dialogue) -> None:
    old, new = "the old secret " * 2, "the new secret " * 2
    async with assembled(with_secret(settings, old), dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
            visitor = await new_visitor(client)
            file = await taken(visitor)
    async with assembled(with_secret(settings, f"{new},{old}"), dialogue) as program:
        app = create_app(program)
        async with app.router.lifespan_context(app):
            await sealing.wrap_anew(program.database, program.keys)  # done by now or done here: both end the same
    only_new = KeyRing([new.strip()])
    async with assembled(settings, dialogue) as program, program.database.reading() as connection:
        assert await sealing.unreadable(connection, only_new) == 0
        assert await FileStore(only_new).read(connection, file["id"], visitor.session_id)
        assert await sealing.unreadable(connection, KeyRing([old.strip()])) == 1


async def test_file_whose_secret_is_missing_is_unavailable_and_its_message_readable(
    settings: Settings, dialogue: Dialogue
) -> None:
    headers, file = {}, {}
    for secret in ("the old secret " * 2, "another secret " * 2):
        async with assembled(with_secret(settings, secret), dialogue) as program:
            transport = httpx.ASGITransport(app=create_app(program))
            async with httpx.AsyncClient(transport=transport, base_url="http://cornavin.test") as client:
                if not file:
                    visitor = await new_visitor(client)
                    file, headers = await taken(visitor), visitor.headers
                    await visitor.send(files=[file["id"]])
                else:
                    given = await client.get(f"{API}/files/{file['id']}", headers=headers)
                    assert_problem(given, 503, "unavailable")
                    said = (await client.get(f"{API}/messages", headers=headers)).json()["messages"][0]
                    assert said["attachments"][0]["name"] == UNNAMED


def with_secret(settings: Settings, secret: str) -> Settings:
    return settings.model_copy(update={"secret_key": Settings(secret_key=secret).secret_key})


async def test_age_of_a_file_counts_from_when_it_came(visitor: Visitor, program: Program) -> None:
    await taken(visitor)
    (row,) = await kept(program)
    assert row["delete_at"] - row["created_at"] == timedelta(days=KEPT_UNSENT.days)
