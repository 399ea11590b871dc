"""Every role tries every deed on a case of its own office and on one of another, over HTTP: each cell of the table."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from base.database import Database, metadata
from bot.helpdesk.permissions import PERMISSIONS, Deed, may
from bot.program import Program
from casework import canned_answers
from casework.agents import Colleague, Role
from casework.cases import Case
from casework.triage import Office
from tests.helpdesk.conftest import Console
from tests.support.helpdesk import ALAIN, BRUNO, CLAIRE, MARC, conversation, opened

FIELDS = {
    Deed.TRANSFER: {"to": "office:legal"},
    Deed.SNOOZE: {"until": "hour"},
    Deed.RESOLVE: {"outcome": "done"},
    Deed.REPLY: {"text": "Bonjour."},
    Deed.NOTE: {"text": "Vu."},
    Deed.LABEL: {"label": "vu"},
    Deed.SAVE_ANSWER: {"office": "orp", "language": "fr", "title": "Bonjour", "text": "Bonjour."},
}
"""What a form brings."""
STREAMS = {Deed.QUEUE_LIVE, Deed.CASE_LIVE}
"""These do not end for who may read them: tests/helpdesk/test_live.py reads them."""
NOBODY = Colleague("nobody", "Sans rôle", {})
ACTORS = [MARC, BRUNO, CLAIRE, ALAIN, NOBODY]


async def state_of(database: Database) -> dict[str, list[str]]:
    """Everything that a deed may change."""
    names = ("cases", "case_events", "canned_answers", "outbox", "access_log")
    async with database.reading() as connection:
        return {name: [repr(row) for row in await connection.execute(select(metadata.tables[name]))] for name in names}


async def address(deed: Deed, case: Case, answer_id: int) -> str:
    path = PERMISSIONS[deed].path.removeprefix("/helpdesk")
    return path.format(number=case.number, file_id="unknown", answer_id=answer_id)


@pytest.mark.parametrize("agent", ACTORS, ids=lambda agent: agent.id)
@pytest.mark.parametrize("office", [Office.ORP, Office.LEGAL])
async def test_each_cell_of_the_table(console: Console, program: Program, agent: Colleague, office: Office) -> None:
    seat = await console.seat(agent)
    fields = {**FIELDS, Deed.ASSIGN: {"to": agent.id}}
    for deed in Deed:
        if deed in STREAMS and may(agent, deed, office):
            continue
        permission = PERMISSIONS[deed]
        session = await conversation(program.database, "où trouver mon numéro personnel ?")
        case = await opened(program.database, session, office)
        async with program.database.unit_of_work() as work:
            answer_id = await canned_answers.save(work, "Titre", "Texte", CLAIRE, office=Office.ORP)
        before = await state_of(program.database)
        path = await address(deed, case, answer_id)
        if permission.method == "POST":
            page = await seat.post(path, {"version": "1", **fields.get(deed, {})})
        else:
            page = await seat.open(path, params={"answer": str(answer_id)})
        is_allowed = may(agent, deed, office)
        has_changed = await state_of(program.database) != before
        if deed is Deed.SIGN_OUT:
            assert page.status == 303
            break
        assert (page.status in {401, 403}) != is_allowed, (deed, page.text)
        assert page.status < 500, deed
        assert is_allowed or not has_changed, deed
        if permission.method == "POST" and is_allowed and deed not in {Deed.REOPEN, Deed.GIVE_BACK, Deed.RELEASE}:
            assert page.status == (200 if deed is Deed.REVEAL else 303), (deed, page.text)
            assert has_changed, deed


def test_table_says_who_may_do_what() -> None:
    """What would be noticed last if it were wrong."""
    theirs, others = Office.ORP, Office.LEGAL
    assert may(MARC, Deed.REPLY, theirs)
    assert not may(MARC, Deed.REPLY, others)
    assert not may(MARC, Deed.ASSIGN, theirs)
    assert not may(MARC, Deed.FIGURES)
    assert may(CLAIRE, Deed.ASSIGN, theirs)
    assert not may(CLAIRE, Deed.CASE, others)
    assert not may(CLAIRE, Deed.AGENTS)
    assert all(may(ALAIN, deed, office) for deed in Deed for office in Office)
    assert not any(may(NOBODY, deed, theirs) for deed in Deed if PERMISSIONS[deed].least is not None)


def test_who_leads_one_office_and_answers_for_another_leads_only_the_one() -> None:
    mixed = Colleague("mixed", "Mixte", {Office.ORP: Role.SUPERVISOR, Office.FUND: Role.AGENT})
    assert may(mixed, Deed.ASSIGN, Office.ORP)
    assert not may(mixed, Deed.ASSIGN, Office.FUND)
    assert may(mixed, Deed.REPLY, Office.FUND)


async def test_answers_of_everybody_are_the_administrators(console: Console, program: Program) -> None:
    fields = {"office": "all", "language": "fr", "title": "Pour tous", "text": "Bonjour, {agent} vous répond."}
    claire, alain = [await console.seat(agent) for agent in (CLAIRE, ALAIN)]
    assert (await claire.post("/answers", fields)).status == 403
    assert (await alain.post("/answers", fields)).status == 303
    assert "Pour tous" in (await claire.open("/answers")).text
    wrong = await alain.post("/answers", {**fields, "text": "Bonjour {nom}"})
    assert wrong.status == 422
    assert "{nom} ne veut rien dire ici" in wrong.text
    assert ">Bonjour {nom}</textarea>" in wrong.source
    async with program.database.reading() as connection:
        (kept,) = await canned_answers.listed(connection)
    case = await opened(program.database)
    filled = await (await console.seat(MARC)).open(f"/cases/{case.number}/answer", params={"answer": str(kept.id)})
    assert filled.response.json() == {"text": "Bonjour, Marc Duvanel vous répond."}
