"""Signing in and out: by the identity provider of the offices, and a session of our own from then on.

Nothing is kept of a sign-in under way: the browser has its secret in a cookie for ten minutes, and what goes to the
provider and comes back is signed with that secret.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from bot.channels.web.api import Limits, counted
from bot.channels.web.problems import Problem
from bot.helpdesk.permissions import PATH, Deed
from bot.helpdesk.rendering import NOT_KEPT, page
from bot.helpdesk.visits import (
    TOKEN_FIELD,
    VisitOf,
    cookie_name,
    fields_of,
    is_https,
    lasts,
    serve,
    session_cookie,
)
from bot.openid import Attempt, Identity, LoginFailed, OpenIDProvider, ProviderDown, keyed_hash
from bot.program import HELPDESK_CALLBACK, Program
from casework import agents, persons
from casework.agents import Colleague

log = structlog.get_logger(__name__)

SIGN_IN = f"{PATH}/sign-in"
LIFETIME_SECONDS = 600
_REMEMBERED = re.compile(r"([\w-]{43})((?:/cases/C-[0-9]{5,9}|/figures|/answers|/agents)?)", re.ASCII)
"""What the cookie of a sign-in holds: the browser's secret, and where it wanted to go."""

router = APIRouter()


@dataclass(frozen=True)
class Answer:
    """What the provider lets a browser bring back."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str | None = None


class Stopped(Exception):
    """A sign-in does not go on.

    Args:
        reason: Key of `bot.helpdesk.wording.SIGN_IN_FAILURES`.
        status: HTTP status.
    """

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@router.api_route(SIGN_IN, methods=["GET", "HEAD"])
async def ask(request: Request, to: str = "") -> Response:
    """The page with the button that leads to the provider."""
    program: Program = request.app.state.program
    known = _REMEMBERED.fullmatch(request.cookies.get(_cookie(program), ""))
    browser = known[1] if known else persons.new_secret()  # the same for a second tab
    remembered = f"{browser}{to.removeprefix(PATH)}"
    if not _REMEMBERED.fullmatch(remembered):
        remembered = browser
    provider = program.helpdesk_provider
    forms = ("'self'", *([_reach(provider.issuer)] if provider else []))
    response = page(
        "sign_in.html",
        program,
        forms=forms,
        agreement=keyed_hash(browser, "agreement"),
        is_open=provider is not None,
        field=TOKEN_FIELD,
    )
    _remember(response, program, remembered)
    return response


@router.post(SIGN_IN)
async def begin(request: Request, limits: Limits) -> Response:
    """The way to the provider."""
    program: Program = request.app.state.program
    try:
        await _count(request, limits)
        provider, (browser, _) = _provider(program), _remembered(request, program)
        given = (await fields_of(request)).get(TOKEN_FIELD, "")
        if not hmac.compare_digest(given.encode(), keyed_hash(browser, "agreement").encode()):
            raise Stopped("other_browser", 403)
        nonce = persons.new_secret()
        address = await provider.address(Attempt(browser, f"{nonce}.{keyed_hash(browser, nonce)}"))
    except LoginFailed as error:
        log.warning("helpdesk.sign_in_failed", reason="provider_down", cause=str(error))
        return _failed(program, Stopped("provider_down", 503))
    except Stopped as stopped:
        return _failed(program, stopped)
    return RedirectResponse(address, 303, NOT_KEPT)


@router.get(HELPDESK_CALLBACK)
async def come_back(request: Request, limits: Limits, answer: Annotated[Answer, Depends()]) -> Response:
    """Signs in whom the provider names, if they have a role."""
    program: Program = request.app.state.program
    try:
        await _count(request, limits)
        provider, (browser, wanted) = _provider(program), _remembered(request, program)
        nonce, _, proof = answer.state.partition(".")
        if not hmac.compare_digest(proof.encode(), keyed_hash(browser, nonce).encode()):
            raise Stopped("other_browser", 403)
        identity = await _identified(provider, Attempt(browser, answer.state), answer)
        agent = _agent(program, provider, identity)
    except Stopped as stopped:
        return _failed(program, stopped)
    async with program.database.unit_of_work() as work:
        secret = await agents.sign_in(work, agent, lasts(program.settings))
    log.info("helpdesk.signed_in", agent=agent.id, roles=dict(agent.roles))
    response = RedirectResponse(f"{PATH}{wanted}", 303, NOT_KEPT)
    response.set_cookie(
        session_cookie(program.settings),
        secret,
        max_age=int(agents.LONGEST_SESSION.total_seconds()),
        secure=is_https(program.settings),
        httponly=True,
        samesite="lax",  # colleagues send each other links to cases
    )
    response.delete_cookie(_cookie(program), secure=is_https(program.settings), httponly=True, samesite="lax")
    return response


@serve(router, Deed.SIGN_OUT)
async def sign_out(visit: VisitOf) -> Response:
    """Ends the session."""
    async with visit.program.database.unit_of_work() as work:
        await agents.sign_out(work, visit.secret)
    response = RedirectResponse(SIGN_IN, 303, NOT_KEPT)
    settings = visit.program.settings
    response.delete_cookie(session_cookie(settings), secure=is_https(settings), httponly=True, samesite="lax")
    return response


async def _identified(provider: OpenIDProvider, attempt: Attempt, answer: Answer) -> Identity:
    if answer.error or not answer.code:
        raise Stopped("denied", 403)
    try:
        return await provider.identify(attempt, answer.code, answer.iss)
    except LoginFailed as error:
        reason, status = ("provider_down", 503) if isinstance(error, ProviderDown) else ("refused", 502)
        log.warning("helpdesk.sign_in_failed", reason=reason, cause=str(error))
        raise Stopped(reason, status) from None


def _agent(program: Program, provider: OpenIDProvider, identity: Identity) -> Colleague:
    """The agent whom the provider names.

    Raises:
        Stopped: When they have no role here.
    """
    claim = program.settings.helpdesk_roles_claim
    roles = agents.granted(identity.claims.get(claim))
    if not roles:
        log.warning("helpdesk.sign_in_failed", reason="no_role", cause=f"the claim {claim} names no role of ours")
        raise Stopped("no_role", 403)
    named = (identity.claims.get(name) for name in ("name", "preferred_username", "given_name"))
    name = next((one for one in named if isinstance(one, str) and one.strip()), "Agent")
    return Colleague(agents.agent_id(provider.issuer, identity.subject), name.strip()[: agents.LONGEST_NAME], roles)


def _provider(program: Program) -> OpenIDProvider:
    if program.helpdesk_provider is None:
        raise Stopped("not_open", 503)
    return program.helpdesk_provider


def _remembered(request: Request, program: Program) -> tuple[str, str]:
    """The browser's secret, and where it wanted to go."""
    found = _REMEMBERED.fullmatch(request.cookies.get(_cookie(program), ""))
    if found is None:
        raise Stopped("took_too_long", 403)
    return found[1], found[2]


async def _count(request: Request, limits: Limits) -> None:
    try:
        await counted(request, limits)
    except Problem as problem:
        raise Stopped("too_many", problem.status_code) from None


def _failed(program: Program, stopped: Stopped) -> Response:
    return page("sign_in_failed.html", program, status=stopped.status, reason=stopped.reason)


def _remember(response: Response, program: Program, remembered: str) -> None:
    response.set_cookie(
        _cookie(program),
        remembered,
        max_age=LIFETIME_SECONDS,
        secure=is_https(program.settings),
        httponly=True,
        samesite="lax",  # it must come along when the provider sends the browser back
    )


def _cookie(program: Program) -> str:
    return cookie_name(program.settings, "helpdesk-sign-in")


def _reach(issuer: str) -> str:
    """Where the form may lead: browsers apply the policy to every address that a provider sends them on to."""
    parts = urlsplit(issuer)
    return "https:" if parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}"
