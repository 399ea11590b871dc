"""The wording of every answer: Rasa's responses, translated and filled in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.trackers import DialogueStateTracker

from base.wording import Catalogues, fill, placeholders
from bot.engine.failures import TurnFailed
from law.facts import fact

INFORMATION = "information"
"""Kind of an answer that states facts and therefore shows where they come from."""


class UnknownResponse(Exception):
    """An action utters a response that the domain does not hold."""


class WordingGenerator(NaturalLanguageGenerator):  # type: ignore[misc]  # Rasa ships no types
    """Writes responses in the language of the turn.

    A response may carry `metadata`: its `kind`, and `facts` that it rests on without showing their value.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        self._responses = ResponseVariationFilter({})

    def use(self, responses: Mapping[str, list[dict[str, Any]]]) -> None:
        """Takes the responses of a loaded model."""
        self._responses = ResponseVariationFilter(dict(responses))

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **values: Any
    ) -> dict[str, Any]:
        """The finished response.

        Args:
            values: What the placeholders of the response stand for.

        Raises:
            TurnFailed: When the response is unknown or cannot be filled; half an answer is never given.
        """
        try:
            variations = self._responses.responses_for_utter_action(utter_action, tracker, output_channel)
            if not variations:
                raise UnknownResponse(f"the domain has no response {utter_action}")
            return self._write(variations[0], language_of(tracker), values)
        except Exception as error:
            raise TurnFailed(utter_action) from error

    def write(self, utter_action: str, language: str) -> dict[str, Any]:
        """A response that depends on nothing that was said.

        Raises:
            KeyError: When the domain does not hold it.
        """
        return self._write(self._responses.responses[utter_action][0], language, {})

    def _write(self, response: Mapping[str, Any], language: str, values: Mapping[str, Any]) -> dict[str, Any]:
        translations = self._catalogues[language]
        written = fill(response.get("text", ""), translations, fact, values)
        metadata = response.get("metadata") or {}
        return {
            "text": written.text,
            "buttons": [
                {"title": fill(button["title"], translations, fact, values).text, "payload": button["payload"]}
                for button in response.get("buttons") or []
            ],
            "custom": {
                "kind": metadata.get("kind"),
                "facts": list(dict.fromkeys([*written.fact_ids, *metadata.get("facts", [])])),
            },
        }


def language_of(tracker: DialogueStateTracker) -> str:
    """The language tag that the turn asks to be answered in."""
    message = tracker.latest_message
    return str((message.metadata or {}).get("locale", "")) if message else ""


def facts_of(response: Mapping[str, Any]) -> list[str]:
    """The ids of all facts that a response of the domain rests on."""
    shown = [name for is_fact, name in placeholders(response.get("text", "")) if is_fact]
    return list(dict.fromkeys([*shown, *(response.get("metadata") or {}).get("facts", [])]))
