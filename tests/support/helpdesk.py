"""Agents at the console of the helpdesk, in tests: signed in, with their own cookies, pressing what they are shown."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from fastapi import FastAPI

from base.database import Database
from bot.channels.web.rendering import plain
from bot.helpdesk.visits import TOKEN_FIELD, lasts, session_cookie, token_of
from bot.program import Program
from casework import agents, cases
from casework.agents import Colleague, Role
from casework.cases import Case, Line, Matter, TimeLimit
from casework.triage import Office
from conversations import store
from conversations.models import Draft, Session

NADIA = Colleague("nadia", "Nadia Keller", {Office.ORP: Role.AGENT, Office.SECO: Role.AGENT})
MARC = Colleague("marc", "Marc Duvanel", {Office.ORP: Role.AGENT})
BRUNO = Colleague("bruno", "Bruno Vuille", {Office.FUND: Role.AGENT})
CLAIRE = Colleague("claire", "Claire Monnier", {Office.ORP: Role.SUPERVISOR, Office.FUND: Role.SUPERVISOR})
ALAIN = Colleague("alain", "Alain Jotterand", dict.fromkeys(Office, Role.ADMINISTRATOR))
HTMX = {"hx-request": "true"}


@dataclass
class Page:
    """What an agent is shown."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def source(self) -> str:
        return self.response.text

    @property
    def text(self) -> str:
        """Without markup, with ordinary spaces."""
        return " ".join(plain(html.unescape(re.sub(r"<[^>]+>", " ", self.source))).split())

    @property
    def version(self) -> str:
        """The version of the case that the page shows."""
        found = re.search(r'data-version="(\d+)"', self.source)
        assert found, self.text
        return found[1]


class Seat:
    """An agent before their browser.

    Args:
        client: With the cookie of their session.
        agent: Who they are.
        secret: Of the session.
    """

    def __init__(self, client: httpx.AsyncClient, agent: Colleague, secret: str) -> None:
        self.client = client
        self.agent = agent
        self.secret = secret

    async def open(self, path: str = "", **options: Any) -> Page:
        """Opens a page under `/helpdesk`."""
        return Page(await self.client.get(f"/helpdesk{path}", **options))

    async def see(self, case: Case) -> Page:
        """Opens a case."""
        return await self.open(f"/cases/{case.number}")

    async def do(self, case: Case, deed: str, seen: str, /, **fields: str) -> Page:
        """Sends one of the forms of a case, as a script of the page does."""
        return await self.post(f"/cases/{case.number}/{deed}", {"version": seen, **fields}, headers=HTMX)

    async def post(self, path: str, fields: Mapping[str, str], **options: Any) -> Page:
        """Sends a form."""
        data = {TOKEN_FIELD: token_of(self.secret), **fields}
        return Page(await self.client.post(f"/helpdesk{path}", data=data, **options))


@asynccontextmanager
async def seated(program: Program, app: FastAPI, agent: Colleague) -> AsyncIterator[Seat]:
    """An agent who has signed in."""
    async with program.database.unit_of_work() as work:
        secret = await agents.sign_in(work, agent, lasts(program.settings))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    cookies = {session_cookie(program.settings): secret}
    async with httpx.AsyncClient(transport=transport, base_url=program.settings.public_url, cookies=cookies) as client:
        yield Seat(client, agent, secret)


async def conversation(database: Database, *said: str, channel: str = "web", locale: str = "fr") -> Session:
    """A conversation in which a person has said this."""
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, channel, locale)
        for index, text in enumerate(said):
            draft = Draft("user", text, locale)
            await store.record_notice(work, session.id, f"said {index}", draft)
    return session


async def opened(
    database: Database,
    session: Session | None = None,
    office: Office = Office.ORP,
    topic: str = "registration",
    *,
    safe: date | None = None,
    **more: Any,
) -> Case:
    """A case."""
    limit = TimeLimit("objection", safe, safe, ("Un pas.",)) if safe else None
    lines = () if session is None else (Line("2026-03-11T10:00:00+01:00", "user", "Bonjour"),)
    language = session.locale if session else more.pop("language", "fr")
    matter = Matter(topic=topic, language=language, transcript=lines, office=office, limit=limit, channel="web", **more)
    async with database.unit_of_work() as work:
        case, _ = await cases.open_case(work, session.id if session else None, matter)
    return case
