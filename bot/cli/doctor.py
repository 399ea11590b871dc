"""`cornavin doctor`: is everything there, and if not, what to do."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, deletions, logs
from base.database import Database
from base.encryption import KeyRing
from base.errors import OperatorError
from base.keys import secrets_of
from base.settings import Settings
from casework import sealing

LEAST_SPACE = 500 * 1024 * 1024
"""Bytes that should be free where the data is kept."""

LONGEST_WITHOUT_DELETION = timedelta(days=3)
"""It runs every night; a machine may be off for a weekend."""

T = TypeVar("T")
Check = Callable[[Settings], str]


class Finding(OperatorError):
    """Something that is wrong with the installation."""


def examine() -> int:
    """Prints one line for each check.

    Returns:
        0 when all is well, 1 otherwise.
    """
    console = Console()
    logs.configure()
    try:
        settings = Settings.load()
    except OperatorError as error:
        console.print(f"[red]✗[/red] Settings: {error}", highlight=False)
        return 1
    clock.freeze(settings.clock)
    console.print("[green]✓[/green] Settings: all can be read")
    well = True
    for name, check in CHECKS.items():
        try:
            console.print(f"[green]✓[/green] {name}: {check(settings)}", highlight=False)
        except OperatorError as error:
            well = False
            console.print(f"[red]✗[/red] {name}: {error}", highlight=False)
    return 0 if well else 1


def _python(_settings: Settings) -> str:
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        raise Finding(cause=f"Python {sys.version.split()[0]} is not supported", remedy="use Python 3.11 or 3.12")
    return sys.version.split()[0]


def _space(settings: Settings) -> str:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            free = shutil.disk_usage(settings.data_dir).free
    except OSError as error:
        raise Finding(
            cause=f"{settings.data_dir} cannot be written ({error.strerror})",
            remedy="give the program the right to, or set CORNAVIN_DATA_DIR",
        ) from error
    if free < LEAST_SPACE:
        raise Finding(cause=f"only {free // 2**20} MiB are free in {settings.data_dir}", remedy="free some space")
    return f"{settings.data_dir}, {free // 2**30} GiB free"


def _model(settings: Settings) -> str:
    from bot.engine.model import model_path

    if not model_path(settings).exists():
        raise Finding(cause="no model for the files as they are", remedy="run 'cornavin train'")
    return model_path(settings).name


def _engine(settings: Settings) -> str:
    from bot.engine.model import model_path
    from bot.program import load_dialogue

    try:
        dialogue = load_dialogue(model_path(settings))
    except Exception as error:  # whatever keeps the model from loading, the remedy is the same
        raise Finding(
            cause=f"the model does not load ({type(error).__name__})", remedy="run 'cornavin train'"
        ) from error
    return f"{len(dialogue.domain.intents)} intents, {len(dialogue.domain.responses)} answers"


def _database(settings: Settings) -> str:
    database = Database(settings.database_url)

    async def try_it() -> None:
        try:
            await database.migrate()
        finally:
            await database.close()

    asyncio.run(try_it())
    return database.name


def _files(settings: Settings) -> str:
    """All that people sent can be read with the secrets of the settings."""
    keys = KeyRing(secrets_of(settings))

    async def count(connection: AsyncConnection) -> tuple[int, int]:
        return await sealing.unreadable(connection, keys), await sealing.damaged(connection, keys)

    lost, damaged = _asked(settings, count)
    if lost:
        raise Finding(
            cause=f"{lost} files, submissions and identifiers were encrypted with a secret that is not in CORNAVIN_SECRET_KEY",
            remedy="put that secret after the current one and a comma, until the program has started once",
        )
    if damaged:
        raise Finding(
            cause=f"the keys of {damaged} files and submissions are damaged",
            remedy="restore a backup from before, or expect that these cannot be read or delivered",
        )
    return f"all can be decrypted; the current secret is {keys.current}"


def _retention(settings: Settings) -> str:
    """What is too old is deleted every night."""
    last = _asked(settings, deletions.last_day)
    if last is None:
        return "not run yet; the first run is at night"
    if last < clock.today() - LONGEST_WITHOUT_DELETION:
        raise Finding(
            cause=f"nothing was deleted for its age since {last}",
            remedy="let the program run at night, and look for retention and outbox in its log",
        )
    return f"last run on {last}"


def _asked(settings: Settings, question: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    """What the database answers."""

    async def ask() -> T:
        database = Database(settings.database_url)
        try:
            async with database.reading() as connection:
                return await question(connection)
        finally:
            await database.close()

    return asyncio.run(ask())


def _port(settings: Settings) -> str:
    from bot.cli.serve import check_port

    check_port(settings.host, settings.port)
    return f"{settings.host}:{settings.port} is free"


def _eservices(settings: Settings) -> str:
    from eservices.sandbox.process import check_port

    if not settings.with_sandbox:
        return f"the gateway at {settings.gateway_url}"
    check_port(settings)
    return f"the sandbox, at {settings.sandbox_url}"


def _telegram(settings: Settings) -> str:
    """The token is one that Telegram knows, and updates come as the settings say."""
    if not settings.has_telegram:
        return "off; CORNAVIN_TELEGRAM_TOKEN is not set"
    from bot.channels.telegram.checking import check

    return asyncio.run(check(settings))


CHECKS: dict[str, Check] = {
    "Python": _python,
    "Data": _space,
    "Model": _model,
    "Engine": _engine,
    "Database": _database,
    "Files": _files,
    "Retention": _retention,
    "Port": _port,
    "E-services": _eservices,
    "Telegram": _telegram,
}
