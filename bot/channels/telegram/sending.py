"""Sending to Telegram what was said: the rows of `conversations.telegram`, one after another in each chat."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from sqlalchemy.exc import IntegrityError
from telegram import Bot, InputFile, LinkPreviewOptions
from telegram import Message as SentMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter

from base.database import Database, UnitOfWork
from base.encryption import Undecipherable
from base.outbox import Backoff, Handler, HoldOn, Item
from base.wording import SOURCE_LANGUAGE, Catalogues
from bot import documents
from bot.channels.telegram import markup, wording
from bot.channels.telegram.pace import Pace, wait_of
from bot.channels.telegram.parts import Document, Part, Text, keyboard, parts_of
from casework import agenda
from conversations import store, telegram
from conversations.documents import AnyRecipe
from conversations.models import Message
from conversations.telegram import Chat

log = structlog.get_logger(__name__)

BACKOFF = Backoff(first=timedelta(seconds=2), longest=timedelta(hours=1), attempts=40)
"""Goes on for about a day and a quarter: nobody is helped by an answer that is older."""
_NO_CHAT = "chat not found"
"""What Telegram says of people who have deleted their account."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Sends.

    Args:
        bot: Calls Telegram.
        database: Where conversations are kept.
        catalogues: The languages that messages are written in.
        materials: What documents are made from.
        public_url: Where our own pages are.
        pace: How fast.
    """

    def __init__(
        self,
        bot: Bot,
        database: Database,
        catalogues: Catalogues,
        materials: documents.Materials,
        public_url: str,
        pace: Pace,
    ) -> None:
        self._bot = bot
        self._database = database
        self._catalogues = catalogues
        self._materials = materials
        self._public_url = public_url
        self._pace = pace

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kind of outbox rows that are messages to send."""
        return {telegram.SEND: self._send}

    async def give_up(self, work: UnitOfWork, item: Item) -> None:
        """Nothing is left to do for what could not be sent; it stands in the conversation."""

    async def say(self, chat_id: int, messages: Sequence[Message]) -> None:
        """Sends messages of a conversation that was erased, and so is in no outbox."""
        for message in messages:
            for part in parts_of(message, (), self._catalogues[message.lang], self._public_url):
                assert isinstance(part, Text)
                await self._pace.wait(chat_id)
                await self._send_text(chat_id, part)

    async def _send(self, item: Item) -> None:
        """Sends what was said in a turn, without the parts that were sent already.

        Raises:
            HoldOn: When Telegram says how long to wait.
            telegram.error.TelegramError: When it does not answer; it may have taken the message.
        """
        session_id, turn_id = str(item.payload["session"]), str(item.payload["turn"])
        async with self._database.reading() as connection:
            chat = await telegram.chat_of(connection, session_id)
            messages = await store.replies(connection, session_id, turn_id)
        if chat is None or chat.is_blocked:
            return
        for message in messages:
            try:
                await self._send_message(chat, message)
            except RetryAfter as told:
                raise HoldOn(wait_of(told)) from None
            except Forbidden:
                await self.block(chat)
                return
            except BadRequest as error:
                if _NO_CHAT not in str(error).lower():
                    raise
                await self.block(chat)
                return

    async def block(self, chat: Chat) -> None:
        """Notes that nothing arrives in a chat any more, and stops its reminders."""
        async with self._database.unit_of_work(serialise=chat.session_id) as work:
            await telegram.block(work, chat.id, is_blocked=True)
            await agenda.stop_reminders(work, chat.session_id)
        log.info("telegram.blocked")

    async def _send_message(self, chat: Chat, message: Message) -> None:
        async with self._database.reading() as connection:
            sent = await telegram.sent(connection, message.id)
            found = [await store.recipe_of(connection, chat.session_id, file.id) for file in message.attachments]
        recipes = [recipe for recipe in found if recipe is not None]
        parts = parts_of(message, recipes, self._catalogues[message.lang], self._public_url)
        for number, part in enumerate(parts):
            if number not in sent:
                await self._pace.wait(chat.id)
                await self._note(message.id, number, await self._send_part(chat, part, message.lang))

    async def _note(self, message_id: int, part: int, telegram_id: int) -> None:
        try:
            async with self._database.unit_of_work() as work:
                await telegram.note_sent(work, message_id, part, telegram_id)
        except IntegrityError:  # the conversation was erased meanwhile
            log.info("telegram.sent_what_was_erased")

    async def _send_part(self, chat: Chat, part: Part, language: str) -> int:
        """Sends one part.

        Returns:
            Telegram's number of it.
        """
        if isinstance(part, Text):
            return (await self._send_text(chat.id, part)).message_id
        content = await self._content(chat.session_id, part)
        if content is None:
            gone = self._catalogues[language].translate(wording.FILE_GONE).format(name=part.recipe.name)
            return (await self._bot.send_message(chat.id, gone)).message_id
        file = InputFile(content, filename=part.recipe.name, attach=False)
        return (await self._bot.send_document(chat.id, file, disable_content_type_detection=True)).message_id

    async def _send_text(self, chat_id: int, part: Text) -> SentMessage:
        """Sends a text; if Telegram does not take its tags, without them, so that nobody waits for an answer in vain."""
        buttons = keyboard(part.choices)
        try:
            return await self._bot.send_message(
                chat_id, part.html, ParseMode.HTML, link_preview_options=_NO_PREVIEW, reply_markup=buttons
            )
        except BadRequest as error:
            if "parse entities" not in str(error).lower():
                raise
            log.exception("telegram.html_refused", reason=str(error))
            return await self._bot.send_message(
                chat_id, markup.plain(part.html), link_preview_options=_NO_PREVIEW, reply_markup=buttons
            )

    async def _content(self, session_id: str, part: Document) -> bytes | None:
        """The file; None when what it is about is not there any more."""
        french = self._catalogues[SOURCE_LANGUAGE]  # who receives a letter or a receipt reads French
        recipe: AnyRecipe = part.recipe
        try:
            material = await self._materials.load(session_id, recipe, french)
        except documents.Gone:
            return None
        except Undecipherable:
            log.exception("submission.undecipherable")
            return None
        return await asyncio.to_thread(documents.render, recipe, french, material)
