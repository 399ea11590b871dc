"""What a file needs beside its recipe, looked up when the file is fetched."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import Database
from base.errors import CornavinError
from base.settings import Settings
from base.wording import Translations
from bot.documents.collecting import Collector
from bot.documents.my_data import Everything
from bot.documents.receipt import Sent
from casework import access
from casework.access import Actor, Deed, Kind
from casework.submissions import SentFile, SubmissionStore
from conversations import store
from conversations.documents import AnyRecipe, MyData, Receipt
from eservices.client import EServices


class Gone(CornavinError):
    """What the file is about is not there any more."""


class Materials:
    """Finds what files are made from.

    Args:
        database: Where it is kept.
        submissions: Where submissions are kept.
        eservices: Knows who has read a person's data there.
        settings: Whether there is a sandbox, and our public address.
    """

    def __init__(
        self, database: Database, submissions: SubmissionStore, eservices: EServices, settings: Settings
    ) -> None:
        self._database = database
        self._submissions = submissions
        self._collector = Collector(database, submissions, eservices)
        self._settings = settings

    async def load(self, session_id: str, recipe: AnyRecipe, translations: Translations) -> Sent | Everything | None:
        """Reads what is known of a recipe's subject, and notes the access; most recipes need nothing.

        Raises:
            Gone: When the conversation has no such submission, or not any more.
            Undecipherable: When a secret is missing.
        """
        if isinstance(recipe, MyData):
            everything = await self._collector.everything(session_id, translations)
            await self._note(session_id, Kind.EVERYTHING, "")
            return everything
        if not isinstance(recipe, Receipt):
            return None
        async with self._database.reading() as connection:
            submission = await self._submissions.of_session(connection, session_id, recipe.submission)
            if submission is None:
                raise Gone("the submission is not there")
            names = tuple([await self._name(connection, file) for file in submission.files])
        await self._note(session_id, Kind.RECEIPT, submission.number)
        return Sent(submission, names, self._settings.public_url, self._settings.with_sandbox)

    async def _note(self, session_id: str, kind: Kind, named: str) -> None:
        async with self._database.unit_of_work(serialise=session_id) as work:
            if not await store.session_exists(work.connection, session_id):
                raise Gone("the conversation was erased meanwhile")
            await access.note(work, session_id, Actor.PERSON, Deed.COPIED, kind, named)

    async def _name(self, connection: AsyncConnection, file: SentFile) -> str:
        """What the person called a file; empty once it is deleted."""
        kept = await self._submissions.files.find(connection, file.file_id, None)
        return kept.name if kept else ""
