"""The page of a case: what is known, what was said, what was done, and what can be done."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, tokens
from base.database import UnitOfWork
from base.encryption import Undecipherable
from base.wording import SOURCE_LANGUAGE
from bot.channels.source_groups import grouped
from bot.channels.web.api import as_download
from bot.helpdesk import transcript, wording
from bot.helpdesk.permissions import Deed
from bot.helpdesk.rendering import NOT_KEPT, console
from bot.helpdesk.streams import changes
from bot.helpdesk.suggesting import suggest
from bot.helpdesk.visits import NoSuchThing, Visit, VisitOf, serve
from casework import access, agents, canned_answers, case_events, cases
from casework.access import Actor, Kind, access_log
from casework.agents import Colleague
from casework.cases import Case
from conversations.documents import PDF
from law import calendar

log = structlog.get_logger(__name__)

NOTED_FOR = timedelta(minutes=15)
"""How long one entry of the access log stands for an agent who has the page open."""
MORNING = time(8, 0)

router = APIRouter()


@dataclass(frozen=True)
class Typed:
    """What an agent had typed when a deed of theirs was not done.

    Args:
        fields: By their names.
    """

    fields: dict[str, str]

    def get(self, name: str) -> str:
        """The field, or nothing."""
        return self.fields.get(name, "")


@serve(router, Deed.CASE)
async def show(visit: VisitOf, done: str = "") -> Response:
    """The page; for a script of ours, those parts that change."""
    told = wording.DONE.get(Deed(done), "") if done in set(Deed) else ""
    return await shown(visit, visit.the_case, told=told)


async def shown(
    visit: Visit,
    case: Case,
    *,
    told: str = "",
    refused: str = "",
    typed: Typed | None = None,
    identifiers: tuple[tuple[str, str], ...] | None = None,
    status: int = 200,
) -> Response:
    """The page of a case, or its parts; that it was read is noted.

    Args:
        visit: Whose page it is.
        case: As it stands.
        told: What became of a deed.
        refused: Why a deed was not done.
        typed: What is to stand in the fields.
        identifiers: Those that the agent has asked to see.
        status: HTTP status.
    """
    program = visit.program
    await _note_reading(visit, case)
    async with program.database.reading() as connection:
        values = await _known(connection, visit, case)
    return console(
        "case_parts.html" if visit.is_partial else "case.html",
        replace(visit, case=case),
        status=status,
        case=case,
        told=told,
        refused=refused,
        typed=typed or Typed({}),
        identifiers=identifiers,
        client_id=uuid.uuid4().hex,
        snoozes=snoozes(),
        grouped=grouped,
        **values,
    )


@serve(router, Deed.CASE_LIVE, response_class=EventSourceResponse)
async def live(visit: VisitOf, after: str = "") -> AsyncIterator[ServerSentEvent]:
    """Says when something was done with the case, or said in its conversation."""
    case = visit.the_case

    async def position(connection: AsyncConnection) -> str | None:
        now = await cases.find(connection, case.id)
        return await _position(connection, now) if now and visit.may(Deed.CASE, now.office) else None

    async for event in changes(visit, after, position, topic=case.speaks_in or f"case {case.id}"):
        yield event


@serve(router, Deed.FILE)
async def file(visit: VisitOf, file_id: str) -> Response:
    """A file that the person gave."""
    case, program = visit.the_case, visit.program
    async with program.database.reading() as connection:
        if file_id not in await transcript.files_of_case(connection, program, case):
            raise NoSuchThing
        for session_id in dict.fromkeys((case.speaks_in, case.session_id)):
            try:
                kept = await program.files.store.find(connection, file_id, session_id)
                content = await program.files.store.read(connection, file_id, session_id)
            except Undecipherable:
                log.exception("files.undecipherable", file=file_id)
                raise NoSuchThing from None
            if kept is not None and content is not None:
                break
        else:
            raise NoSuchThing
    async with program.database.unit_of_work() as work:
        deed, kind = access.Deed.READ, Kind.FILE
        await access.note(work, session_id, Actor.AGENT, deed, kind, file_id, agent=visit.agent.id)
    return Response(content, media_type=PDF, headers={**NOT_KEPT, **as_download(kept.name)})


@serve(router, Deed.REVEAL)
async def reveal(visit: VisitOf) -> Response:
    """The identifiers with which the person can be found and reached; that they were read is always noted."""
    case, program = visit.the_case, visit.program
    async with program.database.reading() as connection:
        found = await transcript.identifiers_of_case(connection, program, case)
    async with program.database.unit_of_work() as work:
        await note_reading(work, visit, case)
    if visit.is_partial:
        return console("identifiers.html", visit, case=case, identifiers=found)
    return await shown(visit, case, identifiers=found)


@serve(router, Deed.SUGGESTION)
async def suggestion(visit: VisitOf) -> Response:
    """What the assistant would answer to the person's last question."""
    case, program = visit.the_case, visit.program
    await _note_reading(visit, case)
    async with program.database.reading() as connection:
        questions = await transcript.questions_of_case(connection, case)
    found = await suggest(program, questions, program.catalogues.match(case.language))
    if found is not None:
        async with program.database.reading() as connection:
            (shown_question,) = await tokens.masked(connection, case.speaks_in or "", [found.question])
        found = replace(found, question=shown_question)
    return console("suggestion.html", visit, case=case, suggestion=found, grouped=grouped)


@serve(router, Deed.FILL_ANSWER)
async def fill_answer(visit: VisitOf, answer: str = "") -> Response:
    """A canned answer, filled for the case, for the field of the reply."""
    case, program = visit.the_case, visit.program
    async with program.database.reading() as connection:
        found = await canned_answers.find(connection, int(answer)) if answer.isdecimal() and len(answer) < 10 else None
    if found is None or found.office not in {None, case.office}:
        raise NoSuchThing
    missing = ", ".join(wording.ITEMS.get(need.item, need.item) for need in case.missing)
    in_words = missing if found.language == SOURCE_LANGUAGE else ""  # what is needed has its names in French
    return JSONResponse({"text": canned_answers.fill(found, case, visit.agent, in_words)}, headers=NOT_KEPT)


def snoozes() -> dict[str, datetime]:
    """Until when a case can be put away, the soonest first, by names."""
    now, today = clock.now(), clock.today()
    tomorrow = calendar.nth_working_day(today + timedelta(days=1), 1)
    later = calendar.nth_working_day(today + timedelta(days=1), 3)

    def at(day: Any) -> datetime:
        return datetime.combine(day, MORNING, clock.ZONE)

    return {
        "hour": now + timedelta(hours=1),
        "tomorrow": at(tomorrow),
        "days": at(later),
        "week": at(today + timedelta(days=7)),
    }


async def _known(connection: AsyncConnection, visit: Visit, case: Case) -> dict[str, Any]:
    """What the page shows beside the case itself."""
    program = visit.program
    summary, needs = await transcript.known_of_case(connection, case)
    everybody = await agents.all_agents(connection)
    history = await cases.history_of_person(connection, case)
    return {
        "said": await transcript.of_case(connection, program, case),
        "files": await transcript.files_of_case(connection, program, case),
        "summary": summary,
        "needs": needs,
        "events": tuple(reversed(await case_events.of(connection, case.id))),
        "history": tuple(one for one in history if one.office in visit.agent.offices),
        "hidden": sum(one.office not in visit.agent.offices for one in history),
        "answers": _in_language(await canned_answers.listed(connection, case.office), case.language),
        "colleagues": tuple(one for one in everybody if case.office in one.offices and one.id != case.agent),
        "position": await _position(connection, case),
        "ahead": await cases.ahead_of(connection, case),
    }


def _in_language(found: tuple[canned_answers.CannedAnswer, ...], language: str) -> list[canned_answers.CannedAnswer]:
    """Those in the person's language first."""
    return sorted(found, key=lambda one: (one.language != language, one.title.casefold()))


async def colleague(connection: AsyncConnection, visit: Visit, agent_id: str) -> Colleague | None:
    """Somebody to whom the case of a visit can be given; None when there is no such one."""
    office = visit.the_case.office
    found = (one for one in await agents.all_agents(connection) if one.id == agent_id and office in one.offices)
    return next(found, None)


async def _position(connection: AsyncConnection, case: Case) -> str:
    """What tells one state of the page from another."""
    events = case_events.case_events
    query = select(events.c.id).where(events.c.case_id == case.id).order_by(events.c.id.desc()).limit(1)
    last = (await connection.execute(query)).scalar_one_or_none() or 0
    return f"{last}-{await transcript.last_message(connection, case)}"


async def _note_reading(visit: Visit, case: Case) -> None:
    """Notes for the person that this agent reads their case, once for a while."""
    async with visit.program.database.reading() as connection:
        query = select(access_log.c.id).where(
            access_log.c.object == case.number,
            access_log.c.agent == visit.agent.id,
            access_log.c.at > clock.now() - NOTED_FOR,
        )
        is_noted = (await connection.execute(query.limit(1))).first() is not None
    if not is_noted:
        async with visit.program.database.unit_of_work() as work:
            await note_reading(work, visit, case)


async def note_reading(work: UnitOfWork, visit: Visit, case: Case) -> None:
    """Notes it in any case."""
    await cases.note_reading(work, [case], Actor.AGENT, agent=visit.agent.id)
