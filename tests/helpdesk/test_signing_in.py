"""Agents sign in with the sandbox's provider, and are signed out."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from base import clock
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from bot.helpdesk.wording import SIGN_IN_FAILURES
from bot.program import assembled
from casework.agents import Role, granted
from casework.triage import Office
from eservices.sandbox.app import create_app as create_sandbox
from eservices.sandbox.config import SandboxConfig
from eservices.sandbox.staff import AGENTS, staff_id
from eservices.sandbox.transport import InProcess
from tests.support.helpdesk import Page

NADIA, ALAIN, WITHOUT_ROLE = (
    next(index for index, one in enumerate(AGENTS, start=1) if one.given_name == name)
    for name in ("Nadia", "Alain", "Zoé")
)
COOKIE = "cornavin-helpdesk"


class Browser:
    """An agent's browser.

    Args:
        client: With cookies of its own.
        web: Of the sandbox.
    """

    def __init__(self, client: httpx.AsyncClient, web: httpx.AsyncClient) -> None:
        self.client = client
        self._web = web

    async def open(self, path: str = "/helpdesk") -> Page:
        return Page(await self.client.get(path, headers={"accept": "text/html"}))

    async def leave(self, to: str = "") -> httpx.Response:
        """Presses the button that leads to the provider."""
        page = await self.open(f"/helpdesk/sign-in{to}")
        found = re.search(r'name="token" value="([^"]+)"', page.source)
        assert found, page.text
        return await self.client.post("/helpdesk/sign-in", data={"token": html.unescape(found[1])})

    async def choose(self, sent: httpx.Response, agent: int) -> str:
        """Chooses an agent at the provider; gives where the browser is sent back to."""
        assert sent.status_code == 303, sent.text
        asked = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
        answer = await self._web.post("/staff/oidc/authorize", data={**asked, "person": staff_id(agent)})
        parts = urlsplit(answer.headers["location"])
        return f"{parts.path}?{parts.query}"

    async def sign_in(self, agent: int, to: str = "") -> Page:
        return await self.open(await self.choose(await self.leave(to), agent))


@pytest.fixture
async def browsers(settings: Settings, dialogue: Dialogue) -> AsyncIterator[tuple[Browser, Browser]]:
    """Two of them."""
    sandbox = create_sandbox(replace(SandboxConfig.of(settings), file=None))
    network = InProcess(sandbox)
    async with assembled(settings, dialogue, network=network) as program:
        ours = httpx.ASGITransport(app=create_app(program), raise_app_exceptions=False)
        async with (
            httpx.AsyncClient(transport=ours, base_url=settings.public_url) as one,
            httpx.AsyncClient(transport=ours, base_url=settings.public_url) as other,
            httpx.AsyncClient(transport=network, base_url=settings.sandbox_url) as web,
        ):
            yield Browser(one, web), Browser(other, web)
    sandbox.state.store.close()


async def test_agent_signs_in_works_and_signs_out(browsers: tuple[Browser, Browser]) -> None:
    browser, _ = browsers
    sent = await browser.open("/helpdesk/cases/C-00007")
    assert sent.response.headers["location"] == "/helpdesk/sign-in?to=/helpdesk/cases/C-00007"
    back = await browser.sign_in(NADIA, "?to=/helpdesk/cases/C-00007")
    assert back.response.headers["location"] == "/helpdesk/cases/C-00007", "where they wanted to go"
    (cookie,) = [one for one in back.response.headers.get_list("set-cookie") if one.startswith(f"{COOKIE}=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = await browser.open()
    assert page.status == 200
    assert "Nadia Keller" in page.text
    token = re.search(r'name="token" value="([^"]+)"', page.source)
    assert token
    assert (await browser.client.post("/helpdesk/sign-out", data={"token": token[1]})).status_code == 303
    browser.client.cookies.set(COOKIE, cookie.partition(";")[0].partition("=")[2])
    assert (await browser.open()).status == 303, "the session itself is over, not only its cookie"


async def test_over_https_the_cookies_are_bound_to_the_host(settings: Settings, dialogue: Dialogue) -> None:
    public = settings.model_copy(update={"public_url": "https://chat.example.ch"})
    async with assembled(public, dialogue) as program:
        transport = httpx.ASGITransport(app=create_app(program))
        async with httpx.AsyncClient(transport=transport, base_url=public.public_url) as client:
            (cookie,) = (await client.get("/helpdesk/sign-in")).headers.get_list("set-cookie")
    assert cookie.startswith("__Host-cornavin-helpdesk-sign-in=")
    assert "Secure" in cookie


async def test_who_has_no_role_gets_in_nowhere(browsers: tuple[Browser, Browser]) -> None:
    browser, _ = browsers
    page = await browser.sign_in(WITHOUT_ROLE)
    assert page.status == 403
    assert SIGN_IN_FAILURES["no_role"] in page.text
    assert COOKIE not in browser.client.cookies


async def test_answer_of_the_provider_counts_in_the_browser_that_asked(browsers: tuple[Browser, Browser]) -> None:
    browser, other = browsers
    address = await browser.choose(await browser.leave(), ALAIN)
    await other.open("/helpdesk/sign-in")
    for answer in (address, "/helpdesk/callback?state=x.y&code=z"):
        page = await other.open(answer)
        assert page.status == 403
        assert SIGN_IN_FAILURES["other_browser"] in page.text
    assert (await browser.open(address)).status == 303
    assert (await browser.open(address)).status != 303, "the answer is good once"


async def test_session_ends_when_it_is_not_used_and_at_the_end_of_the_day(browsers: tuple[Browser, Browser]) -> None:
    browser, other = browsers
    begun = clock.now()
    for one in (browser, other):
        await one.sign_in(NADIA)
    with clock.at(begun + timedelta(minutes=50)):
        assert (await browser.open()).status == 200
    with clock.at(begun + timedelta(minutes=61)):
        assert (await browser.open()).status == 200, "it was used"
        assert (await other.open()).status == 303, "it was not"
    for minutes in range(110, 12 * 60, 50):
        with clock.at(begun + timedelta(minutes=minutes)):
            assert (await browser.open()).status == 200
    with clock.at(begun + timedelta(hours=12, minutes=1)):
        assert (await browser.open()).status == 303


async def test_form_without_the_token_of_the_session_does_nothing(browsers: tuple[Browser, Browser]) -> None:
    browser, other = browsers
    await browser.sign_in(NADIA)
    page = await browser.open()
    token = re.search(r'name="token" value="([^"]+)"', page.source)
    assert token
    for forged in ("", "x", token[1][:-1]):
        answer = await browser.client.post("/helpdesk/sign-out", data={"token": forged})
        assert answer.status_code == 403
    await other.sign_in(NADIA)
    assert (await other.client.post("/helpdesk/sign-out", data={"token": token[1]})).status_code == 403
    assert (await browser.open()).status == 200


def test_claim_names_roles_and_offices() -> None:
    assert granted(["agent:orp", "supervisor:fund", "agent:fund", "groups/others", "agent:nowhere", 7, None]) == {
        Office.ORP: Role.AGENT,
        Office.FUND: Role.SUPERVISOR,
    }
    assert granted("administrator") == dict.fromkeys(Office, Role.ADMINISTRATOR)
    for nothing in (None, [], {}, "", 3, ["orp"], {"agent:orp": True}):
        assert granted(nothing) == {}
