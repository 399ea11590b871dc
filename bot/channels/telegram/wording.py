"""What people read on Telegram only."""

from base.wording import mark

GROUP = mark("Je ne réponds qu'en conversation privée, pour garder vos affaires entre nous. Écrivez-moi directement.")
NOT_TAKEN = mark("Je ne comprends que le texte, les photos et les PDF. Écrivez-moi votre question en quelques mots.")
VOICE = mark("Je ne sais pas encore écouter. Écrivez-moi votre question en quelques mots, même avec des fautes.")
VIDEO = mark("Je ne peux pas regarder de vidéo. Envoyez une photo ou un PDF, ou écrivez-moi votre question.")
STICKER = mark("Merci ! Si vous avez une question, écrivez-la-moi en quelques mots.")
LOCATION = mark(
    "Je n'ai pas besoin de votre position et je ne la garde pas. Écrivez-moi votre question, par exemple : où est l'ORP ?"
)
CONTACT = mark(
    "Je n'ai pas besoin de ce contact et je ne le garde pas. Si une démarche demande un numéro, écrivez-le ici."
)
POLL = mark("Je ne peux pas répondre à un sondage. Écrivez-moi votre question en quelques mots.")
TOO_FAST = mark("Vous écrivez très vite et je n'arrive plus à suivre. Attendez une minute, puis écrivez-moi à nouveau.")
NO_UPLOADS = mark("Je ne prends pas de fichiers pour le moment. Déposez vos documents directement dans Job-Room.")
NOT_READ = mark("Je n'ai pas pu lire ce fichier maintenant. Envoyez-le à nouveau dans quelques minutes.")
HEALTH = mark(
    "**Un document de santé ne passe pas par Telegram, qui garde ce qu'on y envoie.** Déposez-le sur notre site : "
    "[ouvrir la page de dépôt]({url}). Le lien sert une fois, pendant 24 heures, pour cette conversation.\n\n"
    "Je n'ai pas ouvert le fichier que vous venez d'envoyer. Effacez-le de Telegram, pour vous et pour moi."
)
OLD_CHOICE = mark("Ce bouton n'est plus valable. Écrivez-moi, ou utilisez les boutons du dernier message.")
USED_CHOICE = mark("C'est déjà noté.")
NOT_ON_TELEGRAM = mark(
    "**La copie de vos données ne passe pas par Telegram : elle contient tout ce que je garde de vous.** "
    "Pour la télécharger, ouvrez {url}, connectez-vous et écrivez « télécharger mes données »."
)
FILE_GONE = mark("Le fichier « {name} » n'existe plus.")
LANGUAGE = mark("Dans quelle langue dois-je répondre ?")
LANGUAGE_SET = mark("C'est noté, je réponds en français.")
SOURCES = mark("Sources")
AS_OF = mark("état : {date}")
DATED = mark("texte ancien, à vérifier")
