"""The widget on a page of another origin, as the person who uses that page sees it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Page, Request

from tests.browser.visit import Visit


class Widget(Visit):
    """A page with the widget on it.

    Args:
        page: A page that has not been opened yet.
        address: Where the program serves.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.frame = page.frame_locator("cornavin-widget iframe")
        super().__init__(page, address, within=self.frame)
        self.requested: list[str] = []

        self.launcher = page.locator("cornavin-widget .launcher")
        self.panel = page.get_by_role("dialog", name="Cornavin, assistant chômage")
        self.close_button = page.get_by_role("button", name="Fermer l'assistant")
        self.badge = page.locator("cornavin-widget .badge")
        self.status = page.locator("cornavin-widget").get_by_role("status")

    def visit(self, url: str) -> None:
        """Opens the page and waits for the button."""
        self.page.goto(url)
        self.launcher.wait_for()

    def open(self) -> None:
        """Opens the panel and waits until a question can be asked."""
        self.launcher.click()
        self.field.wait_for()

    def ask(self, text: str) -> None:
        """Asks a question in the panel and waits for an answer."""
        before = self.answers.count()
        self.field.fill(text)
        self.field.press("Enter")
        self.answers.nth(before).wait_for()

    def choose(self, label: str) -> None:
        """Taps a choice in the panel and waits for an answer."""
        before = self.answers.count()
        choices = self.frame.get_by_role("group", name="Réponses proposées").get_by_role("button")
        choices.filter(has_text=label).click()
        self.answers.nth(before).wait_for()

    def call(self, code: str) -> Any:
        """Runs a script of the host page."""
        return self.page.evaluate(code)

    @property
    def focused(self) -> str:
        """What has the focus on the host page: an id, a class in the widget, or the name of an element."""
        found: str = self.page.evaluate(
            "() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
            " return e.id || e.className || e.localName; }"
        )
        return found

    def _forgives(self, failed_request: str) -> bool:
        """A favicon that hosts do not have; a form that was refused."""
        return any(f"status of {status}" in failed_request for status in (404, 422))

    def _note_request(self, request: Request) -> None:
        super()._note_request(request)
        if request.url.startswith(f"{self.address}/"):
            self.requested.append(request.url.removeprefix(self.address))

    def _may_ask(self, request: Request) -> bool:
        of_the_host = self.page.url.startswith(urljoin(request.url, "/"))
        return super()._may_ask(request) or of_the_host or request.is_navigation_request()
