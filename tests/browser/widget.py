"""The widget on a page of another origin, as the person who uses that page sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, Request

from tests.browser.chat import FAILED_REQUEST, PATIENCE_MILLISECONDS


class Widget:
    """A page with the widget on it.

    Args:
        page: A page that has not been opened yet.
        address: Where the program serves.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.requested: list[str] = []

        self.launcher = page.locator("cornavin-widget .launcher")
        self.panel = page.get_by_role("dialog", name="Cornavin, assistant chômage")
        self.close_button = page.get_by_role("button", name="Fermer l'assistant")
        self.badge = page.locator("cornavin-widget .badge")
        self.status = page.locator("cornavin-widget").get_by_role("status")
        self.frame = page.frame_locator("cornavin-widget iframe")
        self.field = self.frame.get_by_role("textbox", name="Votre message")
        self.messages = self.frame.get_by_role("log").locator(".messages > li")
        self.answers = self.frame.get_by_role("log").locator(".messages > li.bot")

        page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", self._note_request)

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

    def _complain(self, text: str) -> None:
        expected = any(f"status of {status}" in text for status in (404, 422))  # no favicon; a form that was refused
        if not (text.startswith(FAILED_REQUEST) and expected):
            self.complaints.append(text)

    def _note_request(self, request: Request) -> None:
        if request.url.startswith(f"{self.address}/"):
            self.requested.append(request.url.removeprefix(self.address))
        elif not self.page.url.startswith(urljoin(request.url, "/")) and not request.is_navigation_request():
            self.complaints.append(f"asks another server: {request.url}")


@contextmanager
def visiting(browser: Browser, address: str, **options: Any) -> Iterator[Widget]:
    """A page of its own, with nothing remembered from another.

    Args:
        browser: Where to open it.
        address: Where the program serves.
        options: Of Playwright's browser context, such as `viewport`.
    """
    context = browser.new_context(**{"locale": "fr-CH", "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    try:
        yield Widget(context.new_page(), address)
    finally:
        context.close()
