"""The page behind the one-time link of Telegram: on the narrowest phone, in light and dark, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from base import clock
from base.keys import signing_key
from base.settings import Settings
from bot.channels.web.deposit import DEPOSIT_PATH
from bot.channels.web.tickets import DEPOSIT, Ticket, Tickets
from tests.browser.files import a_pdf, not_a_document
from tests.browser.server import ORDINARY_DAY
from tests.browser.test_accessibility import SIDEWAYS, violations

NARROWEST: ViewportSize = {"width": 320, "height": 640}


@pytest.fixture
def link(address: str, server_folder: Path) -> str:
    """The link to give a file to a conversation that the program has."""
    opened = httpx.post(f"{address}/api/chat/sessions", json={"locale": "fr"}).json()
    with clock.at(datetime.fromisoformat(ORDINARY_DAY)):
        tickets = Tickets(signing_key(Settings(data_dir=server_folder)), DEPOSIT)
        return f"{address}{DEPOSIT_PATH}/{tickets.write(Ticket.for_file(opened['session_id']))}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=NARROWEST) as context:
        yield context.new_page()


def fits(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing."""
    assert page.evaluate(SIDEWAYS) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == []


def test_every_state_of_the_page_can_be_used_by_everybody(page: Page, link: str) -> None:
    page.goto(link)
    fits(page)
    page.get_by_label("Votre document").set_input_files(not_a_document())
    page.get_by_role("button", name="Déposer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    fits(page)
    page.get_by_label("Votre document").set_input_files(a_pdf())
    page.get_by_role("button", name="Déposer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C'est reçu, revenez à la conversation")
    fits(page)
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("Ce lien a déjà servi")
    fits(page)


def test_file_is_given_without_scripts(browser: Browser, link: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport=NARROWEST) as context:
        page = context.new_page()
        page.goto(link)
        page.get_by_label("Votre document").set_input_files(a_pdf())
        page.get_by_role("button", name="Déposer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("C'est reçu, revenez à la conversation")
