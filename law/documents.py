"""Which documents may be sent when, to whom and which way, and what goes with the monthly IPA form.

Source, unless said otherwise: ge.ch, S'inscrire au chômage, étape 5 (2026).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

MEBIBYTE = 1024 * 1024


class ApplicationStatus(StrEnum):
    """Where an application for unemployment benefit (demande d'indemnité de chômage) stands on Job-Room."""

    DRAFT = "draft"
    """«Demande non finalisée»: being entered, not transmitted."""
    UNDER_REVIEW = "under_review"
    """«Droit en cours d'examen»: transmitted to the fund."""
    DECIDED = "decided"
    """The fund has examined the right and handled the case; the page gives no label for this state."""


class Recipient(StrEnum):
    """Who gets a document."""

    ORP = "orp"
    """The counsellor at the regional employment centre."""
    FUND = "fund"
    """The unemployment fund (caisse de chômage)."""


class Document(StrEnum):
    """What people send."""

    APPLICATION_FILE = "application_file"
    CV = "cv"
    COVER_LETTER = "cover_letter"
    DIPLOMA = "diploma"
    WORK_CERTIFICATE = "work_certificate"
    TERMINATION_LETTER = "termination_letter"
    """Notice given by either side."""
    CONTRACT = "contract"
    PAYSLIP = "payslip"
    AGI = "agi"
    """Attestation de gain intermédiaire."""
    EMPLOYER_CERTIFICATE = "employer_certificate"
    """Attestation de l'employeur, for the application for benefit."""
    MEDICAL_CERTIFICATE = "medical_certificate"
    OTHER = "other"
    """Documents divers."""


ORP_TYPES = frozenset(
    {
        Document.APPLICATION_FILE,
        Document.CV,
        Document.COVER_LETTER,
        Document.DIPLOMA,
        Document.WORK_CERTIFICATE,
        Document.TERMINATION_LETTER,
        Document.OTHER,
    }
)
"""The types that Job-Room's service for documents knows; whatever has none of its own is a «document divers»."""


class Way(StrEnum):
    """How a document travels."""

    MY_DOCUMENTS = "my_documents"
    """The section «Mes documents» of Job-Room."""
    INCAPACITY_SERVICE = "incapacity_service"
    """Job-Room's service for announcing an incapacity, which takes the certificate along."""
    EMAIL = "email"
    COUNTER = "counter"
    POST = "post"
    VIRTUAL_COUNTER = "virtual_counter"


USUAL_WAYS = (Way.EMAIL, Way.COUNTER, Way.POST, Way.VIRTUAL_COUNTER)
"""How the fund takes documents once it has handled the case."""


@dataclass(frozen=True)
class Submission:
    """Whether and how a document can be sent.

    Args:
        ways: How it can be sent now, the best first; empty when not at all.
        facts: Ids of the facts that say so.
        transmit_first: Whether the application must be transmitted before.
        filed_as: The type to choose in Job-Room's service for documents, where there is one.
        also_with_ipa: Whether it can go to the fund as an attachment of the monthly IPA form too.
    """

    ways: tuple[Way, ...]
    facts: tuple[str, ...]
    transmit_first: bool = False
    filed_as: Document | None = None
    also_with_ipa: bool = False

    @property
    def uploads_open(self) -> bool:
        """Whether «Mes documents» takes the document."""
        return Way.MY_DOCUMENTS in self.ways


_CERTIFICATE_TO_ORP = Submission((Way.INCAPACITY_SERVICE,), ("incapacity.jobroom_minimum",))
_TO_FUND: Mapping[ApplicationStatus, Submission] = MappingProxyType(
    {
        ApplicationStatus.DRAFT: Submission((), ("application.draft",), transmit_first=True),
        ApplicationStatus.UNDER_REVIEW: Submission((Way.MY_DOCUMENTS,), ("application.under_review",)),
        ApplicationStatus.DECIDED: Submission(USUAL_WAYS, ("application.decided",)),
    }
)
_WITH_IPA = frozenset(
    {Document.CONTRACT, Document.PAYSLIP, Document.AGI, Document.MEDICAL_CERTIFICATE, Document.DIPLOMA}
)


def submission(document: Document, recipient: Recipient, status: ApplicationStatus | None = None) -> Submission:
    """How a document can be sent.

    The ORP takes documents at any time; a medical certificate goes with the announcement of the incapacity. The fund
    takes them in «Mes documents» only after the application was transmitted and until the case is handled; the page
    makes no difference between the types.

    Args:
        document: What is to be sent.
        recipient: Who is to get it.
        status: Where the application for benefit stands; needed for the fund only.

    Raises:
        ValueError: When it is for the fund and the status is not known.
    """
    if recipient is Recipient.ORP:
        return _CERTIFICATE_TO_ORP if document is Document.MEDICAL_CERTIFICATE else _to_orp(document)
    if status is None:
        raise ValueError("what the fund takes depends on the status of the application")
    return replace(_TO_FUND[status], also_with_ipa=document in _WITH_IPA)


def _to_orp(document: Document) -> Submission:
    filed_as = document if document in ORP_TYPES else Document.OTHER
    return Submission((Way.MY_DOCUMENTS,), ("orp_documents.types", "documents.orp_any_time"), filed_as=filed_as)


class EService(StrEnum):
    """The five online services of Job-Room."""

    JOB_SEARCHES = "job_searches"
    DOCUMENTS = "documents"
    INCAPACITY = "incapacity"
    IPA = "ipa"
    APPLICATION = "application"


RECIPIENTS: Mapping[EService, Recipient] = MappingProxyType(
    {
        EService.JOB_SEARCHES: Recipient.ORP,
        EService.DOCUMENTS: Recipient.ORP,
        EService.INCAPACITY: Recipient.ORP,
        EService.IPA: Recipient.FUND,
        EService.APPLICATION: Recipient.FUND,
    }
)
"""Three services go to the ORP, two to the fund."""


@dataclass(frozen=True)
class Limits:
    """What a service takes.

    Args:
        media_types: Media types of files.
        max_bytes: Size of one file.
        max_versions: Files of one type that are kept.
        facts: Ids of the facts that say so.
    """

    media_types: tuple[str, ...]
    max_bytes: int
    max_versions: int
    facts: tuple[str, ...]


LIMITS: Mapping[EService, Limits] = MappingProxyType(
    {
        EService.DOCUMENTS: Limits(
            ("application/pdf",),
            5 * MEBIBYTE,
            6,
            ("orp_documents.format", "orp_documents.max_size", "orp_documents.versions"),
        )
    }
)
"""Limits that are known, from the screens of 2020. No source gives those of the other services: what the screen says
counts."""


class IpaSituation(StrEnum):
    """What someone may have to prove with the monthly IPA form."""

    INTERMEDIATE_EARNINGS = "intermediate_earnings"
    SELF_EMPLOYMENT = "self_employment"
    INCAPACITY = "incapacity"
    MAINTENANCE = "maintenance"
    """A duty to maintain a child (obligation d'entretien)."""
    SOCIAL_BENEFITS = "social_benefits"
    """Benefits of Swiss or foreign social insurances."""


class Attachment(StrEnum):
    """What goes with the IPA form."""

    WORK_CONTRACT = "work_contract"
    PAYSLIP = "payslip"
    INTERMEDIATE_EARNINGS_CERTIFICATE = "intermediate_earnings_certificate"
    SUPPORTING_DOCUMENTS = "supporting_documents"
    STATEMENT = "statement"
    MEDICAL_CERTIFICATE = "medical_certificate"
    ACCIDENT_FORM = "accident_form"
    APG_CERTIFICATE = "apg_certificate"
    BIRTH_CERTIFICATE = "birth_certificate"
    APPRENTICESHIP_CONTRACT = "apprenticeship_contract"
    TRAINING_CERTIFICATE = "training_certificate"
    DIPLOMA = "diploma"
    DECISION = "decision"


IPA_ATTACHMENTS: Mapping[IpaSituation, tuple[Attachment, ...]] = MappingProxyType(
    {
        IpaSituation.INTERMEDIATE_EARNINGS: (
            Attachment.WORK_CONTRACT,
            Attachment.PAYSLIP,
            Attachment.INTERMEDIATE_EARNINGS_CERTIFICATE,
        ),
        IpaSituation.SELF_EMPLOYMENT: (
            Attachment.SUPPORTING_DOCUMENTS,
            Attachment.STATEMENT,
            Attachment.INTERMEDIATE_EARNINGS_CERTIFICATE,
        ),
        IpaSituation.INCAPACITY: (
            Attachment.MEDICAL_CERTIFICATE,
            Attachment.ACCIDENT_FORM,
            Attachment.APG_CERTIFICATE,
        ),
        IpaSituation.MAINTENANCE: (
            Attachment.BIRTH_CERTIFICATE,
            Attachment.APPRENTICESHIP_CONTRACT,
            Attachment.TRAINING_CERTIFICATE,
            Attachment.DIPLOMA,
        ),
        IpaSituation.SOCIAL_BENEFITS: (Attachment.DECISION, Attachment.STATEMENT),
    }
)
"""What can be attached in each situation, as the case may be."""
