"""Who asks, and whether they may: what stands before every page of the console."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Request

from base import clock
from base.settings import Settings
from bot.helpdesk.permissions import PERMISSIONS, Deed, may
from bot.openid import keyed_hash
from bot.program import Program
from casework import agents, cases
from casework.agents import Colleague
from casework.cases import Case
from casework.triage import Office

TOKEN_FIELD, TOKEN_HEADER = "token", "x-helpdesk-token"  # the names of where it stands
LIVE = "live"
"""Id of what asks for a page anew when something has changed."""
MOST_FIELDS = 30
_NUMBER = "C-"


class NotSignedIn(Exception):
    """Nobody is signed in, or not any more."""


class NotAllowed(Exception):
    """Whoever asks may not do that.

    Args:
        reason: Key of `bot.helpdesk.wording.REFUSALS`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoSuchThing(Exception):
    """There is nothing at this address."""


@dataclass(frozen=True)
class Visit:
    """One request of an agent.

    Args:
        request: The request.
        program: The program that it reaches.
        agent: Who asks.
        secret: Of their session.
        case: The case that it concerns.
        form: What a form brings, each field once.
    """

    request: Request
    program: Program
    agent: Colleague
    secret: str = field(repr=False)
    case: Case | None = None
    form: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def token(self) -> str:
        """What every form must bring: only pages that were shown to this session know it."""
        return token_of(self.secret)

    @property
    def is_partial(self) -> bool:
        """Whether a part of a page is asked for, by a script of ours."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def the_case(self) -> Case:
        """The case that it concerns."""
        if self.case is None:
            raise NoSuchThing
        return self.case

    def may(self, deed: Deed, office: Office | None = None) -> bool:
        """Whether the agent may do this; for the case of this visit unless another office is named."""
        concerned = office or (self.case.office if self.case is not None else None)
        return may(self.agent, deed, concerned)


def cookie_name(settings: Settings, purpose: str) -> str:
    """What a cookie is called; over https neighbours under the same domain cannot set it."""
    return f"{'__Host-' if is_https(settings) else ''}cornavin-{purpose}"


def is_https(settings: Settings) -> bool:
    """Whether browsers reach us over https."""
    return urlsplit(settings.public_url).scheme == "https"


def session_cookie(settings: Settings) -> str:
    """What the cookie of a session is called."""
    return cookie_name(settings, "helpdesk")


def lasts(settings: Settings) -> timedelta:
    """How long a session lasts without a request."""
    return timedelta(minutes=settings.helpdesk_session_minutes)


def token_of(secret: str) -> str:
    """The token of a session's forms."""
    return keyed_hash(secret, "form")


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form, each once; none when it is no form."""
    try:
        found = parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def case_id_of(number: str) -> int | None:
    """The id in a case number such as `C-00042`."""
    digits = number.removeprefix(_NUMBER)
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= 9 else None


def permitted(deed: Deed) -> Callable[[Request], Awaitable[None]]:
    """Lets in who may do this; what is known of the request is then in `VisitOf`."""
    permission = PERMISSIONS[deed]

    async def permit(request: Request) -> None:
        program: Program = request.app.state.program
        secret = request.cookies.get(session_cookie(program.settings), "")
        async with program.database.reading() as connection:
            found = await agents.signed_in(connection, secret) if secret else None
        if found is None:
            raise NotSignedIn
        agent, used_at = found
        form = await fields_of(request) if permission.method == "POST" else {}
        if permission.method == "POST":
            given = request.headers.get(TOKEN_HEADER) or form.get(TOKEN_FIELD, "")
            if not hmac.compare_digest(given.encode(), token_of(secret).encode()):
                raise NotAllowed("forged")
        case = await _case(request, program, agent) if permission.of_case else None
        if not may(agent, deed, case.office if case is not None else None):
            raise NotAllowed("office" if case is not None else "role")
        if clock.now() - used_at >= agents.NOTED_EVERY and not _is_by_itself(request, deed):
            async with program.database.unit_of_work() as work:
                await agents.stay(work, secret, lasts(program.settings))
        request.state.visit = Visit(request, program, agent, secret, case, form)

    return permit


def _is_by_itself(request: Request, deed: Deed) -> bool:
    """Whether the page asks and not the agent, who may have left."""
    return deed in {Deed.QUEUE_LIVE, Deed.CASE_LIVE} or request.headers.get("hx-trigger") == LIVE


async def _case(request: Request, program: Program, agent: Colleague) -> Case:
    case_id = case_id_of(request.path_params["number"])
    if not agent.offices:
        raise NotAllowed("role")
    async with program.database.reading() as connection:
        case = await cases.find(connection, case_id) if case_id is not None else None
    if case is None:
        raise NoSuchThing
    return case


def _visit(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


VisitOf = Annotated[Visit, Depends(_visit)]


def serve(router: APIRouter, deed: Deed, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Has a function answer what the table says of this deed, and nobody get to it who may not."""
    permission = PERMISSIONS[deed]
    return router.api_route(
        permission.path,
        methods=[permission.method],
        name=deed,
        dependencies=[Depends(permitted(deed))],
        **{"response_model": None, **options},
    )
