"""What people read when a file is not taken: why, and what to do."""

from collections.abc import Mapping
from types import MappingProxyType

from base.wording import mark
from casework.files.refusals import Reason

WORDING: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.EMPTY: mark("Ce fichier est vide. Choisissez-en un autre, ou prenez le document en photo."),
        Reason.TOO_BIG: mark(
            "Ce fichier dépasse 10 Mo. Envoyez les pages en plusieurs fichiers, ou photographiez-les."
        ),
        Reason.UNSUPPORTED: mark(
            "Ce fichier n'est ni un PDF ni une photo (JPEG, PNG, HEIC). "
            "Ouvrez-le, enregistrez-le au format PDF, puis envoyez ce PDF."
        ),
        Reason.BROKEN: mark(
            "Ce fichier est abîmé ou incomplet. Envoyez-le à nouveau ; si cela se répète, prenez le document en photo."
        ),
        Reason.ENCRYPTED: mark(
            "Ce PDF est protégé par un mot de passe ou des restrictions. "
            "Envoyez une version sans protection, ou prenez le document en photo."
        ),
        Reason.SCRIPTED: mark(
            "Ce PDF contient un programme, et nous ne pouvons pas le transmettre. Ouvrez-le, choisissez « Imprimer » "
            "puis « Enregistrer au format PDF », et envoyez le nouveau fichier."
        ),
        Reason.ATTACHMENTS: mark(
            "Ce PDF contient d'autres fichiers, du son ou de la vidéo. "
            "Envoyez chaque document séparément, au format PDF ou en photo."
        ),
        Reason.UNFAITHFUL: mark(
            "Ce PDF est un formulaire ou contient des éléments qui risquent de disparaître en route. Ouvrez-le, "
            "choisissez « Imprimer » puis « Enregistrer au format PDF », et envoyez le nouveau fichier."
        ),
        Reason.TOO_MANY_PAGES: mark(
            "Ce document a plus de 100 pages. Envoyez les pages utiles, en plusieurs fichiers si nécessaire."
        ),
        Reason.TOO_MANY_PIXELS: mark(
            "Cette image est trop grande pour être lue. Reprenez la photo dans une taille plus petite."
        ),
        Reason.TOO_COMPLEX: mark(
            "Ce fichier est trop compliqué à lire. Imprimez-le au format PDF, ou prenez le document en photo."
        ),
        Reason.NOT_SMALL_ENOUGH: mark(
            "Ce document est trop lourd pour Job-Room : plus petit, il ne serait plus lisible. "
            "Envoyez-le en plusieurs fois, avec moins de pages."
        ),
        Reason.INFECTED: mark(
            "L'antivirus a trouvé un danger dans ce fichier ; il n'a pas été gardé. "
            "Prenez le document en photo, et faites vérifier votre appareil."
        ),
        Reason.NOT_SCANNED: mark(
            "La vérification antivirus ne répond pas ; le fichier n'a pas été gardé. Réessayez dans quelques minutes."
        ),
        Reason.TOO_MANY_FILES: mark(
            "Cette conversation contient déjà beaucoup de fichiers. "
            "Transmettez ou supprimez ceux qui s'y trouvent, puis continuez."
        ),
        Reason.NO_ROOM: mark(
            "Il n'y a plus de place ici pour de nouveaux fichiers. "
            "Réessayez plus tard, ou déposez vos documents directement dans Job-Room."
        ),
    }
)
