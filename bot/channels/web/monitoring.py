"""`GET /metrics`, and the time that each request takes. Without `CORNAVIN_METRICS_TOKEN` there is neither."""

from __future__ import annotations

import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from base import outbox
from bot.channels.web.api import ProgramOf
from bot.channels.web.problems import Problem
from bot.metrics import Metrics
from bot.program import Program

PATH = "/metrics"
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})
ELSEWHERE = "other"
"""Stands for a path that is no route, and a method that no route has: anybody may invent those."""


def install(app: FastAPI, program: Program, token: SecretStr) -> None:
    """Adds the page and the measuring to an app; as the last of all, so that everything is measured.

    Args:
        token: Whoever reads the figures must show it.
    """
    router = APIRouter()

    @router.get(PATH)
    async def metrics(
        program: ProgramOf,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
    ) -> Response:
        """The figures of this process and of the queue."""
        shown = credentials.credentials if credentials else ""
        if not secrets.compare_digest(shown.encode(), token.get_secret_value().encode()):
            raise Problem("unauthorized", 401, {"www-authenticate": "Bearer"})
        try:
            async with program.database.reading() as connection:
                queue = await outbox.queued(connection)
        except (SQLAlchemyError, OSError):
            queue = None
        headers = {"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"}
        return Response(program.metrics.write(queue), headers=headers)

    app.include_router(router, include_in_schema=False)
    app.add_middleware(Stopwatch, metrics=program.metrics)


class Stopwatch:
    """Measures how long each request waits for its answer to begin; streams last as long as they like."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), ""

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start" and not status:
                status = str(message["status"])
                self._served(scope, status, began)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            if not status:  # the answer to it is made outside of here
                self._served(scope, "503", began)
            raise

    def _served(self, scope: Scope, status: str, began: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else ELSEWHERE
        route = getattr(scope.get("route"), "path", ELSEWHERE)
        self._metrics.served(method, route, status, time.perf_counter() - began)
