"""Files that people send on Telegram: which are fetched, and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from telegram import Bot, Message

from base.settings import Settings
from bot.channels.telegram import wording
from bot.channels.web.guards import DEPOSIT_PATH
from bot.channels.web.tickets import Ticket, Tickets
from bot.engine.assistant import Assistant
from casework.files.intake import Intake
from casework.files.limits import USUAL
from casework.files.refusals import Reason, Refused
from casework.files.wording import WORDING
from casework.files.workshop import WorkshopFailed
from conversations.models import FileId, Session

_PHOTO, _DOCUMENT = "photo.jpg", "document"
"""What a file is called that comes without a name."""
_ABOUT_HEALTH = re.compile(
    r"m[ée]dica|m[ée]decin|docteur|h[ôo]pital|\bhug\b|maladi|malade|accident|arr[êe]t (?:de travail|maladie)|certificat m|"
    r"ordonnance|incapacit|grossesse|op[ée]ration",
    re.IGNORECASE,
)
"""Says of a file that it is about somebody's health."""


@dataclass(frozen=True)
class SentFile:
    """A file that somebody sent, not fetched yet.

    Args:
        id: Telegram's name of it.
        name: What it is called.
        size: In bytes, as Telegram says.
    """

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Refusal:
    """Why a file is not taken.

    Args:
        text: What the person is told, in French.
        values: What its placeholders stand for.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)


def file_in(message: Message) -> SentFile | None:
    """The file that a message brings, of a photo the largest size; None without one."""
    if message.photo:
        photo = message.photo[-1]
        return SentFile(photo.file_id, _PHOTO, photo.file_size or 0)
    if (document := message.document) is not None and message.animation is None:
        return SentFile(document.file_id, document.file_name or _DOCUMENT, document.file_size or 0)
    return None


class Files:
    """Takes files.

    Args:
        bot: Fetches them.
        assistant: Knows what a conversation is about.
        intake: Checks and keeps them.
        settings: Which are taken.
        tickets: With which files are given to us elsewhere.
    """

    def __init__(self, bot: Bot, assistant: Assistant, intake: Intake, settings: Settings, tickets: Tickets) -> None:
        self._bot = bot
        self._assistant = assistant
        self._intake = intake
        self._settings = settings
        self._tickets = tickets

    async def take(self, session: Session, sent: SentFile, caption: str) -> FileId | Refusal:
        """Has a file fetched, checked and kept.

        Raises:
            telegram.error.TelegramError: When it cannot be fetched now.
        """
        if not self._settings.uploads:
            return Refusal(wording.NO_UPLOADS)
        if not self._settings.telegram_health_files and await self._is_about_health(session, caption):
            ticket = self._tickets.write(Ticket.for_file(session.id))
            return Refusal(wording.HEALTH, {"url": f"{self._settings.public_url}{DEPOSIT_PATH}/{ticket}"})
        try:
            return FileId((await self._intake.take(session.id, sent.name, await self._fetched(sent))).id)
        except Refused as refusal:
            return Refusal(WORDING[refusal.reason])
        except (WorkshopFailed, IntegrityError):  # not now; or the conversation was erased meanwhile
            return Refusal(wording.NOT_READ)

    async def _is_about_health(self, session: Session, caption: str) -> bool:
        """Whether a file is about somebody's health, as far as that can be known without looking at it."""
        return _ABOUT_HEALTH.search(caption) is not None or await self._assistant.is_about_health(session.id)

    async def _fetched(self, sent: SentFile) -> bytes:
        """The bytes of a file.

        Raises:
            Refused: When it is larger than files may be.
            telegram.error.TelegramError: When it cannot be fetched now.
        """
        if sent.size > USUAL.max_bytes:
            raise Refused(Reason.TOO_BIG)
        file = await self._bot.get_file(sent.id)
        if (file.file_size or 0) > USUAL.max_bytes:
            raise Refused(Reason.TOO_BIG)
        return bytes(await file.download_as_bytearray())
