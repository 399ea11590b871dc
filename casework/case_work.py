"""What agents do with cases, and what the people do whose cases they are.

Every deed of an agent names the version of the case that they saw. Of two who act at once one is told what the other has
done; a deed of their own, a note or a label stands in nobody's way. What the person is to read is a row of the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from base import clock, outbox
from base.database import UnitOfWork
from base.errors import CornavinError
from casework import case_events, cases
from casework.case_events import Agent, CaseEvent, Event
from casework.cases import Case, CaseState, Need, Outcome, words_of
from casework.files.store import hold_unsent, let_unsent_go
from casework.triage import Office

TELL = "case.tell"
"""Kind of the outbox row that tells the person what was done, where they are."""
HELPDESK = "helpdesk"
"""What is announced to signals when the queue changes."""
LONGEST_REPLY = 4000
LONGEST_NOTE = 4000
LONGEST_LABEL = 40
LONGEST_COMMENT = 1000
MOST_LABELS = 10


class CaseError(CornavinError):
    """A deed was not done; nothing has changed."""


class CaseGone(CaseError):
    """There is no such case any more: the person has erased it."""


class Overtaken(CaseError):
    """Another agent was quicker.

    Args:
        case: As it stands now.
        event: What they have done, and when.
    """

    def __init__(self, case: Case, event: CaseEvent) -> None:
        super().__init__(f"{case.number}: {event.kind} by {event.agent.name if event.agent else 'nobody'}")
        self.case = case
        self.event = event


class HeldByAnother(CaseError):
    """Another agent has the case.

    Args:
        case: As it stands now; says who.
    """

    def __init__(self, case: Case) -> None:
        super().__init__(f"{case.number} is {case.agent_name}'s")
        self.case = case


class NotNow(CaseError):
    """The deed does not fit the state of the case.

    Args:
        case: As it stands now.
    """

    def __init__(self, case: Case) -> None:
        super().__init__(f"{case.number} is {case.state}")
        self.case = case


class NobodyThere(NotNow):
    """The conversation is erased: nobody can be answered in it."""


class Unfit(CaseError):
    """A text is empty, or longer than is taken.

    Args:
        longest: Characters that are taken.
    """

    def __init__(self, longest: int) -> None:
        super().__init__(f"expected 1 to {longest} characters")
        self.longest = longest


async def claim(work: UnitOfWork, case_id: int, version: int, agent: Agent) -> Case:
    """Takes a case that nobody has."""
    case = await _begun(work, case_id, version, agent)
    if case.agent == agent.id and case.state is CaseState.CLAIMED:
        return case
    return await _done(work, case, Event.CLAIMED, agent, _held_by(agent))


async def release(work: UnitOfWork, case_id: int, version: int, agent: Agent) -> Case:
    """Puts a case back for others."""
    case = await _begun(work, case_id, version, agent)
    values = {"state": CaseState.OPEN, "agent": None, "agent_name": None, "is_live": False, "snoozed_until": None}
    return await _done(work, case, Event.RELEASED, agent, values, tells=case.is_live)


async def assign(work: UnitOfWork, case_id: int, version: int, agent: Agent, to: Agent) -> Case:
    """Gives a case to an agent, whoever has it; who may do that is for the caller to know."""
    case = await _begun(work, case_id, version, agent, even_of_others=True)
    values = {**_held_by(to), "is_live": False}
    return await _done(work, case, Event.ASSIGNED, agent, values, {"to": to.name, "to_id": to.id}, tells=case.is_live)


async def transfer(
    work: UnitOfWork, case_id: int, version: int, agent: Agent, to: Office | Agent, note: str = ""
) -> Case:
    """Passes a case on to another office, or to a colleague, with a note for them."""
    case = await _begun(work, case_id, version, agent)
    text = _fitting(note, LONGEST_NOTE) if note.strip() else ""
    if isinstance(to, Agent):
        values: dict[str, Any] = _held_by(to)
        details = {"to": to.name, "to_id": to.id, "text": text}
    else:
        values = {"office": to, "state": CaseState.OPEN, "agent": None, "agent_name": None, "snoozed_until": None}
        details = {"from": case.office, "office": to, "text": text}
    return await _done(work, case, Event.TRANSFERRED, agent, {**values, "is_live": False}, details, tells=case.is_live)


async def snooze(work: UnitOfWork, case_id: int, version: int, agent: Agent, until: datetime) -> Case:
    """Puts a case away until a moment, aware and ahead."""
    case = await _begun(work, case_id, version, agent)
    if until <= clock.now():
        raise NotNow(case)
    values = {**_held_by(agent), "state": CaseState.SNOOZED, "snoozed_until": until, "is_live": False}
    details = {"until": until.astimezone(clock.ZONE).isoformat()}
    return await _done(work, case, Event.SNOOZED, agent, values, details, tells=case.is_live)


async def resolve(work: UnitOfWork, case_id: int, version: int, agent: Agent, outcome: Outcome) -> Case:
    """Ends a case; the person is told, and asked whether it helped."""
    case = await _begun(work, case_id, version, agent)
    values = {
        **_held_by(agent),
        "state": CaseState.RESOLVED,
        "outcome": outcome,
        "closed_at": clock.now(),
        "is_live": False,
    }
    await let_unsent_go(work, case.files)
    return await _done(work, case, Event.RESOLVED, agent, values, {"outcome": outcome}, tells=True)


async def reopen(work: UnitOfWork, case_id: int, version: int, agent: Agent) -> Case:
    """Takes up a case again that was resolved."""
    case = await _begun(work, case_id, version, agent, even_of_others=True, even_resolved=True)
    if case.state is not CaseState.RESOLVED:
        raise NotNow(case)
    here = case.speaks_in
    if here is not None and await cases.unresolved_of(work.connection, here) is not None:
        raise NotNow(case)  # the conversation has another one by now
    await hold_unsent(work, case.files)
    values = {**_held_by(agent), "outcome": None, "closed_at": None, "waiting_since": clock.now()}
    return await _done(work, case, Event.REOPENED, agent, values)


async def reply(
    work: UnitOfWork, case_id: int, version: int, agent: Agent, text: str, client_id: str | None = None
) -> Case:
    """Answers the person, in Markdown; then the case waits for them.

    Args:
        client_id: The same again is not sent again.
    """
    case = await _locked(work, case_id)  # first: the same may be sent twice at once
    if client_id is not None and await case_events.is_recorded(work.connection, case_id, client_id):
        return case
    case = await _begun(work, case_id, version, agent)
    if case.speaks_in is None:
        raise NobodyThere(case)
    values = {**_held_by(agent), "state": CaseState.CLAIMED if case.is_live else CaseState.WAITING}
    details = {"text": _fitting(text, LONGEST_REPLY)}
    return await _done(work, case, Event.REPLIED, agent, values, details, client_id=client_id, tells=True)


async def note(
    work: UnitOfWork, case_id: int, version: int, agent: Agent, text: str, client_id: str | None = None
) -> Case:
    """Writes something down for colleagues; whoever has the case, and whatever was done meanwhile."""
    case = await _locked(work, case_id)
    if client_id is not None and await case_events.is_recorded(work.connection, case_id, client_id):
        return case
    details = {"text": _fitting(text, LONGEST_NOTE)}
    return await _done(work, case, Event.NOTED, agent, {}, details, client_id=client_id)


async def label(work: UnitOfWork, case_id: int, version: int, agent: Agent, name: str, *, on: bool = True) -> Case:
    """Puts a label on a case, or takes it off; whoever has it."""
    case, name = await _locked(work, case_id), _fitting(name, LONGEST_LABEL)
    labels = tuple(one for one in case.labels if one != name) + ((name,) if on else ())
    if labels == case.labels or len(labels) > MOST_LABELS:
        return case
    values = {"labels": list(labels), "words": words_of(case.topic, case.summary, labels)}
    return await _done(work, case, Event.LABELLED, agent, values, {"label": name, "on": on})


async def take_over(work: UnitOfWork, case_id: int, version: int, agent: Agent) -> Case:
    """Speaks with the person in place of the assistant, which is silent from now on."""
    case = await _begun(work, case_id, version, agent)
    if case.speaks_in is None:
        raise NobodyThere(case)
    if case.is_live:
        return case
    return await _done(work, case, Event.TOOK_OVER, agent, {**_held_by(agent), "is_live": True}, tells=True)


async def give_back(work: UnitOfWork, case_id: int, version: int, agent: Agent) -> Case:
    """Lets the assistant speak again; the case stays with the agent."""
    case = await _begun(work, case_id, version, agent)
    if not case.is_live:
        return case
    return await _done(work, case, Event.GAVE_BACK, agent, {"is_live": False}, tells=True)


async def person_wrote(work: UnitOfWork, case: Case) -> None:
    """The person has written to who has their case: it waits for us from now on."""
    values: dict[str, Any] = {}
    if case.state in {CaseState.WAITING, CaseState.SNOOZED}:
        state = CaseState.CLAIMED if case.agent else CaseState.OPEN
        values = {"state": state, "waiting_since": clock.now(), "snoozed_until": None}
    if values:
        await work.connection.execute(update(cases.cases).where(cases.cases.c.id == case.id).values(**values))
    await case_events.note(work, case.id, Event.WROTE, case.version)


async def add_files(work: UnitOfWork, case: Case, file_ids: Sequence[str]) -> None:
    """Files that the person sends to who has their case; they are kept as long as it is."""
    together = list(dict.fromkeys((*case.files, *file_ids)))
    await work.connection.execute(update(cases.cases).where(cases.cases.c.id == case.id).values(files=together))
    await hold_unsent(work, file_ids)


async def give(work: UnitOfWork, case: Case, need: Need) -> None:
    """Something that the person has given for their case, in place of what they gave before."""
    needs = [vars(one) for one in case.needs if one.item != need.item] + [vars(need)]
    await work.connection.execute(update(cases.cases).where(cases.cases.c.id == case.id).values(needs=needs))


async def person_left(work: UnitOfWork, case: Case) -> None:
    """The person speaks with the assistant again, and not with the agent; the case stays."""
    await work.connection.execute(update(cases.cases).where(cases.cases.c.id == case.id).values(is_live=False))
    await case_events.note(work, case.id, Event.LEFT, case.version)


async def rate(work: UnitOfWork, case: Case, *, helped: bool, comment: str | None = None) -> None:
    """Keeps what the person thinks of how their case went; what they say later counts.

    Args:
        comment: With tokens for identifiers.
    """
    details: dict[str, Any] = {"helped": helped} | ({"comment": comment[:LONGEST_COMMENT]} if comment else {})
    await case_events.note(work, case.id, Event.RATED, case.version, details)


async def _locked(work: UnitOfWork, case_id: int) -> Case:
    """A case that nobody else changes until this unit of work ends.

    Raises:
        CaseGone: When there is none.
    """
    await work.connection.execute(select(cases.cases.c.id).where(cases.cases.c.id == case_id).with_for_update())
    case = await cases.find(work.connection, case_id)
    if case is None:
        raise CaseGone
    return case


async def _begun(
    work: UnitOfWork,
    case_id: int,
    version: int,
    agent: Agent,
    *,
    even_of_others: bool = False,
    even_resolved: bool = False,
) -> Case:
    """A case with which an agent may do something who has seen a version of it.

    Raises:
        CaseGone: When there is none.
        Overtaken: When another agent has done something since.
        HeldByAnother: When another agent has it.
        NotNow: When it is resolved.
    """
    case = await _locked(work, case_id)
    if case.version != version:
        quicker = await case_events.first_of_another(work.connection, case_id, version, agent)
        if quicker is not None:
            raise Overtaken(case, quicker)
    if case.state is CaseState.RESOLVED and not even_resolved:
        raise NotNow(case)
    if case.agent not in {None, agent.id} and not even_of_others:
        raise HeldByAnother(case)
    return case


async def _done(
    work: UnitOfWork,
    case: Case,
    kind: Event,
    agent: Agent,
    values: Mapping[str, Any],
    details: Mapping[str, Any] | None = None,
    *,
    client_id: str | None = None,
    tells: bool = False,
) -> Case:
    """Changes a case, records it, and has the person told if they are to know."""
    version = case.version + 1
    changed = update(cases.cases).where(cases.cases.c.id == case.id).values(**values, version=version)
    await work.connection.execute(changed)
    event_id = await case_events.note(work, case.id, kind, version, details, agent, client_id)
    if tells and case.speaks_in is not None:
        payload = {"session": case.speaks_in, "case": case.id, "event": event_id}
        await outbox.put(work, TELL, f"chat:{case.speaks_in}", payload)
    after = await cases.find(work.connection, case.id)
    assert after is not None
    return after


def _held_by(agent: Agent) -> dict[str, Any]:
    return {"state": CaseState.CLAIMED, "agent": agent.id, "agent_name": agent.name, "snoozed_until": None}


def _fitting(text: str, longest: int) -> str:
    """A text without what surrounds it.

    Raises:
        Unfit: When nothing is left, or too much.
    """
    text = text.strip()
    if not 0 < len(text) <= longest:
        raise Unfit(longest)
    return text
