"""Rows that are encrypted: moving their keys to the current secret, and finding those that nobody can read.

Such a table has the columns `id`, `key` and `key_wrapped_by`.
"""

from collections.abc import Collection, Sequence

import structlog
from sqlalchemy import RowMapping, Table, func, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import Database, UnitOfWork
from base.encryption import KeyRing, Undecipherable, WrappedKey
from base.tokens import identifiers
from casework.files.store import files
from casework.identification import identifications
from casework.submissions import submissions

log = structlog.get_logger(__name__)

SEALED: Sequence[Table] = (files, submissions, identifiers, identifications)
AT_A_TIME = 500
"""Rows of one transaction."""


async def wrap_anew(database: Database, keys: KeyRing) -> int:
    """Wraps all keys with the current secret, so that the ones before can be taken out of the settings.

    Keys whose secret is missing stay as they are, and so do those that are damaged; the log counts the latter.

    Returns:
        How many were wrapped anew.
    """
    total = 0
    for table in SEALED:
        damaged, last = 0, ""
        while True:
            async with database.unit_of_work() as work:
                rows = await _keys_after(work.connection, table, last, keys.names - {keys.current}, to_change=True)
                wrapped = [await _wrap(work, keys, table, row) for row in rows]
            total += sum(wrapped)
            damaged += len(wrapped) - sum(wrapped)
            if not rows:
                break
            last = rows[-1]["id"]
        if damaged:
            log.error("sealing.keys_damaged", table=table.name, count=damaged, remedy="restore them from a backup")
    return total


async def unreadable(connection: AsyncConnection, keys: KeyRing) -> int:
    """How many rows are kept whose secret is missing."""
    total = 0
    for table in SEALED:
        by = table.c.key_wrapped_by
        query = select(func.count()).select_from(table).where(by.is_not(None), by.not_in(keys.names))
        total += int((await connection.execute(query)).scalar_one())
    return total


async def damaged(connection: AsyncConnection, keys: KeyRing) -> int:
    """How many rows are kept whose secret is there and whose key cannot be read all the same."""
    total = 0
    for table in SEALED:
        last = ""
        while rows := await _keys_after(connection, table, last, keys.names):
            total += sum(not _can_be_read(keys, row) for row in rows)
            last = rows[-1]["id"]
    return total


async def secrets_in_use(connection: AsyncConnection) -> frozenset[str]:
    """The names of the keys of secrets that are needed to read everything, also in tables of an older version."""
    present = set(await connection.run_sync(lambda bound: inspect(bound).get_table_names()))
    found: set[str] = set()
    for table in (table for table in SEALED if table.name in present):
        query = select(table.c.key_wrapped_by).where(table.c.key_wrapped_by.is_not(None)).distinct()
        found |= set((await connection.execute(query)).scalars())
    return frozenset(found)


async def _keys_after(
    connection: AsyncConnection, table: Table, last: str, names: Collection[str], *, to_change: bool = False
) -> Sequence[RowMapping]:
    """Some of the keys that are wrapped by these, in the order of their ids."""
    query = (
        select(table.c.id, table.c.key, table.c.key_wrapped_by)
        .where(table.c.key_wrapped_by.in_(names), table.c.id > last)
        .order_by(table.c.id)
        .limit(AT_A_TIME)
    )
    if to_change:  # what another process holds, it is changing
        query = query.with_for_update(skip_locked=True)
    return (await connection.execute(query)).mappings().all()


async def _wrap(work: UnitOfWork, keys: KeyRing, table: Table, row: RowMapping) -> bool:
    """Wraps one key anew; False when it is damaged."""
    try:
        wrapped = keys.rewrap(_wrapped(row), row["id"])
    except Undecipherable:
        return False
    values = {"key": wrapped.content, "key_wrapped_by": wrapped.wrapped_by}
    await work.connection.execute(update(table).where(table.c.id == row["id"]).values(**values))
    return True


def _can_be_read(keys: KeyRing, row: RowMapping) -> bool:
    try:
        keys.unwrap(_wrapped(row), row["id"])
    except Undecipherable:
        return False
    return True


def _wrapped(row: RowMapping) -> WrappedKey:
    return WrappedKey(row["key_wrapped_by"], row["key"])
