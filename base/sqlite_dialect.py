"""SQLite for SQLAlchemy's asynchronous engine without a thread for each connection.

A statement on SQLite takes microseconds; handing it to another thread and back, as aiosqlite does four times for each,
takes several times as long and frees nothing, because SQLite's single writer makes everybody wait anyway. Measured: a
turn with its eleven statements takes half the time (docs/decisions/0007).
"""

import sqlite3
from typing import Any

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool, StaticPool
from sqlalchemy.util import await_only

DRIVER = "inline"


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks this of every asynchronous cursor whose rows are still to be read."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


async def _nothing() -> None:
    """What SQLAlchemy is given to wait for: it takes a driver that never waits for a mistake."""


class InlineSQLiteDialect(SQLiteDialect_pysqlite):
    """The standard library's driver, called in place."""

    driver = DRIVER
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool if cls._is_url_file_db(url) else StaticPool

    def create_connect_args(self, url: URL) -> tuple[Any, Any]:
        args, options = super().create_connect_args(url)
        return args, {**options, "check_same_thread": False, "factory": _Connection}

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        cursor.execute(statement, parameters)
        await_only(_nothing())

    def do_executemany(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        cursor.executemany(statement, parameters)
        await_only(_nothing())

    def get_driver_connection(self, connection: Any) -> Any:
        return connection


registry.register(f"sqlite.{DRIVER}", __name__, InlineSQLiteDialect.__name__)
