"""The login at `/login/…`: by it a conversation learns who has it; the first time, it asks the rest itself.

The link in the conversation leads to a page that names the conversation and asks. Only a form on that page, sent by the
browser that was shown it, goes on to the OpenID provider; only that browser can come back. So neither a forwarded link,
nor another site's form, nor a forwarded address of the provider links anything by itself.

The browser is known by a cookie, the only one we set: a random value, for ten minutes.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from base import clock
from base.wording.filling import write
from bot.channels.web.api import CHANNEL as WEB
from bot.channels.web.api import Limits, counted
from bot.channels.web.api import program as program_of
from bot.channels.web.guards import policy
from bot.channels.web.login_wording import CHANNELS, FAILURES
from bot.channels.web.page import sandbox_line
from bot.channels.web.problems import Problem
from bot.channels.web.rendering import rendered, translations_of
from bot.openid import AnswerForged, Attempt, Identity, LoginFailed, OpenIDProvider, ProviderDown, keyed_hash
from bot.program import Program
from casework import persons
from casework.persons import Ending
from conversations import store
from conversations.models import Session

log = structlog.get_logger(__name__)

NOT_KEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
MOST_FIELDS = 5

_SECRET = re.compile(r"[\w-]{43}", re.ASCII)
_ENDINGS = {Ending.UNKNOWN: "unknown", Ending.EXPIRED: "expired", Ending.USED: "used"}
_ANSWERS = {
    Ending.UNKNOWN: "unknown_answer",
    Ending.EXPIRED: "took_too_long",
    Ending.USED: "answer_used",
    Ending.OTHER_BROWSER: "other_browser",
}


class Stopped(Exception):
    """A login does not go on.

    Args:
        failure: Key of `FAILURES`.
        session: The conversation, where it is known.
        ticket: With which to try again.
        status: HTTP status, where it is not the usual one.
    """

    def __init__(
        self, failure: str, session: Session | None = None, ticket: str | None = None, status: int | None = None
    ) -> None:
        super().__init__(failure)
        self.failure = failure
        self.session = session
        self.ticket = ticket
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What the provider lets a browser bring back."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str | None = None


router = APIRouter()


@router.get(persons.CALLBACK_PATH)
async def come_back(request: Request, limits: Limits, answer: Annotated[Answer, Depends()]) -> Response:
    """Logs the person in whom the provider names."""
    return await _guarded(request, limits, lambda pages: pages.finish(answer))


@router.api_route(f"{persons.LOGIN_PATH}/{{ticket}}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def ask(request: Request, limits: Limits, ticket: str) -> Response:
    """Says which conversation will be linked, and asks; fetching the page, as chat apps do, changes nothing."""
    return await _guarded(request, limits, lambda pages: pages.ask(ticket))


@router.post(f"{persons.LOGIN_PATH}/{{ticket}}")
async def agree(request: Request, limits: Limits, ticket: str) -> Response:
    """Sends the person to the provider."""
    return await _guarded(request, limits, lambda pages: pages.begin(ticket))


async def _guarded(request: Request, limits: Limits, answer: Callable[[_Login], Awaitable[Response]]) -> Response:
    """Answers a request; what goes wrong has a page of its own."""
    pages = _Login(request)
    try:
        await counted(request, limits)
        return await answer(pages)
    except Stopped as stopped:
        return pages.failed(stopped)
    except Problem as problem:
        response = pages.failed(Stopped("too_many_requests", status=problem.status_code))
        response.headers.update(problem.headers or {})
        return response
    except SQLAlchemyError:
        log.exception("request.failed")
        return pages.failed(Stopped("unavailable"))


class _Login:
    """One request of a login.

    Args:
        request: The request.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._program: Program = program_of(request)
        self._settings = self._program.settings
        self._is_https = urlsplit(self._settings.public_url).scheme == "https"
        # The prefix keeps neighbours under the same domain from setting it.
        self._cookie = "__Host-cornavin-login" if self._is_https else "cornavin-login"
        given = request.cookies.get(self._cookie, "")
        self._browser = given if _SECRET.fullmatch(given) else None

    async def ask(self, ticket: str) -> Response:
        """The page that asks.

        Raises:
            Stopped: When the ticket is not good.
        """
        provider = self._provider()
        async with self._program.database.reading() as connection:
            login = await persons.waiting_login(connection, ticket)
            if isinstance(login, Ending):
                raise Stopped(_ENDINGS[login])
            session = await store.session_by_id(connection, login.session_id)
            began = await store.begun_at(connection, login.session_id)
        if session is None or began is None:
            raise Stopped("unknown")
        browser = self._browser or persons.new_secret()
        translations = self._translations(session)
        response = self._page(
            "login.html",
            session,
            forms=("'self'", _reach(provider.issuer)),
            path=f"{persons.LOGIN_PATH}/{ticket}",
            agreement=_agreement(browser, ticket),
            day=write(began.date(), translations.locale),
            time=began.strftime("%H:%M"),
            is_today=began.date() == clock.today(),
        )
        self._remember(response, browser)
        return response

    async def begin(self, ticket: str) -> Response:
        """The way to the provider.

        Raises:
            Stopped: When the browser was not asked, the ticket is not good, or the provider does not answer.
        """
        provider = self._provider()
        browser = self._browser
        if browser is None or not hmac.compare_digest(await self._agreement(), _agreement(browser, ticket)):
            raise Stopped("not_agreed", ticket=ticket)
        attempt = Attempt(browser, persons.new_secret())
        try:
            address = await provider.address(attempt)  # before the ticket is used up
        except LoginFailed as error:
            log.warning("login.failed", reason="provider_down", cause=str(error))
            raise Stopped("provider_down", ticket=ticket) from None
        async with self._program.database.unit_of_work() as work:
            begun = await persons.begin(work, ticket, attempt.state, browser)
        if isinstance(begun, Ending):
            raise Stopped(_ENDINGS[begun])
        response = RedirectResponse(address, 303, NOT_KEPT)
        self._remember(response, browser)
        return response

    async def finish(self, answer: Answer) -> Response:
        """The end of the way.

        Raises:
            Stopped: When the person cannot be linked.
        """
        provider = self._provider()
        browser = self._browser or ""
        async with self._program.database.unit_of_work() as work:
            ended = await persons.end(work, answer.state, browser)
        if isinstance(ended, Ending):
            raise Stopped(_ANSWERS[ended])
        async with self._program.database.reading() as connection:
            session = await store.session_by_id(connection, ended.session_id)
        if session is None:
            raise Stopped("erased")
        try:
            identity = await self._identify(provider, Attempt(browser, answer.state), answer)
            is_known = await self._log_in(session, provider, identity)
        except Stopped as stopped:
            raise await self._with_another_ticket(stopped, session) from None
        await self._tell(session)
        response = self._page("login_done.html", session, is_known=is_known)
        response.delete_cookie(self._cookie, secure=self._is_https, httponly=True, samesite="lax")
        return response

    async def _identify(self, provider: OpenIDProvider, attempt: Attempt, answer: Answer) -> Identity:
        if answer.error or not answer.code:
            raise Stopped("denied" if answer.error == "access_denied" else "provider_refused")
        try:
            return await provider.identify(attempt, answer.code, answer.iss)
        except LoginFailed as error:
            failure = {ProviderDown: "provider_down", AnswerForged: "forged"}.get(type(error), "provider_refused")
            log.warning("login.failed", reason=failure, cause=str(error))
            raise Stopped(failure) from None

    async def _log_in(self, session: Session, provider: OpenIDProvider, identity: Identity) -> bool:
        """Whether it is known who that is; otherwise the conversation asks.

        Raises:
            Stopped: When the conversation is gone, or another person's.
        """
        desk = self._program.desk
        expires_at = desk.login_expires_at(session.channel)
        async with self._program.database.unit_of_work(serialise=session.id) as work:
            if not await store.session_exists(work.connection, session.id):
                raise Stopped("erased")
            try:
                return await desk.identifications.log_in(
                    work, session.id, provider.issuer, identity.subject, expires_at
                )
            except persons.LinkedToAnother:
                raise Stopped("other_person") from None

    async def _tell(self, session: Session) -> None:
        """Tells the conversation; the login holds whatever becomes of that."""
        try:
            await self._program.on_linked(session.id)
        except Exception:
            log.exception("login.conversation_not_told")

    async def _with_another_ticket(self, stopped: Stopped, session: Session) -> Stopped:
        """The same with the conversation and, where trying again can help, a ticket for it."""
        ticket = None
        if FAILURES[stopped.failure].again:
            async with self._program.database.unit_of_work() as work:
                ticket = await persons.new_login(work, session.id)
        return Stopped(stopped.failure, session if stopped.failure != "erased" else None, ticket)

    async def _agreement(self) -> bytes:
        """What the form brings."""
        body = (await self._request.body()).decode(errors="replace")
        try:
            return dict(parse_qsl(body, max_num_fields=MOST_FIELDS)).get("agreement", "").encode()
        except ValueError:
            return b""

    def _provider(self) -> OpenIDProvider:
        if self._program.provider is None:
            raise Stopped("not_open")
        return self._program.provider

    def failed(self, stopped: Stopped) -> Response:
        """Why the login does not go on, and what to do."""
        failure = FAILURES[stopped.failure]
        return self._page(
            "login_failed.html",
            stopped.session,
            status=stopped.status or failure.status,
            text=self._translations(stopped.session).translate(failure.text),
            again=f"{persons.LOGIN_PATH}/{stopped.ticket}" if stopped.ticket else None,
        )

    def _translations(self, session: Session | None) -> Any:
        return translations_of(self._request, session.locale if session else None)

    def _page(
        self,
        template: str,
        session: Session | None,
        status: int = 200,
        forms: tuple[str, ...] = ("'none'",),
        **values: Any,
    ) -> Response:
        translations = self._translations(session)
        response = rendered(
            template,
            translations,
            status=status,
            where=translations.translate(CHANNELS.get(session.channel if session else "", CHANNELS[""])),
            on_the_web=session is None or session.channel == WEB,
            sandbox=sandbox_line(translations, self._settings),
            **values,
        )
        response.headers.update(NOT_KEPT)
        response.headers["content-security-policy"] = policy(scripts=("'none'",), ancestors=("'none'",), forms=forms)
        return response

    def _remember(self, response: Response, browser: str) -> None:
        response.set_cookie(
            self._cookie,
            browser,
            max_age=int(persons.LIFETIME.total_seconds()),
            secure=self._is_https,
            httponly=True,
            samesite="lax",  # it must come along when the provider sends the browser back
        )


def _agreement(browser: str, ticket: str) -> bytes:
    """What only a page that was shown to this browser knows."""
    return keyed_hash(browser, f"agreement {ticket}").encode()


def _reach(issuer: str) -> str:
    """Where the form may lead: browsers apply the policy to every address that a provider sends them on to."""
    parts = urlsplit(issuer)
    return "https:" if parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}"
