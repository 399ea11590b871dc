"""Faults on request: what a real gateway does on a bad day."""

from __future__ import annotations

import asyncio
import fnmatch
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eservices.reasons import Reason
from eservices.sandbox.problems import Refusal

RETRY_SECONDS = "1"


class Kind(StrEnum):
    """What goes wrong."""

    SLOW = "slow"
    """Answers after `seconds`."""
    FAILED = "5xx"
    """Answers with `status` 500 and processes nothing."""
    CONFLICT = "409"
    """Refuses with 409 and `reason`."""
    DOWN = "down"
    """Answers as a gateway whose service is closed does: 503, nothing processed."""
    DROPPED = "dropped"
    """Ends the connection without processing."""
    LOST = "lost"
    """Processes, then ends the connection instead of answering."""


class Fault(BaseModel):
    """A fault and when it strikes.

    Args:
        kind: What goes wrong.
        count: How often; afterwards it is gone.
        path: Pattern of paths, such as `/v1/persons/*/documents`; an asterisk stands for anything.
        method: Only for this one.
        seconds: How long SLOW takes.
        reason: Why CONFLICT refuses.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    count: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    path: str = "/v1/*"
    method: str | None = None
    seconds: Annotated[float, Field(ge=0, le=600)] = 5.0
    reason: Reason = Reason.PERIOD_CLOSED

    def strikes(self, scope: Scope) -> bool:
        """Whether it is meant for a request."""
        return self.method in {None, scope["method"]} and fnmatch.fnmatchcase(scope["path"], self.path)


class Faults:
    """Stands before the app and lets the faults that were asked for happen, the first asked for first."""

    def __init__(self, app: ASGIApp, waiting: list[Fault]) -> None:
        self._app = app
        self._waiting = waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._next(scope) if scope["type"] == "http" else None
        match fault.kind if fault else None:
            case Kind.SLOW:
                assert fault is not None
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case Kind.FAILED:
                await Refusal(Reason.FAILED).answer()(scope, receive, send)
            case Kind.CONFLICT:
                assert fault is not None
                await Refusal(fault.reason).answer()(scope, receive, send)
            case Kind.DOWN:
                refusal = Refusal(Reason.UNAVAILABLE, headers={"retry-after": RETRY_SECONDS})
                await refusal.answer()(scope, receive, send)
            case Kind.DROPPED:
                await _break_off(send)
            case Kind.LOST:
                await self._app(scope, receive, _nowhere)
                await _break_off(send)
            case _:
                await self._app(scope, receive, send)

    def _next(self, scope: Scope) -> Fault | None:
        for fault in self._waiting:
            if fault.strikes(scope):
                fault.count -= 1
                if fault.count < 1:
                    self._waiting.remove(fault)
                return fault
        return None


async def _nowhere(_message: Message) -> None:
    pass


async def _break_off(send: Send) -> None:
    """Announces more than it sends: the server can only end the connection, and the caller learns nothing."""
    headers = Response(headers={"content-length": "1000"}, media_type="application/json").raw_headers
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
