"""Putting a backup in the place of the database. Whatever is wrong is found before anything is changed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from base.database import Database, DatabaseUnavailable
from base.encryption import KeyRing
from base.keys import FILE_NAME, secrets_at_hand
from base.migrations import found_revision, known_revisions
from base.settings import Settings
from bot.backup import archive, postgresql, sqlite
from bot.backup.archive import BackupFailed, BackupUnusable, Manifest
from bot.backup.making import folder_beside


async def restore(
    settings: Settings, source: Path, *, replaces: bool = False, even_unreadable: bool = False
) -> Manifest:
    """Puts what an archive holds into the database, and brings its tables up to date.

    Args:
        replaces: Whether it may overwrite what is there.
        even_unreadable: Whether what nobody has the secret of is restored all the same.

    Raises:
        BackupUnusable: When the archive is not whole, or this program or its secrets cannot read it.
        BackupFailed: When it would overwrite something, or cannot be put there.
    """
    with archive.opened(source) as (manifest, content):
        _check_revision(manifest)
        if not even_unreadable:
            _check_secrets(manifest, settings)
        database = Database(settings.database_url)
        try:
            if manifest.engine != ("sqlite" if database.is_sqlite else "postgresql"):
                raise BackupUnusable(
                    f"{source} is a copy of another kind of database ({manifest.engine})",
                    "set CORNAVIN_DATABASE_URL to a database of that kind",
                )
            target = Path(database.url.database or "") if database.is_sqlite else settings.data_dir / "database"
            target.parent.mkdir(parents=True, exist_ok=True)
            if database.is_sqlite and not replaces and sqlite.holds_something(target):
                raise _would_overwrite(database)
            with folder_beside(target) as folder:
                copied = folder / manifest.database.name
                if database.is_sqlite:
                    archive.extract(source, content, manifest.database, copied)
                    sqlite.replace(target, copied)
                else:
                    version, present = await _looked_at(database, manifest, replaces=replaces)
                    archive.extract(source, content, manifest.database, copied)
                    await postgresql.replace(database, version, copied, present)
            await database.migrate()
        finally:
            await database.close()
    return manifest


async def _looked_at(database: Database, manifest: Manifest, *, replaces: bool) -> tuple[int, tuple[str, ...]]:
    """The version of the server, and the tables that may be removed."""
    try:
        async with database.reading() as connection:
            version, present = await postgresql.major_version(connection), await postgresql.tables(connection)
            revision = await connection.run_sync(found_revision)
            is_in_use = await postgresql.others_connected(connection)
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnavailable(
            f"the database {database.name} does not answer", "check CORNAVIN_DATABASE_URL and that the server runs"
        ) from error
    await database.close()
    if manifest.version > version:
        raise BackupUnusable(
            f"the backup comes from PostgreSQL {manifest.version}, and the server is PostgreSQL {version}",
            "restore it on a server of that version or a later one",
        )
    if present and not replaces:
        raise _would_overwrite(database)
    if present and revision not in known_revisions():
        raise BackupFailed(
            f"the database {database.name} holds tables that are not this version's", "restore into an empty database"
        )
    if is_in_use:
        raise BackupFailed(f"other programs work with the database {database.name}", "stop them first")
    return version, present


def _check_revision(manifest: Manifest) -> None:
    if manifest.revision not in known_revisions():
        raise BackupUnusable(
            f"the backup was made by a newer version of Cornavin (revision {manifest.revision})",
            "restore it with that version",
        )


def _check_secrets(manifest: Manifest, settings: Settings) -> None:
    secrets = secrets_at_hand(settings)
    missing = set(manifest.secrets) - (KeyRing(secrets).names if secrets else set())
    if missing:
        raise BackupUnusable(
            f"the backup cannot be read without the secret {' and '.join(sorted(missing))}",
            f"add it to CORNAVIN_SECRET_KEY, after a comma if there is one, or put its {FILE_NAME} "
            f"into {settings.data_dir}",
        )


def _would_overwrite(database: Database) -> BackupFailed:
    return BackupFailed(
        f"the database {database.name} holds something already", "add --replace to overwrite it, or set another"
    )
