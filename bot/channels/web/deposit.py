"""The page at `/depot`: somebody whose conversation is in a chat app gives it one file here, past that app.

The link in the conversation holds a signed ticket, good once, for a day. Looking at the page uses nothing up. Whoever has
the link can give a file to the conversation, and learns nothing of it.
"""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from base.keys import signing_key
from base.wording import mark
from bot.channels.web.api import Limits, UploadsOf, counted
from bot.channels.web.api import program as program_of
from bot.channels.web.guards import DEPOSIT_PATH, policy
from bot.channels.web.problems import WORDING, Problem
from bot.channels.web.rendering import rendered, translations_of
from bot.channels.web.tickets import DEPOSIT, Ticket, TicketRefused, Tickets
from bot.channels.web.uploads import Uploads
from bot.engine.assistant import ConversationErased, FileUnknown, Turn
from conversations import store
from conversations.models import FileId, Session

log = structlog.get_logger(__name__)

NOT_KEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
ENDED = mark(
    "Ce lien a déjà servi, ou il est trop ancien. Demandez-en un nouveau dans la conversation : renvoyez le fichier."
)
NO_FILE = mark("Choisissez d'abord un fichier ou une photo.")

router = APIRouter()


class _Ended(Exception):
    """A link cannot be used."""


@router.api_route(f"{DEPOSIT_PATH}/{{ticket}}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def ask(request: Request, limits: Limits, uploads: UploadsOf, ticket: str) -> Response:
    """Asks for the file."""
    page = _Deposit(request, uploads)
    try:
        await counted(request, limits)
        return await page.ask(ticket)
    except _Ended:
        return page.shown("ended", status=410)
    except Problem as problem:
        return page.refused(problem)


@router.post(DEPOSIT_PATH)
async def give(request: Request, limits: Limits, uploads: UploadsOf) -> Response:
    """Takes the file, and tells the conversation."""
    page = _Deposit(request, uploads)
    try:
        await counted(request, limits)
        return await page.give()
    except _Ended:
        return page.shown("ended", status=410)
    except Problem as problem:
        return page.refused(problem)
    except SQLAlchemyError:
        log.exception("request.failed")
        return page.refused(Problem("unavailable", 503, {"retry-after": "5"}))


class _Deposit:
    """One request.

    Args:
        request: The request.
        uploads: Takes files.
    """

    def __init__(self, request: Request, uploads: Uploads) -> None:
        self._request = request
        self._uploads = uploads
        self._program = program_of(request)
        self._tickets = Tickets(signing_key(self._program.settings), DEPOSIT)
        self._session: Session | None = None
        self._ticket = ""

    async def ask(self, ticket: str) -> Response:
        """The page that asks.

        Raises:
            _Ended: When the link is not good.
        """
        await self._open(ticket)
        return self.shown("asks")

    async def give(self) -> Response:
        """The page that says that the file is here.

        Raises:
            _Ended: When the link is not good, or not any more.
            Problem: When the file is not taken.
        """
        if not self._uploads.are_open:
            raise Problem("uploads-not-open", 403)
        form = await self._uploads.read(self._request)
        ticket, session = await self._open(form.fields.get("ticket", ""))
        if form.problem is not None:
            raise form.problem
        if form.upload is None:
            return self.shown("asks", status=422, problem=NO_FILE)
        async with self._uploads.place():
            kept = await self._uploads.keep(self._request, session.id, form.upload)
        try:
            await self._program.assistant.answer(Turn(session, ticket.client_id(""), files=(FileId(kept.id),)))
        except (ConversationErased, FileUnknown):
            raise _Ended from None
        return self.shown("done")

    async def _open(self, written: str) -> tuple[Ticket, Session]:
        """The conversation of a ticket that was not used.

        Raises:
            _Ended: When there is none.
        """
        try:
            ticket = self._tickets.read(written)
        except TicketRefused:
            raise _Ended from None
        async with self._program.database.reading() as connection:
            self._session = session = await store.session_by_id(connection, ticket.session_id)
            if session is None or await _is_used(connection, ticket):
                raise _Ended
        self._ticket = written
        return ticket, session

    def refused(self, problem: Problem) -> Response:
        """Why the file is not taken; the link can be used again where it is known."""
        state = "asks" if self._ticket else "ended"
        response = self.shown(state, status=problem.status_code, problem=WORDING[problem.name])
        response.headers.update(problem.headers or {})
        return response

    def shown(self, state: str, status: int = 200, problem: str | None = None) -> Response:
        """The page: it `asks`, is `done`, or has `ended`."""
        translations = translations_of(self._request, self._session.locale if self._session else None)
        text = problem or (ENDED if state == "ended" else None)
        response = rendered(
            "deposit.html",
            translations,
            status=status,
            path=DEPOSIT_PATH,
            ticket=self._ticket,
            state=state,
            problem=translations.translate(text) if text else None,
        )
        response.headers.update(NOT_KEPT)
        response.headers["content-security-policy"] = policy(scripts=("'none'",), ancestors=("'none'",))
        return response


async def _is_used(connection: AsyncConnection, ticket: Ticket) -> bool:
    return await store.recorded_turn(connection, ticket.session_id, ticket.client_id("")) is not None
