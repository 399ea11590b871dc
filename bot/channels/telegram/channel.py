"""The bot on Telegram: introduces itself, receives updates by long polling or by webhook, and sends what is said."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import structlog
from telegram import Bot, MenuButtonCommands, Update
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from base.database import Database
from base.errors import OperatorError
from base.keys import signing_key
from base.outbox import Worker
from base.settings import Settings
from base.signals import Signals
from base.wording import SOURCE_LANGUAGE, Catalogues
from bot.channels.telegram.commands import COMMANDS
from bot.channels.telegram.files import Files
from bot.channels.telegram.incoming import Incoming
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.polling import LONGEST_WAIT, UPDATES, Patience, Polling, RawUpdate
from bot.channels.telegram.sending import BACKOFF, Sender
from bot.channels.web.tickets import DEPOSIT, Tickets
from bot.documents import Materials
from bot.engine.assistant import Assistant
from casework.files.intake import Intake

log = structlog.get_logger(__name__)

WEBHOOK_PATIENCE = 25.0
"""Seconds after which Telegram is told that an update has arrived, even if it is still being worked on."""
_TOKEN = re.compile(r"\d{3,}:[\w-]{20,}", re.ASCII)


class TelegramUnusable(OperatorError):
    """Telegram does not let the bot in, or not as it is set up."""


def connect(settings: Settings, network: httpx.AsyncBaseTransport | None = None) -> Bot:
    """The bot of the settings; nothing is asked of Telegram yet.

    Args:
        network: How requests travel; in tests into a server of our own.

    Raises:
        TelegramUnusable: When the token is none.
    """
    token = settings.telegram_token.get_secret_value().strip() if settings.telegram_token else ""
    if not _TOKEN.fullmatch(token):
        raise wrong_token()
    own: dict[str, Any] = {"httpx_kwargs": {"transport": network}} if network is not None else {}
    return Bot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, pool_timeout=10.0, read_timeout=20.0, **own),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=20.0, **own),
    )


def wrong_token() -> TelegramUnusable:
    """Says that Telegram does not know the token."""
    return TelegramUnusable(
        cause="CORNAVIN_TELEGRAM_TOKEN is not a token that Telegram knows",
        remedy="copy it again from @BotFather and restart",
    )


class Telegram:
    """The channel.

    Args:
        settings: Name the bot.
        bot: Calls Telegram.
        database: Where conversations are kept.
        assistant: Who answers.
        catalogues: The languages that answers are written in.
        files: Takes files.
        signals: Told of every conversation that has a new message.
        materials: What documents are made from.
        pace: How fast messages are sent.
    """

    def __init__(
        self,
        settings: Settings,
        bot: Bot,
        database: Database,
        assistant: Assistant,
        catalogues: Catalogues,
        files: Intake,
        signals: Signals,
        materials: Materials,
        pace: Pace,
    ) -> None:
        sender = Sender(bot, database, catalogues, materials, settings.public_url, pace)
        taking = Files(bot, assistant, files, settings, Tickets(signing_key(settings), DEPOSIT))
        self._incoming = Incoming(bot, database, assistant, catalogues, taking, signals, sender, settings.session_rate)
        self._bot = bot
        self._catalogues = catalogues
        self._webhook_url = settings.telegram_webhook_url
        key = signing_key(settings).encode()
        self._webhook_secret = hmac.new(key, b"telegram webhook", hashlib.sha256).hexdigest()
        self._in_hand: set[asyncio.Task[None]] = set()
        # A worker of its own: a thousand answers that wait for their turn keep no submission waiting.
        self.worker = Worker(
            database,
            {**sender.handlers, **self._incoming.handlers},
            give_up=sender.give_up,
            backoff=BACKOFF,
            lease=timedelta(minutes=3),
            timeout=timedelta(minutes=2),
            batch=32,
        )

    async def run(self) -> None:
        """Works until cancelled. What Telegram refuses for good ends the channel, with one line, and nothing else."""
        try:
            while True:
                try:
                    await self._work()
                except TelegramUnusable as refused:
                    log.error("telegram.stopped", reason=str(refused))  # noqa: TRY400  # the operator needs no trace
                    return
                except Exception:  # whatever it is, the web goes on
                    log.exception("telegram.interrupted")
                    await asyncio.sleep(LONGEST_WAIT)
        finally:
            for task in self._in_hand:
                task.cancel()
            await asyncio.gather(*self._in_hand, return_exceptions=True)
            await self._bot.shutdown()

    async def _work(self) -> None:
        """Works until cancelled.

        Raises:
            TelegramUnusable: When Telegram lets the bot in no more.
        """
        try:
            await self.begin()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.worker.run(timedelta(seconds=2)))
                if self._webhook_url is None:
                    tasks.create_task(Polling(self._bot, self.take).run())
        except* InvalidToken:
            raise wrong_token() from None

    async def take(self, update: RawUpdate) -> None:
        """Takes an update as Telegram writes it.

        Raises:
            telegram.error.TelegramError: See `Incoming.take`.
            sqlalchemy.exc.SQLAlchemyError: See `Incoming.take`.
        """
        try:
            found = Update.de_json(update, self._bot)
        except Exception as error:  # of a kind that the library does not know yet
            log.warning("telegram.update_not_read", update_id=update.get("update_id"), reason=type(error).__name__)
            return
        await self._incoming.take(found)

    def is_telegram(self, secret: str) -> bool:
        """Whether a request to the webhook shows the secret; never while updates are fetched."""
        return self._webhook_url is not None and hmac.compare_digest(secret.encode(), self._webhook_secret.encode())

    async def receive(self, update: RawUpdate) -> None:
        """Takes an update that was brought; what takes long goes on after Telegram was told that it has arrived.

        Raises:
            telegram.error.TelegramError: As `take`; Telegram brings it again.
            sqlalchemy.exc.SQLAlchemyError: As `take`; the same.
        """
        task = asyncio.create_task(self.take(update))
        self._in_hand.add(task)
        task.add_done_callback(self._put_down)
        done, _ = await asyncio.wait({task}, timeout=WEBHOOK_PATIENCE)
        for finished in done:
            finished.result()

    def _put_down(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("telegram.update_failed", reason=type(error).__name__)

    async def begin(self) -> None:
        """Introduces the bot and says how updates are to come.

        Raises:
            InvalidToken: When Telegram does not know the token.
            TelegramUnusable: When it does not take the webhook's address.
        """
        await self._insist(self._bot.initialize)
        try:
            await self._insist(self._introduce)
        except BadRequest as error:
            log.warning("telegram.menu_refused", reason=error.message)  # the commands are understood all the same
        if self._webhook_url is None:
            await self._insist(self._bot.delete_webhook)
            log.info("telegram.polling", bot=self._bot.username)
            return
        try:
            await self._insist(self._set_webhook)
        except BadRequest as error:
            raise TelegramUnusable(
                cause=f"Telegram does not take CORNAVIN_TELEGRAM_WEBHOOK_URL ({error.message})",
                remedy="give it an https address that Telegram can reach, and restart",
            ) from None
        log.info("telegram.webhook", bot=self._bot.username, url=self._webhook_url)

    async def _introduce(self) -> None:
        """Sets the commands with their descriptions, by language, and the button that shows them."""
        for language in self._catalogues.languages:
            translate = self._catalogues[language].translate
            described = [(name, translate(command.description)) for name, command in COMMANDS.items()]
            await self._bot.set_my_commands(described, language_code=language)
            if language == SOURCE_LANGUAGE:
                await self._bot.set_my_commands(described)
        await self._bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    async def _set_webhook(self) -> None:
        assert self._webhook_url is not None
        await self._bot.set_webhook(
            self._webhook_url, allowed_updates=UPDATES, secret_token=self._webhook_secret, max_connections=40
        )

    @staticmethod
    async def _insist(call: Callable[[], Awaitable[Any]]) -> None:
        """Calls until it succeeds, or Telegram says that it never will."""
        patience = Patience()
        while True:
            try:
                await call()
            except (InvalidToken, BadRequest, Forbidden):
                raise
            except TelegramError as error:
                await patience.after(error)
            else:
                return
