"""Cases: what the assistant could not settle and a human will.

A case carries what whoever works on it needs to know. What is done with it is in `casework.case_work`, and every deed is
a row of `case_events`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    Tuple,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, Json, UnitOfWork, inserted_id, metadata
from base.plain import plain
from casework import access, case_events, persons
from casework.access import Actor, Deed, Kind
from casework.case_events import Event
from casework.triage import NO_DATE, Cause, Office, Position, Urgency, act_by, position, pressing_until

__all__ = ["Case", "CaseState", "Cause", "Line", "Matter", "Office", "Outcome", "TimeLimit", "Urgency"]

MOST_LINES = 3
"""Lines of a summary."""
CODE_LENGTH = 64


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    """Nobody has taken it."""
    CLAIMED = "claimed"
    WAITING = "waiting"
    """For the person."""
    SNOOZED = "snoozed"
    """Until a moment; then it is open or claimed again."""
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """How a case was resolved."""

    ANSWERED = "answered"
    DONE = "done"
    """What was asked for was done."""
    PASSED_ON = "passed_on"
    """Somebody outside of the helpdesk has it now."""
    NO_REPLY = "no_reply"
    """The person did not answer any more."""
    DUPLICATE = "duplicate"
    OUT_OF_SCOPE = "out_of_scope"


cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
    # Where the person has come back with their code.
    Column("chat_id", ForeignKey("chat_sessions.id", ondelete="SET NULL"), index=True),
    Column("channel", String(16)),
    Column("office", String(16), nullable=False),
    Column("cause", String(24), nullable=False),
    Column("topic", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("act_by", Date, nullable=False),
    Column("waiting_since", Instant, nullable=False),
    Column("time_limit", Json),
    Column("summary", Json, nullable=False),
    Column("needs", Json, nullable=False),
    Column("files", Json, nullable=False),
    Column("labels", Json, nullable=False),
    Column("words", Text, nullable=False),
    Column("transcript", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("agent", String(64)),
    Column("agent_name", String(120)),
    Column("is_live", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("snoozed_until", Instant),
    Column("outcome", String(24)),
    Column("code_hash", String(64), index=True),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant, index=True),
    Index("ix_cases_state", "state", "rank", "act_by", "waiting_since", "id"),
    sqlite_autoincrement=True,
)

_PLACE = (cases.c.rank, cases.c.act_by, cases.c.waiting_since, cases.c.id)
"""What the queue is sorted by: `casework.triage.order`."""


@dataclass(frozen=True)
class Line:
    """One message of a transcript; `at` in ISO 8601."""

    at: str
    author: str
    text: str


@dataclass(frozen=True)
class TimeLimit:
    """The legal deadline that the person must keep.

    Args:
        matter: What is due: objection, appeal, … as in the agenda.
        safe: The date to advise.
        deadline: Latest date that is not contested.
        steps: How it was counted, one sentence each, in French.
    """

    matter: str
    safe: date
    deadline: date
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """Something that the office needs.

    Args:
        item: A `law.offices.Item`.
        value: What the person gave, with tokens for identifiers; None while it is missing.
        has_none: Whether the person says that there is none.
    """

    item: str
    value: str | None = None
    has_none: bool = False

    @property
    def is_missing(self) -> bool:
        return self.value is None and not self.has_none


@dataclass(frozen=True)
class Matter:
    """What a case is about, as it is handed over.

    Args:
        topic: A name of the list of topics.
        language: Language tag of the conversation.
        transcript: What was said so far.
        office: Whose queue it is.
        cause: Why it is opened.
        channel: Of the conversation.
        is_danger: Whether someone may be in danger.
        limit: The deadline to keep.
        summary: What was asked, what is known, what was tried; in French, three lines at the most.
        needs: What the office needs.
        files: Ids of files that the person gave for it.
    """

    topic: str
    language: str
    transcript: Sequence[Line] = ()
    office: Office = Office.ORP
    cause: Cause = Cause.ASKED
    channel: str | None = None
    is_danger: bool = False
    limit: TimeLimit | None = None
    summary: Sequence[str] = ()
    needs: Sequence[Need] = ()
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Case:
    """A case as it stands.

    Args:
        session_id: The conversation that it comes from; None when that is erased.
        chat_id: Where the person has come back with their code, if they have.
        channel: Of the conversation.
        state: One that was snoozed until now is open or claimed again.
        agent: Id of who has it.
        is_live: Whether that agent speaks with the person in place of the assistant.
        version: Grows with every deed; who acts says which one they saw.
        has_code: Whether the person can come back with a code.
        waiting_since: Since when the person waits for us.
    """

    id: int
    session_id: str | None
    chat_id: str | None
    channel: str | None
    office: Office
    cause: Cause
    topic: str
    language: str
    is_danger: bool
    limit: TimeLimit | None
    summary: tuple[str, ...]
    needs: tuple[Need, ...]
    files: tuple[str, ...]
    labels: tuple[str, ...]
    transcript: tuple[Line, ...]
    state: CaseState
    agent: str | None
    agent_name: str | None
    is_live: bool
    version: int
    snoozed_until: datetime | None
    outcome: Outcome | None
    has_code: bool
    opened_at: datetime
    closed_at: datetime | None
    waiting_since: datetime

    @property
    def number(self) -> str:
        """What people are told and agents search for, e.g. `C-00042`."""
        return f"C-{self.id:05d}"

    @property
    def safe(self) -> date | None:
        """The date to keep, if there is one."""
        return self.limit.safe if self.limit else None

    @property
    def position(self) -> Position:
        """Where it stands today, and why."""
        return position(self.safe, clock.today(), is_danger=self.is_danger)

    @property
    def urgency(self) -> Urgency:
        return self.position.urgency

    @property
    def missing(self) -> tuple[Need, ...]:
        """What the office needs and the person has not given."""
        return tuple(need for need in self.needs if need.is_missing)

    @property
    def speaks_in(self) -> str | None:
        """The conversation in which the person is answered."""
        return self.chat_id or self.session_id


@dataclass(frozen=True)
class Filters:
    """What a queue shows; without anything, all that somebody should work on.

    Args:
        offices: Only these; None for all.
        urgency: As it is today.
        language: Language tag.
        states: By default open and claimed, and what is not snoozed any more.
        agent: Only what this agent has.
        label: Only what has it.
        text: A case number, or words of topic, summary and labels.
        topic_names: What whoever searches calls the topics; their words are found, too.
    """

    offices: Collection[Office] | None = None
    urgency: Urgency | None = None
    language: str | None = None
    states: Collection[CaseState] = (CaseState.OPEN, CaseState.CLAIMED)
    agent: str | None = None
    label: str | None = None
    text: str = ""
    topic_names: Mapping[str, str] = field(default_factory=dict)


async def open_case(work: UnitOfWork, session_id: str | None, matter: Matter) -> tuple[Case, bool]:
    """Opens a case, or brings the one that the session has up to date.

    Args:
        session_id: None when the conversation is erased; then the case is always new.

    Returns:
        The case, and whether it is new.
    """
    known = await unresolved_of(work.connection, session_id) if session_id is not None else None
    if known is not None:
        return await _add_to(work, known, matter), False
    moment = clock.now()
    row = {
        "session_id": session_id,
        "channel": matter.channel,
        "language": matter.language,
        "state": CaseState.OPEN,
        "labels": [],
        "is_live": False,
        "version": 1,
        "opened_at": moment,
        "waiting_since": moment,
        **_of_matter(matter),
    }
    case_id = inserted_id(await work.connection.execute(insert(cases).values(**row)))
    await case_events.note(work, case_id, Event.OPENED, 1, {"cause": matter.cause, "office": matter.office})
    opened = await find(work.connection, case_id)
    assert opened is not None
    return opened, True


async def _add_to(work: UnitOfWork, known: Case, matter: Matter) -> Case:
    """What is said afterwards does not hide that someone may be in danger, nor a date, nor what was given."""
    kept = matter
    if known.is_danger and not matter.is_danger:
        kept = replace(kept, topic=known.topic, cause=known.cause, is_danger=True)
    if known.agent is not None or (known.is_danger and not matter.is_danger):
        kept = replace(kept, office=known.office)  # an agent has put it there, or works on it
    limits = [limit for limit in (known.limit, matter.limit) if limit is not None]
    given = {need.item: need for need in known.needs if not need.is_missing}
    needs = {need.item: given.get(need.item, need) if need.is_missing else need for need in kept.needs}
    kept = replace(
        kept,
        limit=min(limits, key=lambda limit: limit.safe) if limits else None,
        summary=kept.summary or known.summary,
        needs=tuple({**given, **needs}.values()),
        files=tuple(dict.fromkeys((*known.files, *kept.files))),
    )
    values: dict[str, Any] = _of_matter(kept, known.labels)
    if known.state in {CaseState.WAITING, CaseState.SNOOZED}:
        values |= {"state": CaseState.CLAIMED if known.agent else CaseState.OPEN, "waiting_since": clock.now()}
        values |= {"snoozed_until": None}
    await work.connection.execute(update(cases).where(cases.c.id == known.id).values(**values))
    await case_events.note(work, known.id, Event.ADDED, known.version, {"cause": matter.cause})
    changed = await find(work.connection, known.id)
    assert changed is not None
    return changed


def _of_matter(matter: Matter, labels: Sequence[str] = ()) -> dict[str, Any]:
    """The columns that say what a case is about."""
    limit = matter.limit
    return {
        "office": matter.office,
        "cause": matter.cause,
        "topic": matter.topic,
        "rank": 0 if matter.is_danger else 1,
        "act_by": act_by(limit.safe if limit else None, is_danger=matter.is_danger),
        "time_limit": limit and {**vars(limit), "safe": limit.safe.isoformat(), "deadline": limit.deadline.isoformat()},
        "summary": list(matter.summary[:MOST_LINES]),
        "needs": [vars(need) for need in matter.needs],
        "files": list(matter.files),
        "transcript": [vars(line) for line in matter.transcript],
        "words": words_of(matter.topic, matter.summary, labels),
    }


def words_of(topic: str, summary: Sequence[str], labels: Sequence[str]) -> str:
    """What a search looks at."""
    return plain(" ".join((topic, *summary, *labels)))


async def find(connection: AsyncConnection, case_id: int) -> Case | None:
    """A case by its id; None when there is none, or not any more."""
    return await _one(connection, cases.c.id == case_id)


async def unresolved_of(connection: AsyncConnection, session_id: str) -> Case | None:
    """The case that a conversation has: its own first, or the one that its person has come back to."""
    mine = or_(cases.c.session_id == session_id, cases.c.chat_id == session_id)
    query = select(cases).where(mine, cases.c.state != CaseState.RESOLVED)
    query = query.order_by(cases.c.session_id != session_id, cases.c.id.desc()).limit(1)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _case(row) if row else None


_SESSION = bindparam("session_id", type_=String)
_LIVE = (
    select(cases)
    .where(
        or_(cases.c.session_id == _SESSION, cases.c.chat_id == _SESSION),
        func.coalesce(cases.c.chat_id, cases.c.session_id) == _SESSION,
        cases.c.is_live.is_(True),
    )
    .order_by(cases.c.id.desc())
    .limit(1)
)
"""Asked twice in each turn: put together once."""


async def live_of(connection: AsyncConnection, session_id: str) -> Case | None:
    """The case whose agent speaks in a conversation in place of the assistant."""
    row = (await connection.execute(_LIVE, {"session_id": session_id})).mappings().one_or_none()
    return _case(row) if row else None


async def queue(
    connection: AsyncConnection,
    filters: Filters | None = None,
    limit: int = 50,
    after: int | None = None,
) -> tuple[Case, ...]:
    """Cases in the order in which they are worked on; without transcripts, which a list does not show.

    Args:
        filters: Also who may see what: the offices of the agent's role.
        limit: How many at the most.
        after: Id of the last case of the page before.
    """
    query = _filtered(select(*(column for column in cases.c if column.name != "transcript")), filters or Filters())
    if after is not None and (last := await _place_of(connection, after)) is not None:
        query = query.where(tuple_(*_PLACE) > last)
    rows = (await connection.execute(query.order_by(*_PLACE).limit(limit))).mappings()
    return tuple(_case({**row, "transcript": ()}) for row in rows)


async def count(connection: AsyncConnection, filters: Filters | None = None) -> int:
    """How many cases a queue shows."""
    query = _filtered(select(func.count()).select_from(cases), filters or Filters())
    return int((await connection.execute(query)).scalar_one())


async def ahead_of(connection: AsyncConnection, case: Case) -> int:
    """How many cases of the same office come before it."""
    own = await _place_of(connection, case.id)
    query = _filtered(select(func.count()).select_from(cases), Filters(offices=(case.office,)))
    return int((await connection.execute(query.where(tuple_(*_PLACE) < own))).scalar_one())


async def open_cases(connection: AsyncConnection) -> tuple[Case, ...]:
    """All cases that somebody should work on, in their order, with their transcripts."""
    query = _filtered(select(cases), Filters())
    rows = await connection.execute(query.order_by(*_PLACE))
    return tuple(_case(row) for row in rows.mappings())


async def history_of_person(connection: AsyncConnection, case: Case) -> tuple[Case, ...]:
    """The other cases of the same person, as far as they are known to be the same, the newest first."""
    chats = {chat for chat in (case.session_id, case.chat_id) if chat is not None}
    for chat in tuple(chats):
        person_id = await persons.owner_of(connection, chat)
        chats |= set(await persons.all_chats_of(connection, person_id)) if person_id else set()
    query = select(cases).where(or_(cases.c.session_id.in_(chats), cases.c.chat_id.in_(chats)), cases.c.id != case.id)
    return tuple(_case(row) for row in (await connection.execute(query.order_by(cases.c.id.desc()))).mappings())


def has_open(session_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a session has an unresolved case: a condition for queries."""
    mine = or_(cases.c.session_id == session_id, cases.c.chat_id == session_id)
    return select(cases.c.id).where(mine, cases.c.state != CaseState.RESOLVED).exists()


def is_unresolved() -> ColumnElement[bool]:
    """Whether somebody still works on a case: a condition for queries."""
    return cases.c.state != CaseState.RESOLVED


async def keep_closed(work: UnitOfWork, session_id: str, transcript: Sequence[Line] | None = None) -> None:
    """Takes the resolved cases out of a conversation that is about to go for its age: they have a period of their own.

    Args:
        transcript: What was said in it, which goes with the cases; as it was when they were handed over by default.
    """
    resolved = (cases.c.session_id == session_id, cases.c.state == CaseState.RESOLVED)
    values: dict[str, Any] = {"session_id": None, "code_hash": None}
    if transcript is not None:
        values["transcript"] = [vars(line) for line in transcript]
    await work.connection.execute(update(cases).where(*resolved).values(**values))


async def take_out(work: UnitOfWork, session_id: str, which: ColumnElement[bool]) -> None:
    """Takes unresolved cases out of a conversation that is about to be erased: what is left says nothing of it.

    Args:
        which: Those that stay, by the columns of `cases`; the others go with the conversation.
    """
    query = select(cases.c.id).where(cases.c.session_id == session_id, is_unresolved(), which)
    kept = (await work.connection.execute(query)).scalars().all()
    empty: dict[str, Any] = {name: [] for name in ("transcript", "summary", "needs", "files", "labels")}
    values = {**empty, "session_id": None, "chat_id": None, "code_hash": None, "is_live": False, "words": ""}
    await work.connection.execute(update(cases).where(cases.c.id.in_(kept)).values(**values))
    await case_events.forget_words(work, kept)


async def delete_older(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes cases that were resolved by then, with what was done with them.

    Returns:
        How many; `most` at a time.
    """
    found = select(cases.c.id).where(cases.c.closed_at <= before).limit(most)
    return (await work.connection.execute(delete(cases).where(cases.c.id.in_(found)))).rowcount


async def of_session(connection: AsyncConnection, session_id: str) -> tuple[Case, ...]:
    """The cases of a conversation, the oldest first."""
    mine = or_(cases.c.session_id == session_id, cases.c.chat_id == session_id)
    query = select(cases).where(mine).order_by(cases.c.id)
    return tuple(_case(row) for row in (await connection.execute(query)).mappings())


async def note_reading(work: UnitOfWork, read: Sequence[Case], actor: Actor, agent: str | None = None) -> None:
    """Records that someone was shown these cases."""
    query = select(cases.c.id, cases.c.session_id).where(cases.c.id.in_([case.id for case in read]))
    session_ids = {row.id: row.session_id for row in await work.connection.execute(query)}
    for case in read:
        if case.id in session_ids:  # it may have been erased meanwhile
            await access.note(work, session_ids[case.id], actor, Deed.READ, Kind.CASE, case.number, agent=agent)


async def _place_of(connection: AsyncConnection, case_id: int) -> Tuple | None:
    """What a case is sorted by, to compare with `_PLACE`; None when there is no such case."""
    row = (await connection.execute(select(*_PLACE).where(cases.c.id == case_id))).one_or_none()
    if row is None:
        return None
    return tuple_(*(literal(value, column.type) for value, column in zip(row, _PLACE, strict=True)))


def _filtered(query: Select[Any], filters: Filters) -> Select[Any]:
    query = query.where(or_(*(_is_in(state) for state in filters.states)))
    if filters.offices is not None:
        query = query.where(cases.c.office.in_(filters.offices))
    if filters.urgency is not None:
        query = query.where(_is_as_urgent(filters.urgency))
    if filters.language is not None:
        query = query.where(cases.c.language == filters.language)
    if filters.agent is not None:
        query = query.where(cases.c.agent == filters.agent)
    if filters.label is not None:
        query = query.where(cases.c.words.contains(plain(filters.label), autoescape=True))
    for word in filters.text.split():
        query = query.where(_is_found_by(word, filters.topic_names))
    return query


def _is_in(state: CaseState) -> ColumnElement[bool]:
    """Whether a case is in a state now."""
    is_it, is_over = cases.c.state == state, cases.c.snoozed_until <= clock.now()
    is_snoozed = cases.c.state == CaseState.SNOOZED
    if state is CaseState.SNOOZED:
        return and_(is_snoozed, ~is_over)
    if state is CaseState.OPEN:
        return or_(is_it, and_(is_snoozed, is_over, cases.c.agent.is_(None)))
    if state is CaseState.CLAIMED:
        return or_(is_it, and_(is_snoozed, is_over, cases.c.agent.is_not(None)))
    return is_it


def _is_as_urgent(urgency: Urgency) -> ColumnElement[bool]:
    if urgency is Urgency.IMMEDIATE:
        return cases.c.rank == 0
    last = pressing_until(clock.today())
    by = {
        Urgency.PRESSING: cases.c.act_by <= last,
        Urgency.DATED: and_(cases.c.act_by > last, cases.c.act_by < NO_DATE),
        Urgency.NORMAL: cases.c.act_by == NO_DATE,
    }
    return and_(cases.c.rank != 0, by[urgency])


def _is_found_by(word: str, topic_names: Mapping[str, str]) -> ColumnElement[bool]:
    number, sought = word.upper().removeprefix("C-"), plain(word)
    named = [topic for topic, name in topic_names.items() if sought in plain(name)]
    found = or_(cases.c.words.contains(sought, autoescape=True), cases.c.topic.in_(named))
    return or_(found, cases.c.id == int(number)) if number.isdecimal() and len(number) <= 9 else found


async def _one(connection: AsyncConnection, condition: ColumnElement[bool]) -> Case | None:
    query = select(cases).where(condition).order_by(cases.c.id.desc()).limit(1)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _case(row) if row else None


def _case(row: Mapping[str, Any] | RowMapping) -> Case:
    limit, state = row["time_limit"], CaseState(row["state"])
    if state is CaseState.SNOOZED and row["snoozed_until"] <= clock.now():
        state = CaseState.CLAIMED if row["agent"] else CaseState.OPEN
    return Case(
        id=row["id"],
        session_id=row["session_id"],
        chat_id=row["chat_id"],
        channel=row["channel"],
        office=Office(row["office"]),
        cause=Cause(row["cause"]),
        topic=row["topic"],
        language=row["language"],
        is_danger=row["rank"] == 0,
        limit=limit and _limit(limit),
        summary=tuple(row["summary"]),
        needs=tuple(Need(**need) for need in row["needs"]),
        files=tuple(row["files"]),
        labels=tuple(row["labels"]),
        transcript=tuple(Line(**line) for line in row["transcript"]),
        state=state,
        agent=row["agent"],
        agent_name=row["agent_name"],
        is_live=row["is_live"],
        version=row["version"],
        snoozed_until=row["snoozed_until"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        has_code=row["code_hash"] is not None,
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
        waiting_since=row["waiting_since"],
    )


def _limit(stored: Mapping[str, Any]) -> TimeLimit:
    safe, deadline = date.fromisoformat(stored["safe"]), date.fromisoformat(stored["deadline"])
    return TimeLimit(stored["matter"], safe, deadline, tuple(stored["steps"]))
