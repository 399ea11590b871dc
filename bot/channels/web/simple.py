"""The chat without JavaScript: a form that posts, and answers with the whole conversation.

A ticket in a hidden field says whose conversation it is. It is kept nowhere else: no cookie, no address, no log. Posting
the same page again repeats the turn's `client_id`, so a reload doubles nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import SQLAlchemyError

from actions.my_data import erasure
from base.wording import Translations, mark
from base.wording.filling import write
from bot.channels.source_groups import grouped
from bot.channels.web import markdown, page
from bot.channels.web.api import CHANNEL, Limits, ProgramOf, counted, file_of, spoken_in
from bot.channels.web.api import program as program_of
from bot.channels.web.api import uploads as uploads_of
from bot.channels.web.guards import RateLimits
from bot.channels.web.problems import WORDING, Problem
from bot.channels.web.rendering import rendered, translations_of
from bot.channels.web.tickets import Ticket, TicketRefused, Tickets
from bot.channels.web.uploads import Upload, is_multipart, with_names
from bot.engine.assistant import LONGEST_TEXT, ConversationErased, Turn
from bot.program import Program
from conversations import store
from conversations.models import FileId, Message, Phase, Session, State

log = structlog.get_logger(__name__)

PATH = "/chat/simple"
MOST_FIELDS = 20

STRINGS = {
    "expired": mark(
        "Cette page est restée ouverte trop longtemps. Une nouvelle conversation commence ; votre texte est gardé."
    ),
    "not_ours": mark(
        "Cette page n'a pas pu être reconnue. Une nouvelle conversation commence ; votre texte est gardé."
    ),
    "gone": mark("Cette conversation n'est plus ouverte. Une nouvelle conversation commence ; votre texte est gardé."),
    "from_elsewhere": mark("Cette demande venait d'un autre site. Elle n'a pas été prise en compte."),
    "empty": mark("Écrivez votre question avant de l'envoyer."),
    "too_long": mark("{count} caractères de trop. Raccourcissez votre message."),
    "erased": page.STRINGS["erased"],
    **{name: text for name, text in WORDING.items() if name not in {"unauthorized", "method-not-allowed"}},
}
"""What may have to be said above the conversation, by its name."""

router = APIRouter()


@dataclass(frozen=True)
class Posted:
    """What came with the form.

    Args:
        ticket: As text, not checked.
        text: What is in the field.
        ask: A question offered as a button, instead of the text.
        choice: Id of a choice, instead of the text.
        erase: `ask` whether to, `yes` or `no`.
        look: Anything, to see what has been said meanwhile.
        file: Id of a file to save.
        upload: A file to send.
        problem: What cut the form short.
    """

    ticket: str = ""
    text: str = ""
    ask: str = ""
    choice: str = ""
    erase: str = ""
    look: str = ""
    file: str = ""
    upload: Upload | None = None
    problem: Problem | None = None

    @classmethod
    async def read(cls, request: Request) -> Posted:
        """Reads a form; unknown fields and bytes that are no text count as nothing."""
        uploads = uploads_of(request)
        if uploads.are_open and is_multipart(request):
            form = await uploads.read(request)
            return cls(**cls._known(form.fields), upload=form.upload, problem=form.problem)
        try:
            fields = dict(parse_qsl((await request.body()).decode("ascii"), max_num_fields=MOST_FIELDS))
        except ValueError:
            fields = {}
        return cls(**cls._known(fields))

    @staticmethod
    def _known(fields: Mapping[str, str]) -> dict[str, Any]:
        return {name: value.replace("\r\n", "\n") for name, value in fields.items() if name in TEXTS}

    @property
    def said(self) -> str:
        """What the person means to say."""
        return self.ask or self.text.strip()


TEXTS = frozenset({"ticket", "text", "ask", "choice", "erase", "look", "file"})
"""The fields of the form."""


@dataclass(frozen=True)
class View:
    """What the page shows.

    Args:
        ticket: For the next post.
        messages: The conversation.
        state: Where it stands.
        text: What is in the field.
        notice: Name in `STRINGS` of what is said above the conversation.
        is_error: Whether the notice tells of something that went wrong.
        values: To fill into the notice.
        status: HTTP status.
        asks_to_erase: Whether to ask if the conversation shall be erased.
    """

    ticket: Ticket
    messages: tuple[Message, ...] = ()
    state: State = field(default_factory=State)
    text: str = ""
    notice: str | None = None
    is_error: bool = True
    values: tuple[tuple[str, str], ...] = ()
    status: int = 200
    asks_to_erase: bool = False

    @property
    def latest(self) -> int | None:
        """The message that the page shows first: what the person said last."""
        return next((message.id for message in reversed(self.messages) if message.author == "user"), None)

    @classmethod
    def anew(cls, notice: str | None = None, text: str = "", status: int = 200, *, is_error: bool = True) -> View:
        """The beginning of a conversation."""
        return cls(Ticket.for_new_conversation(), text=text, notice=notice, status=status, is_error=is_error)


@router.api_route(PATH, methods=["GET", "HEAD"], response_class=HTMLResponse)
async def begin(request: Request, lang: str | None = None, question: str = "") -> HTMLResponse:
    """An empty conversation; `question` is already in the field."""
    return _shown(request, lang, View.anew(text=question[:LONGEST_TEXT]))


@router.post(PATH, response_class=HTMLResponse)
async def go_on(request: Request, program: ProgramOf, limits: Limits, lang: str | None = None) -> Response:
    """Takes what was posted and shows the conversation, or why that was not possible, with the text kept."""

    async def answer(posted: Posted) -> View:
        return await _answered(request, program, limits, posted, translations_of(request, lang))

    return await _take(request, program, limits, lang, answer)


@router.post(f"{PATH}/file")
async def read_file(request: Request, program: ProgramOf, limits: Limits, lang: str | None = None) -> Response:
    """A file beside a message, or the conversation with the reason why there is none."""

    async def answer(posted: Posted) -> Response:
        return await file_of(program, _tickets(request).read(posted.ticket).session_id, posted.file)

    return await _take(request, program, limits, lang, answer)


async def _take(
    request: Request,
    program: Program,
    limits: RateLimits,
    lang: str | None,
    answer: Callable[[Posted], Awaitable[View | Response]],
) -> Response:
    """Answers what was posted; what goes wrong is said above the conversation."""
    if _comes_from_elsewhere(request):
        return _shown(request, lang, View.anew("from_elsewhere", status=403))
    posted = Posted()
    try:
        posted = await Posted.read(request)
        if posted.problem:
            raise posted.problem
        await counted(request, limits)
        answered = await answer(posted)
    except TicketRefused as refusal:
        answered = View.anew("expired" if refusal.expired else "not_ours", posted.said, 400)
    except Problem as problem:
        answered = await _failed(request, program, posted, problem.name, problem.status_code)
    except SQLAlchemyError:
        log.exception("request.failed")
        answered = await _failed(request, program, posted, "unavailable", 503)
    return answered if isinstance(answered, Response) else _shown(request, lang, answered)


async def _answered(
    request: Request, program: Program, limits: RateLimits, posted: Posted, translations: Translations
) -> View:
    ticket = _tickets(request).read(posted.ticket, even_expired=posted.erase == "yes")
    if posted.erase == "yes":
        await _erase(program, ticket.session_id)
        return View.anew("erased", posted.text, is_error=False)
    if posted.erase or posted.look:
        return await _view(program, ticket, text=posted.text, asks_to_erase=posted.erase == "ask")
    says_something = bool(posted.choice or posted.said)
    if not posted.choice and (says_something or not posted.upload) and (wrong := _wrong_with(posted.said)):
        name, values = wrong
        return await _view(program, ticket, text=posted.text, notice=name, values=values, status=422)
    return await _taken(request, program, limits, posted, ticket, translations.language)


async def _taken(
    request: Request, program: Program, limits: RateLimits, posted: Posted, ticket: Ticket, language: str
) -> View:
    """The conversation after what was posted has been said in it."""
    session = await _session(program, ticket, language)
    if session is None:
        return View.anew("gone", posted.said, 400)
    await limits.session(session.id)
    session = await spoken_in(program, session, language)
    kept, phase = posted.text if posted.choice or posted.ask else "", None
    try:
        if posted.upload:
            await _send(request, program, session, ticket, posted.upload)
        if posted.choice or posted.said:
            text, choice = "" if posted.choice else posted.said, posted.choice or None
            turn = Turn(session, ticket.client_id(posted.choice or posted.said), text, choice)
            phase = (await program.assistant.answer(turn)).state.phase
    except ConversationErased:
        return View.anew("gone", posted.said, 400)
    if phase is Phase.ERASED:
        return View.anew("erased", kept, is_error=False)
    return await _view(program, ticket.for_next_page(), text=kept)


async def _send(request: Request, program: Program, session: Session, ticket: Ticket, upload: Upload) -> None:
    """Takes a file, and the turn that sends it; the same page posted again sends nothing."""
    client_id = ticket.client_id(hashlib.sha256(upload.data).hexdigest())
    async with program.database.reading() as connection:
        if await store.recorded_turn(connection, session.id, client_id) is not None:
            return
    uploads = uploads_of(request)
    async with uploads.place():
        kept = await uploads.keep(request, session.id, upload)
    await program.assistant.answer(Turn(session, client_id, files=(FileId(kept.id),)))


def _wrong_with(said: str) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    if not said:
        return "empty", ()
    if len(said) > LONGEST_TEXT:
        return "too_long", (("count", str(len(said) - LONGEST_TEXT)),)
    return None


async def _session(program: Program, ticket: Ticket, language: str) -> Session | None:
    """The conversation of a ticket, begun now if it is new; None when it was erased."""
    async with program.database.reading() as connection:
        session = await store.session_by_id(connection, ticket.session_id)
    if session is None and not ticket.begun:
        async with program.database.unit_of_work(serialise=ticket.session_id) as work:
            session = await store.session_by_id(work.connection, ticket.session_id)
            if session is None:  # no second click was faster
                session, _ = await store.open_session(work, CHANNEL, language, ticket.session_id)
    return session


async def _erase(program: Program, session_id: str) -> None:
    async with program.database.unit_of_work(serialise=session_id) as work:
        await erasure.erase(work, program.submissions, session_id)
        await program.signals.announce(work, session_id)


async def _view(
    program: Program,
    ticket: Ticket,
    *,
    text: str = "",
    notice: str | None = None,
    values: tuple[tuple[str, str], ...] = (),
    status: int = 200,
    asks_to_erase: bool = False,
) -> View:
    messages: list[Message] = []
    async with program.database.reading() as connection:
        while found := await store.history(connection, ticket.session_id, messages[-1].id if messages else 0):
            messages.extend(await with_names(connection, program.files.store, found))
        state = await store.last_state(connection, ticket.session_id)
    return View(
        ticket,
        tuple(messages),
        state,
        text,
        notice,
        values=values,
        status=status,
        asks_to_erase=asks_to_erase and bool(messages),
    )


async def _failed(request: Request, program: Program, posted: Posted, name: str, status: int) -> View:
    """The page as it was, for the same to be posted again."""
    try:
        ticket = _tickets(request).read(posted.ticket)
        return await _view(program, ticket, text=posted.said, notice=name, status=status)
    except TicketRefused:
        return View.anew(name, posted.said, status)
    except SQLAlchemyError:
        return View(ticket, text=posted.said, notice=name, status=status)


def _comes_from_elsewhere(request: Request) -> bool:
    """Whether another site sent the form: its ticket would put the person into a conversation of that site's maker."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")  # what old browsers send, on account of our Referrer-Policy
    return origin != "null" and urlsplit(origin).netloc != request.headers.get("host")


def _tickets(request: Request) -> Tickets:
    found: Tickets = request.app.state.tickets
    return found


def _shown(request: Request, lang: str | None, view: View) -> HTMLResponse:
    translations = translations_of(request, lang)
    settings = program_of(request).settings
    notice = translations.translate(STRINGS[view.notice]).format_map(dict(view.values)) if view.notice else None

    def written(as_of: str) -> str:
        """A year, or a day with the name of its month."""
        return write(date.fromisoformat(as_of), translations.locale) if as_of.count("-") == 2 else as_of

    return rendered(
        "simple.html",
        translations,
        status=view.status,
        cache="no-store",
        view=view,
        notice=notice,
        strings=page.strings(translations),
        ticket=_tickets(request).write(view.ticket),
        longest_text=LONGEST_TEXT,
        html=markdown.html,
        is_link=markdown.is_link,
        grouped=grouped,
        written=written,
        path=PATH,
        sandbox=page.sandbox_line(translations, settings),
        service_notice=settings.service_notice,
        takes_files=uploads_of(request).are_open,
    )
