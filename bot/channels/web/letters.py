"""The page at `/lettre`: a form without scripts that makes a letter to complete and sign.

What is typed is used for one answer. It is not stored, not logged, and the browser is told not to keep it either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from base import clock
from base.wording import SOURCE_LANGUAGE, Translations, fill, mark
from bot import documents
from bot.channels.web.api import Limits, ProgramOf, as_download, counted
from bot.channels.web.letter_form import (
    DATES,
    FIELDS,
    MESSAGES,
    RECIPIENTS,
    ROOM,
    Fault,
    Form,
    InvalidDate,
    one_of,
    read,
    read_date,
    recipient_of,
    written,
)
from bot.channels.web.problems import WORDING, Problem
from bot.channels.web.rendering import rendered, typeset
from bot.program import Program
from conversations.documents import Format, LetterKind, Recipient
from law.facts import fact

PATH = "/lettre"
NOT_KEPT = {"cache-control": "no-store"}
MOST_FIELDS = 30

STRINGS = {
    "title": mark("Votre lettre"),
    "title_objection": mark("Votre lettre d'opposition"),
    "title_appeal": mark("Votre lettre de recours"),
    "title_restitution": mark("Votre demande de restitution de délai"),
    "error": mark("Erreur"),
    "problem": mark("Il y a un problème"),
    "back": mark("Votre conversation est restée dans l'autre onglet."),
    "which": mark("Quelle lettre voulez-vous préparer ?"),
    "choose_objection": mark("Opposition : contester une décision de l'OCE ou de la caisse de chômage"),
    "choose_appeal": mark("Recours : contester une décision sur opposition devant le tribunal"),
    "choose_restitution": mark("Restitution de délai : le délai est passé, et quelque chose vous empêchait d'agir"),
    "optional": mark("Remplissez ce que vous voulez. Le reste sera un espace à compléter dans la lettre."),
    "not_kept": mark("Rien de ce que vous écrivez ici n'est gardé : cela sert à faire le fichier, puis disparaît."),
    "in_french": mark("La lettre est en français : écrivez vos textes en français, même avec des fautes."),
    "name": mark("Prénom et nom"),
    "address": mark("Votre adresse"),
    "address_hint": mark("Rue et numéro, code postal et localité"),
    "recipient": mark("Qui a pris la décision ?"),
    "recipient_restitution": mark("À qui va la lettre ?"),
    "recipient_hint": mark("Regardez qui a signé la décision, et les « voies de droit » à la fin."),
    "recipient_oce": mark("L'office cantonal de l'emploi (OCE)"),
    "recipient_fund": mark("La caisse de chômage"),
    "recipient_fund_hint": mark("Vous compléterez son adresse, indiquée sur la décision."),
    "recipient_court": mark("Le tribunal, si c'est un recours que vous n'avez pas pu faire"),
    "recipient_unknown": mark("Je ne sais pas encore"),
    "to_court": mark("La lettre va à la {fact:court_appeal.court}."),
    "decided": mark("Date de la décision"),
    "decided_appeal": mark("Date de la décision sur opposition"),
    "decided_hint": mark("Par exemple : {example}"),
    "number": mark("Numéro de la décision ou du dossier"),
    "received": mark("Jour où vous avez reçu la décision"),
    "received_hint": mark("Par exemple : {example}"),
    "request": mark("Ce que vous demandez"),
    "request_hint": mark("En une phrase, par exemple : que la décision soit annulée"),
    "reasons": mark("Vos raisons"),
    "reasons_hint": mark(
        "Les faits, dans l'ordre, avec vos mots. Vous pouvez aussi les écrire plus tard dans la lettre."
    ),
    "reasons_restitution": mark("Ce qui vous empêchait d'agir"),
    "ended": mark("Jour où l'empêchement a pris fin"),
    "ended_hint": mark("Par exemple : {example}"),
    "format": mark("Format du fichier"),
    "format_pdf": mark("PDF, à imprimer et à compléter à la main"),
    "format_docx": mark("Word, à compléter à l'ordinateur"),
    "make": mark("Télécharger la lettre"),
    "then": mark("Ensuite"),
    "then_sign": mark("Relisez, complétez et signez à la main."),
    "then_enclose": mark("Joignez une copie de la décision."),
    "then_enclose_act": mark("Joignez aussi l'opposition ou le recours, signé : il se fait en même temps."),
    "prepare_objection": mark("Préparer l'opposition"),
    "prepare_appeal": mark("Préparer le recours"),
    "then_send": mark("Envoyez le tout en recommandé, ou déposez-le au guichet contre un accusé de réception."),
    "then_no_email": mark("Un e-mail ordinaire n'est pas une opposition valable ({fact:objection.email})."),
}
"""What the page says."""

router = APIRouter()


def strings(translations: Translations) -> dict[str, str]:
    """What the page says, in one language."""
    values = {"example": written(clock.today())}
    return {name: typeset(fill(text, translations, fact, values).text) for name, text in STRINGS.items()}


@router.api_route(PATH, methods=["GET", "HEAD"], response_class=HTMLResponse)
async def show(
    program: ProgramOf,
    kind: str | None = None,
    recipient: str | None = None,
    received: str | None = None,
    lang: str | None = None,
) -> HTMLResponse:
    """The empty form, or the choice of a letter; what the address says wrongly is left out."""
    page = _Page(program, one_of(LetterKind, kind), lang)
    return page.show({"recipient": recipient or "", "received": _received(received)})


@router.post(PATH)
async def make(
    request: Request, program: ProgramOf, limits: Limits, kind: str | None = None, lang: str | None = None
) -> Response:
    """The letter as a file, or the form again with what is wrong."""
    page = _Page(program, one_of(LetterKind, kind), lang)
    typed: dict[str, str] = {}
    try:
        typed = await _typed(request)
        await counted(request, limits)
    except Problem as problem:
        return page.refuse(problem, typed)
    if page.kind is None:
        return page.show(typed)
    form = read(page.kind, typed)
    if form.faults:
        return page.show(typed, form.faults)
    try:
        return await _file(program, form)
    except documents.Unprintable as error:
        return page.show(typed, {"format": Fault("unprintable", {"characters": error.characters})})


async def _file(program: Program, form: Form) -> Response:
    french = program.catalogues[SOURCE_LANGUAGE]  # who receives the letter reads French
    content = await asyncio.to_thread(documents.render, form.recipe, french, form.details)
    return Response(content, media_type=form.recipe.mime, headers={**as_download(form.recipe.name), **NOT_KEPT})


async def _typed(request: Request) -> dict[str, str]:
    """The fields of a form, as browsers send it without files.

    Raises:
        Problem: When the body is too large, or no such form.
    """
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode(errors="replace"), errors="replace", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Problem("invalid-request", 422) from None


def _received(value: str | None) -> str:
    try:
        day = read_date(value or "")
    except InvalidDate:
        return ""
    return written(day) if day else ""


class _Page:
    """The page for one kind of letter in one language.

    Args:
        kind: None while it is to be chosen.
        lang: Language that is asked for.
    """

    def __init__(self, program: Program, kind: LetterKind | None, lang: str | None) -> None:
        self.kind = kind
        self._translations = program.catalogues[program.catalogues.match(lang)]

    def show(self, typed: Mapping[str, str], faults: Mapping[str, Fault] | None = None) -> HTMLResponse:
        """The form with what was typed and what is wrong with it."""
        errors = {name: self._message(fault) for name, fault in (faults or {}).items()}
        return self._response(typed, errors, "", 422 if errors else 200, {})

    def refuse(self, problem: Problem, typed: Mapping[str, str]) -> HTMLResponse:
        """The form with what was typed, as far as it could be read, and the reason why there is no letter."""
        problem_text = self._translations.translate(WORDING[problem.name])
        return self._response(typed, {}, problem_text, problem.status_code, problem.headers or {})

    def _message(self, fault: Fault) -> str:
        return fill(MESSAGES[fault.message], self._translations, fact, fault.values).text

    def _response(
        self, typed: Mapping[str, str], errors: Mapping[str, str], problem: str, status: int, headers: Mapping[str, str]
    ) -> HTMLResponse:
        template = "letter.html" if self.kind else "letter_choice.html"
        response = rendered(
            template,
            self._translations,
            status=status,
            cache=NOT_KEPT["cache-control"],
            source_language=SOURCE_LANGUAGE,
            strings=self._strings(),
            path=PATH,
            kinds=tuple(LetterKind),
            problem=problem,
            errors=errors,
            **(self._fields(self.kind, typed) if self.kind else {}),
        )
        response.headers.update({**headers, "content-language": self._translations.language})
        return response

    def _strings(self) -> dict[str, str]:
        """The texts, with those for this kind of letter in place of the general ones."""
        found = strings(self._translations)
        own = {name: found.get(f"{name}_{self.kind}", text) for name, text in found.items()}
        return own if self.kind else found

    @staticmethod
    def _fields(kind: LetterKind, typed: Mapping[str, str]) -> dict[str, Any]:
        return {
            "kind": kind,
            "typed": {name: typed.get(name, "") for name in FIELDS},
            "recipients": RECIPIENTS[kind],
            "recipient": recipient_of(kind, typed.get("recipient")),
            "formats": tuple(Format),
            "format": one_of(Format, typed.get("format")) or Format.PDF,
            "dates": DATES[kind],
            "room": ROOM,
            "restitution": kind is LetterKind.RESTITUTION,
            "objection": kind is LetterKind.OBJECTION,
            "missed_acts": (LetterKind.OBJECTION, LetterKind.APPEAL),
            "fund": Recipient.FUND,
        }
