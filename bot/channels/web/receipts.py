"""The pages at `/recu`: whoever has a receipt can verify it, and learns nothing personal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from base.settings import Settings
from base.wording import Translations, mark, write_moment
from bot.channels.web.api import Limits, ProgramOf, counted
from bot.channels.web.page import sandbox_line
from bot.channels.web.problems import WORDING, Problem
from bot.channels.web.rendering import rendered, translations_of
from bot.documents import receipt
from casework.submissions import Kind, Submission, tidy_number

log = structlog.get_logger(__name__)

PATH = receipt.VERIFICATION_PATH
LONGEST_NUMBER = 60
"""Characters of what may be typed for a number."""
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.DOCUMENT: mark("Documents"),
        Kind.INCAPACITY: mark("Annonce à l'ORP"),
        Kind.RECOVERY: mark("Annonce à l'ORP"),
        Kind.EFFORT: mark("Recherche d'emploi"),
        Kind.REPORT: mark("Recherches d'emploi du mois"),
        Kind.IPA: mark("Formulaire du mois, pour la caisse"),
    }
)
"""What kind of thing was sent; not what it was, and nothing about health."""

_NUMBER = re.compile(r"R(-[0-9A-Z]{4}){3}")

router = APIRouter()


def number_in(typed: str) -> str | None:
    """The number of a receipt in what a person typed, however they wrote its dashes; None when there is none."""
    found = tidy_number(typed[:LONGEST_NUMBER])
    return found if _NUMBER.fullmatch(found) else None


@router.api_route(PATH, methods=["GET", "HEAD"], response_class=HTMLResponse)
async def ask(request: Request, limits: Limits, number: str | None = None, lang: str | None = None) -> Response:
    """The form for a number; with one, the page about it."""
    if number is None:
        return _shown(request, lang)
    found = number_in(number)
    if found is None:
        try:
            await counted(request, limits)
        except Problem as problem:
            return _refused(request, lang, number, problem)
        return _shown(request, lang, typed=number, is_unknown=True, status=404)
    language = translations_of(request, lang).language
    query = f"?lang={language}" if lang and language == lang else ""
    return RedirectResponse(f"{PATH}/{found}{query}", 303, headers={"cache-control": "no-store"})


@router.api_route(f"{PATH}/{{number}}", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def verify(
    request: Request, program: ProgramOf, limits: Limits, number: str, lang: str | None = None
) -> Response:
    """What is known of the submission with this number."""
    submission: Submission | None = None
    try:
        await counted(request, limits)
        if known := number_in(number):
            async with program.database.reading() as connection:
                submission = await program.submissions.by_number(connection, known)
    except Problem as problem:
        return _refused(request, lang, number, problem)
    except SQLAlchemyError:
        log.exception("request.failed")
        return _refused(request, lang, number, Problem("unavailable", 503, {"retry-after": "5"}))
    if submission is None:
        return _shown(request, lang, typed=number, is_unknown=True, status=404)
    return _shown(request, lang, submission=submission)


def _refused(request: Request, lang: str | None, typed: str, problem: Problem) -> HTMLResponse:
    translations = translations_of(request, lang)
    page = _shown(
        request, lang, typed=typed, problem=translations.translate(WORDING[problem.name]), status=problem.status_code
    )
    page.headers.update(problem.headers or {})
    return page


def _shown(
    request: Request,
    lang: str | None,
    *,
    typed: str = "",
    submission: Submission | None = None,
    is_unknown: bool = False,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    translations = translations_of(request, lang)
    page = rendered(
        "receipt.html",
        translations,
        status=status,
        cache="no-store",
        path=PATH,
        typed=typed[:LONGEST_NUMBER],
        submission=submission,
        is_unknown=is_unknown,
        problem=problem,
        sandbox=_sandbox(request.app.state.program.settings, submission, translations),
        **(_known(submission, translations) if submission else {}),
    )
    page.headers["x-robots-tag"] = "noindex"
    return page


def _known(submission: Submission, translations: Translations) -> dict[str, object]:
    """What is shown of a submission: neither names nor what exactly was sent."""
    received, recipient = submission.received_at, submission.recipient
    is_received = receipt.status_of(submission).is_received
    return {
        "headline": receipt.headline(submission, translations),
        "kind": translations.translate(KINDS[submission.kind]),
        "recipient": translations.translate(receipt.RECIPIENTS[recipient]) if recipient else "",
        "recorded": write_moment(submission.recorded_at, translations),
        "received": write_moment(received, translations) if is_received and received else "",
        "number_of_job_room": submission.receipt_number if is_received else None,
        "fingerprints": tuple(receipt.fingerprint(file) for file in submission.files),
    }


def _sandbox(settings: Settings, submission: Submission | None, translations: Translations) -> str:
    """What is said while everything goes to the sandbox; of a receipt, that it is worth nothing."""
    if submission is None or not settings.with_sandbox:
        return sandbox_line(translations, settings)
    return f"{translations.translate(receipt.SANDBOX)}. {translations.translate(receipt.SANDBOX_MEANING)}"
