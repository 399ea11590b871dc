"""Somebody on Telegram, while others are in browsers: the program is a process of its own."""

from __future__ import annotations

import time

import httpx

from base.settings import WEBHOOK_PATH
from bot.channels.telegram.webhook import SECRET_HEADER
from tests.browser.server import PAUSE_SECONDS
from tests.browser.visit import PATIENCE_MILLISECONDS
from tests.support.bot_api import BotApi, Phone


class Correspondent:
    """A phone whose messages reach the program by its webhook.

    Args:
        api: Telegram.
        address: Where the program serves.
    """

    def __init__(self, api: BotApi, address: str) -> None:
        self._api = api
        self._address = address
        self._phone = Phone(api)

    def types(self, text: str) -> None:
        """Types a message, which arrives."""
        self._phone.types(text)
        self._carry()

    def taps(self, label: str) -> None:
        """Taps the latest button whose label holds this text, which arrives."""
        self._phone.taps(label)
        self._carry()

    def reads(self, text: str) -> None:
        """Waits until the last message holds this text."""
        give_up = time.monotonic() + PATIENCE_MILLISECONDS / 1000
        while not (self._phone.shown and text in self._phone.last.text):
            assert time.monotonic() < give_up, f"{text!r} is not in {[one.text for one in self._phone.shown]}"
            time.sleep(PAUSE_SECONDS)

    def _carry(self) -> None:
        secret = {SECRET_HEADER: self._api.webhook["secret_token"]}
        while self._api.updates:
            update = self._api.updates.pop(0)
            httpx.post(f"{self._address}{WEBHOOK_PATH}", json=update, headers=secret).raise_for_status()
