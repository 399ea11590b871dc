"""A page in a browser: what is seen of a conversation on it, and what the page complains of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from playwright.sync_api import Browser, FrameLocator, Page, Request

PATIENCE_MILLISECONDS = 30_000

FAILED_REQUEST = "Failed to load resource"
"""How Chromium begins to say on the console that a request failed."""


class Visit:
    """A page with a conversation on it.

    Complaints are errors on the console, errors of scripts, violations of the content security policy and of Trusted
    Types, which reach the console, and requests to any other server.

    Args:
        page: A page that has not been opened yet.
        address: Where the program serves.
        within: Where on the page the conversation is.
    """

    def __init__(self, page: Page, address: str, within: Page | FrameLocator) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []

        self.field = within.get_by_role("textbox", name="Votre message")
        self.log = within.get_by_role("log", name="Conversation")
        self.messages = self.log.locator(".messages > li")
        self.answers = self.log.locator(".messages > li.bot")

        page.on("console", lambda message: self._complain(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", self._note_request)

    def _complain(self, text: str) -> None:
        if not (text.startswith(FAILED_REQUEST) and self._forgives(text)):
            self.complaints.append(text)

    def _forgives(self, _failed_request: str) -> bool:
        """Whether a request that failed is no reason to complain."""
        return False

    def _note_request(self, request: Request) -> None:
        if not self._may_ask(request):
            self.complaints.append(f"asks another server: {request.url}")

    def _may_ask(self, request: Request) -> bool:
        """Whether a request goes where requests of this page may go."""
        return request.url.startswith(f"{self.address}/")


V = TypeVar("V", bound=Visit)


@contextmanager
def visiting(browser: Browser, kind: Callable[[Page, str], V], address: str, **options: Any) -> Iterator[V]:
    """A page of its own, with nothing remembered from another.

    Args:
        browser: Where to open it.
        kind: What it is seen as.
        address: Where the program serves.
        options: Of Playwright's browser context, such as `viewport` and `color_scheme`.
    """
    context = browser.new_context(**{"locale": "fr-CH", "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    try:
        page = context.new_page()
        yield kind(page, address)
        page.unroute_all(behavior="ignoreErrors")
    finally:
        context.close()
