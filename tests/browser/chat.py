"""The chat page, as the person who uses it sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, Request, Route

from tests.browser.visit import Visit

ANSWERING = "**/api/chat/messages"
"""Where turns are sent."""

STREAMING = "**/api/chat/stream"
"""Where messages come by themselves."""

READING = "**/api/chat/messages?after=*"
"""Where messages are read."""

ApiMessage = dict[str, Any]
"""A message as the chat API gives it."""


class Chat(Visit):
    """The page with one conversation in it.

    Args:
        page: A page that has not been opened yet.
        address: Where the program serves.
    """

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page, address, within=page)
        self.sent: list[Any] = []
        self.asked: list[str] = []
        self._failed_requests_forgiven = False

        self.send_button = page.get_by_role("button", name="Envoyer", exact=True)
        self.erase_button = page.get_by_role("button", name="Effacer cette conversation")
        self.erase_yes = page.get_by_role("button", name="Oui, effacer")
        self.erase_no = page.get_by_role("button", name="Non, garder")
        self.discard_button = page.get_by_role("button", name="Ne pas envoyer")
        self.talk_button = page.get_by_role("button", name="Parler à quelqu'un")
        self.keep_button = page.get_by_role("button", name="Enregistrer cette conversation")
        self.retry_button = page.get_by_role("button", name="Réessayer")
        self.examples = page.get_by_role("group", name="Exemples de questions").get_by_role("button")
        self.unsent = page.locator(".unsent .text")
        self.choices = page.get_by_role("group", name="Réponses proposées").get_by_role("button")
        self.sources = page.locator("summary").filter(has_text="Sources")
        self.alert = page.get_by_role("alert")
        self.status = page.get_by_role("status")
        self.note = page.locator("#note")

    def open(self) -> None:
        """Opens the page, or opens it again, and waits until a question can be asked."""
        self.page.goto(f"{self.address}/chat", wait_until="commit")
        self.field.wait_for()

    def submit(self, text: str) -> None:
        """Types a text and presses Enter, whatever comes of it."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str) -> Locator:
        """Asks a question and gives the first of its answers."""
        return self._answer_to(lambda: self.submit(text))

    def choose(self, label: str) -> Locator:
        """Taps a choice and gives the first of its answers."""
        return self._answer_to(self.choices.filter(has_text=label).click)

    def retry(self) -> Locator:
        """Sends again what could not be sent, and gives the first of its answers."""
        return self._answer_to(self.retry_button.click)

    def erase(self) -> None:
        """Erases the conversation and confirms it."""
        self.erase_button.click()
        self.erase_yes.click()

    def transcript(self) -> list[ApiMessage]:
        """The conversation as the program has kept it, which need not be what the page shows."""
        messages: list[ApiMessage] = self.kept()["messages"]
        return messages

    def kept(self) -> Any:
        """The messages and the state that the program has kept."""
        response = httpx.get(f"{self.address}/api/chat/messages", headers=self.authorization())
        return response.raise_for_status().json()

    def session(self) -> dict[str, str]:
        """The session that the page remembers."""
        found: dict[str, str] = self.page.evaluate("JSON.parse(localStorage.getItem('cornavin.session'))")
        return found

    def authorization(self) -> dict[str, str]:
        """The header with which the page speaks for its conversation."""
        return {"authorization": f"Bearer {self.session()['token']}"}

    def said(self) -> list[str]:
        """What the person said, as the program has kept it."""
        return [message["text"] for message in self.transcript() if message["author"] == "user"]

    def change_history(self, change: Callable[[list[ApiMessage]], None]) -> None:
        """From now on, messages are changed on their way from the program to the page."""
        self._rewrite(READING, lambda body: change(body["messages"]))

    def change_state(self, **fields: Any) -> None:
        """From now on, the page is told that the conversation stands elsewhere."""
        for pattern in (ANSWERING, READING):
            self._rewrite(pattern, lambda body: body["state"].update(fields))

    def end_streams(self) -> None:
        """From now on, streams end before they bring anything, as behind a proxy that does not know them."""
        empty = {"status": 200, "content_type": "text/event-stream", "body": ""}
        self.page.route(STREAMING, lambda route: route.fulfill(**empty))

    def _rewrite(self, pattern: str, change: Callable[[Any], None]) -> None:
        """Changes answers of the program. Nothing comes by another way meanwhile: there is no stream."""
        self.end_streams()

        def rewrite(route: Route) -> None:
            at_once, _, _ = route.request.url.partition("&wait=")
            response = route.fetch(url=at_once)
            body = response.json()
            change(body)
            route.fulfill(response=response, json=body)

        self.page.route(pattern, rewrite)
        self.page.evaluate("dispatchEvent(new Event('online'))")  # has it leave the stream that is open

    def replace_answers(self, **fields: Any) -> None:
        """From now on, answers reach the page with these fields in place of their own."""

        def replace(messages: list[ApiMessage]) -> None:
            for message in messages:
                if message["author"] == "bot":
                    message.update(fields)

        self.change_history(replace)

    @contextmanager
    def held(self, pattern: str) -> Iterator[None]:
        """Requests to the pattern wait as long as this lasts."""
        waiting: list[Route] = []

        def wait(route: Route) -> None:
            waiting.append(route)

        self.page.route(pattern, wait)
        yield
        for route in waiting:
            route.continue_()
        self.page.unroute(pattern)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """The network is away as long as this lasts."""
        self.forgive_failed_requests()
        self.page.context.set_offline(True)
        yield
        self.page.context.set_offline(False)

    def forgive_failed_requests(self) -> None:
        """From now on, requests that fail are what the test brings about."""
        self._failed_requests_forgiven = True

    def has_focus(self, element: Locator) -> bool:
        """Whether the keyboard acts on the element."""
        focused: bool = element.evaluate("element => element.getRootNode().activeElement === element")
        return focused

    def _answer_to(self, act: Callable[[], None]) -> Locator:
        before = self.messages.count()
        act()
        answer = self.messages.nth(before + 1)
        answer.wait_for()
        return answer

    def _forgives(self, _failed_request: str) -> bool:
        return self._failed_requests_forgiven

    def _note_request(self, request: Request) -> None:
        super()._note_request(request)
        self.asked.append(request.url)
        if request.method == "POST" and request.url.endswith("/api/chat/messages"):
            self.sent.append(request.post_data_json)
