"""Copying a SQLite database while the program runs, and putting a copy in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.backup.archive import BackupFailed

COPY = "database.sqlite"


def copy(file: Path, target: Path) -> None:
    """Copies one consistent state of the database, in one file, without what was deleted from it.

    Writers are not kept waiting meanwhile.

    Raises:
        BackupFailed: When the database cannot be read, or is damaged.
    """
    try:
        with (
            closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copied,
        ):
            source.backup(copied)
            copied.execute("PRAGMA journal_mode = DELETE")
            copied.execute("VACUUM")  # what was erased is in no backup
            (found,) = copied.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise BackupFailed(
            f"the database {file} cannot be copied ({error})", "check the rights to it and the free space"
        ) from error
    if found != "ok":
        raise BackupFailed(f"the database {file} is damaged ({found})", "restore the last good backup")


def holds_something(file: Path) -> bool:
    """Whether there is a database that would be overwritten."""
    return file.exists() and file.stat().st_size > 0


def replace(file: Path, copied: Path) -> None:
    """Puts a copy in the place of the database.

    Raises:
        BackupFailed: While a program works with the database.
    """
    if file.exists():
        _let_go(file)
    copied.replace(file)


def _let_go(file: Path) -> None:
    """Has what was written last go into the file itself, so that the log beside it can go; needs it for itself."""
    try:
        with closing(sqlite3.connect(file, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise BackupFailed(f"a program works with {file}", "stop it first") from error
    except sqlite3.DatabaseError:
        pass  # it is damaged, which is why it is replaced
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
