"""Making a backup while the program runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Database
from base.migrations import found_revision
from base.settings import Settings
from bot.backup import archive, postgresql, sqlite
from bot.backup.archive import BackupFailed, Manifest
from casework import sealing


async def make(settings: Settings, target: Path) -> Manifest:
    """Writes the whole database into a new file.

    Args:
        target: Must not exist yet.

    Raises:
        BackupFailed: When it exists, or the database cannot be copied.
    """
    _check_new(target)
    database = Database(settings.database_url)
    try:
        with folder_beside(target) as folder:
            copied = folder / (sqlite.COPY if database.is_sqlite else postgresql.COPY)
            manifest = await (_sqlite if database.is_sqlite else _postgresql)(database, copied)
            archive.write(target, manifest, copied)
    finally:
        await database.close()
    return manifest


def _check_new(target: Path) -> None:
    if target.exists():
        raise BackupFailed(f"{target} exists already", "name a new file, or remove it")


@contextmanager
def folder_beside(file: Path) -> Iterator[Path]:
    """A folder on the same disk, which nobody else can look into, and which is removed in the end.

    Raises:
        BackupFailed: When there can be none.
    """
    try:
        folder = tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".cornavin-")
    except OSError as error:
        raise BackupFailed(
            f"{file.resolve().parent} cannot be written ({error.strerror})", "name another folder"
        ) from error
    with folder as name:
        yield Path(name)


async def _sqlite(database: Database, copied: Path) -> Manifest:
    made_at = clock.now()
    sqlite.copy(Path(database.url.database or ""), copied)
    copy = Database(database.url.set(database=str(copied)).render_as_string(hide_password=False))
    try:
        async with copy.reading() as connection:
            revision, secrets = await _described(database, connection)
    finally:
        await copy.close()
    part = archive.part_of(copied)
    return Manifest(engine="sqlite", version=3, revision=revision, made_at=made_at, secrets=secrets, database=part)


async def _postgresql(database: Database, copied: Path) -> Manifest:
    async with database.reading() as connection:
        made_at, seen = clock.now(), await postgresql.snapshot(connection)
        revision, secrets = await _described(database, connection)
        version = await postgresql.major_version(connection)
        await postgresql.copy(database, version, seen, copied)
    return Manifest(
        engine="postgresql",
        version=version,
        revision=revision,
        made_at=made_at,
        secrets=secrets,
        database=archive.part_of(copied),
    )


async def _described(database: Database, connection: AsyncConnection) -> tuple[str, tuple[str, ...]]:
    """The revision of the tables, and the secrets that are needed to read them."""
    revision = await connection.run_sync(found_revision)
    if revision is None:
        raise BackupFailed(f"the database {database.name} holds nothing yet", "check CORNAVIN_DATABASE_URL")
    return revision, tuple(sorted(await sealing.secrets_in_use(connection)))
