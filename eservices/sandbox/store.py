"""What the sandbox keeps: one SQLite file, one connection, one write at a time."""

from __future__ import annotations

import secrets
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from base import clock
from eservices.models import Actor, Operation, Progress, Receipt
from law.documents import Recipient

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person (
    id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, birth_date TEXT NOT NULL, given_name TEXT NOT NULL,
    family_name TEXT NOT NULL, registered_on TEXT NOT NULL, fund TEXT, ipa_day INTEGER NOT NULL, story TEXT NOT NULL,
    login TEXT NOT NULL UNIQUE, subject TEXT);
CREATE TABLE IF NOT EXISTS attempt (number TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report (
    person TEXT NOT NULL, period TEXT NOT NULL, status TEXT NOT NULL, submitted_at TEXT, receipt TEXT,
    PRIMARY KEY (person, period));
CREATE TABLE IF NOT EXISTS effort (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, period TEXT NOT NULL, body TEXT NOT NULL, entered_at TEXT NOT NULL,
    submitted_at TEXT);
CREATE TABLE IF NOT EXISTS file (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, content BLOB NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL,
    expires_at TEXT NOT NULL, used_by TEXT);
CREATE TABLE IF NOT EXISTS document (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, type TEXT NOT NULL, recipient TEXT NOT NULL, name TEXT NOT NULL,
    version INTEGER NOT NULL, file TEXT NOT NULL, receipt TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS incapacity (receipt TEXT PRIMARY KEY, person TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ipa (
    person TEXT NOT NULL, period TEXT NOT NULL, body TEXT NOT NULL, receipt TEXT NOT NULL,
    PRIMARY KEY (person, period));
CREATE TABLE IF NOT EXISTS application (
    person TEXT PRIMARY KEY, status TEXT NOT NULL, content TEXT, receipt TEXT);
CREATE TABLE IF NOT EXISTS submission (
    number TEXT PRIMARY KEY, person TEXT NOT NULL, receipt TEXT NOT NULL, progress TEXT NOT NULL,
    changed_at TEXT NOT NULL, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, client TEXT NOT NULL, key TEXT NOT NULL,
    person TEXT, operation TEXT NOT NULL, fingerprint TEXT NOT NULL, request TEXT, number TEXT NOT NULL,
    status INTEGER NOT NULL, answer TEXT NOT NULL, replays INTEGER NOT NULL DEFAULT 0, UNIQUE (client, key));
CREATE TABLE IF NOT EXISTS access (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, person TEXT NOT NULL, actor TEXT NOT NULL,
    client TEXT, operation TEXT NOT NULL, status INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS login_code (code TEXT PRIMARY KEY, person TEXT NOT NULL, request TEXT NOT NULL);
"""
KEPT = frozenset({"setting", "sqlite_sequence"})
"""Tables that a reset leaves alone."""


class Store:
    """The database of the sandbox.

    Args:
        file: Where it is; by default in memory.
    """

    def __init__(self, file: Path | None = None) -> None:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._renew()
        self._connection.executescript(SCHEMA)

    def _renew(self) -> None:
        """Begins with an empty database when the tables are those of another version of the sandbox."""
        version = zlib.crc32(SCHEMA.encode()) >> 1
        if self._connection.execute("PRAGMA user_version").fetchone()[0] != version:
            for row in self.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
                self.execute(f"DROP TABLE {row['name']}")
            self._connection.execute(f"PRAGMA user_version = {version}")

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is kept, or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def execute(self, statement: str, *values: Any) -> int:
        """Runs a statement and gives the number of rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def all(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """All rows."""
        return self._connection.execute(query, values).fetchall()

    def one(self, query: str, *values: Any) -> sqlite3.Row | None:
        """The first row, if there is one."""
        row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
        return row

    def setting(self, name: str) -> str | None:
        """A value that outlives a reset."""
        row = self.one("SELECT value FROM setting WHERE name = ?", name)
        return None if row is None else row["value"]

    def set(self, name: str, value: str | None) -> None:
        """Keeps a value, or with None forgets it."""
        self.execute("DELETE FROM setting WHERE name = ?", name)
        if value is not None:
            self.execute("INSERT INTO setting VALUES (?, ?)", name, value)

    def clear(self) -> None:
        """Forgets everything but the settings."""
        for row in self.all("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if row["name"] not in KEPT:
                self.execute(f"DELETE FROM {row['name']}")  # noqa: S608  # names of our own tables

    def now(self) -> datetime:
        """The sandbox's time: what a test has set, else the program's."""
        frozen = self.setting("clock")
        return clock.parse(frozen) if frozen else clock.now().replace(microsecond=0)

    def issue_receipt(
        self, person: str, operation: Operation, recipient: Recipient | None = None, at: datetime | None = None
    ) -> Receipt:
        """A receipt with a new number, kept as a submission."""
        moment = at or self.now()
        last = self.one("SELECT coalesce(max(sequence), 0) AS last FROM submission")
        sequence = (last["last"] if last else 0) + 1
        number = f"JR-{moment.year:04}-{sequence:06}"
        receipt = Receipt(number=number, received_at=moment, operation=operation, recipient=recipient)
        progress = Progress.RECORDED if recipient is None else Progress.RECEIVED
        self.execute(
            "INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?)",
            *(number, person, receipt.model_dump_json(), progress, moment.isoformat(), sequence),
        )
        return receipt

    def receipt(self, number: str | None) -> Receipt | None:
        """The receipt with a number."""
        row = self.one("SELECT receipt FROM submission WHERE number = ?", number)
        return None if row is None else Receipt.model_validate_json(row["receipt"])

    def note_access(
        self, person: str, operation: str, status: int, client: str | None = None, actor: Actor = Actor.CLIENT
    ) -> None:
        """Writes down who did something with a person's data."""
        self.execute(
            "INSERT INTO access (at, person, actor, client, operation, status) VALUES (?, ?, ?, ?, ?, ?)",
            *(self.now().isoformat(), person, actor, client, operation, status),
        )


def new_id(prefix: str) -> str:
    """An id that nobody can guess."""
    return f"{prefix}-{secrets.token_hex(8)}"
