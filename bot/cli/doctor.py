"""`cornavin doctor`: is everything there, and if not, what to do."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Callable

from rich.console import Console

from base import logs
from base.database import Database
from base.encryption import KeyRing
from base.errors import OperatorError
from base.keys import secrets_of
from base.settings import Settings
from casework import sealing

LEAST_SPACE = 500 * 1024 * 1024
"""Bytes that should be free where the data is kept."""

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
    database, keys = Database(settings.database_url), KeyRing(secrets_of(settings))

    async def count() -> int:
        try:
            async with database.reading() as connection:
                return await sealing.unreadable(connection, keys)
        finally:
            await database.close()

    if lost := asyncio.run(count()):
        raise Finding(
            cause=f"{lost} files, submissions and identifiers were encrypted with a secret that is not in CORNAVIN_SECRET_KEY",
            remedy="put that secret after the current one and a comma, until the program has started once",
        )
    return "all can be decrypted"


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


CHECKS: dict[str, Check] = {
    "Python": _python,
    "Data": _space,
    "Model": _model,
    "Engine": _engine,
    "Database": _database,
    "Files": _files,
    "Port": _port,
    "E-services": _eservices,
}
