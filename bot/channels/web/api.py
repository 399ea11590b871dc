"""The chat API: sessions, messages, the stream, feedback."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from urllib.parse import quote

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

from base.wording import SOURCE_LANGUAGE
from bot import documents
from bot.channels.web.guards import RateLimits
from bot.channels.web.problems import Problem
from bot.engine.assistant import ConversationErased, Turn
from bot.program import Program
from conversations import store
from conversations.models import Debug, Message, Session, State

CHANNEL = "web"
LONGEST_COMMENT = 1000
LOOK_EVERY_SECONDS = 30
"""How often a stream looks for messages that nobody announced to it."""
LONGEST_WAIT_SECONDS = 25
"""How long a request for messages may wait for the next one: less than proxies wait for an answer."""
UPLOADS_ARE_OPEN = False
"""Whether `POST /files` takes files."""

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
    uploads: bool = UPLOADS_ARE_OPEN


class ServiceResponse(BaseModel):
    """What holds for everybody.

    Args:
        notice: What the operator has to say at present.
        locales: Languages that answers can be given in.
        uploads: Whether files are taken.
    """

    notice: str | None
    locales: tuple[str, ...]
    uploads: bool = UPLOADS_ARE_OPEN


class MessageRequest(_Body):
    """One turn: typed text, a choice, or files. `client_id` is the client's own and must be new for each turn."""

    client_id: str = Field(min_length=1, max_length=100)
    text: str | None = None
    choice: str | None = Field(default=None, max_length=100)
    files: list[str] | None = None

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


def as_download(name: str) -> dict[str, str]:
    """The header that lets browsers save a file under its name."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


ProgramOf = Annotated[Program, Depends(program)]
Limits = Annotated[RateLimits, Depends(rate_limits)]


async def counted(request: Request, limits: Limits) -> None:
    """Counts the request for its network address."""
    await limits.address(request.client.host if request.client else "unknown")


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
    return ServiceResponse(notice=program.settings.service_notice, locales=program.catalogues.languages)


@router.post("/sessions", status_code=201, dependencies=[Depends(counted)])
async def open_session(body: SessionRequest, program: ProgramOf) -> SessionResponse:
    """Begins a conversation in the page's language, or in French where that is not translated yet."""
    locale = program.catalogues.match(body.locale)
    async with program.database.unit_of_work() as work:
        session, token = await store.open_session(work, CHANNEL, locale)
    return SessionResponse(session_id=session.id, token=token, locale=locale)


@router.post("/messages", dependencies=[Depends(counted)], response_model=MessageResponse)
async def send_message(body: MessageRequest, session: SessionOf, program: ProgramOf, limits: Limits) -> Response:
    """Takes a turn and answers it; the same `client_id` again gets the same answer."""
    if body.files is not None:
        raise Problem("uploads-not-open", 403)
    await limits.session(session.id)
    try:
        reply = await program.assistant.answer(Turn(session, body.client_id, body.text or "", body.choice))
    except ConversationErased:
        raise Problem("unauthorized", 401, {"www-authenticate": "Bearer"}) from None
    debug = reply.debug if program.settings.debug else None
    answer = MessageResponse(messages=reply.messages, state=reply.state, debug=debug)
    return Response(answer.model_dump_json(), media_type="application/json")  # FastAPI would validate it once more


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
                messages = await store.history(connection, session.id, position)
                if not messages and not await store.session_exists(connection, session.id):
                    return
            for message in messages:
                position = message.id
                yield ServerSentEvent(event="message", id=str(message.id), data=message.model_dump(mode="json"))
            await program.signals.wait(news, LOOK_EVERY_SECONDS)


async def _said(program: Program, session_id: str, after: int) -> HistoryResponse:
    async with program.database.reading() as connection:
        messages = await store.history(connection, session_id, after)
        return HistoryResponse(messages=messages, state=await store.last_state(connection, session_id))


@router.post("/files", dependencies=[Depends(counted)])
async def upload_file(_session: SessionOf) -> Response:
    """Not open yet: nothing is accepted that could not be delivered."""
    raise Problem("uploads-not-open", 403)


@router.get("/files/{file_id}", dependencies=[Depends(counted)])
async def read_file(file_id: str, session: SessionOf, program: ProgramOf) -> Response:
    """A file that goes with a message, made now from what the message keeps of it."""
    return await file_of(program, session.id, file_id)


async def file_of(program: Program, session_id: str, file_id: str) -> Response:
    """A file of a conversation.

    Raises:
        Problem: When the conversation has no such file.
    """
    async with program.database.reading() as connection:
        recipe = await store.recipe_of(connection, session_id, file_id)
        if recipe is None:
            raise Problem("not-found", 404)
        try:
            material = await program.materials.load(connection, session_id, recipe)
        except documents.Gone:
            raise Problem("not-found", 404) from None
    french = program.catalogues[SOURCE_LANGUAGE]  # who receives a letter or a receipt reads French
    content = await asyncio.to_thread(documents.render, recipe, french, material)
    headers = {**as_download(recipe.name), "cache-control": "no-store"}
    return Response(content, media_type=recipe.mime, headers=headers)


@router.post("/feedback", status_code=204, dependencies=[Depends(counted)])
async def give_feedback(body: FeedbackRequest, session: SessionOf, program: ProgramOf) -> None:
    """Keeps what the person thinks of a reply."""
    async with program.database.unit_of_work() as work:
        if not await store.give_feedback(work, session.id, body.message_id, body.value, body.comment):
            raise Problem("not-found", 404)


@router.delete("/sessions/{session_id}", status_code=204)
async def erase_session(session_id: str, session: SessionOf, program: ProgramOf) -> None:
    """Erases the conversation and everything that came from it."""
    if session_id != session.id:
        raise Problem("not-found", 404)
    async with program.database.unit_of_work(serialise=session.id) as work:
        await store.erase(work, session.id)
        await program.signals.announce(work, session.id)
