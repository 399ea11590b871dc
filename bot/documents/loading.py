"""What a file needs beside its recipe, looked up when the file is fetched."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from base.errors import CornavinError
from base.settings import Settings
from bot.documents.receipt import Sent
from casework.submissions import SentFile, SubmissionStore
from conversations.documents import AnyRecipe, Receipt


class Gone(CornavinError):
    """What the file is about is not there any more."""


class Materials:
    """Finds what files are made from.

    Args:
        submissions: Where submissions are kept.
        settings: Whether there is a sandbox, and our public address.
    """

    def __init__(self, submissions: SubmissionStore, settings: Settings) -> None:
        self._submissions = submissions
        self._settings = settings

    async def load(self, connection: AsyncConnection, session_id: str, recipe: AnyRecipe) -> Sent | None:
        """Reads what the database knows of a recipe's subject; most recipes need nothing.

        Raises:
            Gone: When the conversation has no such submission, or not any more.
        """
        if not isinstance(recipe, Receipt):
            return None
        submission = await self._submissions.of_session(connection, session_id, recipe.submission)
        if submission is None:
            raise Gone("the submission is not there")
        names = tuple([await self._name(connection, file) for file in submission.files])
        return Sent(submission, names, self._settings.public_url, self._settings.with_sandbox)

    async def _name(self, connection: AsyncConnection, file: SentFile) -> str:
        """What the person called a file; empty once it is deleted."""
        kept = await self._submissions.files.find(connection, file.file_id, None)
        return kept.name if kept else ""
