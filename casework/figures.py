"""Figures of the helpdesk, counted from its cases and what was done with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from casework.case_events import Event, case_events
from casework.cases import CaseState, cases
from casework.triage import NO_DATE, Cause, Office

LATELY = timedelta(days=28)
"""What an expected wait is made from."""
FEWEST = 5
"""Cases without which nothing is expected."""
_ANSWERS = (Event.REPLIED, Event.TOOK_OVER)


@dataclass(frozen=True)
class OfficeFigures:
    """How an office stands.

    Args:
        unresolved: Cases that are not resolved now.
        oldest_safe: The safe date of these that comes first, or has passed longest.
        opened: Cases of the period.
        wait: Median time until an agent answered, of those of the period that were.
        resolution: Median time until it was resolved, of those resolved in the period.
    """

    office: Office
    unresolved: int
    oldest_safe: date | None
    opened: int
    wait: timedelta | None
    resolution: timedelta | None


@dataclass(frozen=True)
class TopicFigures:
    """What the assistant could not settle of a topic in the period."""

    topic: str
    cases: int
    not_understood: int


@dataclass(frozen=True)
class CaseFigures:
    """How the helpdesk stands.

    Args:
        since: Begin of the period.
        offices: Each office.
        topics: Those with the most cases of the period, the most first.
        helped: People of the period who said that it helped.
        not_helped: Those who said that it did not.
    """

    since: datetime
    offices: tuple[OfficeFigures, ...]
    topics: tuple[TopicFigures, ...]
    helped: int
    not_helped: int


async def of_cases(connection: AsyncConnection, since: datetime, most_topics: int = 10) -> CaseFigures:
    """The figures since a moment."""
    columns = (cases.c.id, cases.c.office, cases.c.topic, cases.c.cause, cases.c.state, cases.c.act_by)
    query = select(*columns, cases.c.opened_at, cases.c.closed_at)
    rows = (await connection.execute(query)).all()
    answered = await _first_answers(connection)
    offices = []
    for office in Office:
        mine = [row for row in rows if row.office == office]
        open_now = [row for row in mine if row.state != CaseState.RESOLVED]
        opened = [row for row in mine if row.opened_at >= since]
        waits = [answered[row.id] - row.opened_at for row in opened if row.id in answered]
        ends = [row.closed_at - row.opened_at for row in mine if row.closed_at is not None and row.closed_at >= since]
        dates = [row.act_by for row in open_now if row.act_by != NO_DATE]
        offices.append(
            OfficeFigures(office, len(open_now), min(dates, default=None), len(opened), _median(waits), _median(ends))
        )
    recent = [row for row in rows if row.opened_at >= since]
    lost = Counter(row.topic for row in recent if row.cause == Cause.NOT_UNDERSTOOD)
    most = sorted(Counter(row.topic for row in recent).items(), key=lambda one: (-one[1], one[0]))[:most_topics]
    said = await _ratings(connection, since)
    return CaseFigures(
        since=since,
        offices=tuple(offices),
        topics=tuple(TopicFigures(topic, number, lost[topic]) for topic, number in most),
        helped=sum(said),
        not_helped=len(said) - sum(said),
    )


async def expected_wait(connection: AsyncConnection, office: Office) -> timedelta | None:
    """How long people have waited lately for an answer of an office; None where there are too few to say."""
    since = clock.now() - LATELY
    query = select(cases.c.id, cases.c.opened_at).where(cases.c.office == office, cases.c.opened_at >= since)
    opened = {row.id: row.opened_at for row in await connection.execute(query)}
    answered = await _first_answers(connection, since)
    waits = [answered[case_id] - at for case_id, at in opened.items() if case_id in answered]
    return _median(waits) if len(waits) >= FEWEST else None


async def _first_answers(connection: AsyncConnection, since: datetime | None = None) -> dict[int, datetime]:
    """When an agent answered first, by case."""
    query = select(case_events.c.case_id, func.min(case_events.c.at, type_=case_events.c.at.type).label("at"))
    query = query.where(case_events.c.kind.in_(_ANSWERS)).group_by(case_events.c.case_id)
    if since is not None:
        query = query.where(case_events.c.at >= since)
    return {row.case_id: row.at for row in await connection.execute(query)}


async def _ratings(connection: AsyncConnection, since: datetime) -> Sequence[bool]:
    """What people said last of each case."""
    query = select(case_events.c.case_id, case_events.c.details).where(
        case_events.c.kind == Event.RATED, case_events.c.at >= since
    )
    rows = await connection.execute(query.order_by(case_events.c.id))
    return list({row.case_id: bool(row.details["helped"]) for row in rows}.values())


def _median(spans: Iterable[timedelta]) -> timedelta | None:
    found = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(found)) if found else None
