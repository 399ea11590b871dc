"""The page at `/` with the chat in it."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from base.wording import Translations, mark
from bot.channels.web import chat_wording
from bot.engine.assistant import LONGEST_TEXT
from bot.program import Program

FOLDER = Path(__file__).parent

STRINGS = {
    "page_title": mark("Cornavin, l'assistant chômage de Genève"),
    "subtitle": mark("Vos questions sur le chômage à Genève"),
    "conversation": mark("Conversation"),
    "welcome": mark(
        "Bonjour ! Posez votre question sur le chômage à Genève, avec vos mots. "
        "Je réponds à partir de textes officiels, et je le dis quand je ne sais pas."
    ),
    "welcome_examples": mark("Exemples de questions"),
    "example_registration": mark("Comment m'inscrire au chômage ?"),
    "example_number": mark("Où trouver mon numéro personnel ?"),
    "example_documents": mark("Puis-je encore envoyer des documents ?"),
    "you": mark("Vous"),
    "assistant": mark("Cornavin"),
    "agent": mark("Service d'aide"),
    "writing": mark("Cornavin écrit…"),
    "message": mark("Votre message"),
    "placeholder": mark("Votre question"),
    "send": mark("Envoyer"),
    "choices": mark("Réponses proposées"),
    "sources": mark("Sources"),
    "as_of": mark("état : {date}"),
    "dated": mark("texte ancien, à vérifier"),
    "opens_new_window": mark("(nouvelle fenêtre)"),
    "erase": mark("Effacer"),
    "erase_label": mark("Effacer cette conversation"),
    "erase_confirm": mark("Effacer cette conversation pour toujours ?"),
    "erased": mark("La conversation est effacée."),
    "not_sent": mark("Non envoyé."),
    "retry": mark("Réessayer"),
    "offline": mark("Pas de connexion. Votre message est gardé ici et partira dès que possible."),
    "too_long": mark("{count} caractères de trop"),
    "notice": mark(
        "Réponses automatiques, sans valeur de décision. N'écrivez ici ni numéro AVS, ni IBAN, ni données de santé."
    ),
    "no_script": mark("Cette page a besoin de JavaScript. Sans lui, adressez-vous à votre conseiller ORP."),
}
"""What the page says, by the name under which its scripts know it."""

router = APIRouter()
_templates = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined)


def strings(translations: Translations) -> dict[str, str]:
    """What the page says, in one language."""
    return {name: translations.translate(text) for name, text in (STRINGS | chat_wording.STRINGS).items()}


@router.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def page(request: Request, lang: str | None = None) -> HTMLResponse:
    """The chat as a page of its own, in the language asked for, else in French."""
    program: Program = request.app.state.program
    language = program.catalogues.match(lang)
    body = _templates.get_template("page.html").render(
        language=language, strings=strings(program.catalogues[language]), longest_text=LONGEST_TEXT
    )
    return HTMLResponse(body, headers={"cache-control": "no-cache"})
