"""The web application: chat API, pages, health."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Response
from sqlalchemy.exc import SQLAlchemyError

from base.keys import signing_key
from bot.channels.telegram import webhook
from bot.channels.web import (
    api,
    deposit,
    embedding,
    letters,
    login,
    monitoring,
    page,
    privacy,
    problems,
    receipts,
    simple,
    site,
)
from bot.channels.web.guards import BodyLimit, CompressedFiles, DebugClock, RateLimits, SecurityHeaders
from bot.channels.web.rendering import FOLDER
from bot.channels.web.static_files import FreshFiles
from bot.channels.web.tickets import Tickets
from bot.channels.web.uploads import Uploads
from bot.helpdesk import pages as helpdesk
from bot.program import Program
from casework import sealing

log = structlog.get_logger(__name__)


def create_app(program: Program) -> FastAPI:
    """The application that serves a program; its background work runs while the application does."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as background:
            always = [program.worker.run(), program.signals.listen(), _wrap_anew(program), _arm_retention(program)]
            if program.telegram is not None:
                always.append(program.telegram.run())
            tasks = [background.create_task(work) for work in always]
            yield
            for task in tasks:
                task.cancel()

    app = FastAPI(title="Cornavin", version="1", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.program = program
    app.state.rate_limits = limits = RateLimits(program.settings)
    app.state.uploads = Uploads(program, limits)
    app.state.tickets = Tickets(signing_key(program.settings))
    problems.install(app, program.catalogues)

    app.include_router(api.router)
    for pages in (page, embedding, simple, site, privacy, letters, login, receipts, deposit, webhook):
        app.include_router(pages.router, include_in_schema=False)
    app.add_api_route("/healthz", _healthz, include_in_schema=False)
    app.add_api_route("/readyz", _readiness(program), include_in_schema=False)
    helpdesk.install(app, program)
    app.mount("/static", FreshFiles(directory=FOLDER / "static"), name="static")

    app.add_middleware(BodyLimit, uploads=program.settings.uploads)
    if program.settings.debug:
        app.add_middleware(DebugClock)
    app.add_middleware(CompressedFiles)
    app.add_middleware(
        SecurityHeaders,
        frame_origins=program.settings.allowed_origins,
        widget_origin=program.settings.widget_origin,
    )
    if program.settings.metrics_token:
        monitoring.install(app, program, program.settings.metrics_token)
    return app


async def _arm_retention(program: Program) -> None:
    """Has what is too old deleted from tonight on; the rows see to it themselves from then on."""
    try:
        await program.retention.arm()
    except (SQLAlchemyError, OSError):
        log.exception("retention.not_armed")  # usually armed by an earlier start; the next one tries again


async def _wrap_anew(program: Program) -> None:
    """Moves the keys of what people sent to the current secret. A new one is only there after a start, so once is enough."""
    try:
        wrapped = await sealing.wrap_anew(program.database, program.keys)
    except (SQLAlchemyError, OSError):
        log.exception("sealing.keys_not_wrapped")  # the secrets before still read them; the next start tries again
    else:
        if wrapped:
            log.info("sealing.keys_wrapped", count=wrapped)


async def _healthz() -> dict[str, str]:
    """The process runs."""
    return {"status": "ok"}


def _readiness(program: Program):  # type: ignore[no-untyped-def]  # FastAPI reads the inner signature
    async def readyz(response: Response) -> dict[str, str]:
        """The model is loaded and the database answers."""
        try:
            await program.database.ping()
        except (SQLAlchemyError, OSError):
            response.status_code = 503
            return {"status": "unavailable", "reason": "the database does not answer"}
        return {"status": "ok"}

    return readyz
