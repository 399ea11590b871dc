"""What agents do with a case. Of two who act at once the second is told what the first has done, and keeps their text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from base.database import UnitOfWork
from bot.helpdesk import wording
from bot.helpdesk.case_page import Typed, colleague, shown, snoozes
from bot.helpdesk.permissions import PATH, Deed
from bot.helpdesk.rendering import NOT_KEPT
from bot.helpdesk.streams import announce
from bot.helpdesk.visits import NoSuchThing, NotAllowed, Visit, VisitOf, serve
from casework import case_work, cases
from casework.case_events import Agent
from casework.case_work import CaseError, CaseGone
from casework.cases import Case, Outcome
from casework.triage import Office

Does = Callable[[UnitOfWork, int, int, Agent], Awaitable[Case]]
"""A deed of `casework.case_work`: with the case, the version that the agent saw, and the agent."""
LONGEST_ID = 100

router = APIRouter()


@serve(router, Deed.CLAIM)
async def claim(visit: VisitOf) -> Response:
    """Takes the case."""
    return await _done(visit, Deed.CLAIM, case_work.claim)


@serve(router, Deed.RELEASE)
async def release(visit: VisitOf) -> Response:
    """Puts it back."""
    return await _done(visit, Deed.RELEASE, case_work.release)


@serve(router, Deed.ASSIGN)
async def assign(visit: VisitOf) -> Response:
    """Gives it to an agent of its office, whoever has it."""
    to = await _colleague(visit, visit.form.get("to", ""))
    return await _done(
        visit, Deed.ASSIGN, lambda work, case, seen, agent: case_work.assign(work, case, seen, agent, to)
    )


@serve(router, Deed.TRANSFER)
async def transfer(visit: VisitOf) -> Response:
    """Passes it on to an office or a colleague."""
    kind, _, name = visit.form.get("to", "").partition(":")
    to: Office | Agent
    if kind == "office" and name in set(Office):
        to = Office(name)
    else:
        to = await _colleague(visit, name)
    note = visit.form.get("text", "")
    return await _done(
        visit,
        Deed.TRANSFER,
        lambda work, case, seen, agent: case_work.transfer(work, case, seen, agent, to, note),
    )


@serve(router, Deed.SNOOZE)
async def snooze(visit: VisitOf) -> Response:
    """Puts it away for a while."""
    until = snoozes().get(visit.form.get("until", ""))
    if until is None:
        raise NoSuchThing
    return await _done(
        visit, Deed.SNOOZE, lambda work, case, seen, agent: case_work.snooze(work, case, seen, agent, until)
    )


@serve(router, Deed.RESOLVE)
async def resolve(visit: VisitOf) -> Response:
    """Ends it."""
    given = visit.form.get("outcome", "")
    if given not in set(Outcome):
        raise NoSuchThing
    return await _done(
        visit,
        Deed.RESOLVE,
        lambda work, case, seen, agent: case_work.resolve(work, case, seen, agent, Outcome(given)),
    )


@serve(router, Deed.REOPEN)
async def reopen(visit: VisitOf) -> Response:
    """Takes it up again."""
    return await _done(visit, Deed.REOPEN, case_work.reopen)


@serve(router, Deed.REPLY)
async def reply(visit: VisitOf) -> Response:
    """Answers the person; the same twice is sent once."""
    text, client_id = _text(visit)
    return await _done(
        visit,
        Deed.REPLY,
        lambda work, case, seen, agent: case_work.reply(work, case, seen, agent, text, client_id),
    )


@serve(router, Deed.NOTE)
async def note(visit: VisitOf) -> Response:
    """Writes something down for colleagues; the same twice is kept once."""
    text, client_id = _text(visit)
    return await _done(
        visit, Deed.NOTE, lambda work, case, seen, agent: case_work.note(work, case, seen, agent, text, client_id)
    )


@serve(router, Deed.LABEL)
async def label(visit: VisitOf) -> Response:
    """Puts a label on it, or takes one off."""
    name, on = visit.form.get("label", ""), visit.form.get("on", "1") == "1"
    return await _done(
        visit, Deed.LABEL, lambda work, case, seen, agent: case_work.label(work, case, seen, agent, name, on=on)
    )


@serve(router, Deed.TAKE_OVER)
async def take_over(visit: VisitOf) -> Response:
    """Speaks with the person in place of the assistant."""
    return await _done(visit, Deed.TAKE_OVER, case_work.take_over)


@serve(router, Deed.GIVE_BACK)
async def give_back(visit: VisitOf) -> Response:
    """Lets the assistant speak again."""
    return await _done(visit, Deed.GIVE_BACK, case_work.give_back)


async def _done(visit: Visit, deed: Deed, does: Does) -> Response:
    """Does it, and shows what has become of the case, or why it was not done."""
    seen, program = visit.form.get("version", ""), visit.program
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    try:
        async with program.database.unit_of_work() as work:
            # The office may have changed since the page was let in.
            before = await cases.find(work.connection, visit.the_case.id)
            if before is not None and not visit.may(deed, before.office):
                raise NotAllowed("office")
            case = await does(work, visit.the_case.id, version, visit.agent)
            await announce(program, work)
            if case.speaks_in is not None:
                await program.signals.announce(work, case.speaks_in)
    except CaseGone:
        raise NoSuchThing from None
    except CaseError as error:
        return await _refused(visit, error)
    if case.office not in visit.agent.offices:  # it is out of the agent's sight now
        return _leave(visit)
    if visit.is_partial:
        return await shown(visit, case, told=wording.DONE[deed])
    return RedirectResponse(f"{PATH}/cases/{case.number}?done={deed}", 303, NOT_KEPT)


async def _refused(visit: Visit, error: CaseError) -> Response:
    async with visit.program.database.reading() as connection:
        case = await cases.find(connection, visit.the_case.id)
    if case is None:
        raise NoSuchThing
    return await shown(visit, case, refused=wording.refusal(error), typed=Typed(visit.form), status=409)


def _leave(visit: Visit) -> Response:
    """Back to the queue."""
    if visit.is_partial:
        return Response(status_code=204, headers={**NOT_KEPT, "hx-redirect": PATH})
    return RedirectResponse(PATH, 303, NOT_KEPT)


async def _colleague(visit: Visit, agent_id: str) -> Agent:
    async with visit.program.database.reading() as connection:
        found = await colleague(connection, visit, agent_id)
    if found is None:
        raise NoSuchThing
    return found


def _text(visit: Visit) -> tuple[str, str | None]:
    """What was written, and what names it, should it come twice."""
    return visit.form.get("text", ""), visit.form.get("client_id", "")[:LONGEST_ID] or None
