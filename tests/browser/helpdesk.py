"""The console of the helpdesk, as an agent in a browser sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import FAILED_REQUEST, PATIENCE_MILLISECONDS

FAILURES = (FAILED_REQUEST, "htmx:", "Response Status Error Code")
"""How the browser and htmx begin to say on the console that a request failed."""


class Desk:
    """An agent's browser.

    Complaints are errors on the console and of scripts. Requests that fail are what some tests are about.

    Args:
        page: A page that has not been opened yet.
        address: Where the program serves.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.rows = page.locator(".queue a.row")
        self.told = page.locator("#told")
        self.trouble = page.locator("#trouble")
        self.said = page.get_by_role("log", name="Conversation")
        self.reply = page.get_by_label("Votre réponse")
        self.note = page.get_by_label("Pour vos collègues")
        page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))

    def _complain(self, text: str) -> None:
        if not text.startswith(FAILURES):
            self.complaints.append(text)

    def sign_in(self, name: str) -> None:
        """Signs in with the sandbox's provider."""
        self.page.goto(f"{self.address}/helpdesk")
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.get_by_role("button", name=name).click()
        expect(self.page.get_by_role("heading", name="File du service d'aide")).to_be_visible()

    def open(self, path: str) -> None:
        """Opens a page of the console."""
        self.page.goto(f"{self.address}/helpdesk{path}")
        self.wait()

    def choose(self, number: str) -> None:
        """Opens a case of the queue, once it is there."""
        row = self.rows.filter(has_text=number)
        expect(row).to_be_visible()
        row.click()
        expect(self.page.get_by_role("heading", name=number)).to_be_visible()
        self.wait()

    def wait(self) -> None:
        """Waits until the scripts of the page are there."""
        expect(self.page.locator("body[data-ready]")).to_be_attached()

    def press(self, name: str) -> None:
        """Presses a button of the page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def unfold(self, name: str) -> None:
        """Opens what is folded."""
        self.page.locator("summary", has_text=name).click()


@contextmanager
def at_desk(browser: Browser, address: str, name: str, **options: Any) -> Iterator[Desk]:
    """An agent who has signed in, in a browser of their own."""
    context = browser.new_context(**{"locale": "fr-CH", "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    desk = Desk(context.new_page(), address)
    desk.sign_in(name)
    yield desk
    context.close()
