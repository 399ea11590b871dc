"""The login in a browser: choosing an invented person at the sandbox's provider, and coming back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from base.database import Database
from base.settings import Settings
from casework import persons
from tests.browser.test_accessibility import SIDEWAYS, ZOOM_400, violations

Result = TypeVar("Result")


@dataclass
class Chats:
    """The chats of the running program, seen from behind.

    Args:
        address: Where the program serves.
        folder: Where it keeps its data.
    """

    address: str
    folder: Path

    def open(self) -> str:
        session_id: str = httpx.post(f"{self.address}/api/chat/sessions", json={}).json()["session_id"]
        return session_id

    def link(self, session_id: str) -> str:
        """What the conversation gives the person to log in."""

        async def ticket(database: Database) -> str:
            async with database.unit_of_work() as work:
                return await persons.new_login(work, session_id)

        return f"{self.address}{persons.LOGIN_PATH}/{self._run(ticket)}"

    def person_of(self, session_id: str) -> str | None:
        async def person(database: Database) -> str | None:
            async with database.reading() as connection:
                return await persons.person_of(connection, session_id)

        return self._run(person)

    def _run(self, work: Callable[[Database], Awaitable[Result]]) -> Result:
        async def run() -> Result:
            database = Database(Settings(data_dir=self.folder).database_url)
            try:
                return await work(database)
            finally:
                await database.close()

        with ThreadPoolExecutor(1) as threads:  # in this thread the browser's loop runs
            return threads.submit(lambda: asyncio.run(run())).result()


@pytest.fixture
def chats(address: str, server_folder: Path) -> Chats:
    return Chats(address, server_folder)


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A phone without scripts; the test fails when a page complains."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    with browser.new_context(java_script_enabled=False, color_scheme=request.param, viewport=ZOOM_400) as context:
        opened = context.new_page()
        opened.on("console", note)
        yield opened
    assert complaints == []


def test_person_chooses_who_they_are_and_comes_back_to_the_conversation(page: Page, chats: Chats) -> None:
    session_id = chats.open()
    page.goto(chats.link(session_id))
    expect(page.get_by_text("La conversation sur ce site, commencée aujourd'hui à 10:15")).to_be_visible()
    page.get_by_role("button", name="C'est ma conversation : me connecter").click()
    expect(page.get_by_role("heading", name="Choisir une personne inventée")).to_be_visible()
    page.get_by_role("button", name="Léa Favre").click()
    expect(page.get_by_role("heading", name="Vous êtes connecté·e, revenez à la conversation")).to_be_visible()
    assert chats.person_of(session_id) is None, "the conversation asks who it is"
    page.get_by_role("link", name="Ouvrir la conversation sur ce site").click()
    expect(page).to_have_url(f"{chats.address}/chat")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_and_nothing_scrolls_sideways(
    browser: Browser, chats: Chats, scheme: Literal["light", "dark"]
) -> None:
    address = chats.link(chats.open())
    with browser.new_context(color_scheme=scheme, viewport=ZOOM_400) as context:
        page = context.new_page()
        for shown in (address, f"{chats.address}/login/unknown"):
            page.goto(shown)
            assert violations(page) == []
            assert page.evaluate(SIDEWAYS) == []
