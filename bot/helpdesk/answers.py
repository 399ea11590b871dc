"""Canned answers: who leads an office writes them, everybody there uses them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.helpdesk.permissions import PATH, Deed
from bot.helpdesk.rendering import NOT_KEPT, console
from bot.helpdesk.visits import NoSuchThing, NotAllowed, Visit, VisitOf, serve
from bot.helpdesk.wording import LANGUAGES
from casework import canned_answers
from casework.agents import Role
from casework.canned_answers import CannedAnswer, UnknownPlaceholder
from casework.triage import Office

ALL = "all"
"""In the form, the office of answers that are everybody's."""

router = APIRouter()


@serve(router, Deed.ANSWERS)
async def show(request: Request, visit: VisitOf) -> Response:
    """The answers, and the form for one."""
    given = request.query_params.get("answer", "")
    async with visit.program.database.reading() as connection:
        changed = await canned_answers.find(connection, int(given)) if _is_id(given) else None
    if changed is not None and not _may_change(visit, changed.office):
        changed = None
    return await _page(visit, _fields_of(changed))


@serve(router, Deed.SAVE_ANSWER)
async def save(visit: VisitOf) -> Response:
    """Keeps one."""
    form = visit.form
    office = None if form.get("office") == ALL else _office(form.get("office", ""))
    language, given = form.get("language", ""), form.get("answer", "")
    if language not in LANGUAGES:
        raise NoSuchThing
    try:
        async with visit.program.database.unit_of_work() as work:
            known = await canned_answers.find(work.connection, int(given)) if _is_id(given) else None
            if not _may_change(visit, office) or (known is not None and not _may_change(visit, known.office)):
                raise NotAllowed("office")
            await canned_answers.save(
                work,
                form.get("title", ""),
                form.get("text", ""),
                visit.agent,
                office=office,
                language=language,
                answer_id=known.id if known else None,
            )
    except UnknownPlaceholder as error:
        known_names = ", ".join(f"{{{name}}}" for name in canned_answers.PLACEHOLDERS)
        return await _page(visit, form, f"{{{error.name}}} ne veut rien dire ici. Vous pouvez écrire : {known_names}.")
    except ValueError:
        longest = (canned_answers.LONGEST_TITLE, canned_answers.LONGEST_TEXT)
        return await _page(
            visit, form, "Il faut un titre d'au plus {} caractères et un texte d'au plus {}.".format(*longest)
        )
    return RedirectResponse(f"{PATH}/answers", 303, NOT_KEPT)


@serve(router, Deed.DELETE_ANSWER)
async def delete(visit: VisitOf, answer_id: int) -> Response:
    """Throws one away."""
    async with visit.program.database.unit_of_work() as work:
        found = await canned_answers.find(work.connection, answer_id)
        if found is None:
            raise NoSuchThing
        if not _may_change(visit, found.office):
            raise NotAllowed("office")
        await canned_answers.remove(work, answer_id)
    return RedirectResponse(f"{PATH}/answers", 303, NOT_KEPT)


async def _page(visit: Visit, fields: dict[str, str], refused: str = "") -> Response:
    led = visit.agent.offices_as(Role.SUPERVISOR)
    async with visit.program.database.reading() as connection:
        found = await canned_answers.listed(connection)
    return console(
        "answers.html",
        visit,
        status=422 if refused else 200,
        answers=tuple(one for one in found if one.office is None or one.office in led),
        may_change=lambda office: _may_change(visit, office),
        fields=fields,
        refused=refused,
        led=led,
        ALL=ALL,
        placeholders=canned_answers.PLACEHOLDERS,
    )


def _may_change(visit: Visit, office: Office | None) -> bool:
    """Who leads an office writes its answers; those of everybody are the administrators'."""
    if office is None:
        return visit.agent.highest is Role.ADMINISTRATOR
    return office in visit.agent.offices_as(Role.SUPERVISOR)


def _fields_of(answer: CannedAnswer | None) -> dict[str, str]:
    """What the form shows."""
    if answer is None:
        return {}
    office = answer.office or ALL
    return {
        "answer": str(answer.id),
        "office": office,
        "language": answer.language,
        "title": answer.title,
        "text": answer.text,
    }


def _office(given: str) -> Office:
    if given not in set(Office):
        raise NoSuchThing
    return Office(given)


def _is_id(given: str) -> bool:
    return given.isdecimal() and given.isascii() and len(given) < 10
