"""The wording of every answer: Rasa's responses, translated and filled in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.shared.core.trackers import DialogueStateTracker

from actions.tasks import is_denied
from base.wording import Catalogues, fill, placeholders
from bot.engine.computed import TIMES, Computed, Question, compute
from bot.engine.failures import TurnFailed
from law.facts import fact

ANY = "any"
"""In `asked`: one thing of the kind, whichever."""
GOES_ON = "goes_on"
"""Metadata of a message that is answered as the question before it was."""
FACTS, RECIPES = "facts", "recipes"
"""Values given to a response that fill no placeholder: ids of facts that it rests on, and files that go with it."""
INFORMATION = "information"
"""Kind of an answer that states facts and therefore shows where they come from."""


class UnknownResponse(Exception):
    """An action utters a response that the domain does not hold."""


class WordingGenerator(NaturalLanguageGenerator):  # type: ignore[misc]  # Rasa ships no types
    """Writes responses in the language of the turn.

    A response may carry `metadata`: its `kind`, and `facts` that it rests on without showing their value. Of several
    variations the first is the general one; a variation with `asked` in its metadata, such as `{document: cv}`, is
    given to a message that names just that; `any` stands for one thing of the kind, whichever. What `computes` names
    fills further placeholders. A response `with_next` is one message with what follows it.
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
            asked, language = _asked(tracker), language_of(tracker)
            fitting = _fitting(variations, asked)
            computation = (fitting.get("metadata") or {}).get("computes")
            if not computation:
                return self._write(fitting, language, values)
            computed = compute(computation, Question(asked, text_of(tracker), goes_on(tracker)))
            if computed is None:
                return self._write(variations[0], language, values)
            return self._write_computed(fitting, language, computed, values)
        except Exception as error:
            raise TurnFailed(utter_action) from error

    def write(self, utter_action: str, language: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """A response that depends on nothing that was said.

        Args:
            values: What the placeholders of the response stand for.

        Raises:
            KeyError: When the domain does not hold it.
        """
        return self._write(self._responses.responses[utter_action][0], language, values)

    def _write_computed(
        self, response: Mapping[str, Any], language: str, computed: Computed, values: Mapping[str, Any]
    ) -> dict[str, Any]:
        """A response with the date that it computes."""
        written = self._write(response, language, {**computed.values(self._catalogues[language]), **values})
        written["custom"]["due"] = computed.as_due()
        return written

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
                "kind": INFORMATION if values.get(FACTS) else metadata.get("kind"),
                "facts": list(dict.fromkeys([*written.fact_ids, *metadata.get("facts", []), *values.get(FACTS, [])])),
                "recipes": values.get(RECIPES, []),
                "with_next": bool(metadata.get("with_next")),
            },
        }


def _asked(tracker: DialogueStateTracker) -> Mapping[str, set[str]]:
    """What the latest message names: the values of each entity."""
    message = tracker.latest_message
    asked: dict[str, set[str]] = {}
    for entity in message.entities if message else ():
        if entity["entity"] in TIMES and is_denied(message.text or "", entity.get("start", 0)):
            continue
        asked.setdefault(entity["entity"], set()).add(str(entity["value"]))
    return asked


def _fitting(variations: Sequence[Mapping[str, Any]], asked: Mapping[str, set[str]]) -> Mapping[str, Any]:
    """The variation for what was asked; the general one when none fits, or a message names two things of a kind."""
    for variation in variations[1:]:
        wanted = asked_for(variation)
        if wanted and all(_is_named(asked.get(entity, set()), value) for entity, value in wanted.items()):
            return variation
    return variations[0]


def _is_named(named: set[str], wanted: str) -> bool:
    return len(named) == 1 if wanted == ANY else named == {wanted}


def asked_for(response: Mapping[str, Any]) -> Mapping[str, str]:
    """The entities that a variation of a response is for."""
    return (response.get("metadata") or {}).get("asked") or {}


def text_of(tracker: DialogueStateTracker) -> str:
    """The latest message, as it was written."""
    message = tracker.latest_message
    return str(message.text or "") if message else ""


def goes_on(tracker: DialogueStateTracker) -> bool:
    """Whether the latest message says anew what the question before said."""
    message = tracker.latest_message
    return bool((message.metadata or {}).get(GOES_ON)) if message else False


def language_of(tracker: DialogueStateTracker) -> str:
    """The language tag that the turn asks to be answered in."""
    message = tracker.latest_message
    return str((message.metadata or {}).get("locale", "")) if message else ""


def facts_of(response: Mapping[str, Any]) -> list[str]:
    """The ids of all facts that a response of the domain rests on."""
    shown = [name for is_fact, name in placeholders(response.get("text", "")) if is_fact]
    return list(dict.fromkeys([*shown, *(response.get("metadata") or {}).get("facts", [])]))
