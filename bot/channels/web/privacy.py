"""The page at `/confidentialite`: what is kept of people, what for, how long, and on what grounds.

Periods are those that are set, so that the page and the program never say two things. What only the operator can know
is marked as such.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from actions.consent import PRIVACY_PATH
from base.settings import Settings
from base.wording import Translations, fill, mark
from bot.channels.web.page import sandbox_line
from bot.channels.web.rendering import rendered, translations_of
from bot.program import Program
from casework.files.store import KEPT_UNSENT
from conversations.store import KEPT_PASSING
from law.facts import fact

router = APIRouter()

_LIPAD = mark("LIPAD : tâche de l'office")
_CONSENT = mark("LIPAD : votre accord")
_WITH_THE_CONVERSATION = mark("comme la conversation")


@dataclass(frozen=True)
class Row:
    """A class of data.

    Args:
        data: What it is.
        purpose: What for.
        period: How long.
        basis: On what grounds.
    """

    data: str
    purpose: str
    period: str
    basis: str


ROWS = (
    Row(
        mark("Vos messages, mes réponses, vos avis sur elles, et les dates que je calcule"),
        mark("Vous répondre, et vous rendre la conversation quand vous revenez"),
        mark("{conversation} jours après le dernier message"),
        _LIPAD,
    ),
    Row(
        mark("Une démarche commencée : vos réponses jusque-là"),
        mark("La reprendre où vous l'avez laissée"),
        mark("{draft} jours après le dernier changement"),
        _CONSENT,
    ),
    Row(
        mark("Vos réponses pour vérifier une aide cantonale, les messages où elles sont, et mon résultat"),
        mark("Passer les conditions en revue avec vous"),
        mark(
            "la nuit après {passing} heures de pause ; tout de suite si vous annulez ou dites de les effacer ; comme la "
            "démarche commencée si vous dites de les garder"
        ),
        _LIPAD,
    ),
    Row(
        mark(
            "Votre santé, si vous annoncez une incapacité ou la mettez dans votre IPA : les jours, le taux, maladie ou "
            "accident. Pas le diagnostic"
        ),
        mark("L'annoncer à l'ORP, ou à votre caisse avec l'IPA, quand vous le confirmez"),
        mark("comme la démarche commencée ; envoyée, comme vos envois"),
        _CONSENT,
    ),
    Row(
        mark("Ce que vous dites dans votre IPA : travail, enfants, autres prestations, absences, adresse ou compte"),
        mark("L'envoyer à votre caisse quand vous le confirmez"),
        mark("comme la démarche commencée ; envoyée, comme vos envois"),
        _CONSENT,
    ),
    Row(
        mark("Vos rappels, avec vos mots"),
        mark("Vous écrire avant une date à tenir, ou le jour que vous avez choisi"),
        mark("avec la conversation ; un rappel qui revient la garde jusqu'à ce que vous l'arrêtiez"),
        _CONSENT,
    ),
    Row(
        mark("Vos fichiers, chiffrés, tant que vous ne les avez pas envoyés"),
        mark("Les envoyer à l'ORP ou à votre caisse quand vous le confirmez"),
        mark("{unsent} jours"),
        _CONSENT,
    ),
    Row(
        mark("Vos fichiers envoyés, chiffrés"),
        mark("Recommencer si Job-Room ne répond pas"),
        mark("jusqu'à l'arrivée, puis {files} jours ; s'ils n'arrivent pas, {stuck_files} jours"),
        _CONSENT,
    ),
    Row(
        mark("Vos envois : quoi, quand, à qui, reçu ou non ; l'empreinte du fichier, pas le fichier"),
        mark("Prouver que vous avez envoyé, et vérifier votre reçu"),
        mark("{submission} jours"),
        _CONSENT,
    ),
    Row(
        mark("Votre connexion : le code que Job-Room donne à votre personne. Ni nom, ni mot de passe"),
        mark("Envoyer en votre nom, et seulement pour vous"),
        mark(
            "avec la conversation. La connexion finit dès la déconnexion, ou après {web_login} minutes sans message "
            "({chat_login} jours dans une messagerie)"
        ),
        _CONSENT,
    ),
    Row(
        mark("Le statut de votre demande d'indemnité, relu sur Job-Room tant que vous avez une conversation ici"),
        mark("Vous dire quand il change, et si votre caisse prend vos documents"),
        mark("avec la dernière de vos conversations"),
        _CONSENT,
    ),
    Row(
        mark("Les numéros que vous tapez (AVS, personnel, IBAN, téléphone), e-mail et date de naissance, chiffrés"),
        mark("Faire ce que vous demandez. La conversation n'en montre que la fin"),
        _WITH_THE_CONVERSATION,
        _CONSENT,
    ),
    Row(
        mark("Votre accord : version du texte et moment"),
        mark("Savoir ce que vous avez accepté"),
        _WITH_THE_CONVERSATION,
        mark("LIPAD"),
    ),
    Row(
        mark(
            "Votre demande au service d'aide : la conversation, ce que vous donnez pour elle, l'e-mail que vous laissez "
            "(chiffré), les réponses et notes du service, votre avis. De votre code de retour, l'empreinte"
        ),
        mark("Qu'une personne vous réponde sans vous faire tout répéter"),
        mark("{case} jours après sa clôture"),
        mark("LIPAD : votre demande"),
    ),
    Row(
        mark("Le journal des accès : qui a lu ou envoyé quoi, et quand"),
        mark("Vous le montrer, et empêcher les abus"),
        mark("{access_log} jours"),
        _LIPAD,
    ),
    Row(
        mark("Les travaux du programme : quel envoi ou rappel est prévu, sans son contenu"),
        mark("Que rien ne se perde"),
        mark("{outbox} jours après la fin du travail"),
        _LIPAD,
    ),
    Row(
        mark(
            "Sur Telegram : le numéro de votre conversation, et quels messages y sont arrivés. Telegram lit et garde ce "
            "qui passe chez lui, selon ses propres règles"
        ),
        mark("Vous y répondre"),
        _WITH_THE_CONVERSATION,
        _LIPAD,
    ),
    Row(
        mark("L'adresse de votre appareil sur le réseau"),
        mark("Limiter les abus"),
        mark("une heure au plus, en mémoire seulement"),
        _LIPAD,
    ),
    Row(
        mark("Pas ici : votre dossier à l'ORP et à la caisse de chômage, et ce que vous leur avez transmis"),
        mark("Appliquer l'assurance-chômage"),
        mark(
            "{fact:data_protection.case_kept} après le dernier traitement du cas ; comptabilité : "
            "{fact:data_protection.accounts_kept}"
        ),
        mark("{fact:data_protection.retention_rule}"),
    ),
)


@router.api_route(PRIVACY_PATH, methods=["GET", "HEAD"], response_class=HTMLResponse)
async def privacy(request: Request, lang: str | None = None) -> HTMLResponse:
    """What is kept, with the periods that are set."""
    program: Program = request.app.state.program
    translations = translations_of(request, lang)
    return rendered(
        "privacy.html",
        translations,
        sandbox=sandbox_line(translations, program.settings),
        rows=[_written(row, program.settings, translations) for row in ROWS],
    )


def _written(row: Row, settings: Settings, translations: Translations) -> Row:
    """A row with its periods and facts, in one language."""
    periods = {
        "conversation": settings.retention_conversation_days,
        "draft": settings.retention_draft_days,
        "unsent": KEPT_UNSENT.days,
        "passing": KEPT_PASSING // timedelta(hours=1),
        "files": settings.retention_files_days,
        "submission": settings.retention_submission_days,
        "stuck_files": settings.retention_stuck_files_days,
        "web_login": settings.web_login_minutes,
        "chat_login": settings.chat_login_days,
        "case": settings.retention_case_days,
        "access_log": settings.retention_access_log_days,
        "outbox": settings.retention_outbox_days,
    }

    def write(text: str) -> str:
        return fill(text, translations, fact, periods).text

    return Row(write(row.data), write(row.purpose), write(row.period), write(row.basis))
