"""Asking whether something may be kept: once in a conversation, before the first task that keeps something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.tasks import CONSENT, NO, YES, Task
from base.wording import Catalogues, mark
from casework.desk import desk

PRIVACY_PATH = "/confidentialite"
"""Where the web channel says all of it."""
_ANSWERS = ((YES, mark("D'accord, continuer")), (NO, mark("Non, ne rien garder")))


class AskForConsent(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says what is kept, why, how long and who sees it, and asks.

    Args:
        tasks: Those that can be waiting for it.
        catalogues: The languages that answers are written in.
        public_url: Where our own pages are.
    """

    def __init__(self, tasks: Sequence[Task[Any]], catalogues: Catalogues, public_url: str) -> None:
        self._intents = {task.form: task.intent for task in tasks}
        self._catalogues = catalogues
        self._address = f"{public_url}{PRIVACY_PATH}"

    def name(self) -> str:
        return f"action_ask_{CONSENT.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        intent = self._intents[tracker.active_loop["name"]]
        choices = [
            {"title": translations.translate(label), "payload": f'/{intent}{{"answer": "{answer}"}}'}
            for answer, label in _ANSWERS
        ]
        days = desk().kept_days
        dispatcher.utter_message(response="utter_consent", buttons=choices, address=self._address, days=days)
        return []
