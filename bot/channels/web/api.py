"""The chat API: sessions, messages, the stream, feedback."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.my_data import erasure
from base.encryption import Undecipherable
from base.identifiers import Kind as Identifier
from base.wording import SOURCE_LANGUAGE
from bot import documents
from bot.channels.web.guards import RateLimits, address_of
from bot.channels.web.problems import Problem
from bot.channels.web.uploads import Uploads, with_names
from bot.engine.assistant import ConversationErased, FileUnknown, Turn
from bot.program import Program
from casework import access
from casework.access import Actor, Deed
from casework.files.limits import Kind
from casework.files.store import MOST_FILES
from casework.vault import Gone
from conversations import store
from conversations.documents import PDF
from conversations.models import WEB, Debug, FileId, Message, Session, State

CHANNEL = WEB
LONGEST_COMMENT = 1000
LOOK_EVERY_SECONDS = 30
"""How often a stream looks for messages that nobody announced to it."""
LONGEST_WAIT_SECONDS = 25
"""How long a request for messages may wait for the next one: less than proxies wait for an answer."""
log = structlog.get_logger(__name__)
router = APIRouter(prefix="/api/chat")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SessionRequest(_Body):
    """Asks for a session; `locale` is the page's language tag."""

    locale: str | None = Field(default=None, max_length=35)


class SessionResponse(BaseModel):
    session_id: str
    token: str
    locale: str
    uploads: bool


class ServiceResponse(BaseModel):
    """What holds for everybody.

    Args:
        notice: What the operator has to say at present.
        locales: Languages that answers can be given in.
        uploads: Whether files are taken.
    """

    notice: str | None
    locales: tuple[str, ...]
    uploads: bool


class FileResponse(BaseModel):
    """A file that was taken, as it is kept.

    Args:
        id: Names it.
        name: What it was called, with the ending of what it is now: a PDF.
        size: Of the PDF, in bytes.
        kind: What it was when it was sent.
    """

    id: str
    name: str
    size: int
    kind: Kind


class MessageRequest(_Body):
    """One turn: typed text, a choice, or files. `client_id` is the client's own and must be new for each turn.

    `locale` is the page's language tag, which may have changed since the session was opened.
    """

    client_id: str = Field(min_length=1, max_length=100)
    text: str | None = None
    choice: str | None = Field(default=None, max_length=100)
    files: list[Annotated[str, Field(max_length=36)]] | None = Field(default=None, min_length=1, max_length=MOST_FILES)
    locale: str | None = Field(default=None, max_length=35)

    @model_validator(mode="after")
    def _one_of(self) -> "MessageRequest":
        if sum(part is not None for part in (self.text, self.choice, self.files)) != 1:
            raise ValueError("expected one of text, choice and files")
        return self


class MessageResponse(BaseModel):
    messages: tuple[Message, ...]
    state: State
    debug: Debug | None = None

    @model_serializer(mode="wrap")
    def _without_debug(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Outside of debug mode there is no such field."""
        fields: dict[str, Any] = serialise(self)
        return {name: value for name, value in fields.items() if name != "debug" or value is not None}


class HistoryResponse(BaseModel):
    messages: tuple[Message, ...]
    state: State


class FeedbackRequest(_Body):
    message_id: int
    value: Literal["up", "down"]
    comment: str | None = Field(default=None, max_length=LONGEST_COMMENT)


def program(request: Request) -> Program:
    """The program that the app was made for."""
    found: Program = request.app.state.program
    return found


def rate_limits(request: Request) -> RateLimits:
    found: RateLimits = request.app.state.rate_limits
    return found


def uploads(request: Request) -> Uploads:
    found: Uploads = request.app.state.uploads
    return found


def as_download(name: str) -> dict[str, str]:
    """The header that lets browsers save a file under its name."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


ProgramOf = Annotated[Program, Depends(program)]
Limits = Annotated[RateLimits, Depends(rate_limits)]
UploadsOf = Annotated[Uploads, Depends(uploads)]


async def counted(request: Request, limits: Limits) -> None:
    """Counts the request for its network address."""
    await limits.address(address_of(request))


async def session_of(
    program: ProgramOf,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
) -> Session:
    """The session that the bearer token belongs to."""
    if credentials is not None:
        async with program.database.reading() as connection:
            session = await store.find_session(connection, credentials.credentials)
        if session is not None:
            return session
    raise Problem("unauthorized", 401, {"www-authenticate": "Bearer"})


SessionOf = Annotated[Session, Depends(session_of)]


@router.get("/service")
async def read_service(program: ProgramOf, response: Response) -> ServiceResponse:
    """What a client needs to know before there is a session."""
    response.headers["cache-control"] = "no-store"
    return ServiceResponse(
        notice=program.settings.service_notice, locales=program.catalogues.languages, uploads=program.settings.uploads
    )


@router.post("/sessions", status_code=201, dependencies=[Depends(counted)])
async def open_session(body: SessionRequest, program: ProgramOf) -> SessionResponse:
    """Begins a conversation in the page's language, or in French where that is not translated yet."""
    locale = program.catalogues.match(body.locale)
    async with program.database.unit_of_work() as work:
        session, token = await store.open_session(work, CHANNEL, locale)
    return SessionResponse(session_id=session.id, token=token, locale=locale, uploads=program.settings.uploads)


@router.post("/messages", dependencies=[Depends(counted)], response_model=MessageResponse)
async def send_message(body: MessageRequest, session: SessionOf, program: ProgramOf, limits: Limits) -> Response:
    """Takes a turn and answers it; the same `client_id` again gets the same answer."""
    if body.files is not None and not program.settings.uploads:
        raise Problem("uploads-not-open", 403)
    await limits.session(session.id)
    if body.locale is not None:
        session = await spoken_in(program, session, program.catalogues.match(body.locale))
    files = tuple(dict.fromkeys(map(FileId, body.files or ())))
    try:
        client_id = _kept_id(session, body.client_id)
        reply = await program.assistant.answer(Turn(session, client_id, body.text or "", body.choice, files))
    except FileUnknown:
        raise Problem("file-gone", 422) from None
    except ConversationErased:
        raise Problem("unauthorized", 401, {"www-authenticate": "Bearer"}) from None
    debug = await _with_what_was_typed(program, session, reply.debug) if program.settings.debug else None
    answer = MessageResponse(messages=reply.messages, state=reply.state, debug=debug)
    is_for_a_human = reply.state.mode == "human" and not reply.messages
    status = 202 if is_for_a_human else 200
    # FastAPI would validate it once more
    return Response(answer.model_dump_json(), status, media_type="application/json")


def _kept_id(session: Session, client_id: str) -> str:
    """What is kept of a client's own id, which may be any text; none of ours is the same."""
    return hashlib.sha256(f"{session.id} {client_id}".encode()).hexdigest()


async def _with_what_was_typed(program: Program, session: Session, debug: Debug) -> Debug:
    """With the personal number itself, which is shown in debug mode and not kept."""
    token = debug.slots.get(Identifier.PERSONAL_NUMBER)
    if token is None:
        return debug
    async with program.database.reading() as connection:
        with contextlib.suppress(Gone, Undecipherable):
            token = await program.vault.reveal(connection, session.id, token)
    return debug.model_copy(update={"slots": {**debug.slots, Identifier.PERSONAL_NUMBER.value: token}})


@router.get("/messages")
async def read_messages(
    session: SessionOf,
    program: ProgramOf,
    after: Annotated[int, Query(ge=0)] = 0,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS)] = 0,
) -> HistoryResponse:
    """What was said after a message, oldest first, and where the conversation stands.

    With `wait`, an answer without messages is given that many seconds later only: for clients that no stream reaches.
    """
    with program.signals.watch(session.id) as news:
        said = await _said(program, session.id, after)
        if wait and not said.messages:
            await program.signals.wait(news, wait)
            said = await _said(program, session.id, after)
        return said


@router.get("/stream", response_class=EventSourceResponse)
async def stream(
    session: SessionOf,
    program: ProgramOf,
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Messages as they come, from the one after `Last-Event-ID` or `after`; ends when the session is erased."""
    position = last_event_id if last_event_id is not None else after
    with program.signals.watch(session.id) as news:
        while True:
            news.clear()
            async with program.database.reading() as connection:
                messages = await _history(program, connection, session.id, position)
                if not messages and not await store.session_exists(connection, session.id):
                    return
            for message in messages:
                position = message.id
                yield ServerSentEvent(event="message", id=str(message.id), data=message.model_dump(mode="json"))
            await program.signals.wait(news, LOOK_EVERY_SECONDS)


async def _said(program: Program, session_id: str, after: int) -> HistoryResponse:
    async with program.database.reading() as connection:
        messages = await _history(program, connection, session_id, after)
        return HistoryResponse(messages=messages, state=await store.last_state(connection, session_id))


async def _history(program: Program, connection: AsyncConnection, session_id: str, after: int) -> tuple[Message, ...]:
    messages = await store.history(connection, session_id, after)
    return await with_names(connection, program.files.store, messages)


@router.post("/files", status_code=201, dependencies=[Depends(counted)])
async def upload_file(request: Request, session: SessionOf, uploads: UploadsOf, limits: Limits) -> FileResponse:
    """Takes one file, in the field `file` of a multipart form; a message that names its id sends it."""
    if not uploads.are_open:
        raise Problem("uploads-not-open", 403)
    await limits.session(session.id)
    form = await uploads.read(request)
    if form.problem or not form.upload:
        raise form.problem or Problem("invalid-request", 422)
    async with uploads.place():
        kept = await uploads.keep(request, session.id, form.upload)
    return FileResponse(id=kept.id, name=kept.name, size=kept.size, kind=kept.kind)


@router.get("/files/{file_id}", dependencies=[Depends(counted)])
async def read_file(file_id: str, session: SessionOf, program: ProgramOf) -> Response:
    """A file that goes with a message: as the person sent it, or made now from what the message keeps of it."""
    return await file_of(program, session.id, file_id)


@router.delete("/files/{file_id}", status_code=204, dependencies=[Depends(counted)])
async def remove_file(file_id: str, session: SessionOf, program: ProgramOf) -> None:
    """Destroys a file that the person sent and does not want to be here any more."""
    if not await program.files.remove(session.id, file_id):
        raise Problem("not-found", 404)


async def spoken_in(program: Program, session: Session, language: str) -> Session:
    """The session in the language of the page that speaks for it, which holds from now on."""
    if language == session.locale:
        return session
    async with program.database.unit_of_work(serialise=session.id) as work:
        await store.set_locale(work, session.id, language)
    return replace(session, locale=language)


async def file_of(program: Program, session_id: str, file_id: str) -> Response:
    """A file of a conversation.

    Raises:
        Problem: When the conversation has no such file, or its secret is missing.
    """
    if store.is_sent_by_a_person(file_id):
        return await _sent_file(program, session_id, file_id)
    async with program.database.reading() as connection:
        recipe = await store.recipe_of(connection, session_id, file_id)
    if recipe is None:
        raise Problem("not-found", 404)
    french = program.catalogues[SOURCE_LANGUAGE]  # who receives a letter or a receipt reads French
    try:
        material = await program.materials.load(session_id, recipe, french)
    except documents.Gone:
        raise Problem("not-found", 404) from None
    except Undecipherable:
        log.exception("submission.undecipherable")
        raise Problem("unavailable", 503) from None
    content = await asyncio.to_thread(documents.render, recipe, french, material)
    return _as_file(content, recipe.name, recipe.mime)


async def _sent_file(program: Program, session_id: str, file_id: str) -> Response:
    files = program.files.store
    try:
        async with program.database.reading() as connection:
            kept = await files.find(connection, file_id, session_id)
            content = await files.read(connection, file_id, session_id)
        if kept is not None:
            async with program.database.unit_of_work(serialise=session_id) as work:
                if await files.has(work.connection, file_id, session_id):
                    await access.note(work, session_id, Actor.PERSON, Deed.COPIED, access.Kind.FILE, file_id)
    except Undecipherable:
        log.exception("files.undecipherable", file=file_id)
        raise Problem("unavailable", 503) from None
    if kept is None or content is None:
        raise Problem("not-found", 404)
    return _as_file(content, kept.name, PDF)


def _as_file(content: bytes, name: str, mime: str) -> Response:
    return Response(content, media_type=mime, headers={**as_download(name), "cache-control": "no-store"})


@router.post("/feedback", status_code=204, dependencies=[Depends(counted)])
async def give_feedback(body: FeedbackRequest, session: SessionOf, program: ProgramOf) -> None:
    """Keeps what the person thinks of a reply."""
    async with program.database.unit_of_work(serialise=session.id) as work:
        comment = await program.vault.conceal(work, session.id, body.comment) if body.comment else None
        if not await store.give_feedback(work, session.id, body.message_id, body.value, comment):
            raise Problem("not-found", 404)


@router.delete("/sessions/{session_id}", status_code=204)
async def erase_session(session_id: str, session: SessionOf, program: ProgramOf) -> None:
    """Erases the conversation and everything that came from it."""
    if session_id != session.id:
        raise Problem("not-found", 404)
    async with program.database.unit_of_work(serialise=session.id) as work:
        await erasure.erase(work, program.submissions, session.id)
        await program.signals.announce(work, session.id)
