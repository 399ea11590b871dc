"""A process that takes turns until it is killed; started by the forkserver with Rasa already imported."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from multiprocessing.connection import Connection
from pathlib import Path

from base import logs
from base.database import Database
from base.signals import Signals
from bot.engine.assistant import Assistant, Turn
from bot.program import load_dialogue
from conversations.models import Session
from tests.support.conversing import VAULT, a_desk

TEXTS = (
    "puis-je envoyer des documents pour ma demande",
    "droit en cours d'examen",
    "je veux parler à quelqu'un",
    "merci",
)


def take_turns(url: str, model: Path, session: Session, name: str, report: Connection, count: int | None) -> None:
    """Takes turns one after another: `count` of them, or until killed.

    Args:
        url: Address of the database.
        model: File of the model.
        session: Whose conversation it is.
        name: Goes before the number in client ids.
        report: Told the number of turns taken: 0 when the first one begins, then after each.
        count: How many turns; None goes on for ever.
    """
    logs.configure("json")
    dialogue = load_dialogue(model)

    async def run() -> None:
        database = Database(url)
        assistant = Assistant(database, dialogue, Signals(database), VAULT, a_desk())
        report.send(0)
        for number in itertools.islice(itertools.count(), count):
            await assistant.answer(Turn(session, f"{name}{number}", TEXTS[number % len(TEXTS)]))
            with contextlib.suppress(BrokenPipeError):  # nobody listens any more
                report.send(number + 1)
        await database.close()

    asyncio.run(run())
