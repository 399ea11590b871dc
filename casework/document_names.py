"""What people call documents, and those who get them."""

from collections.abc import Mapping
from types import MappingProxyType

from base.wording import mark
from law.documents import Document, Recipient

NAMES: Mapping[Document, str] = MappingProxyType(
    {
        Document.APPLICATION_FILE: mark("Dossier de candidature"),
        Document.CV: mark("CV"),
        Document.COVER_LETTER: mark("Lettre de motivation"),
        Document.DIPLOMA: mark("Diplôme"),
        Document.WORK_CERTIFICATE: mark("Certificat de travail"),
        Document.TERMINATION_LETTER: mark("Lettre de résiliation"),
        Document.CONTRACT: mark("Contrat de travail"),
        Document.PAYSLIP: mark("Fiche de salaire"),
        Document.AGI: mark("Attestation de gain intermédiaire"),
        Document.EMPLOYER_CERTIFICATE: mark("Attestation de l'employeur"),
        Document.MEDICAL_CERTIFICATE: mark("Certificat médical"),
        Document.OTHER: mark("Autre document"),
    }
)
"""In French; those that the ORP takes, as Job-Room names them."""

FOR_RECIPIENTS: Mapping[Recipient, str] = MappingProxyType(
    {Recipient.ORP: mark("pour votre ORP"), Recipient.FUND: mark("pour votre caisse")}
)
TO_RECIPIENTS: Mapping[Recipient, str] = MappingProxyType(
    {Recipient.ORP: mark("à votre ORP"), Recipient.FUND: mark("à votre caisse")}
)
"""In French; both are parts of sentences."""


SENDINGS: Mapping[str, str] = MappingProxyType(
    {
        **{str(document): name for document, name in NAMES.items()},
        "incapacity": mark("Annonce d'incapacité de travail"),
        "recovery": mark("Fin d'incapacité de travail"),
        "effort": mark("Recherche d'emploi"),
        "report": mark("Recherches d'emploi du mois"),
        "ipa": mark("Indications de la personne assurée (IPA)"),
    }
)
"""In French; what was sent, by the title of its submission."""


def name_of(title: str) -> str:
    """What was sent, in French, from a submission's title; something general for what is not known."""
    return SENDINGS.get(title, NAMES[Document.OTHER])
