"""Reading and recording conversations, on a connection or in a unit of work of the caller's.

What is recorded holds tokens in the place of identifiers; what is read holds masks.
"""

import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, RowMapping, String, and_, bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, tokens
from base.database import Instant, UnitOfWork
from conversations import telegram
from conversations.documents import PDF, RECIPE, AnyRecipe
from conversations.models import (
    UNNAMED,
    Asked,
    Attachment,
    Choice,
    Debug,
    Draft,
    FileId,
    Message,
    Offer,
    Session,
    State,
    Turn,
)
from conversations.tables import chat_sessions, feedback, messages, turns

_TOKEN_BYTES = 32
KEPT_PASSING = timedelta(hours=6)
"""How long what is passing is kept after the last of it; then the conversation has paused."""
FILES_PATH = "/api/chat/files"
"""Where the chat API serves files."""

# What every turn asks and does is put together once.
_OF_SESSION = bindparam("session_id", type_=String)
_EXISTS = select(chat_sessions.c.id).where(chat_sessions.c.id == _OF_SESSION)
_RECORDED = select(turns).where(
    turns.c.session_id == _OF_SESSION, turns.c.client_id == bindparam("client_id", type_=String)
)
_LAST_STATE = select(turns.c.state).where(turns.c.session_id == _OF_SESSION).order_by(turns.c.number.desc()).limit(1)
_INSERT_MESSAGES = insert(messages).returning(messages.c.id, sort_by_parameter_order=True)


def _hash(token: str) -> str:
    """Only the hash of a token is kept: who reads the database cannot speak as someone else."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_session_id() -> str:
    """An id that no session has."""
    return str(uuid.uuid4())


async def open_session(
    work: UnitOfWork, channel: str, locale: str, session_id: str | None = None
) -> tuple[Session, str]:
    """Begins a conversation.

    Args:
        channel: Name of the channel, e.g. `web`.
        locale: Language tag that answers are written in.
        session_id: From `new_session_id`, where it had to be known before; a new one by default.

    Returns:
        The session, and the token that proves whose it is.
    """
    session, token = Session(session_id or new_session_id(), channel, locale), secrets.token_urlsafe(_TOKEN_BYTES)
    await work.connection.execute(
        insert(chat_sessions).values(
            id=session.id, token_hash=_hash(token), channel=channel, locale=locale, created_at=clock.now()
        )
    )
    return session, token


async def find_session(connection: AsyncConnection, token: str) -> Session | None:
    """The session that this token belongs to, or None."""
    query = select(chat_sessions).where(chat_sessions.c.token_hash == _hash(token))
    row = (await connection.execute(query)).mappings().one_or_none()
    return Session(row["id"], row["channel"], row["locale"]) if row else None


async def session_by_id(connection: AsyncConnection, session_id: str) -> Session | None:
    """The session with this id, or None; for callers who know already whose it is."""
    query = select(chat_sessions).where(chat_sessions.c.id == session_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return Session(row["id"], row["channel"], row["locale"]) if row else None


async def begun_at(connection: AsyncConnection, session_id: str) -> datetime | None:
    """When a conversation began; None when there is none."""
    query = select(chat_sessions.c.created_at).where(chat_sessions.c.id == session_id)
    began: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return began


async def set_locale(work: UnitOfWork, session_id: str, locale: str) -> None:
    """Has a conversation go on in another language."""
    await work.connection.execute(chat_sessions.update().where(chat_sessions.c.id == session_id).values(locale=locale))


async def session_exists(connection: AsyncConnection, session_id: str) -> bool:
    return (await connection.execute(_EXISTS, {"session_id": session_id})).one_or_none() is not None


async def recorded_turn(connection: AsyncConnection, session_id: str, client_id: str) -> Turn | None:
    """The turn that this client id began, when it has been recorded already."""
    said = {"session_id": session_id, "client_id": client_id}
    row = (await connection.execute(_RECORDED, said)).mappings().one_or_none()
    if row is None:
        return None
    return Turn(row["id"], await replies(connection, session_id, row["id"]), State(**row["state"]), row["debug"])


async def replies(connection: AsyncConnection, session_id: str, turn_id: str) -> tuple[Message, ...]:
    """What was answered in a turn."""
    query = select(messages).where(messages.c.session_id == session_id, messages.c.turn_id == turn_id)
    found = await connection.execute(query.where(messages.c.author != "user").order_by(messages.c.id))
    return await _shown(connection, session_id, found.mappings().all())


async def record_turn(
    work: UnitOfWork,
    session_id: str,
    turn_id: str,
    client_id: str,
    drafts: Sequence[Draft],
    state: State,
    debug: Mapping[str, Any],
    *,
    is_passing: bool = False,
) -> Turn:
    """Records a turn: what the person said and what was answered.

    Args:
        drafts: The messages in their order.
        state: Where the conversation stands now; a new open question is the last message.
        debug: What was understood and done; never personal data.
        is_passing: Whether it is forgotten once the conversation pauses.

    Returns:
        The turn with the replies, without what the person said.
    """
    moment = clock.now()
    await work.connection.execute(
        insert(turns).values(
            id=turn_id,
            session_id=session_id,
            client_id=client_id,
            at=moment,
            state=state.model_dump(mode="json"),
            debug=dict(debug),
            is_passing=is_passing,
        )
    )
    rows = [
        {
            "session_id": session_id,
            "turn_id": turn_id,
            "at": moment,
            "author": draft.author,
            "text": draft.text,
            "lang": draft.lang,
            "sources": [source.model_dump(mode="json") for source in draft.sources],
            "choices": [
                {"id": f"{turn_id}.{number}.{index}", "label": offer.label, "payload": offer.payload}
                for index, offer in enumerate(draft.offers)
            ],
            "attachments": [
                *(
                    {"id": f"{turn_id}.{number}.{index}", "recipe": file.model_dump(mode="json")}
                    for index, file in enumerate(draft.files)
                ),
                *({"id": file_id} for file_id in draft.sent),
            ],
        }
        for number, draft in enumerate(drafts)
    ]
    ids = (await work.connection.execute(_INSERT_MESSAGES, rows)).scalars()
    numbered = [{"id": message_id, **row} for message_id, row in zip(ids, rows, strict=True)]
    recorded = await _shown(work.connection, session_id, numbered)
    if state.slot and state.question is None:
        state = state.model_copy(update={"question": recorded[-1].id})
        kept = turns.update().where(turns.c.id == turn_id).values(state=state.model_dump(mode="json"))
        await work.connection.execute(kept)
    if any(draft.author != "user" for draft in drafts):
        await telegram.send(work, session_id, turn_id)
    return Turn(turn_id, tuple(message for message in recorded if message.author != "user"), state, debug)


async def record_notice(
    work: UnitOfWork, session_id: str, notice_id: str, draft: Draft, mode: Literal["bot", "human"] | None = None
) -> bool:
    """Records what is said outside of any turn; the conversation stays where it stands.

    Args:
        notice_id: The same one again is not recorded again.
        mode: Who answers from now on, if that changes.

    Returns:
        Whether it is new.
    """
    if await recorded_turn(work.connection, session_id, notice_id) is not None:
        return False
    state, turn_id = await last_state(work.connection, session_id), str(uuid.uuid4())
    query = select(messages.c.choices).where(messages.c.session_id == session_id).order_by(messages.c.id.desc())
    offered = (await work.connection.execute(query.limit(1))).scalar_one_or_none()
    if mode is not None:
        state = state.model_copy(update={"mode": mode})
    await record_turn(work, session_id, turn_id, notice_id, [draft], state, Debug().model_dump(mode="json"))
    if state.slot and offered:  # the question that is open keeps its answers
        notice = messages.c.turn_id == turn_id
        await work.connection.execute(messages.update().where(notice).values(choices=offered))
    return True


async def news_after(
    connection: AsyncConnection, session_id: str, turn_id: str
) -> tuple[tuple[Message, ...], State | None]:
    """What was said of its own accord after a turn, before the person spoke again; oldest first.

    Returns:
        The messages, and where the conversation stood after the last of them.
    """
    of_turn = select(func.max(messages.c.id)).where(messages.c.turn_id == turn_id).scalar_subquery()
    later = [messages.c.session_id == session_id, messages.c.id > of_turn]
    spoken = select(func.min(messages.c.id)).where(*later, messages.c.author == "user")
    next_spoken = (await connection.execute(spoken)).scalar_one_or_none()
    if next_spoken is not None:
        later.append(messages.c.id < next_spoken)
    rows = (await connection.execute(select(messages).where(*later).order_by(messages.c.id))).mappings().all()
    if not rows:
        return (), None
    state = (await connection.execute(select(turns.c.state).where(turns.c.id == rows[-1]["turn_id"]))).scalar_one()
    return await _shown(connection, session_id, rows), State(**state)


async def has_gone_on(connection: AsyncConnection, session_id: str, turn_id: str) -> bool:
    """Whether anything was said after a turn, by whomever."""
    of_turn = select(func.max(messages.c.id)).where(messages.c.turn_id == turn_id).scalar_subquery()
    later = select(messages.c.id).where(messages.c.session_id == session_id, messages.c.id > of_turn).limit(1)
    return (await connection.execute(later)).first() is not None


async def has_spoken_since(connection: AsyncConnection, session_id: str, moment: datetime) -> bool:
    """Whether the person has written or tapped something since then."""
    of_person = (messages.c.session_id == session_id, messages.c.author == "user", messages.c.at >= moment)
    return (await connection.execute(select(messages.c.id).where(*of_person).limit(1))).first() is not None


async def offered(connection: AsyncConnection, session_id: str, choice_id: str) -> tuple[Offer, int] | None:
    """What a choice of this session means.

    Returns:
        It, and the id of the message that offered it; None when this session was never offered it.
    """
    turn_id = choice_id.partition(".")[0]
    of_turn = (messages.c.session_id == session_id, messages.c.turn_id == turn_id)
    for message in await connection.execute(select(messages.c.id, messages.c.choices).where(*of_turn)):
        for choice in message.choices:
            if secrets.compare_digest(choice["id"].encode(), choice_id.encode()):
                return Offer(choice["label"], choice["payload"]), message.id
    return None


async def files_sent(connection: AsyncConnection, session_id: str) -> tuple[FileId, ...]:
    """The files that the person sent in messages, in their order; what was only uploaded is not among them."""
    said = select(messages.c.attachments).where(messages.c.session_id == session_id, messages.c.author == "user")
    found = (await connection.execute(said.order_by(messages.c.id))).scalars()
    return tuple(FileId(attachment["id"]) for attachments in found for attachment in attachments)


async def last_offers(connection: AsyncConnection, session_id: str) -> tuple[Offer, ...]:
    """What the last message of a session offers."""
    query = select(messages.c.choices).where(messages.c.session_id == session_id).order_by(messages.c.id.desc())
    offered = (await connection.execute(query.limit(1))).scalar_one_or_none() or ()
    return tuple(Offer(choice["label"], choice["payload"]) for choice in offered)


async def recipe_of(connection: AsyncConnection, session_id: str, file_id: str) -> AnyRecipe | None:
    """What a file beside a message of this session is made from; None when the session has no such file."""
    turn_id = file_id.partition(".")[0]
    query = select(messages.c.attachments).where(messages.c.session_id == session_id, messages.c.turn_id == turn_id)
    for attachments in (await connection.execute(query)).scalars():
        for attachment in attachments:
            if "recipe" in attachment and secrets.compare_digest(attachment["id"].encode(), file_id.encode()):
                return RECIPE.validate_python(attachment["recipe"])
    return None


async def history(
    connection: AsyncConnection, session_id: str, after: int = 0, limit: int = 500
) -> tuple[Message, ...]:
    """The messages after a message id, oldest first, `limit` at the most."""
    query = (
        select(messages)
        .where(messages.c.session_id == session_id, messages.c.id > after)
        .order_by(messages.c.id)
        .limit(limit)
    )
    return await _shown(connection, session_id, (await connection.execute(query)).mappings().all())


async def last_state(connection: AsyncConnection, session_id: str) -> State:
    """Where the conversation stood after its last turn."""
    state = (await connection.execute(_LAST_STATE, {"session_id": session_id})).scalar_one_or_none()
    return State(**state) if state else State()


async def recently_asked(connection: AsyncConnection, session_id: str, limit: int = 50) -> tuple[Asked, ...]:
    """What the last turns were about, the latest first."""
    query = select(turns.c.debug).where(turns.c.session_id == session_id).order_by(turns.c.number.desc()).limit(limit)
    found = (await connection.execute(query)).scalars()
    return tuple(Asked(debug["topic"], debug.get("intent")) for debug in found if debug["topic"])


async def give_feedback(work: UnitOfWork, session_id: str, message_id: int, value: str, comment: str | None) -> bool:
    """Keeps what a person thought of a reply, in place of what they thought before.

    Args:
        value: `up` or `down`.

    Returns:
        False when the session has no such reply.
    """
    query = select(messages.c.id).where(
        messages.c.id == message_id, messages.c.session_id == session_id, messages.c.author != "user"
    )
    if (await work.connection.execute(query)).one_or_none() is None:
        return False
    await work.connection.execute(delete(feedback).where(feedback.c.message_id == message_id))
    await work.connection.execute(
        insert(feedback).values(message_id=message_id, value=value, comment=comment, at=clock.now())
    )
    return True


async def erase(work: UnitOfWork, session_id: str) -> None:
    """Removes a session and everything said in it."""
    await work.connection.execute(delete(chat_sessions).where(chat_sessions.c.id == session_id))


async def forget_passing(work: UnitOfWork, session_id: str) -> bool:
    """Removes what is passing: the messages of its turns, and what was understood of them.

    Returns:
        Whether that were the last turns, so that the conversation stands nowhere any more.
    """
    of_session = (turns.c.session_id == session_id, turns.c.is_passing.is_(True))
    passing = (await work.connection.execute(select(turns.c.id, turns.c.debug).where(*of_session))).all()
    query = select(turns.c.is_passing).where(turns.c.session_id == session_id).order_by(turns.c.number.desc()).limit(1)
    is_last = (await work.connection.execute(query)).scalar_one_or_none() is True
    for turn_id, debug in passing:
        await work.connection.execute(delete(messages).where(messages.c.turn_id == turn_id))
        forgotten = {"debug": {**debug, "slots": {}}, "state": State().model_dump(mode="json"), "is_passing": False}
        await work.connection.execute(turns.update().where(turns.c.id == turn_id).values(**forgotten))
    return is_last


async def keep_passing(work: UnitOfWork, session_id: str) -> None:
    """Keeps what was passing as long as the rest of the conversation."""
    of_session = (turns.c.session_id == session_id, turns.c.is_passing.is_(True))
    await work.connection.execute(turns.update().where(*of_session).values(is_passing=False))


async def with_passing(
    connection: AsyncConnection, before: datetime, held: ColumnElement[bool], most: int
) -> tuple[str, ...]:
    """Sessions whose last passing turn was before a moment.

    Args:
        held: For which sessions this does not matter, by the columns of `chat_sessions`.

    Returns:
        Their ids; `most` at a time.
    """
    query = select(turns.c.session_id).join(chat_sessions).where(turns.c.is_passing.is_(True), ~held)
    query = query.group_by(turns.c.session_id).having(func.max(turns.c.at) <= before).order_by(turns.c.session_id)
    return tuple((await connection.execute(query.limit(most))).scalars())


async def has_passing(
    connection: AsyncConnection, session_id: str, before: datetime, held: ColumnElement[bool]
) -> bool:
    """Whether a session is one of `with_passing`."""
    query = select(func.max(turns.c.at)).join(chat_sessions)
    query = query.where(turns.c.session_id == session_id, turns.c.is_passing.is_(True), ~held)
    last: datetime | None = (await connection.execute(query)).scalar_one()
    return last is not None and last <= before


async def silent_since(
    connection: AsyncConnection, before: datetime, held: ColumnElement[bool], most: int
) -> tuple[str, ...]:
    """Sessions in which nothing was said after a moment.

    Args:
        held: For which sessions this does not matter, by the columns of `chat_sessions`.

    Returns:
        Their ids, the oldest first; `most` at a time.
    """
    query = select(chat_sessions.c.id).where(_is_silent_since(before), ~held).order_by(chat_sessions.c.created_at)
    return tuple((await connection.execute(query.limit(most))).scalars())


async def is_silent_since(
    connection: AsyncConnection, session_id: str, before: datetime, held: ColumnElement[bool]
) -> bool:
    """Whether a session is one of `silent_since`."""
    query = select(chat_sessions.c.id).where(chat_sessions.c.id == session_id, _is_silent_since(before), ~held)
    return (await connection.execute(query)).one_or_none() is not None


def _is_silent_since(moment: datetime) -> ColumnElement[bool]:
    of_session = select(messages.c.at).where(messages.c.session_id == chat_sessions.c.id)
    last = of_session.order_by(messages.c.id.desc()).limit(1).scalar_subquery()
    said = func.coalesce(last, chat_sessions.c.created_at, type_=Instant) <= moment
    return and_(chat_sessions.c.created_at <= moment, said)  # the first by an index, and few are left


async def _shown(
    connection: AsyncConnection, session_id: str, rows: Sequence[Mapping[str, Any] | RowMapping]
) -> tuple[Message, ...]:
    """Messages as people see them, with masks for tokens; the only way out for what was said."""
    texts = await tokens.masked(connection, session_id, [row["text"] for row in rows])
    return tuple(_message(row, text) for row, text in zip(rows, texts, strict=True))


def _message(row: Mapping[str, Any] | RowMapping, text: str) -> Message:
    return Message(
        id=row["id"],
        at=row["at"],
        author=row["author"],
        text=text,
        lang=row["lang"],
        sources=row["sources"],
        choices=tuple(Choice(id=choice["id"], label=choice["label"]) for choice in row["choices"]),
        attachments=tuple(_attachment(stored) for stored in row["attachments"]),
    )


def is_sent_by_a_person(file_id: str) -> bool:
    """Whether the id is that of a file that somebody sent; what answers come with is named after its turn."""
    return "." not in file_id


def _attachment(stored: Mapping[str, Any]) -> Attachment:
    if "recipe" not in stored:
        return Attachment(id=stored["id"], name=UNNAMED, mime=PDF, url=f"{FILES_PATH}/{stored['id']}")
    recipe = RECIPE.validate_python(stored["recipe"])
    return Attachment(id=stored["id"], name=recipe.name, mime=recipe.mime, url=f"{FILES_PATH}/{stored['id']}")
