"""Erasing a conversation and what came from it, wherever that is asked for."""

from base import outbox
from base.database import UnitOfWork
from casework import applications
from casework.files.store import forget_unsent
from casework.submissions import SubmissionStore, keep_stuck_cases
from conversations import store, telegram


async def erase(work: UnitOfWork, submissions: SubmissionStore, session_id: str) -> None:
    """Removes the conversation, its drafts, dates, files, keys and links, at once.

    What was handed in follows `SubmissionStore.leave_conversation`.
    """
    await outbox.forget(work, f"chat:{session_id}", *await telegram.keys(work.connection, session_id))
    await forget_unsent(work, session_id)
    await submissions.leave_conversation(work, session_id)
    await applications.leave_chat(work, session_id)
    await keep_stuck_cases(work, session_id)
    await store.erase(work, session_id)
