"""What is known for a human before a conversation is passed on."""

from __future__ import annotations

from actions.tasks import TaskDraft
from casework.triage import Cause, Office
from conversations.models import FileId
from law.offices import Item

NONE = "none"
"""Of an item: the person does not have it."""


class HandoverDraft(TaskDraft):
    """What is known; an item is None while nothing was said of it, and `NONE` when there is none.

    Args:
        cause: Why it is passed on.
        topic: What it is about, by what was asked before.
        office: Whose queue it is.
        asked: What the office needs and is asked for.
        is_skipped: Whether the person does not want to be asked.
        files: All that were sent meanwhile.
    """

    cause: Cause = Cause.ASKED
    topic: str | None = None
    office: Office | None = None
    asked: tuple[Item, ...] = ()
    is_skipped: bool = False
    files: tuple[FileId, ...] = ()
    full_screenshot: str | None = None
    screenshot_with_user_and_time: str | None = None
    ree_number: str | None = None
    uid: str | None = None
    description: str | None = None
    former_email: str | None = None
    new_email: str | None = None


class EmailDraft(TaskDraft):
    """An address to be reached at.

    Args:
        address: Token of it.
    """

    address: str | None = None


class RatingDraft(TaskDraft):
    """What the person thinks of how their case went.

    Args:
        case: Its id; None when there is none to speak of.
        helped: Whether it helped.
        comment: In their words; empty when they have none.
        kept: What was kept of it.
    """

    case: int | None = None
    helped: bool | None = None
    comment: str | None = None
    kept: int = 0
