"""The running program: its parts, put together in one place."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from actions.agenda import ListDeadlines, SetReminders, StopReminders
from actions.cancel import Cancel
from actions.deadline.answer import AnswerDeadline
from actions.deadline.task import DeadlineTask
from actions.docs_by_status import AnswerDocsByStatus, ValidateDocsByStatusForm
from actions.handover import NotUnderstood, OpenCase
from actions.tasks import Correct, TakeAnswer
from base.database import Database, UnitOfWork
from base.encryption import KeyRing
from base.keys import secrets_of
from base.outbox import Item, Worker
from base.settings import Settings
from base.signals import Signals
from base.wording import Catalogues
from bot.documents.loading import Materials
from bot.engine.assistant import Assistant
from bot.engine.dialogue import Dialogue
from bot.metrics import Metrics
from bot.notices import Notices
from casework.files.intake import Intake
from casework.files.scanning import Scanner
from casework.files.store import FileStore
from casework.files.workshop import Workshop
from casework.submissions import SubmissionStore

if TYPE_CHECKING:
    from rasa_sdk import Action

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Program:
    """Everything that a channel or a command needs."""

    settings: Settings
    catalogues: Catalogues
    database: Database
    dialogue: Dialogue
    assistant: Assistant
    worker: Worker
    files: Intake
    submissions: SubmissionStore
    materials: Materials
    signals: Signals
    metrics: Metrics


def actions(catalogues: Catalogues, public_url: str) -> tuple[Action, ...]:
    """What a turn of conversation may do.

    Args:
        catalogues: The languages that answers are written in.
        public_url: Where our own pages are.
    """
    tasks = (DeadlineTask(),)
    return (
        OpenCase(),
        NotUnderstood(),
        Cancel(),
        Correct(tasks, catalogues),
        *(TakeAnswer(task, catalogues) for task in tasks),
        AnswerDeadline(catalogues, public_url),
        ListDeadlines(catalogues),
        SetReminders(catalogues),
        StopReminders(),
        ValidateDocsByStatusForm(),
        AnswerDocsByStatus(),
    )


def load_dialogue(model: Path, catalogues: Catalogues | None = None, public_url: str = "") -> Dialogue:
    """Rasa with the model and everything a turn may do; takes a second or two.

    Args:
        model: File of the trained model.
        catalogues: The languages that answers are written in; by default those of `locales/`.
        public_url: Where our own pages are; by default where the program listens unless told otherwise.
    """
    languages = catalogues or Catalogues.load()
    dialogue = Dialogue(model, languages, actions(languages, public_url or Settings().public_url))
    # Rasa and the model are many objects that live as long as the program; looking through them again and again for
    # garbage stops all turns for tenths of a second.
    gc.collect()
    gc.freeze()
    return dialogue


@asynccontextmanager
async def assembled(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Program]:
    """The program with its database open and up to date; closed again at the end.

    Raises:
        SecretKeyMissing: When the database is shared and the secret is not.
        DatabaseUnavailable: When the database cannot be reached or written.
    """
    keys = KeyRing(secrets_of(settings))
    database = Database(settings.database_url)
    try:
        await database.migrate()
        signals, metrics = Signals(database), Metrics()
        scanner = Scanner(settings.clamav_url) if settings.clamav_url else None
        kept = FileStore(keys)
        files = Intake(database, kept, Workshop(), scanner)
        submissions = SubmissionStore(keys, kept, metrics.delivered)
        handlers = {**Notices(database, dialogue, signals).handlers, **files.handlers}
        yield Program(
            settings=settings,
            catalogues=dialogue.catalogues,
            database=database,
            dialogue=dialogue,
            assistant=Assistant(database, dialogue, signals, kept, metrics.answered),
            worker=Worker(database, handlers, give_up=_give_up, observe=metrics.attempted),
            files=files,
            submissions=submissions,
            materials=Materials(submissions, settings),
            signals=signals,
            metrics=metrics,
        )
    finally:
        await database.close()


async def _give_up(_work: UnitOfWork, item: Item) -> None:
    log.error("outbox.nobody_to_hand_over_to", outbox_id=item.id, kind=item.kind)
