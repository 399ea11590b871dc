"""Rows that are encrypted: moving their keys to the current secret, and finding those that nobody can read.

Such a table has the columns `id`, `key` and `key_wrapped_by`.
"""

from collections.abc import Sequence

from sqlalchemy import Table, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import Database, UnitOfWork
from base.encryption import KeyRing, WrappedKey
from base.tokens import identifiers
from casework.files.store import files
from casework.identification import identifications
from casework.submissions import submissions

SEALED: Sequence[Table] = (files, submissions, identifiers, identifications)
AT_A_TIME = 500
"""Rows of one transaction."""


async def wrap_anew(database: Database, keys: KeyRing) -> int:
    """Wraps all keys with the current secret, so that the ones before can be taken out of the settings.

    Keys whose secret is missing stay as they are.

    Returns:
        How many were wrapped anew.
    """
    total = 0
    for table in SEALED:
        wrapped = AT_A_TIME
        while wrapped:
            async with database.unit_of_work() as work:
                wrapped = await _wrap_some(work, keys, table)
            total += wrapped
    return total


async def unreadable(connection: AsyncConnection, keys: KeyRing) -> int:
    """How many rows are kept whose secret is missing."""
    total = 0
    for table in SEALED:
        by = table.c.key_wrapped_by
        query = select(func.count()).select_from(table).where(by.is_not(None), by.not_in(keys.names))
        total += int((await connection.execute(query)).scalar_one())
    return total


async def _wrap_some(work: UnitOfWork, keys: KeyRing, table: Table) -> int:
    query = (
        select(table.c.id, table.c.key, table.c.key_wrapped_by)
        .where(table.c.key_wrapped_by.in_(keys.names - {keys.current}))
        .order_by(table.c.id)
        .limit(AT_A_TIME)
        .with_for_update(skip_locked=True)
    )
    rows = (await work.connection.execute(query)).mappings().all()
    for row in rows:
        wrapped = keys.rewrap(WrappedKey(row["key_wrapped_by"], row["key"]), row["id"])
        values = {"key": wrapped.content, "key_wrapped_by": wrapped.wrapped_by}
        await work.connection.execute(update(table).where(table.c.id == row["id"]).values(**values))
    return len(rows)
