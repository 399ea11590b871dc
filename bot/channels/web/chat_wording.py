"""What the chat says beyond what the page without scripts says, too."""

from base.wording import mark
from casework.files.refusals import Reason
from casework.files.wording import WORDING as REFUSALS

STRINGS = {
    "talk": mark("Parler à quelqu'un"),
    "talk_text": mark("Je veux parler à une personne"),
    "keep": mark("Enregistrer"),
    "keep_label": mark("Enregistrer cette conversation dans un fichier"),
    "transcript_title": mark("Conversation avec Cornavin, enregistrée le {date}"),
    "erase_yes": mark("Oui, effacer"),
    "erase_no": mark("Non, garder"),
    "language": mark("Langue"),
    "service_notice": mark("Avis"),
    "dismiss": mark("Masquer l'avis"),
    "discard": mark("Ne pas envoyer"),
    "disconnected": mark("Pas de connexion pour le moment."),
    "ended_elsewhere": mark("Cette conversation a été fermée. Vous pouvez en commencer une nouvelle."),
    "step": mark("Étape {step}"),
    "step_of": mark("Étape {step} sur {steps}"),
    "pick_date": mark("Choisir la date"),
    "pick_month": mark("Choisir le mois"),
    "confirm": mark("Confirmer"),
    "download": mark("Télécharger"),
    "files": mark("Fichiers"),
    "kind_calendar": mark("Calendrier"),
    "no_file": mark("Ce fichier n'existe plus."),
    "attach": mark("Joindre un fichier"),
    "take_photo": mark("Prendre une photo"),
    "drop": mark("Déposez le fichier ici"),
    "file_ready": mark("prêt à être envoyé"),
    "file_checking": mark("vérification en cours"),
    "file_too_big": REFUSALS[Reason.TOO_BIG],
    "cancel_file": mark("Annuler l'envoi de {name}"),
    "remove_file": mark("Retirer {name}"),
    "feedback": mark("Cette réponse vous aide-t-elle ?"),
    "helpful": mark("Réponse utile"),
    "unhelpful": mark("Réponse pas utile"),
    "thanks": mark("Merci de votre avis."),
    "thanks_for_comment": mark("Merci de votre commentaire."),
    "comment": mark("Un commentaire ? (facultatif, sans données personnelles)"),
    "send_comment": mark("Envoyer le commentaire"),
    "close": mark("Fermer"),
}
"""By the name under which the scripts know it."""
