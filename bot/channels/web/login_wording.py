"""What the pages of the login say when it does not go on, and how they call a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from base.wording import mark


@dataclass(frozen=True)
class Failure:
    """Why a login does not go on.

    Args:
        text: The reason, and what to do.
        status: HTTP status.
        again: Whether trying again can help; the page then offers it.
    """

    text: str
    status: int
    again: bool = False


FAILURES = {
    "unknown": Failure(mark("Ce lien n'est pas valable. Demandez-en un nouveau dans la conversation."), 404),
    "expired": Failure(
        mark("Ce lien n'était valable que dix minutes. Demandez-en un nouveau dans la conversation."), 410
    ),
    "used": Failure(
        mark(
            "Ce lien a déjà servi, et il ne sert qu'une fois. Si besoin, demandez-en un nouveau dans la conversation."
        ),
        410,
    ),
    "not_agreed": Failure(
        mark(
            "Votre accord n'a pas pu être vérifié. Votre navigateur doit accepter un cookie, pendant dix minutes "
            "seulement. Autorisez-le, puis recommencez."
        ),
        403,
        again=True,
    ),
    "unknown_answer": Failure(
        mark(
            "Cette réponse ne correspond à aucune connexion en cours. Rien n'a été relié. "
            "Demandez un nouveau lien dans la conversation."
        ),
        400,
    ),
    "took_too_long": Failure(
        mark(
            "Plus de dix minutes ont passé, et la connexion n'est plus valable. Rien n'a été relié. "
            "Demandez un nouveau lien dans la conversation."
        ),
        410,
    ),
    "answer_used": Failure(
        mark(
            "Cette connexion est déjà terminée. Si elle a réussi, revenez simplement à la conversation. "
            "Sinon, demandez-y un nouveau lien."
        ),
        410,
    ),
    "other_browser": Failure(
        mark(
            "Cette connexion a commencé dans un autre navigateur. Par sécurité, rien n'a été relié. Si quelqu'un vous a "
            "envoyé cette adresse, ne l'utilisez pas. Sinon, demandez un nouveau lien dans la conversation et gardez le "
            "même navigateur jusqu'au bout."
        ),
        403,
    ),
    "denied": Failure(mark("Vous avez annulé la connexion. Rien n'a été relié."), 403, again=True),
    "provider_refused": Failure(
        mark("Le service de connexion n'a pas confirmé qui vous êtes. Rien n'a été relié. Vous pouvez réessayer."),
        502,
        again=True,
    ),
    "provider_down": Failure(
        mark("Le service de connexion ne répond pas. Rien n'a été relié. Réessayez dans quelques minutes."),
        503,
        again=True,
    ),
    "forged": Failure(
        mark("La réponse du service de connexion n'a pas pu être vérifiée. Par sécurité, rien n'a été relié."),
        502,
        again=True,
    ),
    "other_person": Failure(
        mark(
            "Cette conversation est à une autre personne, et elle le reste, même déconnectée. Commencez votre propre "
            "conversation : sur ce site, effacez d'abord celle-ci."
        ),
        409,
    ),
    "erased": Failure(mark("Cette conversation a été effacée. Commencez-en une nouvelle."), 410),
    "not_open": Failure(
        mark("La connexion n'est pas encore ouverte ici. Faites vos démarches directement dans Job-Room."), 503
    ),
    "too_many_requests": Failure(
        mark("Il y a beaucoup de demandes en même temps. Attendez un instant, puis rechargez la page."), 429
    ),
    "unavailable": Failure(
        mark("Le service est momentanément indisponible. Attendez un instant, puis rouvrez le lien."), 503
    ),
}
"""By a name that stands in the log, too."""

CHANNELS = {
    "web": mark("sur ce site"),
    "telegram": mark("sur Telegram"),
    "": mark("avec Cornavin"),
}
"""Where a conversation is, by its channel."""
