"""What a conversation is made of, in the shape in which the chat API shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, NewType

from pydantic import BaseModel, ConfigDict, Field

from conversations.documents import AnyRecipe

FileId = NewType("FileId", str)
"""Names a file that a person sent; unguessable."""
Author = Literal["user", "bot", "agent"]
Expected = Literal["choice", "date", "past_date", "month", "text", "file", "personal_number", "birth_date"]
"""What kind of answer a question wants; a past date is today at the latest."""
WEB = "web"
"""The channel of conversations on web pages; the others are chat apps."""
TELEGRAM = "telegram"
"""The channel of conversations on Telegram."""

UNNAMED = "document.pdf"
"""What a file that a person sent is called where its own name is not known, or not known any more."""


class Phase(StrEnum):
    """Where a task by conversation stands."""

    IDLE = "idle"
    IN_FORM = "in_form"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    SUBMITTED = "submitted"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"
    ERASED = "erased"
    """The conversation is gone; what is said next begins a new one."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Source(_Frozen):
    """Where an answer's facts come from."""

    id: str
    title: str
    url: str | None = None
    article: str | None = None
    as_of: str
    standing: str


class Choice(_Frozen):
    """Something the person may tap instead of typing."""

    id: str
    label: str


class Attachment(_Frozen):
    """A file that goes with a message.

    The name of one that a person sent is kept with the file, encrypted; a message only knows `UNNAMED`.
    """

    id: str
    name: str
    mime: str
    url: str


class Message(_Frozen):
    """One message of a conversation; `text` is Markdown, `at` is aware."""

    id: int
    at: datetime
    author: Author
    text: str
    lang: str
    sources: tuple[Source, ...] = ()
    choices: tuple[Choice, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class State(_Frozen):
    """Where the conversation stands after a turn.

    Args:
        mode: Who answers.
        phase: Where a task stands.
        form: The task.
        slot: The question that is open.
        step: Number of that question, counted from 1.
        steps: How many questions the task has, as far as that is known.
        expects: What kind of answer is wanted.
        question: Id of the message that asks it; what came later, such as a reminder, is not the question.
        logged_in: Whether somebody was logged in.
    """

    mode: Literal["bot", "human"] = "bot"
    phase: Phase = Phase.IDLE
    form: str | None = None
    slot: str | None = None
    step: int | None = None
    steps: int | None = None
    expects: Expected | None = None
    question: int | None = None
    logged_in: bool = False


class Debug(_Frozen):
    """What the assistant understood and did; shown in debug mode only."""

    intent: str | None = None
    topic: str | None = None
    confidence: float | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    effects: list[dict[str, Any]] = Field(default_factory=list)


@dataclass(frozen=True)
class Offer:
    """A choice together with what it means to the assistant.

    Args:
        label: What the person reads.
        payload: A Rasa payload such as `/faq/personal_number_where`; never shown, never taken from the outside.
    """

    label: str
    payload: str


@dataclass(frozen=True)
class Draft:
    """A message that has not been recorded yet."""

    author: Author
    text: str
    lang: str
    sources: tuple[Source, ...] = ()
    offers: tuple[Offer, ...] = ()
    files: tuple[AnyRecipe, ...] = ()
    sent: tuple[FileId, ...] = ()
    """Files that the person sent with it."""


@dataclass(frozen=True)
class Session:
    """A chat session: one conversation on one channel."""

    id: str
    channel: str
    locale: str


@dataclass(frozen=True)
class Asked:
    """What a turn was about.

    Args:
        topic: A name of the list of topics.
        intent: Full name of what it was taken for.
    """

    topic: str
    intent: str | None


@dataclass(frozen=True)
class Turn:
    """A recorded turn.

    Args:
        id: Appears in every log line of the turn.
        messages: The replies.
        state: Where the conversation stood after it.
        debug: What was understood and done.
    """

    id: str
    messages: tuple[Message, ...]
    state: State
    debug: Mapping[str, Any]
