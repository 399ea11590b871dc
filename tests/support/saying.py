"""Typed messages as tasks get them, without a model."""

from __future__ import annotations

from functools import cache

from actions.tasks import Entity, Said, is_denied
from base import clock
from base.paths import PROJECT
from base.reading import readings
from bot.engine.deliberation import is_request
from bot.engine.entities import PatternEntityExtractor, _compiled
from tests.support.project import read


@cache
def extractor() -> PatternEntityExtractor:
    """The patterns as they stand in the training data."""
    extractor = PatternEntityExtractor.__new__(PatternEntityExtractor)
    extractor._patterns = _compiled(
        [
            (entry["regex"], line.removeprefix("- "))
            for entry in read(PROJECT / "data" / "nlu" / "fr" / "entities.yml")["nlu"]
            for line in entry["examples"].splitlines()
        ]
    )
    return extractor


def typed(text: str, intent: str = "nlu_fallback") -> Said:
    """A typed message of which nothing but its words is known."""
    found = [Entity(one["entity"], one["value"], one["start"], one["end"]) for one in extractor().extract(text)]
    found += [Entity(kind, one.value, one.start, one.end) for kind, one in readings(text, clock.today())]
    entities = tuple(entity for entity in found if not is_denied(text, entity.start))
    return Said(text, intent, 0.5, entities, clock.today(), asks=is_request(text))
