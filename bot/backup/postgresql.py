"""Copying a PostgreSQL database while programs run, and putting a copy in its place, with PostgreSQL's own tools."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import Database
from bot.backup.archive import BackupFailed

COPY = "database.pgdump"
_DEBIAN = "/usr/lib/postgresql/{major}/bin/{tool}"


async def major_version(connection: AsyncConnection) -> int:
    """The major version of the server."""
    number = (await connection.execute(text("SHOW server_version_num"))).scalar_one()
    return int(number) // 10_000


async def snapshot(connection: AsyncConnection) -> str:
    """The name of the state that a connection of `Database.reading` sees, for `copy` to see the same."""
    return str((await connection.execute(select(func.pg_export_snapshot()))).scalar_one())


async def copy(database: Database, major: int, seen: str, target: Path) -> None:
    """Copies one consistent state of the database.

    Args:
        major: Version of the server.
        seen: From `snapshot`.

    Raises:
        BackupFailed: When pg_dump of this version is not installed, or fails.
    """
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={seen}", f"--file={target}")
    await _run(database, major, "pg_dump", *options)


async def others_connected(connection: AsyncConnection) -> bool:
    """Whether somebody else works with the database."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    return bool((await connection.execute(query)).scalar_one())


async def tables(connection: AsyncConnection) -> tuple[str, ...]:
    """The tables that the database has."""
    query = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return tuple((await connection.execute(query)).scalars())


async def replace(database: Database, major: int, copied: Path, present: tuple[str, ...]) -> None:
    """Puts a copy in the place of the tables that are there, all or nothing.

    Args:
        major: Version of the server.
        present: The tables to be removed.

    Raises:
        BackupFailed: When the tools of this version are not installed, or fail.
    """
    script, removal = copied.with_name("restore.sql"), copied.with_name("remove.sql")
    await _run(database, major, "pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(copied), at=None)
    names = (name.replace('"', '""') for name in present)
    removal.write_text("".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in names), encoding="utf-8")
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    await _run(database, major, "psql", *options, f"--file={removal}", f"--file={script}")


async def _run(database: Database, major: int, tool: str, *options: str, at: str | None = "--dbname=") -> None:
    """Runs a tool of PostgreSQL; the password reaches it by its environment, which nobody else sees."""
    program = await _find(tool, major)
    address, secret = _address(database)
    command = [program, *([f"{at}{address}", "--no-password"] if at else []), *options]
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, **secret},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode:
        lines = said.decode(errors="replace").strip().splitlines() or ["no reason given"]
        reason = next((line for line in lines if "error:" in line.lower()), lines[-1])
        raise BackupFailed(f"{tool} failed ({reason})", "mend that and try again; the database is as it was")


def _address(database: Database) -> tuple[str, Mapping[str, str]]:
    """The address as the tools read it, and what stays out of the list of processes."""
    _, given = database.engine.dialect.create_connect_args(database.url)
    password = given.pop("password", None)
    given.pop("context", None)
    return make_conninfo("", **given), {"PGPASSWORD": str(password)} if password else {}


async def _find(tool: str, major: int) -> str:
    """The path of a tool of this major version.

    Raises:
        BackupFailed: When there is none.
    """
    for candidate in (_DEBIAN.format(major=major, tool=tool), shutil.which(tool)):
        if candidate and await _version(candidate) == major:
            return candidate
    raise BackupFailed(
        f"{tool} of PostgreSQL {major} is not installed",
        f"install it (Debian: apt-get install postgresql-client-{major}) or put it on the PATH",
    )


async def _version(program: str) -> int | None:
    try:
        process = await asyncio.create_subprocess_exec(
            program, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError:
        return None
    said, _ = await process.communicate()
    found = re.search(rb" (\d+)", said)
    return int(found[1]) if found else None
