"""The queue: what waits for a human, in the order in which it is worked on, each with the reason for its place.

The list names no word of a person; what they said is on the page of the case, and whoever opens that is noted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.helpdesk.permissions import PATH, Deed
from bot.helpdesk.rendering import console
from bot.helpdesk.streams import changes
from bot.helpdesk.visits import Visit, VisitOf, serve
from bot.helpdesk.wording import LANGUAGES, TOPICS
from casework import cases
from casework.case_events import case_events
from casework.cases import CaseState, Filters
from casework.triage import Office, Urgency

AT_A_TIME = 50
LONGEST_SEARCH = 100
TO_DO = "todo"
"""The states that somebody should work on."""

router = APIRouter()


@dataclass(frozen=True)
class Asked:
    """What a page of the queue is asked for, as its address says it; what means nothing counts as not said.

    Args:
        office: One of the agent's; empty for all of them.
        urgency: How urgent; empty for all.
        language: Language tag; empty for all.
        state: One state; `TO_DO` for what somebody should work on.
        mine: Whether only what the agent has.
        text: What is looked for.
        after: The case after which the page begins.
    """

    office: str = ""
    urgency: str = ""
    language: str = ""
    state: str = TO_DO
    mine: bool = False
    text: str = ""
    after: int | None = None

    @classmethod
    def of(cls, request: Request) -> Asked:
        """As the address says."""
        given = request.query_params
        after = given.get("after", "")

        def known(name: str, among: Any, otherwise: str = "") -> str:
            value = given.get(name, "")
            return value if value in among else otherwise

        return cls(
            office=known("office", set(Office)),
            urgency=known("urgency", set(Urgency)),
            language=known("language", LANGUAGES),
            state=known("state", set(CaseState), TO_DO),
            mine=given.get("mine") == "1",
            text=given.get("q", "").strip()[:LONGEST_SEARCH],
            after=int(after) if after.isdecimal() and after.isascii() and len(after) <= 9 else None,
        )

    def address(self, after: int | None = None) -> str:
        """The address of this page, or of the one after a case."""
        said = {
            "office": self.office,
            "urgency": self.urgency,
            "language": self.language,
            "state": self.state if self.state != TO_DO else "",
            "mine": "1" if self.mine else "",
            "q": self.text,
            "after": str(after or self.after or ""),
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{PATH}?{query}" if query else PATH

    def filters(self, visit: Visit) -> Filters:
        """What the agent sees of it: nothing of other offices."""
        theirs = visit.agent.offices
        states = {CaseState(self.state)} if self.state != TO_DO else {CaseState.OPEN, CaseState.CLAIMED}
        if self.mine and self.state == TO_DO:
            states |= {CaseState.WAITING}
        return Filters(
            offices=theirs & {Office(self.office)} if self.office else theirs,
            urgency=Urgency(self.urgency) if self.urgency else None,
            language=self.language or None,
            states=states,
            agent=visit.agent.id if self.mine else None,
            text=self.text,
            topic_names=TOPICS,
        )


@serve(router, Deed.QUEUE)
async def queue(request: Request, visit: VisitOf) -> Response:
    """The page; for a script of ours, the list alone."""
    asked = Asked.of(request)
    filters = asked.filters(visit)
    async with visit.program.database.reading() as connection:
        position = await _position(connection)
        found = await cases.queue(connection, filters, AT_A_TIME + 1, asked.after)
        number = await cases.count(connection, filters)
    shown = found[:AT_A_TIME]
    return console(
        "queue_list.html" if visit.is_partial else "queue.html",
        visit,
        asked=asked,
        cases=shown,
        number=number,
        following=asked.address(shown[-1].id) if len(found) > AT_A_TIME else None,
        position=position,
    )


@serve(router, Deed.QUEUE_LIVE, response_class=EventSourceResponse)
async def live(visit: VisitOf, after: str = "") -> AsyncIterator[ServerSentEvent]:
    """Says when something was done with any case."""
    async for event in changes(visit, after, _position):
        yield event


async def _position(connection: AsyncConnection) -> str:
    return str((await connection.execute(select(func.max(case_events.c.id)))).scalar_one_or_none() or 0)
