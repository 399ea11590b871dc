"""Answers that are written once and used often, with placeholders for what differs from case to case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from sqlalchemy import Column, Integer, RowMapping, String, Table, Text, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, UnitOfWork, inserted_id, metadata
from base.errors import CornavinError
from base.wording import SOURCE_LANGUAGE, write_day
from casework.case_events import Agent
from casework.cases import Case
from casework.triage import Office

LONGEST_TITLE, LONGEST_TEXT = 80, 4000
PLACEHOLDERS: Mapping[str, str] = {
    "numero": "numéro du cas",
    "agent": "votre nom",
    "date": "dernier jour conseillé",
    "delai": "dernier jour du délai",
    "manque": "ce qui manque encore",
}
"""What can stand between braces, and what it becomes."""
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

canned_answers = Table(
    "canned_answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("office", String(16)),
    Column("language", String(16), nullable=False),
    Column("title", String(LONGEST_TITLE), nullable=False),
    Column("text", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(120), nullable=False),
    sqlite_autoincrement=True,
)


class UnknownPlaceholder(CornavinError):
    """A text has a placeholder that means nothing.

    Args:
        name: What stands between its braces.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"no placeholder {name!r}; there are {', '.join(PLACEHOLDERS)}")
        self.name = name


@dataclass(frozen=True)
class CannedAnswer:
    """An answer to use again.

    Args:
        office: Whose it is; None for everybody's.
    """

    id: int
    office: Office | None
    language: str
    title: str
    text: str
    changed_at: datetime
    changed_by: str


async def listed(
    connection: AsyncConnection, office: Office | None = None, language: str | None = None
) -> tuple[CannedAnswer, ...]:
    """The answers of an office and those of everybody, by title.

    Args:
        office: None for all of them.
        language: None for all of them.
    """
    query = select(canned_answers)
    if office is not None:
        query = query.where(or_(canned_answers.c.office == office, canned_answers.c.office.is_(None)))
    if language is not None:
        query = query.where(canned_answers.c.language == language)
    rows = (await connection.execute(query.order_by(canned_answers.c.title, canned_answers.c.id))).mappings()
    return tuple(map(_answer, rows))


async def find(connection: AsyncConnection, answer_id: int) -> CannedAnswer | None:
    """An answer by its id; None when there is none."""
    query = select(canned_answers).where(canned_answers.c.id == answer_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _answer(row) if row else None


async def save(
    work: UnitOfWork,
    title: str,
    text: str,
    agent: Agent,
    *,
    office: Office | None = None,
    language: str = SOURCE_LANGUAGE,
    answer_id: int | None = None,
) -> int:
    """Keeps an answer, in place of the one with this id.

    Returns:
        Its id.

    Raises:
        UnknownPlaceholder: When it has one.
        ValueError: When title or text are empty or too long.
    """
    title, text = title.strip(), text.strip()
    if not 0 < len(title) <= LONGEST_TITLE or not 0 < len(text) <= LONGEST_TEXT:
        raise ValueError(f"expected a title of {LONGEST_TITLE} and a text of {LONGEST_TEXT} characters at the most")
    for match in _PLACEHOLDER.finditer(text):
        if match[1] not in PLACEHOLDERS:
            raise UnknownPlaceholder(match[1])
    values: dict[str, Any] = {"office": office, "language": language, "title": title, "text": text}
    values |= {"changed_at": clock.now(), "changed_by": agent.name}
    if answer_id is not None:
        changed = update(canned_answers).where(canned_answers.c.id == answer_id).values(**values)
        if (await work.connection.execute(changed)).rowcount == 1:
            return answer_id
    return inserted_id(await work.connection.execute(insert(canned_answers).values(**values)))


async def remove(work: UnitOfWork, answer_id: int) -> None:
    """Throws an answer away."""
    await work.connection.execute(delete(canned_answers).where(canned_answers.c.id == answer_id))


def fill(answer: CannedAnswer, case: Case, agent: Agent, missing: str = "") -> str:
    """Its text for a case; a placeholder for which nothing is known stays, so that the agent sees it.

    Args:
        missing: What the office still needs, in words of the language of the answer.
    """
    known = {"numero": case.number, "agent": agent.name, "manque": missing}
    if case.limit is not None:
        locale = Locale.parse(answer.language, sep="-")
        known |= {
            "date": write_day(case.limit.safe, locale),
            "delai": write_day(case.limit.deadline, locale),
        }
    return _PLACEHOLDER.sub(lambda match: known.get(match[1]) or match[0], answer.text)


def _answer(row: RowMapping) -> CannedAnswer:
    office = Office(row["office"]) if row["office"] else None
    return CannedAnswer(
        row["id"], office, row["language"], row["title"], row["text"], row["changed_at"], row["changed_by"]
    )
