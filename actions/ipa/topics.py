"""What the IPA asks about a month, and what goes with each answer, in words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from base.wording import mark
from law.documents import IPA_ATTACHMENTS, Attachment, IpaSituation


class Topic(StrEnum):
    """What may have happened in a month, in the order in which it is asked."""

    WORKED = "worked"
    """Intermediate earnings (gain intermédiaire)."""
    SELF_EMPLOYED = "self_employed"
    INCAPACITY = "incapacity"
    MAINTENANCE = "maintenance"
    """Children to maintain (obligation d'entretien)."""
    BENEFITS = "benefits"
    ABSENCE = "absence"
    NEW_JOB = "new_job"
    CHANGED = "changed"


SITUATIONS: Mapping[Topic, IpaSituation] = MappingProxyType(
    {
        Topic.WORKED: IpaSituation.INTERMEDIATE_EARNINGS,
        Topic.SELF_EMPLOYED: IpaSituation.SELF_EMPLOYMENT,
        Topic.INCAPACITY: IpaSituation.INCAPACITY,
        Topic.MAINTENANCE: IpaSituation.MAINTENANCE,
        Topic.BENEFITS: IpaSituation.SOCIAL_BENEFITS,
    }
)
"""Those that are to be proven."""

LABELS: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.WORKED: mark("Travail pour un employeur"),
        Topic.SELF_EMPLOYED: mark("Activité indépendante"),
        Topic.INCAPACITY: mark("Maladie, accident"),
        Topic.MAINTENANCE: mark("Enfants à charge"),
        Topic.BENEFITS: mark("Autres prestations"),
        Topic.ABSENCE: mark("Absences, vacances"),
        Topic.NEW_JOB: mark("Nouvel emploi"),
        Topic.CHANGED: mark("Adresse, compte, autres changements"),
    }
)
ATTACHMENTS: Mapping[Attachment, str] = MappingProxyType(
    {
        Attachment.WORK_CONTRACT: mark("contrat de travail"),
        Attachment.PAYSLIP: mark("feuille de salaire"),
        Attachment.INTERMEDIATE_EARNINGS_CERTIFICATE: mark("attestation de gain intermédiaire"),
        Attachment.SUPPORTING_DOCUMENTS: mark("pièces justificatives"),
        Attachment.STATEMENT: mark("décompte"),
        Attachment.MEDICAL_CERTIFICATE: mark("certificat médical"),
        Attachment.ACCIDENT_FORM: mark("feuille accident"),
        Attachment.APG_CERTIFICATE: mark("attestation APG"),
        Attachment.BIRTH_CERTIFICATE: mark("acte de naissance"),
        Attachment.APPRENTICESHIP_CONTRACT: mark("contrat d'apprentissage"),
        Attachment.TRAINING_CERTIFICATE: mark("attestation de l'institut de formation"),
        Attachment.DIPLOMA: mark("diplôme"),
        Attachment.DECISION: mark("décision"),
    }
)


def attachments_of(topic: Topic) -> tuple[Attachment, ...]:
    """What proves it, as the case may be; nothing for what needs no proof."""
    return IPA_ATTACHMENTS[SITUATIONS[topic]] if topic in SITUATIONS else ()
