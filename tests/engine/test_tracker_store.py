"""The bounded tracker store behaves like one that forgets nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import select

from base.database import Database
from base.signals import Signals
from bot.engine import dialogue as dialogue_module
from bot.engine.assistant import Assistant
from bot.engine.tracker_store import BoundedTrackerStore, trackers
from bot.program import Program, load_dialogue
from tests.support.conversing import VAULT, Talk, talking

TEXTS = [
    "bonjour",
    "où est mon numéro personnel",
    "puis-je envoyer des documents pour ma demande",
    "pas finalisée",
    "droit en cours d'examen",
    "je ne sais pas",
    "stop",
    "hein",
    "je veux parler à quelqu'un",
    "quel temps fait-il",
    "combien je vais toucher",
]


class UnboundedTrackerStore(BoundedTrackerStore):
    """Keeps every event."""

    def shortened(self, tracker: DialogueStateTracker) -> list[object]:
        return list(tracker.events)


async def test_replies_and_state_are_those_of_a_store_that_forgets_nothing(
    program: Program, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogue_module, "BoundedTrackerStore", UnboundedTrackerStore)
    unbounded = Database(f"sqlite+inline:///{tmp_path / 'unbounded.db'}")
    await unbounded.migrate()
    reference = Assistant(unbounded, load_dialogue(model), Signals(unbounded), VAULT, program.desk)
    chance = random.Random(7)
    async with talking(program.assistant, program.database) as short, talking(reference, unbounded) as full:
        for _ in range(120):
            text = chance.choice(TEXTS)
            answers = [await conversation.say(text) for conversation in (short, full)]
            texts = [[message.text for message in answer.messages] for answer in answers]
            assert texts[0] == texts[1], text
            assert answers[0].state == answers[1].state
            assert answers[0].debug.slots == answers[1].debug.slots
    await unbounded.close()


async def test_stored_events_do_not_grow_with_the_conversation(talk: Talk, program: Program) -> None:
    async def stored() -> int:
        async with program.database.reading() as connection:
            events = (await connection.execute(select(trackers.c.events))).scalar_one()
        return len(events)

    await talk.say("bonjour")
    await talk.say("bonjour")
    after_two = await stored()
    for _ in range(40):
        await talk.say("bonjour")
    assert await stored() == after_two
