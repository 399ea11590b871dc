"""The login, end to end with the sandbox's provider and e-service in this process."""

from __future__ import annotations

import html
import json
import re
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from base import clock
from base.identifiers import Kind
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.login_wording import FAILURES
from bot.channels.web.rendering import plain
from bot.engine.dialogue import Dialogue
from bot.openid import Attempt
from bot.program import OnLinked, Program, assembled
from casework import persons
from conversations import store
from eservices.sandbox import people, process
from eservices.sandbox.app import create_app as create_sandbox
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.login import Provider
from eservices.sandbox.transport import InProcess

CAMILLE, AMADOU = 1, 2
CALLBACK = "/login/callback"
COOKIE = "cornavin-login"
Claims = dict[str, Any]
Housing = Callable[..., AbstractAsyncContextManager["House"]]


class Network(httpx.AsyncBaseTransport):
    """Leads to the sandbox, unless a test has something else happen on the way."""

    def __init__(self, sandbox: FastAPI) -> None:
        self._inner = InProcess(sandbox)
        self.down = ""
        """What does not answer: a part of the path."""
        self.refused = ""
        """What does not know us: a part of the path."""
        self.change: Callable[[httpx.Request, dict[str, Any]], dict[str, Any]] | None = None
        """Changes what the provider answers."""
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        """Problems that are answered in place of the sandbox."""
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.down and self.down in request.url.path:
            raise httpx.ConnectError("no route", request=request)
        if self.refused and self.refused in request.url.path:
            return httpx.Response(401, request=request)
        if request.url.path in self.answers:
            status, problem = self.answers[request.url.path]
            headers = {"content-type": "application/problem+json"}
            return httpx.Response(status, headers=headers, content=json.dumps(problem), request=request)
        answer = await self._inner.handle_async_request(request)
        if self.change is None or not request.url.path.startswith("/oidc"):
            return answer
        await answer.aread()
        return httpx.Response(answer.status_code, json=self.change(request, answer.json()), request=request)


@dataclass
class Page:
    """What a browser shows."""

    response: httpx.Response
    status: int = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.status = self.response.status_code
        self.text = " ".join(plain(html.unescape(re.sub(r"<[^>]+>", "", self.response.text))).split())

    @property
    def again(self) -> str | None:
        """The address that «Recommencer» leads to."""
        found = re.search(r'<a href="([^"]+)">Recommencer', self.response.text)
        return html.unescape(found.group(1)) if found else None

    @property
    def agreement(self) -> str:
        found = re.search(r'name="agreement" value="([^"]+)"', self.response.text)
        assert found, self.text
        return found.group(1)


class Browser:
    """Somebody's browser: visits Cornavin, goes to the provider and comes back.

    Args:
        client: With cookies of its own.
        web: Without; of the sandbox.
    """

    def __init__(self, client: httpx.AsyncClient, web: httpx.AsyncClient) -> None:
        self.client = client
        self._web = web

    async def open(self, address: str) -> Page:
        return Page(await self.client.get(address))

    async def agree(self, ticket: str) -> httpx.Response:
        """Opens the link and presses the button."""
        page = await self.open(f"/login/{ticket}")
        assert page.status == 200, page.text
        return await self.client.post(f"/login/{ticket}", data={"agreement": page.agreement})

    async def choose(self, sent: httpx.Response, person: int) -> str:
        """Chooses a person at the provider; gives the address that the browser is sent back to."""
        assert sent.status_code == 303, sent.text
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        answer = await self._web.post("/oidc/authorize", data={**asked, "person": people.person_id(person)})
        assert answer.status_code == 303, answer.text
        returned: str = answer.headers["location"]
        return returned

    async def come_back(self, address: str) -> Page:
        parts = urlsplit(address)
        return await self.open(f"{parts.path}?{parts.query}")

    async def log_in(self, ticket: str, person: int = CAMILLE) -> Page:
        return await self.come_back(await self.choose(await self.agree(ticket), person))


@dataclass
class House:
    """The program, the sandbox, and what lies between them."""

    program: Program
    app: FastAPI
    sandbox: FastAPI
    network: Network

    async def chat(self, channel: str = "web") -> str:
        async with self.program.database.unit_of_work() as work:
            session, _ = await store.open_session(work, channel, "fr")
        return session.id

    async def ticket(self, session_id: str | None = None) -> str:
        chosen = session_id or await self.chat()
        async with self.program.database.unit_of_work() as work:
            return await persons.new_login(work, chosen)

    async def person_of(self, session_id: str) -> str | None:
        async with self.program.database.reading() as connection:
            return await persons.person_of(connection, session_id)

    async def log_out(self, session_id: str) -> None:
        async with self.program.database.unit_of_work() as work:
            await persons.log_out(work, session_id)

    async def recognise(self, session_id: str, person: int) -> str | None:
        """Whose conversation it is once this person's number and birth date were given in it."""
        number, born = people.personal_number(person), people.PEOPLE[person - 1].birth_date.isoformat()
        async with self.program.database.unit_of_work() as work:
            tokens = [
                await self.program.vault.conceal(work, session_id, text, expected)
                for text, expected in ((number, Kind.PERSONAL_NUMBER), (born, Kind.BIRTH_DATE))
            ]
            await self.program.desk.identifications.check(work, session_id, tokens[0], tokens[1])
        while await self.program.worker.tick(clock.now()):
            pass
        return await self.person_of(session_id)

    @asynccontextmanager
    async def browser(self, base_url: str = "") -> AsyncIterator[Browser]:
        ours = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        address = base_url or self.program.settings.public_url
        async with (
            httpx.AsyncClient(transport=ours, base_url=address) as client,
            httpx.AsyncClient(transport=InProcess(self.sandbox), base_url=self.program.settings.sandbox_url) as web,
        ):
            yield Browser(client, web)

    def resign(self, changed: Claims, key: RSAKey | OctKey | None = None, **header: Any) -> None:
        """Has the provider say something else in its id_token; None takes a claim out."""

        def change(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any]:
            if not request.url.path.endswith("/token"):
                return answer
            own = RSAKey.import_key(json.loads(self.sandbox.state.store.setting("signing_key")))  # made by now
            claims = {**jwt.decode(answer["id_token"], own).claims, **changed}
            kept = {name: value for name, value in claims.items() if value is not None}
            headers = {"alg": "RS256", "kid": own.kid, **header}
            algorithms = [headers["alg"]]
            return {**answer, "id_token": jwt.encode(headers, kept, key or own, algorithms=algorithms)}

        self.network.change = change


async def nothing_more(_session_id: str) -> None:
    """The conversation does not go on by itself."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a sandbox with its persons and its key, which takes a while to make."""
    file = tmp_path_factory.mktemp("sandbox") / "prepared.db"
    config = replace(SandboxConfig.of(Settings()), file=file)
    store = create_sandbox(config).state.store
    Provider(store, config).jwks()
    store.close()
    return file


@pytest.fixture
def housing(prepared: Path, dialogue: Dialogue, tmp_path_factory: pytest.TempPathFactory) -> Housing:
    """Builds a house with other settings, or with a conversation that wants to know."""

    @asynccontextmanager
    async def build(settings: Settings, on_linked: OnLinked | None = None) -> AsyncIterator[House]:
        file = shutil.copy(prepared, tmp_path_factory.mktemp("house") / "sandbox.db")
        sandbox = create_sandbox(replace(SandboxConfig.of(settings), file=file))
        network = Network(sandbox)
        try:
            async with assembled(settings, dialogue, network=network, on_linked=on_linked) as program:
                yield House(program, create_app(program), sandbox, network)
        finally:
            sandbox.state.store.close()

    return build


@pytest.fixture
async def house(settings: Settings, housing: Housing) -> AsyncIterator[House]:
    async with housing(settings) as built:
        yield built


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    async with house.browser() as opened:
        yield opened


def says(page: Page, failure: str) -> bool:
    """Whether this failure, and no other, is what the page tells."""
    found = [name for name, one in FAILURES.items() if one.text in page.text]
    assert found == [failure], page.text
    expected = FAILURES[failure]
    assert page.status == expected.status
    assert (page.again is not None) == expected.again
    assert "La connexion n'a pas abouti" in page.text
    assert "revenir à la conversation" in page.text or "Ouvrir la conversation" in page.text
    return True


async def test_person_logs_in_and_the_conversation_is_theirs(settings: Settings, housing: Housing) -> None:
    told: list[str] = []

    async def note(session_id: str) -> None:
        told.append(session_id)

    async with housing(settings, note) as house, house.browser() as browser:
        session_id, other = await house.chat(), await house.chat()
        ticket = await house.ticket(session_id)
        asked = await browser.open(f"/login/{ticket}")
        assert "La conversation sur ce site, commencée aujourd'hui à 10:15" in asked.text
        assert "Si quelqu'un vous l'a envoyé, fermez cette page" in asked.text
        assert await house.person_of(session_id) is None
        done = await browser.log_in(ticket)
        assert done.status == 200
        assert "Vous êtes connecté·e, revenez à la conversation" in done.text
        assert '<a href="/chat">' in done.response.text
        assert await house.recognise(session_id, CAMILLE) == people.person_id(CAMILLE)
        assert await house.person_of(other) is None
        assert told == [session_id]
        assert COOKIE not in browser.client.cookies


async def test_request_to_the_provider_has_code_pkce_state_and_nonce(house: House, browser: Browser) -> None:
    sent = [await browser.agree(await house.ticket()) for _ in range(2)]
    values = [parse_qs(urlsplit(one.headers["location"]).query) for one in sent]
    for asked, response in zip(values, sent, strict=True):
        assert asked["response_type"] == ["code"]
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["redirect_uri"] == [f"{house.program.settings.public_url}{CALLBACK}"]
        assert asked["client_id"] == [house.program.settings.oidc_client_id]
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["referrer-policy"] == "no-referrer"
    for name in ("state", "nonce", "code_challenge"):
        assert len({asked[name][0] for asked in values}) == 2
        assert all(len(asked[name][0]) == 43 for asked in values)


async def test_chat_app_is_named_and_has_no_link_to_the_page(house: House, browser: Browser) -> None:
    ticket = await house.ticket(await house.chat("telegram"))
    assert "La conversation sur Telegram" in (await browser.open(f"/login/{ticket}")).text
    done = await browser.log_in(ticket)
    assert "La conversation sur Telegram vous y demande encore" in done.text
    assert "Ouvrir la conversation" not in done.text


async def test_older_conversation_is_named_by_its_day(house: House, browser: Browser, frozen_clock: datetime) -> None:
    session_id = await house.chat()
    clock.freeze(frozen_clock + timedelta(days=1))
    page = await browser.open(f"/login/{await house.ticket(session_id)}")
    assert "commencée le 11 mars 2026 à 10:15" in page.text


async def test_looking_uses_nothing_up(house: House, browser: Browser) -> None:
    ticket = await house.ticket()
    async with house.browser() as robot:
        for _ in range(3):
            assert (await robot.open(f"/login/{ticket}")).status == 200
            assert (await robot.client.head(f"/login/{ticket}")).status_code == 200
    assert (await browser.log_in(ticket)).status == 200


async def test_every_page_is_kept_from_caches_frames_scripts_and_other_sites(house: House, browser: Browser) -> None:
    ticket = await house.ticket()
    for response in (
        (await browser.open(f"/login/{ticket}")).response,
        await browser.client.post(f"/login/{ticket}"),
        (await browser.open("/login/unknown")).response,
        (await browser.open(CALLBACK)).response,
        (await browser.log_in(ticket)).response,
    ):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["referrer-policy"] == "no-referrer"
        content_policy = response.headers["content-security-policy"]
        assert "script-src 'none'" in content_policy
        assert "frame-ancestors 'none'" in content_policy
        assert "<script" not in response.text
        assert "style=" not in response.text
        assert "Bac à sable" in response.text


async def test_cookie_is_for_this_browser_and_for_ten_minutes(house: House, browser: Browser) -> None:
    response = (await browser.open(f"/login/{await house.ticket()}")).response
    cookie = response.headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Max-Age=600; Path=/; SameSite=lax", cookie)


async def test_over_https_the_cookie_is_bound_to_the_host(settings: Settings, housing: Housing) -> None:
    secure = settings.model_copy(update={"public_url": "https://cornavin.test"})
    async with housing(secure) as house, house.browser() as browser:
        ticket = await house.ticket()
        cookie = (await browser.open(f"/login/{ticket}")).response.headers["set-cookie"]
        assert cookie.startswith("__Host-cornavin-login=")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        done = await browser.log_in(ticket)
        assert done.status == 200
        assert "Max-Age=0" in done.response.headers["set-cookie"]
        assert "Secure" in done.response.headers["set-cookie"]


async def test_unknown_link(browser: Browser) -> None:
    assert says(await browser.open("/login/nothing-of-ours"), "unknown")


async def test_expired_link(house: House, browser: Browser, frozen_clock: datetime) -> None:
    ticket = await house.ticket()
    page = await browser.open(f"/login/{ticket}")
    clock.freeze(frozen_clock + persons.LIFETIME)
    assert says(await browser.open(f"/login/{ticket}"), "expired")
    sent = await browser.client.post(f"/login/{ticket}", data={"agreement": page.agreement})
    assert says(Page(sent), "expired")


async def test_link_that_was_used(house: House, browser: Browser) -> None:
    ticket = await house.ticket()
    page = await browser.open(f"/login/{ticket}")
    await browser.log_in(ticket)
    assert says(await browser.open(f"/login/{ticket}"), "used")
    browser.client.cookies.set(COOKIE, page.response.cookies[COOKIE])
    again = await browser.client.post(f"/login/{ticket}", data={"agreement": page.agreement})
    assert says(Page(again), "used")


async def test_nobody_goes_on_without_having_been_asked(house: House, browser: Browser) -> None:
    """Another site's form, a browser without cookies, and a page that was shown to somebody else."""
    ticket, another = await house.ticket(), await house.ticket()
    agreement = (await browser.open(f"/login/{ticket}")).agreement
    other_page = (await browser.open(f"/login/{another}")).agreement
    async with house.browser() as victim:
        for data in ({}, {"agreement": agreement}, {"agreement": "é" * 43}):
            assert says(Page(await victim.client.post(f"/login/{ticket}", data=data)), "not_agreed")
        await victim.open(f"/login/{another}")
        for data in ({}, {"agreement": agreement}):
            assert says(Page(await victim.client.post(f"/login/{ticket}", data=data)), "not_agreed")
    wrong = await browser.client.post(f"/login/{ticket}", data={"agreement": other_page})
    assert says(Page(wrong), "not_agreed")
    many = await browser.client.post(f"/login/{ticket}", data={f"field{number}": "x" for number in range(50)})
    assert says(Page(many), "not_agreed")
    assert (await browser.log_in(ticket)).status == 200


async def test_address_of_the_provider_that_was_passed_on_links_nobody(house: House, browser: Browser) -> None:
    session_id = await house.chat()
    returned = await browser.choose(await browser.agree(await house.ticket(session_id)), AMADOU)
    async with house.browser() as victim:
        assert says(await victim.come_back(returned), "other_browser")
    assert says(await browser.come_back(returned), "answer_used")
    assert await house.person_of(session_id) is None
    assert "/oidc/token" not in house.network.asked


@pytest.mark.parametrize("query", ["", "?state=guessed&code=guessed", "?error=access_denied", "?state=%00&code=é"])
async def test_answer_that_nobody_asked_for(house: House, browser: Browser, query: str) -> None:
    assert says(await browser.open(f"{CALLBACK}{query}"), "unknown_answer")
    assert house.network.asked == []


async def test_state_of_another_login_is_of_no_use(house: House, browser: Browser) -> None:
    """The code of one login brought back with the state of another: nonce and verifier do not fit."""
    mine, theirs = await house.chat(), await house.chat()
    first = await browser.choose(await browser.agree(await house.ticket(mine)), CAMILLE)
    second = await browser.choose(await browser.agree(await house.ticket(theirs)), AMADOU)
    state, code = (parse_qs(urlsplit(one).query)[name][0] for one, name in ((first, "state"), (second, "code")))
    issuer = house.program.settings.login_issuer
    page = await browser.open(f"{CALLBACK}?{urlencode({'state': state, 'code': code, 'iss': issuer})}")
    assert says(page, "provider_refused")
    assert await house.person_of(mine) is None


async def test_answer_that_came_twice(house: House, browser: Browser) -> None:
    session_id = await house.chat()
    returned = await browser.choose(await browser.agree(await house.ticket(session_id)), CAMILLE)
    assert (await browser.come_back(returned)).status == 200
    assert says(await browser.come_back(returned), "answer_used")
    assert await house.recognise(session_id, CAMILLE) == people.person_id(CAMILLE)


async def test_answer_that_came_late(house: House, browser: Browser, frozen_clock: datetime) -> None:
    session_id = await house.chat()
    returned = await browser.choose(await browser.agree(await house.ticket(session_id)), CAMILLE)
    clock.freeze(frozen_clock + persons.LIFETIME)
    assert says(await browser.come_back(returned), "took_too_long")
    assert await house.person_of(session_id) is None


@pytest.mark.parametrize(
    ("error", "failure"), [("access_denied", "denied"), ("server_error", "provider_refused"), ("", "provider_refused")]
)
async def test_person_who_comes_back_without_a_code_can_try_again(
    house: House, browser: Browser, error: str, failure: str
) -> None:
    session_id = await house.chat()
    sent = await browser.agree(await house.ticket(session_id))
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    page = await browser.open(f"{CALLBACK}?{urlencode({'state': state, 'error': error})}")
    assert says(page, failure)
    assert page.again is not None
    assert (await browser.log_in(page.again.removeprefix("/login/"))).status == 200
    assert await house.recognise(session_id, CAMILLE) == people.person_id(CAMILLE)


@pytest.mark.parametrize("iss", ["https://evil.example", None])
async def test_answer_of_another_provider(house: House, browser: Browser, iss: str | None) -> None:
    returned = await browser.choose(await browser.agree(await house.ticket()), CAMILLE)
    values = {**dict(parse_qsl(urlsplit(returned).query)), "iss": iss or ""}
    if iss is None:
        del values["iss"]
    assert says(await browser.open(f"{CALLBACK}?{urlencode(values)}"), "forged")
    assert "/oidc/token" not in house.network.asked


async def test_provider_that_is_down_does_not_use_up_the_link(house: House, browser: Browser) -> None:
    ticket = await house.ticket()
    house.network.down = "openid-configuration"
    page = Page(await browser.agree(ticket))
    assert says(page, "provider_down")
    assert page.again == f"/login/{ticket}"
    house.network.down = ""
    assert (await browser.log_in(ticket)).status == 200


@pytest.mark.parametrize(
    ("down", "failure"),
    [
        ("/oidc/token", "provider_down"),
        ("/oidc/jwks", "provider_down"),
    ],
)
async def test_service_that_goes_down_on_the_way(house: House, browser: Browser, down: str, failure: str) -> None:
    session_id = await house.chat()
    returned = await browser.choose(await browser.agree(await house.ticket(session_id)), CAMILLE)
    house.network.down = down
    page = await browser.come_back(returned)
    assert says(page, failure)
    assert await house.person_of(session_id) is None
    house.network.down = ""
    assert page.again is not None
    assert (await browser.log_in(page.again.removeprefix("/login/"))).status == 200


async def test_no_proxy_stands_before_the_provider_of_the_sandbox(
    settings: Settings, dialogue: Dialogue, prepared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    file = SandboxConfig.of(settings).file
    file.parent.mkdir(parents=True)
    shutil.copy(prepared, file)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        alone = settings.model_copy(update={"sandbox_port": probe.getsockname()[1]})
    with process.running(alone):
        async with assembled(alone, dialogue) as program:
            assert program.provider is not None
            assert (await program.provider.address(Attempt("b", "s"))).startswith(alone.sandbox_url)


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "ftp://provider.example/token"},
        {"authorization_endpoint": None},
    ],
)
async def test_provider_that_says_nonsense_of_itself(house: House, browser: Browser, changed: dict[str, Any]) -> None:
    house.network.change = lambda _request, answer: {**answer, **changed}
    assert says(Page(await browser.agree(await house.ticket())), "provider_down")


@pytest.fixture(scope="module")
def foreign_key() -> Iterator[RSAKey]:
    """A key that is not the provider's."""
    return RSAKey.generate_key(2048, {"kid": "foreign"})


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": ["cornavin", "another"]},
        {"azp": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_102_444_800},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 300},
    ],
    ids=str,
)
async def test_id_token_that_is_not_for_this_login(house: House, browser: Browser, changed: Claims) -> None:
    session_id = await house.chat()
    house.resign(changed)
    assert says(await browser.log_in(await house.ticket(session_id)), "forged")
    assert await house.person_of(session_id) is None
    assert "/v1/enrolments" not in house.network.asked


async def test_id_token_that_somebody_else_signed(house: House, browser: Browser, foreign_key: RSAKey) -> None:
    house.resign({}, foreign_key)
    assert says(await browser.log_in(await house.ticket()), "forged")
    house.resign({}, foreign_key, kid="foreign")
    assert says(await browser.log_in(await house.ticket()), "forged")
    secret = house.program.settings.oidc_client_secret.get_secret_value()
    house.resign({}, OctKey.import_key(secret.ljust(32)), alg="HS256")
    assert says(await browser.log_in(await house.ticket()), "forged")


@pytest.mark.parametrize(
    "unknown",
    [
        {"kty": "EC", "crv": "P-999", "x": "AA", "y": "AA", "kid": "new"},
        {"kty": "OKP", "crv": "Ed999", "x": "AA"},
        {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"},
        {"kty": ["RSA"]},
        {"kty": "RSA", "n": "AA", "e": "!"},
        {},
    ],
    ids=str,
)
async def test_key_that_we_do_not_understand_stands_in_nobodys_way(
    house: House, browser: Browser, unknown: dict[str, Any]
) -> None:
    house.network.change = lambda _request, answer: {"keys": [unknown, *answer["keys"]]} if "keys" in answer else answer
    assert (await browser.log_in(await house.ticket())).status == 200


async def test_provider_with_no_key_that_we_understand(house: House, browser: Browser) -> None:
    house.network.change = lambda _request, answer: {"keys": [{"kty": "AKP"}]} if "keys" in answer else answer
    assert says(await browser.log_in(await house.ticket()), "provider_down")


async def test_id_token_without_signature(house: House, browser: Browser) -> None:
    def unsigned(request: httpx.Request, answer: dict[str, Any]) -> dict[str, Any]:
        if request.url.path.endswith("/token"):
            _, claims, _ = answer["id_token"].split(".")
            answer["id_token"] = f"eyJhbGciOiJub25lIn0.{claims}."  # {"alg":"none"}
        return answer

    house.network.change = unsigned
    assert says(await browser.log_in(await house.ticket()), "forged")


async def test_several_audiences_are_good_when_we_asked(house: House, browser: Browser) -> None:
    house.resign({"aud": ["another", "cornavin"], "azp": "cornavin"})
    assert (await browser.log_in(await house.ticket())).status == 200


async def test_login_of_somebody_unknown_links_nothing_yet(house: House, browser: Browser) -> None:
    session_id = await house.chat()
    page = await browser.log_in(await house.ticket(session_id))
    assert "vous y demande encore, une seule fois, votre numéro personnel et votre date de naissance" in page.text
    assert await house.person_of(session_id) is None
    assert "/v1/enrolments" not in house.network.asked


async def test_link_that_was_forwarded_says_nothing_of_who_followed_it(house: House, browser: Browser) -> None:
    """Who sent it would have to know their number and birth date."""
    session_id = await house.chat()
    assert (await browser.log_in(await house.ticket(session_id), AMADOU)).status == 200
    assert await house.person_of(session_id) is None


async def test_person_who_is_known_is_linked_at_once_from_another_conversation(house: House, browser: Browser) -> None:
    first, second = await house.chat(), await house.chat("telegram")
    await browser.log_in(await house.ticket(first))
    assert await house.recognise(first, CAMILLE) == people.person_id(CAMILLE)
    page = await browser.log_in(await house.ticket(second))
    assert "La conversation sur Telegram est reliée à vous" in page.text
    assert await house.person_of(second) == people.person_id(CAMILLE)


@pytest.mark.parametrize("is_out", [False, True], ids=["logged in", "logged out"])
async def test_conversation_of_one_person_is_not_given_to_another(
    house: House, browser: Browser, *, is_out: bool
) -> None:
    session_id = await house.chat()
    await browser.log_in(await house.ticket(session_id), CAMILLE)
    await house.recognise(session_id, CAMILLE)
    if is_out:
        await house.log_out(session_id)
    assert says(await browser.log_in(await house.ticket(session_id), AMADOU), "other_person")
    assert await house.person_of(session_id) == (None if is_out else people.person_id(CAMILLE))
    assert (await browser.log_in(await house.ticket(session_id), CAMILLE)).status == 200
    assert await house.person_of(session_id) == people.person_id(CAMILLE)


async def test_conversation_that_is_erased_on_the_way(house: House, browser: Browser) -> None:
    session_id = await house.chat()
    returned = await browser.choose(await browser.agree(await house.ticket(session_id)), CAMILLE)

    async def erase() -> None:
        async with house.program.database.unit_of_work() as work:
            await store.erase(work, session_id)

    ask = house.network.handle_async_request

    async def erasing(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oidc/token":
            await erase()
        return await ask(request)

    house.network.handle_async_request = erasing  # type: ignore[method-assign]  # the moment that matters
    assert says(await browser.come_back(returned), "erased")
    assert says(await browser.come_back(returned), "unknown_answer")


async def test_login_without_a_provider(settings: Settings, housing: Housing) -> None:
    gateway = settings.model_copy(update={"eservices_url": "https://gateway.example.ch", "debug": False})
    async with housing(gateway) as house, house.browser() as browser:
        page = await browser.open(f"/login/{await house.ticket()}")
        assert says(page, "not_open")
        assert "Bac à sable" not in page.text


async def test_database_that_does_not_answer(house: House, browser: Browser) -> None:
    ticket = await house.ticket()
    async with house.program.database.unit_of_work() as work:
        await work.connection.exec_driver_sql("ALTER TABLE logins RENAME TO gone")
    assert says(await browser.open(f"/login/{ticket}"), "unavailable")


async def test_login_holds_even_when_the_conversation_cannot_be_told(settings: Settings, housing: Housing) -> None:
    async def fail(_session_id: str) -> None:
        raise RuntimeError("nobody listens")

    async with housing(settings, fail) as house, house.browser() as browser:
        session_id = await house.chat()
        assert (await browser.log_in(await house.ticket(session_id))).status == 200
        assert await house.recognise(session_id, CAMILLE) == people.person_id(CAMILLE)


async def test_rate_is_limited(settings: Settings, housing: Housing) -> None:
    slow = settings.model_copy(update={"address_rate": "2/minute"})
    async with housing(slow) as house, house.browser() as browser:
        pages = [await browser.open("/login/guessed") for _ in range(3)]
    assert [page.status for page in pages] == [404, 404, 429]
    assert int(pages[-1].response.headers["retry-after"]) > 0
    assert FAILURES["too_many_requests"].text in pages[-1].text


async def test_nothing_personal_and_nothing_secret_is_stored_or_logged(
    house: House, browser: Browser, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    session_id = await house.chat()
    ticket = await house.ticket(session_id)
    returned = await browser.choose(await browser.agree(ticket), CAMILLE)
    cookie = browser.client.cookies[COOKIE]
    state, code = (parse_qs(urlsplit(returned).query)[name][0] for name in ("state", "code"))
    assert (await browser.come_back(returned)).status == 200
    waiting = _kept(settings.data_dir)
    assert await house.recognise(session_id, CAMILLE) == people.person_id(CAMILLE)
    camille = people.PEOPLE[CAMILLE - 1]
    personal = {
        people.personal_number(CAMILLE),
        people.subject(CAMILLE),
        camille.birth_date.isoformat(),
        camille.given_name,
        camille.family_name,
    }
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    )
    kept = _kept(settings.data_dir)
    for secret in {*personal, ticket, state, code, cookie}:
        assert secret not in ours
        assert secret.encode() not in waiting + kept
    assert people.person_id(CAMILLE).encode() in kept


def _kept(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
