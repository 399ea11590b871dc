"""Several people's conversations in one database: whoever tries something, and the one whom it is tried on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from base import clock
from base.database import metadata
from base.keys import signing_key
from base.settings import Settings
from bot.channels.web.app import create_app
from bot.channels.web.tickets import DEPOSIT, Ticket, Tickets
from bot.engine.assistant import Turn
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import consents, persons
from casework.access import access_log
from casework.files.limits import Kind, Prepared
from conversations import store
from conversations.documents import CalendarEntry, Format, Letter, LetterKind, Receipt
from conversations.models import Draft, FileId, Session
from eservices.sandbox.people import A_PDF, person_id
from tests.support.submitted import handed_in

SECRET = "Zanzibar"
"""Stands in what the owner typed and in the names of their files."""
METRICS_TOKEN = "the-token-of-the-operator"
CAMILLE, AMADOU = person_id(1), person_id(2)


class Actor(StrEnum):
    """Who tries something."""

    NOBODY = "nobody"
    """Shows nothing."""
    FORGER = "forger"
    """Shows a token or ticket of the owner's in which one character is another."""
    ERASED = "erased"
    """Shows those of a conversation that was erased."""
    STRANGER = "stranger"
    """Has a conversation, and knows the ids of the owner's things."""
    OTHER_PERSON = "other person"
    """The same, logged in as somebody else."""
    SAME_PERSON = "same person"
    """The same, logged in as the same person: on another device, or in another app."""
    GUESSER = "guesser"
    """Has a conversation, and tries ids beside the owner's."""
    OWNER = "owner"


WITHOUT_CONVERSATION = (Actor.NOBODY, Actor.FORGER, Actor.ERASED)
WITH_ANOTHER = (Actor.STRANGER, Actor.OTHER_PERSON, Actor.SAME_PERSON, Actor.GUESSER)


@dataclass(frozen=True)
class Keys:
    """What opens a conversation: the token for the chat API, the ticket for the page without JavaScript."""

    session_id: str
    token: str = field(repr=False)
    ticket: str = field(repr=False)


@dataclass(frozen=True)
class Belongings:
    """What the owner has.

    Args:
        session_id: Their conversation.
        said: Id of an answer that they were given.
        choice: Id of the «oui» that sends their document.
        sent: Id of the file that the document consists of.
        uploaded: Id of a file that was not sent.
        made: Ids of the files beside a message: letter, calendar entry, receipt.
        number: Of what they handed in.
        login: A ticket that was not used.
        state: Of a login that is under way.
        browser: The secret of the browser that began it.
        deposit: A ticket with which a file can be given to the conversation.
    """

    session_id: str
    said: int
    choice: str
    sent: str
    uploaded: str
    made: Mapping[str, str]
    number: str
    login: str
    state: str
    browser: str
    deposit: str


@dataclass(frozen=True)
class Household:
    """Everything, as it lies on the disk.

    Args:
        settings: With which it was made.
        keys: Everybody's.
        owned: The owner's.
    """

    settings: Settings
    keys: Mapping[Actor, Keys]
    owned: Belongings


@dataclass(frozen=True)
class Hand:
    """What an actor has in the hand.

    Args:
        actor: Whose it is.
        keys: What opens a conversation; wrong ones, or None.
    """

    actor: Actor
    keys: Keys | None

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.keys.token}"} if self.keys else {}

    @property
    def ticket(self) -> str:
        return self.keys.ticket if self.keys else ""

    def id(self, real: str) -> str:
        """The id of a thing of the owner's, which all but the guesser may have seen over a shoulder."""
        return _beside(real) if self.actor is Actor.GUESSER else real

    def secret(self, real: str) -> str:
        """What only the owner can know; others have to guess."""
        return real if self.actor is Actor.OWNER else _beside(real)


@dataclass(frozen=True)
class Opened:
    """The program at work on a copy of a household."""

    household: Household
    program: Program
    app: FastAPI
    client: httpx.AsyncClient

    def hand(self, actor: Actor) -> Hand:
        keys = self.household.keys.get(actor)
        if actor is Actor.FORGER:
            real = self.household.keys[Actor.OWNER]
            keys = Keys(real.session_id, _beside(real.token, -3), _beside(real.ticket, -3))  # in the signature
        return Hand(actor, keys)

    async def traces(self) -> list[str]:
        """Every row of the database that is the owner's."""
        owner = self.household.keys[Actor.OWNER].session_id
        mine, found = {owner}, dict[str, list[Mapping[str, Any]]]()
        async with self.program.database.reading() as connection:
            for table in metadata.sorted_tables:
                found[table.name] = list((await connection.execute(select(table))).mappings())
        # Ids first: of turns, messages, files and submissions, by which other rows refer to them.
        for name in ("turns", "files", "submissions"):
            mine |= {row["id"] for row in found[name] if owner in row.values()}
        answers = {row["id"] for row in found["messages"] if row["session_id"] == owner}
        return [
            f"{name} {dict(row)!r}"
            for name, rows in found.items()
            for row in rows
            if name != access_log.name  # what the owner reads is noted there
            and (any(one in repr(dict(row)) for one in mine) or (name == "feedback" and row["message_id"] in answers))
        ]


def _beside(real: str, at: int | None = None) -> str:
    """The same but for one character, in the middle unless said otherwise."""
    changed = list(real)
    place = len(real) // 2 if at is None else at
    changed[place] = "1" if real[place] != "1" else "2"
    return "".join(changed)


@asynccontextmanager
async def opened(household: Household, dialogue: Dialogue, folder: Path) -> AsyncIterator[Opened]:
    """The program with a copy of the household."""
    file = shutil.copy(household.settings.data_dir / "household.db", folder / "copy.db")
    settings = household.settings.model_copy(update={"data_dir": folder, "database_url": _address(file)})
    async with assembled(settings, dialogue, network=httpx.MockTransport(_nowhere), patience=0.0) as program:
        app = create_app(program)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            yield Opened(household, program, app, client)


def _nowhere(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def made(dialogue: Dialogue, folder: Path, moment: Any) -> Household:
    """A household, made at this moment."""
    settings = Settings(
        data_dir=folder,
        database_url=_address(folder / "household.db"),
        secret_key="the secret of the household",  # type: ignore[arg-type]  # pydantic makes a secret of it
        metrics_token=METRICS_TOKEN,  # type: ignore[arg-type]  # as above
        session_rate="1000/second",
        address_rate="1000/second",
    )
    with clock.at(moment):
        return asyncio.run(_make(settings, dialogue))


def _address(file: Path | str) -> str:
    return Settings(database_url=f"sqlite:///{file}").database_url


async def _make(settings: Settings, dialogue: Dialogue) -> Household:
    async with assembled(settings, dialogue, patience=0.0) as program:
        keys = {actor: await _conversation(program, actor) for actor in (Actor.ERASED, *WITH_ANOTHER, Actor.OWNER)}
        owned = await _belongings(program, keys[Actor.OWNER].session_id)
        async with program.database.unit_of_work() as work:
            await store.erase(work, keys[Actor.ERASED].session_id)
    return Household(settings, keys, owned)


async def _conversation(program: Program, actor: Actor) -> Keys:
    """A conversation in which something was said."""
    logged_in_as = {Actor.OWNER: CAMILLE, Actor.SAME_PERSON: CAMILLE, Actor.OTHER_PERSON: AMADOU}
    async with program.database.unit_of_work() as work:
        session, token = await store.open_session(work, "web", "fr")
        if actor in logged_in_as:
            person, key = logged_in_as[actor], program.keys.current
            expires_at = program.desk.login_expires_at(session.channel)
            await persons.link(work, session.id, person, subject_hash=person, hashed_by=key, expires_at=expires_at)
            await consents.give(work, session.id)
    await program.assistant.answer(Turn(session, "first", "bonjour"))
    ticket = Tickets(signing_key(program.settings)).write(Ticket(session.id, begun=True, nonce=actor))
    return Keys(session.id, token, ticket)


async def _belongings(program: Program, session_id: str) -> Belongings:
    session = Session(session_id, "web", "fr")
    reply = await program.assistant.answer(Turn(session, "mine", f"où trouver mon numéro personnel, {SECRET}"))
    handed = await handed_in(program, session_id, name=f"{SECRET}-lettre.pdf")
    made = await _files_beside_a_message(program, session_id, handed.id)
    sent, uploaded = [await _file(program, session_id, f"{SECRET}-{name}.pdf") for name in ("cv", "autre")]
    await program.assistant.answer(Turn(session, "send", "je veux envoyer mon CV à l'ORP"))
    asked = await program.assistant.answer(Turn(session, "file", files=(FileId(sent),)))
    (yes,) = [choice.id for message in asked.messages for choice in message.choices if choice.label.startswith("Oui")]
    login, under_way, state, browser = "", "", persons.new_secret(), persons.new_secret()
    async with program.database.unit_of_work() as work:
        login, under_way = [await persons.new_login(work, session_id) for _ in range(2)]
        assert isinstance(await persons.begin(work, under_way, state, browser), persons.Login)
    deposit = Tickets(signing_key(program.settings), DEPOSIT).write(Ticket.for_file(session_id))
    said, number = reply.messages[0].id, handed.number
    return Belongings(session_id, said, yes, sent, uploaded, made, number, login, state, browser, deposit)


async def _file(program: Program, session_id: str, name: str) -> str:
    async with program.database.unit_of_work() as work:
        return (await program.files.store.keep(work, session_id, name, Prepared(A_PDF, Kind.PDF, 1))).id


async def _files_beside_a_message(program: Program, session_id: str, submission_id: str) -> Mapping[str, str]:
    recipes = {
        "letter": Letter(letter=LetterKind.OBJECTION, format=Format.DOCX),
        "calendar entry": CalendarEntry(uid="due", title=SECRET, description=SECRET, day=clock.today()),
        "receipt": Receipt(submission=submission_id),
    }
    async with program.database.unit_of_work() as work:
        await store.record_notice(
            work, session_id, "files", Draft("bot", "Voici.", "fr", files=tuple(recipes.values()))
        )
    async with program.database.reading() as connection:
        last = (await store.history(connection, session_id))[-1]
    return dict(zip(recipes, (attachment.id for attachment in last.attachments), strict=True))
