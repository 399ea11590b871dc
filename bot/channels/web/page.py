"""The chat as a page of its own, and as what a frame on another page shows."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from base.settings import Settings
from base.wording import Translations, mark
from bot.channels.web import chat_wording
from bot.channels.web.rendering import rendered, translations_of
from bot.engine.assistant import LONGEST_TEXT
from bot.program import Program
from eservices.sandbox_note import sandbox_note

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
    "log_out": mark("Me déconnecter"),
    "erase": mark("Effacer"),
    "erase_label": mark("Effacer cette conversation"),
    "erase_confirm": mark("Effacer cette conversation pour toujours ?"),
    "erase_what": mark(
        "Disparaissent tout de suite : messages, démarches commencées, dates et rappels, fichiers, lien avec vous, "
        "demandes au service d'aide."
    ),
    "erase_stays": mark(
        "Un envoi confirmé part encore. Ce qui a été transmis est à l'ORP ou à la caisse ; enregistrez d'abord vos reçus."
    ),
    "erased": mark("La conversation est effacée."),
    "not_sent": mark("Non envoyé."),
    "retry": mark("Réessayer"),
    "offline": mark("Pas de connexion. Votre message est gardé ici et partira dès que possible."),
    "too_long": mark("{count} caractères de trop"),
    "notice": mark(
        "Réponses automatiques, sans valeur de décision. N'écrivez ici ni numéro AVS ni IBAN, et sur votre santé seulement ce "
        "qui vous est demandé."
    ),
    "instead": mark("La conversation ne s'affiche pas ?"),
    "instead_link": mark("Ouvrir la conversation sans JavaScript"),
    "accessibility": mark("Accessibilité"),
    "privacy": mark("Protection des données"),
}
"""What the page says, by the name under which its scripts know it."""

router = APIRouter()


def strings(translations: Translations) -> dict[str, str]:
    """What the page says, in one language."""
    return {name: translations.translate(text) for name, text in (STRINGS | chat_wording.STRINGS).items()}


def sandbox_line(translations: Translations, settings: Settings) -> str:
    """What a page that depends on the e-services says as long as they are the sandbox's; else nothing."""
    note = sandbox_note(settings)
    return translations.translate(note) if note else ""


def _chat(request: Request, lang: str | None, hosts: tuple[str, ...] | None) -> HTMLResponse:
    translations = translations_of(request, lang)
    program: Program = request.app.state.program
    said = {**strings(translations), "sandbox": sandbox_line(translations, program.settings)}
    return rendered("chat.html", translations, strings=said, longest_text=LONGEST_TEXT, hosts=hosts)


@router.api_route("/chat", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def chat(request: Request, lang: str | None = None) -> HTMLResponse:
    """The chat as a page of its own, in the language asked for, else in French."""
    return _chat(request, lang, None)


@router.api_route("/embed", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def embed(request: Request, lang: str | None = None) -> HTMLResponse:
    """The chat for a frame that `widget.js` makes; it listens to the pages that may embed it."""
    program: Program = request.app.state.program
    return _chat(request, lang, program.settings.allowed_origins)
