"""How much was deleted for its age: a number for each class of data and day, and nothing of what it was."""

from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Integer, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import UnitOfWork, metadata

retention_runs = Table(
    "retention_runs",
    metadata,
    Column("data_class", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}


async def note(work: UnitOfWork, data_class: str, count: int) -> None:
    """Adds to what was deleted today; a 0 says that there was nothing to delete."""
    statement: Any = _DIALECTS[work.connection.dialect.name].insert(retention_runs)
    added = statement.on_conflict_do_update(
        index_elements=[retention_runs.c.data_class, retention_runs.c.day],
        set_={"count": retention_runs.c.count + statement.excluded.count},
    )
    await work.connection.execute(added, {"data_class": data_class, "day": clock.today(), "count": count})


async def last_day(connection: AsyncConnection) -> date | None:
    """The day of the last run; None before the first."""
    last: date | None = (await connection.execute(select(func.max(retention_runs.c.day)))).scalar_one_or_none()
    return last
