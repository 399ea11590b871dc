"""How accesses are told to the person whose data they are."""

from collections.abc import Mapping
from typing import Final

from base.wording import mark
from casework.access import Access, Actor, Deed, Kind

ACTORS: Final[Mapping[Actor, str]] = {
    Actor.PERSON: mark("vous"),
    Actor.SYSTEM: mark("Cornavin"),
    Actor.OPERATOR: mark("l'exploitant"),
    Actor.AGENT: mark("le service d'aide"),
}
DEEDS: Final[Mapping[Deed, str]] = {
    Deed.READ: mark("lecture"),
    Deed.SENT: mark("transmission à Job-Room"),
    Deed.COPIED: mark("téléchargement"),
}
KINDS: Final[Mapping[Kind, str]] = {
    Kind.CASE: mark("dossier"),
    Kind.FILE: mark("fichier"),
    Kind.RECEIPT: mark("reçu"),
    Kind.SUBMISSION: mark("envoi"),
    Kind.IDENTITY: mark("numéro personnel et date de naissance, pour vous reconnaître"),
    Kind.EVERYTHING: mark("copie de vos données"),
}
_TELLING = frozenset({Kind.CASE, Kind.RECEIPT, Kind.SUBMISSION})
"""Kinds whose objects people know by a number."""


def object_of(access: Access) -> str:
    """The number by which people know what it was done with; empty where they know none."""
    return access.object if access.kind in _TELLING else ""
