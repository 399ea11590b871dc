"""Refusals of the sandbox, as the contract words them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from eservices.models import Problem
from eservices.reasons import Reason

log = structlog.get_logger(__name__)

_BY_STATUS = {404: Reason.NOT_FOUND, 405: Reason.METHOD_NOT_ALLOWED}


class Refusal(Exception):
    """Ends a request with a problem; what it had changed is undone.

    Args:
        reason: Why.
        field: What is wrong with it, as a JSON pointer or the name of a header.
        headers: Further headers, such as `Retry-After` in seconds.
        detail: More words for operators.
    """

    def __init__(
        self,
        reason: Reason,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.headers = headers
        self.detail = detail

    def answer(self) -> JSONResponse:
        """The problem, to be sent."""
        problem = Problem(
            type=self.reason.urn,
            title=self.reason.meaning,
            status=self.reason.status,
            detail=self.detail,
            field=self.field,
            instance=f"urn:cornavin:sandbox:{secrets.token_hex(6)}",
        )
        return JSONResponse(
            problem.model_dump(mode="json", exclude_none=True),
            problem.status,
            dict(self.headers or {}),
            media_type="application/problem+json",
        )


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem."""

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        return error.answer()

    async def from_http(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        reason = _BY_STATUS.get(error.status_code, Reason.INVALID_REQUEST)
        return Refusal(reason, headers=error.headers, detail=HTTPStatus(error.status_code).phrase).answer()

    async def failed(_request: Request, error: Exception) -> JSONResponse:
        log.error("sandbox.failed", exc_info=error)
        return Refusal(Reason.FAILED).answer()

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, from_http)
    app.add_exception_handler(Exception, failed)
