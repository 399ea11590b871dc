"""Errors of the chat API as problem details (RFC 9457), worded for the person who reads them."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as AnyHTTPException

from base.wording import Catalogues, mark
from casework.files.refusals import Reason
from casework.files.wording import WORDING as REFUSALS

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

WORDING: Mapping[str, str] = {
    "invalid-request": mark("Cette demande n'a pas pu être lue. Rechargez la page et réessayez."),
    "unauthorized": mark("Cette conversation n'est plus ouverte. Commencez-en une nouvelle."),
    "not-found": mark("Cela n'existe pas, ou plus."),
    "method-not-allowed": mark("Cela n'existe pas, ou plus."),
    "too-large": mark("C'est trop long pour être envoyé. Raccourcissez votre message."),
    "too-many-requests": mark("Vous envoyez beaucoup de messages à la fois. Attendez un instant, puis réessayez."),
    "uploads-not-open": mark(
        "L'envoi de fichiers n'est pas possible ici en ce moment. Rien n'a été enregistré. "
        "Déposez vos documents directement dans Job-Room."
    ),
    "file-gone": mark("Un de ces fichiers n'existe plus ici. Rien n'a été envoyé : joignez-les à nouveau."),
    **{f"file-{reason.replace('_', '-')}": text for reason, text in REFUSALS.items()},
    "unavailable": mark("Le service est momentanément indisponible. Réessayez dans un instant : rien n'est perdu."),
}
"""What a person reads, by the name of the problem."""

_BY_STATUS = {
    401: "unauthorized",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    422: "invalid-request",
}


class Problem(HTTPException):
    """Ends a request with a problem.

    FastAPI lets nothing but its own `HTTPException` out of the reading of a body.

    Args:
        name: Key of `WORDING`.
        status: HTTP status.
        headers: Further headers, such as `Retry-After` in seconds.
    """

    def __init__(self, name: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, name, dict(headers or {}))
        self.name = name


def of_refusal(reason: Reason) -> Problem:
    """Why a file is not taken, as a problem."""
    status = {Reason.TOO_BIG: 413, Reason.NOT_SCANNED: 503, Reason.NO_ROOM: 503}.get(reason, 422)
    return Problem(f"file-{reason.replace('_', '-')}", status)


def install(app: FastAPI, catalogues: Catalogues) -> None:
    """Makes every error of the app a problem in the language that the browser prefers."""

    def response(request: Request, problem: Problem) -> JSONResponse:
        language = catalogues.match(*_preferred(request.headers.get("accept-language", "")))
        detail = catalogues[language].translate(WORDING[problem.name])
        body = {
            "type": f"urn:cornavin:problem:{problem.name}",
            "title": problem.name.replace("-", " ").capitalize(),
            "status": problem.status_code,
            "detail": detail,
        }
        headers = {"content-language": language, "cache-control": "no-store", **(problem.headers or {})}
        return JSONResponse(body, problem.status_code, headers, media_type=MEDIA_TYPE)

    def handler(
        make: Callable[[Exception], Problem],
    ) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
        async def handle(request: Request, error: Exception) -> JSONResponse:
            return response(request, make(error))

        return handle

    def from_http(error: Exception) -> Problem:
        assert isinstance(error, AnyHTTPException)
        name = _BY_STATUS.get(error.status_code, "invalid-request" if error.status_code < 500 else "unavailable")
        return Problem(name, error.status_code, error.headers)

    def from_failure(error: Exception) -> Problem:
        log.error("request.failed", exc_info=error)
        return Problem("unavailable", 503, {"retry-after": "5"})

    def as_is(error: Exception) -> Problem:
        assert isinstance(error, Problem)
        return error

    app.add_exception_handler(Problem, handler(as_is))
    app.add_exception_handler(AnyHTTPException, handler(from_http))
    app.add_exception_handler(RequestValidationError, handler(lambda _error: Problem("invalid-request", 422)))
    app.add_exception_handler(SQLAlchemyError, handler(from_failure))
    app.add_exception_handler(Exception, handler(from_failure))


def _preferred(accept_language: str) -> list[str]:
    """Language tags of an Accept-Language header, the most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weighted.append((float(quality) if quality else 1.0, tag))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighted, key=lambda entry: -entry[0]) if tag and tag != "*"]
