"""Who has signed in, for administrators: roles are given and taken at the identity provider."""

from __future__ import annotations

from fastapi import APIRouter, Response

from bot.helpdesk.permissions import Deed
from bot.helpdesk.rendering import console
from bot.helpdesk.visits import VisitOf, serve
from casework import agents

router = APIRouter()


@serve(router, Deed.AGENTS)
async def show(visit: VisitOf) -> Response:
    """The agents with their roles as of their last sign-in."""
    async with visit.program.database.reading() as connection:
        found = await agents.all_agents(connection)
    return console("agents.html", visit, agents=found)
