"""Every actor tries every action on every object, over HTTP.

A route that is neither in the table nor named as everybody's fails the test.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from bot.engine.dialogue import Dialogue
from bot.helpdesk.permissions import PERMISSIONS
from tests.casework.files import samples
from tests.conftest import ORDINARY_DAY
from tests.security.household import (
    METRICS_TOKEN,
    SECRET,
    WITH_ANOTHER,
    WITHOUT_CONVERSATION,
    Actor,
    Belongings,
    Hand,
    Household,
    Opened,
    made,
    opened,
)

API = "/api/chat"
SIMPLE = "/chat/simple"
READ, WRITE, DELETE = "read", "write", "delete"
UNKNOWN_CHOICE = "plus valable"

EVERYBODYS = {
    ("GET", "/"),
    ("GET", "/accessibility"),
    ("GET", "/chat"),
    ("GET", "/confidentialite"),
    ("GET", SIMPLE),  # begins a conversation
    ("GET", "/embed"),
    ("GET", "/healthz"),
    ("GET", "/helpdesk/callback"),  # signs in whom the provider names: tests/helpdesk/test_signing_in.py
    ("GET", "/helpdesk/sign-in"),
    ("POST", "/helpdesk/sign-in"),
    ("GET", "/helpdesk/static"),
    ("GET", "/integration"),
    ("GET", "/lettre"),
    ("POST", "/lettre"),  # makes a letter and keeps nothing
    ("GET", "/openapi.json"),
    ("GET", "/readyz"),
    ("GET", "/recu"),  # the form for a number
    ("GET", "/static"),
    ("GET", "/widget.js"),
    ("POST", "/telegram/webhook"),  # Telegram's alone, see tests/telegram/test_channel.py; not there for others
    ("GET", f"{API}/service"),
    ("POST", f"{API}/sessions"),  # begins a conversation
}
"""Routes without an object: everybody gets the same from them."""
AGENTS = {(permission.method, permission.path) for permission in PERMISSIONS.values()}
"""Routes of the console; which agent gets what is tried in tests/helpdesk/test_permissions.py."""


@dataclass(frozen=True)
class Attempt:
    """What an actor sends.

    Args:
        path: Where, with ids filled in.
        options: As httpx takes them.
    """

    path: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One action on one object, and what each actor gets.

    Args:
        thing: The object.
        action: Read, write or delete.
        method: Of the route.
        route: Its pattern.
        attempt: What is sent, by whoever has this hand, on what the owner has.
        owner: Status for the owner.
        another: Status for those who have another conversation.
        nobody: Status for those who have none, or not any more.
        shows: Whether the owner is shown what they wrote.
        erased: Status for those whose conversation was erased, where it is not that of `nobody`.
        told: What those read who have another conversation.
    """

    thing: str
    action: str
    method: str
    route: str
    attempt: Callable[[Hand, Belongings], Attempt]
    owner: int
    another: int
    nobody: int = 401
    shows: bool = False
    erased: int | None = None
    told: str = ""

    def expected(self, actor: Actor) -> int:
        if actor is Actor.OWNER:
            return self.owner
        if actor is Actor.ERASED and self.erased is not None:
            return self.erased
        return self.another if actor in WITH_ANOTHER else self.nobody

    def __str__(self) -> str:
        return f"{self.action} {self.thing}: {self.method} {self.route}"


def says(**body: Any) -> Callable[[Hand, Belongings], Attempt]:
    """A turn."""
    return lambda hand, _: Attempt(f"{API}/messages", _json(hand, client_id="tried", **body))


def _json(hand: Hand, **body: Any) -> dict[str, Any]:
    return {"headers": hand.headers, "json": body}


def file(pick: Callable[[Belongings], str]) -> Callable[[Hand, Belongings], Attempt]:
    return lambda hand, mine: Attempt(f"{API}/files/{hand.id(pick(mine))}", {"headers": hand.headers})


def saved(pick: Callable[[Belongings], str]) -> Callable[[Hand, Belongings], Attempt]:
    """The same on the page without JavaScript."""
    return lambda hand, mine: Attempt(f"{SIMPLE}/file", {"data": {"ticket": hand.ticket, "file": hand.id(pick(mine))}})


def posts(**fields: str) -> Callable[[Hand, Belongings], Attempt]:
    """The form of the page without JavaScript."""
    return lambda hand, _: Attempt(SIMPLE, {"data": {"ticket": hand.ticket, **fields}})


def authorised(path: str, **params: int) -> Callable[[Hand, Belongings], Attempt]:
    return lambda hand, _: Attempt(f"{API}{path}", {"headers": hand.headers, "params": params})


ROWS = (
    Row("messages", READ, "GET", f"{API}/messages", authorised("/messages"), 200, 200, shows=True),
    Row("messages", READ, "GET", f"{API}/stream", authorised("/stream"), 200, 200, shows=True),
    Row("messages", WRITE, "POST", f"{API}/messages", says(text="bonjour"), 200, 200),
    Row("draft", WRITE, "POST", f"{API}/messages", says(text="oui"), 200, 200),
    Row("draft", DELETE, "POST", f"{API}/messages", says(text="annuler"), 200, 200),
    Row(
        *("choice", WRITE, "POST", f"{API}/messages"),
        lambda hand, mine: Attempt(f"{API}/messages", _json(hand, client_id="tried", choice=hand.id(mine.choice))),
        *(200, 200),
        told=UNKNOWN_CHOICE,
    ),
    Row(
        *("upload", WRITE, "POST", f"{API}/messages"),
        lambda hand, mine: Attempt(f"{API}/messages", _json(hand, client_id="tried", files=[hand.id(mine.uploaded)])),
        *(200, 422),
    ),
    Row(
        *("upload", WRITE, "POST", f"{API}/files"),
        lambda hand, _: Attempt(
            f"{API}/files", {"headers": hand.headers, "files": {"file": ("x.pdf", samples.pdf(), "application/pdf")}}
        ),
        *(201, 201),
    ),
    Row("upload", READ, "GET", f"{API}/files/{{file_id}}", file(lambda mine: mine.uploaded), 200, 404),
    Row("upload", DELETE, "DELETE", f"{API}/files/{{file_id}}", file(lambda mine: mine.uploaded), 204, 404),
    Row("file of a message", READ, "GET", f"{API}/files/{{file_id}}", file(lambda mine: mine.sent), 200, 404),
    Row("file of a message", DELETE, "DELETE", f"{API}/files/{{file_id}}", file(lambda mine: mine.sent), 204, 404),
    Row("letter", READ, "GET", f"{API}/files/{{file_id}}", file(lambda mine: mine.made["letter"]), 200, 404),
    Row(
        *("calendar entry", READ, "GET", f"{API}/files/{{file_id}}"),
        file(lambda mine: mine.made["calendar entry"]),
        *(200, 404),
        shows=True,
    ),
    Row("receipt", READ, "GET", f"{API}/files/{{file_id}}", file(lambda mine: mine.made["receipt"]), 200, 404),
    Row("receipt", DELETE, "DELETE", f"{API}/files/{{file_id}}", file(lambda mine: mine.made["receipt"]), 404, 404),
    Row(
        *("feedback", WRITE, "POST", f"{API}/feedback"),
        lambda hand, mine: Attempt(
            f"{API}/feedback", _json(hand, message_id=int(hand.id(str(mine.said))), value="down", comment="x")
        ),
        *(204, 404),
    ),
    Row(
        *("conversation", DELETE, "DELETE", f"{API}/sessions/{{session_id}}"),
        lambda hand, mine: Attempt(f"{API}/sessions/{hand.id(mine.session_id)}", {"headers": hand.headers}),
        *(204, 404),
    ),
    Row("messages", READ, "POST", SIMPLE, posts(look="1"), 200, 200, 400, shows=True, erased=200),
    Row("messages", WRITE, "POST", SIMPLE, posts(text="bonjour"), 200, 200, 400, shows=True),
    Row("draft", WRITE, "POST", SIMPLE, posts(text="oui"), 200, 200, 400, shows=True),
    Row(
        *("choice", WRITE, "POST", SIMPLE),
        lambda hand, mine: Attempt(SIMPLE, {"data": {"ticket": hand.ticket, "choice": hand.id(mine.choice)}}),
        *(200, 200, 400),
        shows=True,
        told=UNKNOWN_CHOICE,
    ),
    Row("conversation", DELETE, "POST", SIMPLE, posts(erase="yes"), 200, 200, 400, erased=200),
    Row("file of a message", READ, "POST", f"{SIMPLE}/file", saved(lambda mine: mine.sent), 200, 404, 400, erased=404),
    Row(
        *("calendar entry", READ, "POST", f"{SIMPLE}/file"),
        saved(lambda mine: mine.made["calendar entry"]),
        *(200, 404, 400),
        shows=True,
        erased=404,
    ),
    # The rest goes by what only the owner was given; whose conversation somebody has does not count.
    Row(
        *("receipt", READ, "GET", "/recu/{number}"),
        lambda hand, mine: Attempt(f"/recu/{hand.secret(mine.number)}"),
        *(200, 404, 404),
    ),
    Row(
        *("login", READ, "GET", "/login/{ticket}"),
        lambda hand, mine: Attempt(f"/login/{hand.secret(mine.login)}"),
        *(200, 404, 404),
    ),
    Row(
        # Who agrees without having been asked, as who was sent the link by the owner would: not even the owner can.
        *("login", WRITE, "POST", "/login/{ticket}"),
        lambda hand, mine: Attempt(f"/login/{mine.login}", {"data": {"agreement": hand.secret("a" * 43)}}),
        *(403, 403, 403),
    ),
    Row(
        # The provider does not answer here: tests/web/test_login.py goes the whole way.
        *("login", WRITE, "GET", "/login/callback"),
        lambda hand, mine: Attempt(
            "/login/callback",
            {
                "params": {"state": hand.secret(mine.state), "code": "x"},
                "headers": {"cookie": f"cornavin-login={hand.secret(mine.browser)}"},
            },
        ),
        *(503, 400, 400),
    ),
    Row(
        *("deposit", READ, "GET", "/depot/{ticket}"),
        lambda hand, mine: Attempt(f"/depot/{hand.secret(mine.deposit)}"),
        *(200, 410, 410),
    ),
    Row(
        *("deposit", WRITE, "POST", "/depot"),
        lambda hand, mine: Attempt(
            "/depot",
            {
                "data": {"ticket": hand.secret(mine.deposit)},
                "files": {"upload": ("x.pdf", samples.pdf(), "application/pdf")},
            },
        ),
        *(200, 410, 410),
    ),
    Row(
        # The operator stands for the owner.
        *("figures", READ, "GET", "/metrics"),
        lambda hand, _: Attempt("/metrics", {"headers": {"authorization": f"Bearer {hand.secret(METRICS_TOKEN)}"}}),
        *(200, 401),
    ),
)


@pytest.fixture(scope="module")
def household(dialogue: Dialogue, tmp_path_factory: pytest.TempPathFactory) -> Household:
    return made(dialogue, tmp_path_factory.mktemp("household"), ORDINARY_DAY)


@pytest.fixture
async def house(household: Household, dialogue: Dialogue, tmp_path: Path) -> AsyncIterator[Opened]:
    async with opened(household, dialogue, tmp_path) as ready:
        yield ready


async def tried(house: Opened, row: Row, actor: Actor) -> httpx.Response:
    """What this actor gets."""
    attempt = row.attempt(house.hand(actor), house.household.owned)
    if row.route == f"{API}/stream" and row.expected(actor) == 200:
        return await streamed(house, attempt)
    return await house.client.request(row.method, attempt.path, **attempt.options)


async def streamed(house: Opened, attempt: Attempt) -> httpx.Response:
    """A stream up to the last message that there is now."""
    history = await house.client.get(f"{API}/messages", **attempt.options)
    last, left = f"id: {history.json()['messages'][-1]['id']}\n".encode(), asyncio.Event()
    status, content = 0, bytearray()

    async def receive() -> dict[str, Any]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        content.extend(message.get("body", b""))
        if last in content:
            left.set()

    headers = [(name.encode(), value.encode()) for name, value in attempt.options["headers"].items()]
    scope = {"type": "http", "method": "GET", "path": attempt.path, "query_string": b"", "headers": headers}
    await asyncio.wait_for(house.app(scope, receive, send), 30)
    return httpx.Response(status, content=bytes(content))


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_only_the_owner_reads_and_changes_what_is_theirs(house: Opened, row: Row) -> None:
    before = await house.traces()
    for actor in (*WITHOUT_CONVERSATION, *WITH_ANOTHER):
        answer = await tried(house, row, actor)
        assert answer.status_code == row.expected(actor), f"{actor}: {answer.text}"
        assert SECRET.encode() not in answer.content, actor
        assert await house.traces() == before, actor
        assert actor not in WITH_ANOTHER or row.told in answer.text, actor
    answer = await tried(house, row, Actor.OWNER)
    assert answer.status_code == row.owner, answer.text
    assert (SECRET.encode() in answer.content) == row.shows
    has_changed = await house.traces() != before
    assert has_changed == (row.action != READ and (row.owner < 400 or row.route == "/login/callback"))


async def test_what_is_anothers_looks_like_nothing(house: Opened) -> None:
    """Nobody learns from an answer whether an id exists."""
    hand, mine = house.hand(Actor.STRANGER), house.household.owned
    nothing = str(uuid.uuid4())
    for method, path, real, none in (
        ("GET", f"{API}/files/{{}}", mine.sent, nothing),
        ("GET", f"{API}/files/{{}}", mine.made["receipt"], f"{nothing}.0.0"),
        ("DELETE", f"{API}/files/{{}}", mine.uploaded, nothing),
        ("DELETE", f"{API}/sessions/{{}}", mine.session_id, nothing),
    ):
        answers = [await house.client.request(method, path.format(one), headers=hand.headers) for one in (real, none)]
        assert alike(*answers), path
    bodies: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
        ("feedback", {"message_id": mine.said, "value": "up"}, {"message_id": 10**9, "value": "up"}),
        ("messages", {"client_id": "1", "files": [mine.sent]}, {"client_id": "1", "files": [nothing]}),
    )
    for path, *both in bodies:
        answers = [await house.client.post(f"{API}/{path}", json=one, headers=hand.headers) for one in both]
        assert alike(*answers), path
    erased, invented = house.hand(Actor.ERASED).headers, {"authorization": "Bearer invented"}
    assert alike(*[await house.client.get(f"{API}/messages", headers=one) for one in (erased, invented)])


async def test_nobody_with_a_conversation_gets_into_the_console(house: Opened) -> None:
    hands = [house.hand(actor) for actor in (Actor.OWNER, *WITHOUT_CONVERSATION)]
    for method, path in sorted(AGENTS):
        place = path.format(number="C-00001", file_id=house.household.owned.sent, answer_id=1)
        for hand in hands:
            answer = await house.client.request(method, place, headers=hand.headers)
            assert answer.status_code == 401, (method, place)
            assert SECRET not in answer.text


def alike(one: httpx.Response, other: httpx.Response) -> bool:
    return (one.status_code, one.headers, one.content) == (other.status_code, other.headers, other.content)


def test_every_route_is_in_the_table(household: Household, house: Opened) -> None:
    served = {
        (method, context.path)
        for context in iter_route_contexts(house.app.routes)
        for method in (context.methods or {"GET"}) - {"HEAD"}
    }
    assert served == EVERYBODYS | AGENTS | {(row.method, row.route) for row in ROWS}
