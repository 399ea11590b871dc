"""Figures for whoever leads the helpdesk: its cases, and what the assistant settles without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.cases import cases
from casework.figures import CaseFigures, of_cases
from conversations.tables import messages


@dataclass(frozen=True)
class Figures:
    """How the assistant and the helpdesk stand.

    Args:
        of_cases: The helpdesk.
        conversations: Those of the period in which somebody has said something.
        settled_alone: Those of them that never had a case.
    """

    of_cases: CaseFigures
    conversations: int
    settled_alone: int

    @property
    def share_alone(self) -> float | None:
        """What the assistant settled alone, 0 to 1; None when nobody has said anything."""
        return self.settled_alone / self.conversations if self.conversations else None


async def figures(connection: AsyncConnection, since: datetime) -> Figures:
    """The figures since a moment."""
    spoken = (messages.c.author == "user", messages.c.at >= since)
    number = select(func.count(messages.c.session_id.distinct()))
    total = (await connection.execute(number.where(*spoken))).scalar_one()
    passed_on = (await connection.execute(number.where(*spoken, _has_case(messages.c.session_id)))).scalar_one()
    return Figures(await of_cases(connection, since), total, total - passed_on)


def _has_case(session_id: ColumnElement[str]) -> ColumnElement[bool]:
    return select(cases.c.id).where(or_(cases.c.session_id == session_id, cases.c.chat_id == session_id)).exists()
