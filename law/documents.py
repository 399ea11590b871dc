"""Which documents may be sent when, and which way."""

from enum import StrEnum


class ApplicationStatus(StrEnum):
    """Where an application for unemployment benefit (demande d'indemnité de chômage) stands on Job-Room.

    Source: ge.ch, S'inscrire au chômage, étape 5 (2026).
    """

    DRAFT = "draft"
    """«Demande non finalisée»: being entered, not transmitted."""
    UNDER_REVIEW = "under_review"
    """«Droit en cours d'examen»: transmitted to the fund."""
    DECIDED = "decided"
    """The fund has examined the right and handled the case; the page gives no label for this state."""


def uploads_open(status: ApplicationStatus) -> bool:
    """Whether documents for the fund (caisse de chômage) can be uploaded in «Mes documents» at this status.

    Source: ge.ch, S'inscrire au chômage, étape 5 (2026): only after transmission, and only until the case is handled.
    """
    return status is ApplicationStatus.UNDER_REVIEW
