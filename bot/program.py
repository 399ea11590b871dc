"""The running program: its parts, put together in one place."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import structlog
from threadpoolctl import threadpool_limits

from actions.agenda.listing import ListDeadlines
from actions.agenda.setting import SetReminders
from actions.agenda.stopping import StopReminders
from actions.agenda.task import ReminderTask
from actions.application.listing import AskForMore, KeepApplication
from actions.application.task import ApplicationTask
from actions.cancel import Cancel
from actions.consent import AskForConsent
from actions.deadline.answer import AnswerDeadline
from actions.deadline.task import DeadlineTask
from actions.docs_by_status import AnswerDocsByStatus, ValidateDocsByStatusForm
from actions.documents.asking import AskForType, AskWhetherTaken, AskWhich
from actions.documents.task import DocumentsTask
from actions.following import Follow
from actions.handover.actions import (
    ITEMS,
    AskForComment,
    AskForItem,
    AskWhetherItHelped,
    EndRating,
    KeepEmail,
    NotUnderstood,
    OpenCase,
    OpenCaseInCrisis,
    PassOnWhatComesBack,
)
from actions.handover.task import EmailTask, HandoverTask, RatingTask
from actions.identification.asking import (
    AskForLogin,
    AskForNumber,
    AskForPatience,
    CheckIdentity,
    EndIdentification,
    LogOut,
)
from actions.identification.task import LOGIN as PROOF
from actions.identification.task import IdentificationTask
from actions.incapacity.task import AskWhatItIs, IncapacityTask
from actions.ipa.asking import SLOTS as IPA_SLOTS
from actions.ipa.asking import AskAboutMonth
from actions.ipa.task import IpaTask
from actions.job_search.asking import SLOTS, AskAboutSearches, EndSearches
from actions.job_search.task import JobSearchTask
from actions.measures.result import AnswerMeasures
from actions.measures.task import MeasuresTask
from actions.my_data.erasing import AskWhetherToErase, DeleteData, EraseTask
from actions.my_data.showing import TellMyData
from actions.sending import LOGIN, AskWhetherToSend, Send, SendingTask
from actions.status import TellStatus
from actions.tasks import Correct, TakeAnswer, Task
from base.database import Database, UnitOfWork
from base.encryption import KeyRing
from base.keys import secrets_of
from base.outbox import Backoff, Item, Worker
from base.settings import Settings
from base.signals import Signals
from base.wording import Catalogues
from bot.case_notices import CaseNotices
from bot.documents.loading import Materials
from bot.engine.assistant import Assistant
from bot.engine.dialogue import Dialogue
from bot.metrics import Metrics
from bot.notices import Notices
from bot.openid import OpenIDProvider
from bot.retention import Retention
from casework import persons
from casework.deliveries import Deliveries
from casework.desk import Desk
from casework.enquiries import Enquiries
from casework.files.intake import Intake
from casework.files.scanning import Scanner
from casework.files.store import FileStore
from casework.files.workshop import Workshop
from casework.identification import Identifications
from casework.opening_hours import OpeningHours
from casework.recognition import Recognition
from casework.return_codes import ReturnCodes
from casework.submissions import SubmissionStore
from casework.vault import Vault
from conversations.models import WEB
from eservices.client import EServices
from eservices.sandbox_note import sandbox_note

if TYPE_CHECKING:
    from rasa_sdk import Action
    from telegram import Bot

    from bot.channels.telegram.channel import Telegram
    from bot.channels.telegram.pace import Pace

log = structlog.get_logger(__name__)

HELPDESK_CALLBACK = "/helpdesk/callback"
"""Where agents come back to from their provider."""
PERSISTENT = Backoff(attempts=48)
"""Goes on for about six days."""

OnLinked = Callable[[str], Awaitable[None]]
"""What happens once somebody has logged in to a chat, named by its session id."""


@dataclass(frozen=True)
class Program:
    """Everything that a channel or a command needs.

    Args:
        provider: With which people log in; None when none is set.
        helpdesk_provider: With which agents of the helpdesk sign in; None when none is set.
        telegram: The channel; None without a token, or with one that cannot be a token.
    """

    settings: Settings
    catalogues: Catalogues
    database: Database
    dialogue: Dialogue
    assistant: Assistant
    worker: Worker
    keys: KeyRing
    vault: Vault
    desk: Desk
    files: Intake
    submissions: SubmissionStore
    retention: Retention
    materials: Materials
    signals: Signals
    metrics: Metrics
    eservices: EServices
    provider: OpenIDProvider | None
    helpdesk_provider: OpenIDProvider | None
    on_linked: OnLinked
    telegram: Telegram | None


def actions(catalogues: Catalogues, public_url: str) -> tuple[Action, ...]:
    """What a turn of conversation may do.

    Args:
        catalogues: The languages that answers are written in.
        public_url: Where our own pages are.
    """
    identification = IdentificationTask()
    incapacity, searches = IncapacityTask(), JobSearchTask()
    sending: tuple[SendingTask[Any], ...] = (DocumentsTask(), incapacity, IpaTask())
    tasks: tuple[Task[Any], ...] = (
        DeadlineTask(),
        *sending,
        searches,
        identification,
        ApplicationTask(),
        ReminderTask(),
        EraseTask(),
        MeasuresTask(),
        HandoverTask(),
        EmailTask(),
        RatingTask(),
    )
    return (
        OpenCase(catalogues),
        OpenCaseInCrisis(catalogues),
        NotUnderstood(catalogues),
        PassOnWhatComesBack(catalogues),
        *(AskForItem(slot, catalogues) for slot in ITEMS),
        KeepEmail(catalogues),
        AskWhetherItHelped(catalogues),
        AskForComment(catalogues),
        EndRating(),
        Cancel(tasks),
        Correct(tasks, catalogues),
        *(TakeAnswer(task, catalogues) for task in tasks),
        AnswerDeadline(catalogues, public_url),
        AnswerMeasures(catalogues),
        AskForConsent(tasks, catalogues, public_url),
        AskWhatItIs(incapacity, catalogues),
        *(AskForLogin(task.form, LOGIN.slot) for task in (*sending, searches)),
        *(AskAboutSearches(slot, catalogues) for slot in SLOTS),
        EndSearches(searches, catalogues),
        *(AskAboutMonth(slot, catalogues) for slot in IPA_SLOTS),
        *(AskWhetherToSend(task, catalogues) for task in sending),
        *(Send(task, catalogues) for task in sending),
        AskForType(),
        AskWhich(),
        AskWhetherTaken(),
        AskForLogin(identification.form, PROOF.slot),
        AskForNumber(catalogues),
        AskForPatience(catalogues),
        CheckIdentity(),
        EndIdentification(tasks, catalogues),
        Follow(tasks, catalogues, public_url),
        LogOut(),
        TellStatus(catalogues),
        ListDeadlines(catalogues),
        SetReminders(catalogues),
        StopReminders(catalogues),
        AskForMore(catalogues),
        KeepApplication(),
        TellMyData(catalogues),
        AskWhetherToErase(catalogues),
        DeleteData(),
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
    # What a message costs in linear algebra is so little that a second thread would only be waited for.
    threadpool_limits(1, "blas")
    # Rasa and the model are many objects that live as long as the program; looking through them again and again for
    # garbage stops all turns for tenths of a second.
    gc.collect()
    gc.freeze()
    return dialogue


@asynccontextmanager
async def assembled(
    settings: Settings,
    dialogue: Dialogue,
    *,
    network: httpx.AsyncBaseTransport | None = None,
    on_linked: OnLinked | None = None,
    patience: float = 2.0,
    bot_api: httpx.AsyncBaseTransport | None = None,
    pace: Pace | None = None,
) -> AsyncIterator[Program]:
    """The program with its database open and up to date; closed again at the end.

    Args:
        network: How requests to the e-services and the OpenID provider travel; in tests into the sandbox.
        on_linked: Called once somebody has logged in to a chat; by default the conversation goes on.
        patience: Seconds that an answer waits for news of what it handed in.
        bot_api: How requests to Telegram travel; in tests into a server of our own.
        pace: How fast messages are sent to Telegram; by default as fast as it allows.

    Raises:
        SecretKeyMissing: When the database is shared and the secret is not.
        DatabaseUnavailable: When the database cannot be reached or written.
    """
    keys = KeyRing(secrets_of(settings))
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await database.migrate()
        eservices = await stack.enter_async_context(EServices.of(settings, network))
        provider, helpdesk_provider = _provider(settings, network), _helpdesk_provider(settings, network)
        for opened in (provider, helpdesk_provider):
            if opened is not None:
                stack.push_async_callback(opened.close)
        signals, metrics = Signals(database), Metrics()
        scanner = Scanner(settings.clamav_url) if settings.clamav_url else None
        periods = (timedelta(days=settings.retention_files_days), timedelta(days=settings.retention_stuck_files_days))
        kept, workshop = FileStore(keys, *periods), Workshop()
        files = Intake(database, kept, workshop, scanner)
        submissions = SubmissionStore(keys, kept, metrics.delivered)
        deliveries = Deliveries(database, submissions, eservices, workshop)
        note = sandbox_note(settings)
        bot = _bot(settings, bot_api)
        identifications, vault = Identifications(keys), Vault(keys)
        desk = Desk(
            submissions,
            identifications,
            vault,
            ReturnCodes(keys),
            login_url=lambda ticket: persons.login_url(settings, ticket),
            login_lasts=lambda channel: _login_lasts(settings, channel),
            note=note,
            kept_days=settings.retention_conversation_days,
            quiet=settings.quiet_hours,
            telegram_url=lambda code: _address(bot, code),
            hours=OpeningHours(settings.helpdesk_hours),
        )
        notices = Notices(database, dialogue, signals, submissions, note, settings.quiet_hours)
        assistant = Assistant(database, dialogue, signals, vault, desk, patience=patience, observe=metrics.answered)
        recognition = Recognition(database, identifications, vault, eservices, assistant.go_on)
        every = timedelta(hours=settings.application_hours)
        enquiries = Enquiries(database, eservices, assistant.go_on, every)
        retention = Retention(database, settings)
        materials = Materials(database, submissions, eservices, settings)
        case_notices = CaseNotices(database, dialogue, signals, settings.quiet_hours)
        workers = (notices, case_notices, files, deliveries, recognition, enquiries, retention)

        async def give_up(work: UnitOfWork, item: Item) -> None:
            await deliveries.give_up(work, item)
            await enquiries.give_up(work, item)
            await retention.give_up(work, item)

        yield Program(
            settings=settings,
            catalogues=dialogue.catalogues,
            database=database,
            dialogue=dialogue,
            assistant=assistant,
            worker=Worker(
                database,
                {kind: handler for worker in workers for kind, handler in worker.handlers.items()},
                give_up=give_up,
                backoff=PERSISTENT,
                lease=timedelta(minutes=3),
                timeout=timedelta(minutes=2),
                batch=32,
                observe=metrics.attempted,
            ),
            keys=keys,
            vault=vault,
            desk=desk,
            files=files,
            submissions=submissions,
            retention=retention,
            materials=materials,
            signals=signals,
            metrics=metrics,
            eservices=eservices,
            provider=provider,
            helpdesk_provider=helpdesk_provider,
            on_linked=on_linked or assistant.go_on,
            telegram=_telegram(
                settings, bot, database, assistant, dialogue.catalogues, files, signals, materials, pace
            ),
        )


def _bot(settings: Settings, bot_api: httpx.AsyncBaseTransport | None) -> Bot | None:
    """Who calls Telegram, if there is a token; a wrong one is said and stops nothing else."""
    if not settings.has_telegram:
        return None
    from bot.channels.telegram.channel import TelegramUnusable, connect

    try:
        return connect(settings, bot_api)
    except TelegramUnusable as error:
        log.error("telegram.stopped", reason=str(error))  # noqa: TRY400  # the operator needs no trace
        return None


def _address(bot: Bot | None, code: str | None) -> str | None:
    """Where people find the bot, with a return code or ready to log in; None until it has introduced itself."""
    if bot is None:
        return None
    from telegram.helpers import create_deep_linked_url

    from bot.channels.telegram.commands import LOGIN

    try:
        return create_deep_linked_url(bot.username, code or LOGIN)
    except RuntimeError:  # of the library, before the bot knows its name
        return None


def _telegram(
    settings: Settings,
    bot: Bot | None,
    database: Database,
    assistant: Assistant,
    catalogues: Catalogues,
    files: Intake,
    signals: Signals,
    materials: Materials,
    pace: Pace | None,
) -> Telegram | None:
    """The channel, if there is a bot."""
    if bot is None:
        return None
    from bot.channels.telegram.channel import Telegram
    from bot.channels.telegram.pace import Pace

    return Telegram(settings, bot, database, assistant, catalogues, files, signals, materials, pace or Pace())


def _login_lasts(settings: Settings, channel: str) -> timedelta:
    """How long a login lasts without a message."""
    if channel == WEB:
        return timedelta(minutes=settings.web_login_minutes)
    return timedelta(days=settings.chat_login_days)


def _provider(settings: Settings, network: httpx.AsyncBaseTransport | None) -> OpenIDProvider | None:
    if settings.login_issuer is None:
        return None
    return OpenIDProvider(
        settings.login_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret.get_secret_value(),
        f"{settings.public_url}{persons.CALLBACK_PATH}",
        transport=network,
        use_proxies=settings.oidc_issuer is not None,
    )


def _helpdesk_provider(settings: Settings, network: httpx.AsyncBaseTransport | None) -> OpenIDProvider | None:
    if settings.helpdesk_login_issuer is None:
        return None
    return OpenIDProvider(
        settings.helpdesk_login_issuer,
        settings.helpdesk_client_id,
        settings.helpdesk_client_secret.get_secret_value(),
        f"{settings.public_url}{HELPDESK_CALLBACK}",
        transport=network,
        use_proxies=settings.helpdesk_issuer is not None,
    )
