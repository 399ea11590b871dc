"""What the tests ask, and what they look for in the answers."""

REGISTRATION = "Comment m'inscrire au chômage ?"

PERSONAL_NUMBER = "Où trouver mon numéro personnel ?"
ON_TWO_PAPERS = "confirmation d'inscription à l'ORP"
IS_IT_AVS = "Est-ce mon numéro AVS ?"
NOT_AVS = "Ce n'est pas votre numéro AVS."

DOCUMENTS = "Puis-je encore envoyer des documents ?"
WHICH_STATUS = "Quel statut voyez-vous dans Job-Room ?"
UNDER_REVIEW = "Droit en cours d'examen"
STILL_OPEN = "vous pouvez ajouter des documents"

OFFLINE = "Pas de connexion. Votre message est gardé ici et partira dès que possible."
ERASED = "La conversation est effacée."
DISCONNECTED = "Pas de connexion pour le moment."
ENDED = "Cette conversation a été fermée. Vous pouvez en commencer une nouvelle."
