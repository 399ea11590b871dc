"""What comes from Telegram: each update becomes a turn of its chat's conversation, once."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from weakref import WeakValueDictionary

import structlog
from limits import parse, parse_many
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from sqlalchemy.exc import IntegrityError
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram import Chat as TelegramChat
from telegram.constants import ChatAction, ChatMemberStatus, ChatType
from telegram.error import TelegramError

from base import clock
from base.database import Database, UnitOfWork
from base.outbox import Handler, HoldOn, Item
from base.signals import Signals
from base.wording import Catalogues
from bot.channels.telegram import commands, wording
from bot.channels.telegram.files import Files, Refusal, SentFile, file_in
from bot.channels.telegram.sending import Sender
from bot.engine.assistant import Assistant, ConversationErased, FileUnknown, Turn
from casework import return_codes
from conversations import store, telegram
from conversations.models import TELEGRAM, Draft, Offer, Phase, Session

log = structlog.get_logger(__name__)

USED = "used"
"""Callback data of a button that shows what was chosen."""
SECONDS_TO_TYPING, TYPING_LASTS = 0.3, 4.0
"""After how long without an answer people see that one is coming, and how long they do."""
_TOLD = parse("1/minute")
"""How often who writes too fast is told so."""
_NUMBERED = re.compile(r"\s*(\d{1,3})\.\s")
"""Begins an item of a list."""
_KINDS: Mapping[str, str] = {
    "voice": wording.VOICE,
    "audio": wording.VOICE,
    "video": wording.VIDEO,
    "video_note": wording.VIDEO,
    "animation": wording.STICKER,
    "sticker": wording.STICKER,
    "dice": wording.STICKER,
    "venue": wording.LOCATION,
    "location": wording.LOCATION,
    "contact": wording.CONTACT,
    "poll": wording.POLL,
}
"""What is said to messages that hold something else than text and files, by the name of what they hold."""
_SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "users_shared",
    "chat_shared",
    "successful_payment",
    "proximity_alert_triggered",
)
"""What Telegram tells of a chat in the shape of a message; nobody said anything."""


class Incoming:
    """Takes updates.

    Args:
        bot: Calls Telegram.
        database: Where conversations are kept.
        assistant: Who answers.
        catalogues: The languages that answers are written in.
        files: Takes files.
        signals: Told of every conversation that has a new message.
        sender: Sends what is in no outbox.
        session_rate: How many messages one chat may send, e.g. `40/minute`.
    """

    def __init__(
        self,
        bot: Bot,
        database: Database,
        assistant: Assistant,
        catalogues: Catalogues,
        files: Files,
        signals: Signals,
        sender: Sender,
        session_rate: str,
    ) -> None:
        self._bot = bot
        self._database = database
        self._assistant = assistant
        self._catalogues = catalogues
        self._files = files
        self._signals = signals
        self._sender = sender
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rates = parse_many(session_rate)
        self._queues: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kind of outbox rows that are albums."""
        return {telegram.ALBUM: self._take_album}

    async def take(self, update: Update) -> None:
        """Takes an update; the same one again changes nothing. Those of one chat are taken in the order of the calls.

        Raises:
            telegram.error.TelegramError: When a file cannot be fetched now; the update may be taken again.
            sqlalchemy.exc.SQLAlchemyError: When the database fails; the same.
        """
        chat = update.effective_chat
        if chat is None:
            return
        if chat.type != ChatType.PRIVATE:
            await self._leave(chat)
            return
        async with self._queues.setdefault(chat.id, asyncio.Lock()):
            if update.my_chat_member is not None:
                is_blocked = update.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED
                await self._changed(chat.id, is_blocked=is_blocked)
            elif update.callback_query is not None:
                await self._take_tap(update.update_id, chat.id, update.callback_query)
            elif (message := update.edited_message or update.message) is not None:
                await self._take_message(update.update_id, chat.id, message, is_edited=update.message is None)

    async def _leave(self, chat: TelegramChat) -> None:
        """Says once why, and goes: in a group, everybody would read what is said."""
        if chat.type == ChatType.CHANNEL:
            return
        with contextlib.suppress(TelegramError):
            await self._bot.send_message(
                chat.id, self._catalogues[self._catalogues.match(None)].translate(wording.GROUP)
            )
        with contextlib.suppress(TelegramError):
            await self._bot.leave_chat(chat.id)

    async def _changed(self, chat_id: int, *, is_blocked: bool) -> None:
        """The person has blocked the bot, or lets it in again."""
        async with self._database.reading() as connection:
            chat = await telegram.chat(connection, chat_id)
        if chat is None or chat.is_blocked == is_blocked:
            return
        if is_blocked:
            await self._sender.block(chat)
        else:
            async with self._database.unit_of_work(serialise=chat.session_id) as work:
                await telegram.block(work, chat_id, is_blocked=False)

    async def _session(self, chat_id: int, language: str | None) -> Session:
        """The conversation of a chat; a new one where there is none."""
        async with self._database.unit_of_work(serialise=f"{TELEGRAM}:{chat_id}") as work:
            chat = await telegram.chat(work.connection, chat_id)
            session = await store.session_by_id(work.connection, chat.session_id) if chat else None
            if chat is None or session is None:
                session, _ = await store.open_session(work, TELEGRAM, self._catalogues.match(language))
                await telegram.open_chat(work, chat_id, session.id)
            elif chat.is_blocked:  # who writes is there
                await telegram.block(work, chat_id, is_blocked=False)
            return session

    async def _take_tap(self, update_id: int, chat_id: int, query: CallbackQuery) -> None:
        choice = query.data or ""
        async with self._database.reading() as connection:
            chat = await telegram.chat(connection, chat_id)
            session = await store.session_by_id(connection, chat.session_id) if chat else None
            offered = await store.offered(connection, session.id, choice) if session else None
        if choice == USED:
            await self._reply_to(query, session, wording.USED_CHOICE)
        elif session is None or offered is None:
            await self._reply_to(query, session, wording.OLD_CHOICE)
            await self._mark(query, None)
        else:
            await self._reply_to(query, session)
            if not await self._is_too_fast(update_id, session):
                await self._answer(chat_id, Turn(session, _client_id(update_id), choice=choice))
                await self._mark(query, offered[0].label)

    async def _reply_to(self, query: CallbackQuery, session: Session | None, text: str | None = None) -> None:
        """Takes the waiting sign from the button, with a line for the person if there is one to say."""
        language = session.locale if session else self._catalogues.match(query.from_user.language_code)
        with contextlib.suppress(TelegramError):  # too late for Telegram, or not now: the turn is what matters
            await query.answer(self._catalogues[language].translate(text) if text else None)

    @staticmethod
    async def _mark(query: CallbackQuery, label: str | None) -> None:
        """Leaves of the buttons the one that was chosen; None takes all away."""
        rows = [[InlineKeyboardButton(f"✓ {label}", callback_data=USED)]] if label else []
        with contextlib.suppress(TelegramError, TypeError):  # an old message may not be there to be changed
            await query.edit_message_reply_markup(InlineKeyboardMarkup(rows) if rows else None)

    async def _take_message(self, update_id: int, chat_id: int, message: Message, *, is_edited: bool) -> None:
        if any(getattr(message, name) for name in _SERVICE):
            return
        session = await self._session(chat_id, message.from_user.language_code if message.from_user else None)
        client_id = _client_id(update_id)
        async with self._database.reading() as connection:
            if await store.recorded_turn(connection, session.id, client_id) is not None:
                return
            is_in_form = (await store.last_state(connection, session.id)).form is not None
        if await self._is_too_fast(update_id, session):
            return
        command = commands.called(message) if not is_edited else None
        if command is not None and return_codes.spot(command.argument) is not None:
            await self._answer(chat_id, Turn(session, client_id, command.argument))
        elif command is not None:
            await self._take_command(chat_id, session, client_id, command, is_in_form=is_in_form)
        elif message.text:
            corrects = is_edited and is_in_form
            await self._answer(chat_id, Turn(session, client_id, _said_in(message), corrects=corrects))
        elif is_edited:
            return  # a file that was changed is sent anew
        elif (sent := file_in(message)) is not None:
            await self._take_file(update_id, chat_id, session, message, sent)
        else:
            held = next((text for name, text in _KINDS.items() if getattr(message, name)), wording.NOT_TAKEN)
            await self._say(session, client_id, held)

    async def _take_command(
        self, chat_id: int, session: Session, client_id: str, command: commands.Called, *, is_in_form: bool
    ) -> None:
        if command.name == commands.START and command.argument.startswith(commands.LANGUAGE_PREFIX):
            language = self._catalogues.match(command.argument.removeprefix(commands.LANGUAGE_PREFIX))
            async with self._database.unit_of_work(serialise=session.id) as work:
                await store.set_locale(work, session.id, language)
            session = replace(session, locale=language)
        offer = Offer(f"/{command.name}", command.payload(in_form=is_in_form))
        await self._answer(chat_id, Turn(session, client_id, command=offer))

    async def _take_file(
        self, update_id: int, chat_id: int, session: Session, message: Message, sent: SentFile
    ) -> None:
        client_id, album = _client_id(update_id), message.media_group_id
        async with self._database.reading() as connection:
            if await telegram.is_in_album(connection, update_id):
                return
        async with self._typing(chat_id):
            kept = await self._files.take(session, sent, message.caption or "")
        if isinstance(kept, Refusal):
            await self._say(session, client_id, kept.text, **kept.values)
            return
        if message.caption:
            await self._answer(chat_id, Turn(session, f"{client_id}:caption", message.caption))
        if album is None:
            await self._answer(chat_id, Turn(session, client_id, files=(kept,)))
            return
        async with self._database.unit_of_work(serialise=session.id) as work:
            await telegram.add_to_album(work, session.id, album, kept, update_id)
            work.after_commit(lambda: _look_soon(work))

    async def _take_album(self, item: Item) -> None:
        """Takes an album as one delivery, once nothing more comes.

        Raises:
            HoldOn: When something came just now.
        """
        session_id = str(item.payload["session"])
        async with self._database.reading() as connection:
            album = await telegram.album(connection, session_id, str(item.payload["album"]))
            session = await store.session_by_id(connection, session_id)
            chat = await telegram.chat_of(connection, session_id)
        if album is None or session is None or chat is None:
            return
        if (rest := clock.later(album.newest, telegram.ALBUM_SETTLES) - clock.now()) > timedelta(0):
            raise HoldOn(rest)
        await self._answer(chat.id, Turn(session, f"{TELEGRAM}:album:{album.first}", files=album.files))
        async with self._database.unit_of_work(serialise=session_id) as work:
            await telegram.note_taken(work, session_id, album)

    async def _answer(self, chat_id: int, turn: Turn) -> None:
        """Has a turn answered. What is said is on its way by then, in the outbox, unless everything was erased."""
        async with self._typing(chat_id):
            try:
                reply = await self._assistant.answer(turn)
            except ConversationErased:
                if turn.choice is not None or turn.files:
                    return
                session = await self._session(chat_id, turn.session.locale)
                reply = await self._assistant.answer(replace(turn, session=session))
            except FileUnknown:
                await self._say(turn.session, turn.client_id, wording.NOT_READ)
                return
        if reply.state.phase is Phase.ERASED:
            await self._sender.say(chat_id, reply.messages)

    async def _say(self, session: Session, notice_id: str, text: str, **values: str) -> None:
        """Says something that is no answer; the conversation stays where it is."""
        said = Draft("bot", self._catalogues[session.locale].translate(text).format(**values), session.locale)
        with contextlib.suppress(IntegrityError):  # the conversation was erased meanwhile
            async with self._database.unit_of_work(serialise=session.id) as work:
                await store.record_notice(work, session.id, notice_id, said)
                await self._signals.announce(work, session.id)

    async def _is_too_fast(self, update_id: int, session: Session) -> bool:
        """Whether this is more than one chat may send; who sends it is told now and then."""
        for rate in self._rates:
            if not await self._limiter.hit(rate, TELEGRAM, session.id):
                if await self._limiter.hit(_TOLD, "told", session.id):
                    await self._say(session, _client_id(update_id), wording.TOO_FAST)
                return True
        return False

    @asynccontextmanager
    async def _typing(self, chat_id: int) -> AsyncIterator[None]:
        """Shows that an answer is coming, when it takes a moment."""
        showing = asyncio.create_task(self._show_typing(chat_id))
        try:
            yield
        finally:
            showing.cancel()

    async def _show_typing(self, chat_id: int) -> None:
        await asyncio.sleep(SECONDS_TO_TYPING)
        with contextlib.suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
                await asyncio.sleep(TYPING_LASTS)


def _look_soon(work: UnitOfWork) -> None:
    """Has the workers look when an album may be complete: by themselves they look every few seconds only."""
    asyncio.get_running_loop().call_later(telegram.ALBUM_SETTLES.total_seconds(), work.wake_workers)


def _client_id(update_id: int) -> str:
    """The same for the same update, in every process."""
    return f"{TELEGRAM}:{update_id}"


def _said_in(message: Message) -> str:
    """What was typed; with the number of the item, when it replies to one of a list («2. …»)."""
    numbered = _NUMBERED.match(message.quote.text) if message.quote is not None else None
    return f"le {numbered[1]} : {message.text}" if numbered else message.text or ""
