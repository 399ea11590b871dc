"""What every call goes through: the token, the person, the key, and the log of accesses."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from sqlite3 import Row
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from base import clock
from eservices.models import Operation
from eservices.models.common import Key, Period
from eservices.models.files import MAX_FILE_BYTES
from eservices.reasons import Reason
from eservices.sandbox.access import Credentials
from eservices.sandbox.problems import Refusal
from eservices.sandbox.searches import Searches
from eservices.sandbox.store import Store

Body = TypeVar("Body", bound=BaseModel)
Read = Callable[[Row], BaseModel]
Write = Callable[[Row, bytes], BaseModel]

JSON, PDF = "application/json", "application/pdf"
MAX_JSON_BYTES = 256 * 1024
PERSON = "person_id"
CLOCK_HEADER = "x-cornavin-clock"
REPLAYED = "Idempotency-Replayed"
_KEY: TypeAdapter[str] = TypeAdapter(Key)
_PERIOD: TypeAdapter[str] = TypeAdapter(Period)


class Gate:
    """Lets calls in, one write at a time, each key once.

    Args:
        store: The database.
        credentials: Of the one client.
    """

    def __init__(self, store: Store, credentials: Credentials) -> None:
        self._store = store
        self._credentials = credentials

    async def read(self, request: Request, operation: str, act: Read) -> Response:
        """Answers a call that changes nothing.

        Args:
            request: The call.
            operation: Its operationId.
            act: What to answer, from the person's row.
        """
        with clock.at(_time(request)):
            client = self._credentials.check_token(request)
            person = self._person(request)
            try:
                self._prepare(request, person)
                answer = act(person)
            except Refusal as refusal:
                self._note(person, operation, refusal.reason.status, client)
                raise
            self._note(person, operation, 200, client)
            return _json(answer.model_dump_json(exclude_none=True), 200)

    async def write(
        self,
        request: Request,
        operation: Operation,
        act: Write,
        *,
        find: Callable[[bytes], Row] | None = None,
        status: int = 201,
        media_type: str | None = JSON,
    ) -> Response:
        """Answers a call that changes something; the same key and request get the same answer.

        A refusal changes nothing and is not kept: repeated later, the request is judged again.

        Args:
            request: The call.
            operation: What it does.
            act: Does it, given the person's row and the body, in a transaction.
            find: Finds the person from the body, where the address does not name them.
            status: HTTP status of success.
            media_type: What the body must be; None when there is none.
        """
        client = self._credentials.check_token(request)
        with clock.at(_time(request)):
            person = self._person(request) if find is None else None
            try:
                key = _key(request)
                if person is not None:
                    self._prepare(request, person)
                body = await _body(request, media_type)
                person = person or (find(body) if find else None)
                assert person is not None
                answer, status, replayed = self._once(request, client, key, person, body, operation, act, status)
            except Refusal as refusal:
                if person is not None:
                    self._note(person, operation, refusal.reason.status, client)
                raise
            self._note(person, operation, status, client)
            return _json(answer, status, {REPLAYED: "true"} if replayed else {})

    def _once(
        self,
        request: Request,
        client: str,
        key: str,
        person: Row,
        body: bytes,
        operation: Operation,
        act: Write,
        status: int,
    ) -> tuple[str, int, bool]:
        fingerprint = _fingerprint(request, body)
        with self._store.transaction():
            earlier = self._store.one("SELECT * FROM journal WHERE client = ? AND key = ?", client, key)
            if earlier is not None:
                if earlier["fingerprint"] != fingerprint:
                    raise Refusal(Reason.IDEMPOTENCY_KEY_REUSED, "Idempotency-Key")
                self._store.execute("UPDATE journal SET replays = replays + 1 WHERE sequence = ?", earlier["sequence"])
                return earlier["answer"], earlier["status"], True
            result = act(person, body)
            answer = result.model_dump_json(exclude_none=True)
            self._store.execute(
                "INSERT INTO journal (at, client, key, person, operation, fingerprint, request, number, status, answer)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(self._store.now().isoformat(), client, key, person["id"], operation, fingerprint),
                *(_for_journal(request, body), json.loads(answer)["receipt"]["number"], status, answer),
            )
            return answer, status, False

    def _person(self, request: Request) -> Row:
        """The person whom the address names."""
        row = self._store.one("SELECT * FROM person WHERE id = ?", request.path_params.get(PERSON, ""))
        if row is None:
            raise Refusal(Reason.PERSON_UNKNOWN, PERSON)
        return row

    def _prepare(self, request: Request, person: Row) -> None:
        """Checks the month that the address names, and does what has fallen due."""
        period = request.path_params.get("period")
        if period is not None:
            try:
                _PERIOD.validate_python(period)
            except ValidationError:
                raise Refusal(Reason.INVALID_REQUEST, "period") from None
        with self._store.transaction():
            Searches(self._store, person).settle()

    def _note(self, person: Row, operation: str, status: int, client: str) -> None:
        self._store.note_access(person["id"], operation, status, client)


def parse(shape: type[Body], body: bytes) -> Body:
    """Reads a body as the contract says.

    Raises:
        Refusal: When it is not like that; it names the first member that is wrong, and never holds what was sent.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        # Rules over several members name the member themselves, as their whole message.
        own = first["msg"].removeprefix("Value error, ") if first["type"] == "value_error" else ""
        field = "".join(f"/{part}" for part in first["loc"]) + own
        raise Refusal(Reason.INVALID_REQUEST, field or None, detail=first["type"]) from None


def _time(request: Request) -> datetime | None:
    text = request.headers.get(CLOCK_HEADER)
    try:
        return clock.parse(text) if text else None
    except ValueError:
        raise Refusal(Reason.INVALID_REQUEST, CLOCK_HEADER) from None


def _key(request: Request) -> str:
    try:
        return _KEY.validate_python(request.headers.get("idempotency-key", ""))
    except ValidationError:
        raise Refusal(Reason.IDEMPOTENCY_KEY_MISSING, "Idempotency-Key") from None


async def _body(request: Request, media_type: str | None) -> bytes:
    if media_type is None:
        return b""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise Refusal(Reason.UNSUPPORTED_MEDIA_TYPE, "Content-Type")
    largest = MAX_FILE_BYTES if media_type == PDF else MAX_JSON_BYTES
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise Refusal(Reason.TOO_LARGE)
    return bytes(body)


def _fingerprint(request: Request, body: bytes) -> str:
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).hexdigest()


def _for_journal(request: Request, body: bytes) -> str | None:
    if re.match(JSON, request.headers.get("content-type", "")):
        return body.decode("utf-8", "replace")
    return json.dumps({"sha256": hashlib.sha256(body).hexdigest(), "size": len(body)}) if body else None


def _json(text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(text, status, {"cache-control": "no-store", **(headers or {})}, media_type=JSON)
