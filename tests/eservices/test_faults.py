"""Faults of the gateway: the client says what is known, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eservices.client import EServices, Patience
from eservices.errors import EServicesError, Refused, Unavailable, Uncertain
from eservices.reasons import Reason
from eservices.sandbox import people
from eservices.sandbox.app import create_app
from eservices.sandbox.faults import Kind
from eservices.sandbox.people import A_PDF
from eservices.sandbox.transport import InProcess
from tests.eservices.conftest import CONFIG, URL, NewKey, connected

CAMILLE = people.person_id(1)


async def strike(web: httpx.AsyncClient, kind: Kind, **more: Any) -> None:
    answer = await web.post("/sandbox/faults", json={"kind": kind, **more})
    assert answer.status_code == 201, answer.text


async def journal(web: httpx.AsyncClient) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await web.get("/sandbox/journal")).json()
    return entries


@pytest.mark.parametrize("kind", [Kind.FAILED, Kind.DROPPED, Kind.LOST])
async def test_one_fault_is_bridged_and_the_write_happens_once(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey, kind: Kind
) -> None:
    await strike(web, kind)
    receipt = (await eservices.stage_file(CAMILLE, A_PDF, new_key())).receipt
    (entry,) = await journal(web)
    assert entry["number"] == receipt.number
    assert entry["replays"] == (1 if kind is Kind.LOST else 0)


@pytest.mark.parametrize(("kind", "processed"), [(Kind.FAILED, 0), (Kind.DROPPED, 0), (Kind.LOST, 1)])
async def test_an_answer_that_never_comes_leaves_the_write_uncertain_until_it_is_repeated(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey, kind: Kind, processed: int
) -> None:
    key = new_key()
    await strike(web, kind, count=2)
    with pytest.raises(Uncertain) as caught:
        await eservices.stage_file(CAMILLE, A_PDF, key)
    assert caught.value.key == key
    before = await journal(web)
    assert len(before) == processed
    receipt = (await eservices.stage_file(CAMILLE, A_PDF, key)).receipt
    (entry,) = await journal(web)
    assert entry["number"] == receipt.number
    assert [one["number"] for one in before] == [receipt.number] * processed


async def test_a_closed_gateway_has_processed_nothing_and_says_when_to_come_back(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey
) -> None:
    await strike(web, Kind.DOWN)
    with pytest.raises(Unavailable) as caught:
        await eservices.stage_file(CAMILLE, A_PDF, new_key())
    assert caught.value.retry_after == 1.0
    assert await journal(web) == []


async def test_after_an_uncertain_attempt_a_closed_gateway_leaves_it_uncertain(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey
) -> None:
    await strike(web, Kind.LOST)
    await strike(web, Kind.DOWN)
    with pytest.raises(Uncertain):
        await eservices.stage_file(CAMILLE, A_PDF, new_key())
    assert len(await journal(web)) == 1


async def test_a_conflict_is_a_refusal_with_its_reason_and_is_not_repeated(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey
) -> None:
    await strike(web, Kind.CONFLICT, reason=Reason.ALREADY_TRANSMITTED, count=2)
    with pytest.raises(Refused) as caught:
        await eservices.stage_file(CAMILLE, A_PDF, new_key())
    assert caught.value.reason is Reason.ALREADY_TRANSMITTED
    assert len((await web.get("/sandbox/faults")).json()) == 1


async def test_a_slow_answer_is_waited_for(eservices: EServices, web: httpx.AsyncClient, new_key: NewKey) -> None:
    await strike(web, Kind.SLOW, seconds=0.01)
    await eservices.stage_file(CAMILLE, A_PDF, new_key())
    assert (await web.get("/sandbox/faults")).json() == []


async def test_reading_is_never_uncertain(eservices: EServices, web: httpx.AsyncClient) -> None:
    await strike(web, Kind.FAILED, count=2)
    with pytest.raises(Unavailable):
        await eservices.person(CAMILLE)


async def test_a_fault_strikes_only_where_it_is_meant_to(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey
) -> None:
    await strike(web, Kind.FAILED, path="/v1/persons/*/documents", count=9)
    await strike(web, Kind.FAILED, path="/v1/persons/*/files", method="DELETE", count=9)
    await eservices.stage_file(CAMILLE, A_PDF, new_key())
    with pytest.raises(EServicesError):
        await eservices.documents(CAMILLE)
    await web.delete("/sandbox/faults")
    assert (await eservices.documents(CAMILLE)).items == []


async def test_a_token_that_is_no_longer_good_is_renewed(eservices: EServices, web: httpx.AsyncClient) -> None:
    await eservices.person(CAMILLE)
    await web.post("/sandbox/reset")
    await eservices.person(CAMILLE)


async def test_without_a_token_nothing_is_processed(
    eservices: EServices, web: httpx.AsyncClient, new_key: NewKey
) -> None:
    for kind in (Kind.FAILED, Kind.DOWN, Kind.DROPPED):
        await strike(web, kind, path="/oauth/token", count=2)
        with pytest.raises(Unavailable):
            await eservices.stage_file(CAMILLE, A_PDF, new_key())
        await web.delete("/sandbox/faults")
    assert await journal(web) == []


async def test_a_token_that_does_not_come_is_waited_for_by_all_at_once() -> None:
    asked, arrived, hangs = 0, asyncio.Event(), asyncio.Event()

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        arrived.set()
        await hangs.wait()
        raise httpx.ReadTimeout("slow", request=request)

    patience = Patience(attempts=1, pause=0.0)
    async with EServices(URL, "a", "b", transport=httpx.MockTransport(handle), patience=patience) as eservices:
        calls = [asyncio.create_task(eservices.person(CAMILLE)) for _ in range(5)]
        await asyncio.sleep(0)
        calls.pop().cancel()
        await arrived.wait()
        hangs.set()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 4
    assert asked == 1


def answering(answer: httpx.Response | Exception) -> EServices:
    """A client of a gateway that always says the same once a token is issued."""

    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "token_type": "Bearer", "expires_in": 60})
        if isinstance(answer, Exception):
            raise answer
        return answer

    patience = Patience(attempts=1, pause=0.0)
    return EServices(URL, "a", "b", transport=httpx.MockTransport(handle), patience=patience)


PROBLEM = {"content-type": "application/problem+json"}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.Response(201, json={"receipt": {"number": "7"}}), Uncertain),
        (httpx.Response(201, text="<p>Welcome to the proxy"), Uncertain),
        (httpx.Response(404, text="<p>Not here"), Uncertain),
        (httpx.Response(503, text="<p>Bad gateway"), Uncertain),
        (httpx.Response(422, headers=PROBLEM, text="{"), Uncertain),
        (httpx.Response(302, headers={"location": "/login"}), Uncertain),
        (httpx.ReadTimeout("slow"), Uncertain),
        (httpx.WriteError("gone"), Uncertain),
        (httpx.DecodingError("no gzip"), Uncertain),
        (httpx.ConnectError("refused"), Unavailable),
        (httpx.ConnectTimeout("slow"), Unavailable),
    ],
)
async def test_what_cannot_be_believed_is_uncertain(
    answer: httpx.Response | Exception, expected: type[Exception]
) -> None:
    async with answering(answer) as eservices:
        with pytest.raises(expected):
            await eservices.stage_file(CAMILLE, A_PDF, "key-of-the-test-1")


async def test_a_reason_that_the_client_does_not_know_is_still_a_refusal() -> None:
    body = '{"type": "urn:cornavin:eservices:moon-is-full", "title": "?", "status": 409, "new": 1}'
    async with answering(httpx.Response(409, headers=PROBLEM, text=body)) as eservices:
        with pytest.raises(Refused) as caught:
            await eservices.stage_file(CAMILLE, A_PDF, "key-of-the-test-1")
    assert caught.value.reason is None
    assert caught.value.type == "urn:cornavin:eservices:moon-is-full"


class Calls:
    """Plays a list of writes with few keys, each under any faults, and remembers what was promised."""

    def __init__(self) -> None:
        self.app: FastAPI = create_app(CONFIG)
        self.bodies: dict[str, bytes] = {}
        self.promised: dict[str, str] = {}

    async def play(self, calls: list[tuple[int, int, list[Kind]]]) -> list[dict[str, Any]]:
        async with (
            httpx.AsyncClient(transport=InProcess(self.app), base_url=URL) as web,
            connected(self.app, attempts=1) as eservices,
        ):
            for number, variant, kinds in calls:
                for kind in kinds:
                    await strike(web, kind, seconds=0.0)
                for _ in kinds:
                    await self._call(eservices, f"key-of-the-test-{number}", A_PDF + b"\n" * variant)
                await web.delete("/sandbox/faults")
                await self._call(eservices, f"key-of-the-test-{number}", A_PDF + b"\n" * variant)
            return await journal(web)

    async def _call(self, eservices: EServices, key: str, body: bytes) -> None:
        try:
            staged = await eservices.stage_file(CAMILLE, body, key)
        except Refused as refusal:
            if refusal.reason is Reason.IDEMPOTENCY_KEY_REUSED:
                assert self.bodies[key] != body
        except (Unavailable, Uncertain) as error:
            if isinstance(error, Uncertain):
                self.bodies.setdefault(key, body)
        else:
            assert self.bodies.setdefault(key, body) == body
            assert self.promised.setdefault(key, staged.receipt.number) == staged.receipt.number


@settings(max_examples=15, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(0, 1),
            st.lists(st.sampled_from([Kind.LOST, Kind.DOWN, Kind.CONFLICT, Kind.SLOW]), max_size=3),
        ),
        max_size=6,
    )
)
async def test_each_key_is_processed_once_whatever_goes_wrong(calls: list[tuple[int, int, list[Kind]]]) -> None:
    played = Calls()
    entries = await played.play(calls)
    assert {entry["idempotency_key"]: entry["number"] for entry in entries} == played.promised
    assert len(entries) == len(played.promised)


@pytest.mark.parametrize("key", ["", "short", "with spaces in the key", "x" * 129, "é" * 20])
async def test_a_write_without_a_good_key_is_refused(web: httpx.AsyncClient, key: str) -> None:
    token = await web.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("client", "secret"))
    headers = {"authorization": f"Bearer {token.json()['access_token']}", "content-type": "application/pdf"}
    path = f"/v1/persons/{CAMILLE}/files"
    answer = await web.post(path, content=A_PDF, headers={**headers, "idempotency-key": key.encode()})
    assert (answer.status_code, answer.json()["type"]) == (400, Reason.IDEMPOTENCY_KEY_MISSING.urn)


async def test_the_same_key_for_another_operation_is_refused(eservices: EServices, new_key: NewKey) -> None:
    key = new_key()
    await eservices.stage_file(CAMILLE, A_PDF, key)
    with pytest.raises(Refused) as caught:
        await eservices.transmit_application(CAMILLE, key)
    assert caught.value.reason is Reason.IDEMPOTENCY_KEY_REUSED


async def test_a_refusal_is_not_remembered(eservices: EServices, web: httpx.AsyncClient, new_key: NewKey) -> None:
    key = new_key()
    amadou = people.person_id(2)
    for _ in range(2):
        with pytest.raises(Refused):
            await eservices.delete_document(amadou, "d-00000000", key)
    assert (await eservices.transmit_application(amadou, key)).receipt.number
    assert len(await journal(web)) == 1
