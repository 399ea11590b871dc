"""The graph component that recognises entities by pattern, whatever the accents and capitals.

Patterns stand in the training data as Rasa's own `regex` entries, named `<entity>.<value>`:

    - regex: application_status.draft
      examples: |
        - pas (encore )?(finalise|transmis)
"""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from base import clock
from base.reading import readings
from base.tokens import blanked
from bot.engine.text import normalise

EXTRACTOR = "PatternEntityExtractor"
DATE_EXTRACTOR = "DateEntityExtractor"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PatternEntityExtractor(GraphComponent):  # type: ignore[misc]  # Rasa ships no types
    """Adds an entity for each pattern that is found; of one kind's patterns that overlap, the longest match wins."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, patterns: list[tuple[str, str]] | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._patterns = _compiled(patterns or [])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PatternEntityExtractor:
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Keeps the patterns whose name has an entity and a value."""
        patterns = [(entry["name"], entry["pattern"]) for entry in training_data.regex_features if "." in entry["name"]]
        self._patterns = _compiled(patterns)
        with self._storage.write_to(self._resource) as folder:
            (folder / "patterns.json").write_text(json.dumps(patterns), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PatternEntityExtractor:
        with model_storage.read_from(resource) as folder:
            patterns = json.loads((folder / "patterns.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, patterns)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities to each message."""
        for message in messages:
            found = [*message.get(ENTITIES, []), *self.extract(message.get(TEXT) or "")]
            message.set(ENTITIES, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves the examples as they are: nothing after this component learns from its output."""
        return training_data

    def extract(self, text: str) -> list[dict[str, Any]]:
        """The entities in a text, with their positions in it, in reading order."""
        plain = normalise(blanked(text))
        matches = [(match, name) for name, pattern in self._patterns for match in pattern.finditer(plain)]
        matches.sort(key=lambda found: found[0].start() - found[0].end())
        taken: list[dict[str, Any]] = []
        for match, name in matches:
            entity, _, value = name.partition(".")
            same_kind = [other for other in taken if other["entity"] == entity]
            if all(match.end() <= other["start"] or match.start() >= other["end"] for other in same_kind):
                taken.append(
                    {
                        "entity": entity,
                        "value": value,
                        "start": match.start(),
                        "end": match.end(),
                        "extractor": EXTRACTOR,
                        "confidence": 1.0,
                    }
                )
        return sorted(taken, key=lambda entity: entity["start"])


def _compiled(patterns: list[tuple[str, str]]) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(rf"\b(?:{pattern})")) for name, pattern in patterns]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DateEntityExtractor(GraphComponent):  # type: ignore[misc]  # Rasa ships no types
    """Adds the days, months and durations that a message names, as of the day it is written on."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DateEntityExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities to each message."""
        for message in messages:
            read = [
                {
                    "entity": kind,
                    "value": found.value,
                    "start": found.start,
                    "end": found.end,
                    "extractor": DATE_EXTRACTOR,
                    "confidence": 1.0,
                }
                for kind, found in readings(message.get(TEXT) or "", clock.today())
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *read], add_to_output=True)
        return messages
