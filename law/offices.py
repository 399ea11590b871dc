"""Who deals with what, what to send along, and where, as far as that is confirmed.

Addresses are facts. What is not confirmed is None and must not be made up: telephone and opening hours of the OCE, and
the postal address of the fund, which the sources give in two ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Office(StrEnum):
    """Who answers."""

    OCE = "oce"
    """Office cantonal de l'emploi, Geneva's regional employment centre (ORP)."""
    OCE_LEGAL = "oce_legal"
    """Legal service of the OCE, at the same address."""
    FUND = "fund"
    """The person's unemployment fund (caisse de chômage)."""
    EMPLOYER_SERVICE = "employer_service"
    """Service employeurs of the OCE."""
    JOBROOM_SUPPORT = "jobroom_support"
    """SECO, help with companies' Job-Room accounts."""
    KAE_FFE = "kae_ffe"
    """SECO, write rights in the service for retroactive payment."""
    COURT = "court"
    """Chambre des assurances sociales de la Cour de justice."""


class Matter(StrEnum):
    """What someone needs an office for."""

    REGISTRATION = "registration"
    JOB_SEARCHES = "job_searches"
    MEASURES = "measures"
    INCAPACITY_ANNOUNCED = "incapacity_announced"
    OBJECTION_TO_OCE = "objection_to_oce"
    BENEFIT = "benefit"
    """Entitlement, amount and payment."""
    IPA = "ipa"
    PCM_REQUEST = "pcm_request"
    OBJECTION_TO_FUND = "objection_to_fund"
    APPEAL = "appeal"
    VACANCY = "vacancy"
    CHARTER = "charter"
    COMPANY_ACCOUNT = "company_account"
    RETROACTIVE_WRITE_RIGHTS = "retroactive_write_rights"
    RETROACTIVE_EXTENSION = "retroactive_extension"


class Item(StrEnum):
    """What the office needs."""

    DECISION = "decision"
    SIGNED_LETTER = "signed_letter"
    MEDICAL_CERTIFICATE = "medical_certificate"
    VACANCY_ANNOUNCEMENT = "vacancy_announcement"
    PUBLICATION_CONTACT = "publication_contact"
    """Name and e-mail address of who is responsible for publishing the announcement."""
    FULL_SCREENSHOT = "full_screenshot"
    SCREENSHOT_WITH_USER_AND_TIME = "screenshot_with_user_and_time"
    REE_NUMBER = "ree_number"
    UID = "uid"
    DESCRIPTION = "description"
    FORMER_EMAIL = "former_email"
    NEW_EMAIL = "new_email"


@dataclass(frozen=True)
class Contact:
    """How an office is reached.

    Args:
        address: Id of the fact that holds its postal address.
        email: Id of the fact that holds its e-mail address.
        site: Id of the fact that names the site where the address is found.
    """

    address: str | None = None
    email: str | None = None
    site: str | None = None


CONTACTS: Mapping[Office, Contact] = MappingProxyType(
    {
        Office.OCE: Contact(address="registration.office_address"),
        Office.OCE_LEGAL: Contact(address="objection.office_address"),
        Office.FUND: Contact(site="employer_account.funds_list"),
        Office.EMPLOYER_SERVICE: Contact(email="vacancy.email"),
        Office.JOBROOM_SUPPORT: Contact(email="employer_account.help_email"),
        Office.KAE_FFE: Contact(email="employer_account.rights_email"),
        Office.COURT: Contact(address="court_appeal.post_address"),
    }
)


@dataclass(frozen=True)
class Desk:
    """Where a matter goes.

    Args:
        office: Who deals with it.
        items: What it needs, the most important first.
    """

    office: Office
    items: tuple[Item, ...] = ()

    @property
    def contact(self) -> Contact:
        return CONTACTS[self.office]


_CONTESTED = (Item.SIGNED_LETTER, Item.DECISION)

DESKS: Mapping[Matter, Desk] = MappingProxyType(
    {
        Matter.REGISTRATION: Desk(Office.OCE),
        Matter.JOB_SEARCHES: Desk(Office.OCE),
        Matter.MEASURES: Desk(Office.OCE),
        Matter.INCAPACITY_ANNOUNCED: Desk(Office.OCE, (Item.MEDICAL_CERTIFICATE,)),
        Matter.OBJECTION_TO_OCE: Desk(Office.OCE_LEGAL, _CONTESTED),
        Matter.BENEFIT: Desk(Office.FUND),
        Matter.IPA: Desk(Office.FUND),
        Matter.PCM_REQUEST: Desk(Office.FUND, (Item.SIGNED_LETTER, Item.MEDICAL_CERTIFICATE)),
        Matter.OBJECTION_TO_FUND: Desk(Office.FUND, _CONTESTED),
        Matter.APPEAL: Desk(Office.COURT, _CONTESTED),
        Matter.VACANCY: Desk(Office.EMPLOYER_SERVICE, (Item.VACANCY_ANNOUNCEMENT, Item.PUBLICATION_CONTACT)),
        Matter.CHARTER: Desk(Office.EMPLOYER_SERVICE),
        Matter.COMPANY_ACCOUNT: Desk(
            Office.JOBROOM_SUPPORT, (Item.FULL_SCREENSHOT, Item.REE_NUMBER, Item.UID, Item.DESCRIPTION)
        ),
        Matter.RETROACTIVE_WRITE_RIGHTS: Desk(
            Office.KAE_FFE,
            (Item.SCREENSHOT_WITH_USER_AND_TIME, Item.FORMER_EMAIL, Item.NEW_EMAIL, Item.REE_NUMBER),
        ),
        Matter.RETROACTIVE_EXTENSION: Desk(Office.FUND),
    }
)
"""Where each matter goes. Three matters of one company go to three offices: its account to Job-Room's support, its write
rights to KAE-FFE, more time to its unemployment fund (SECO, Renouvellement du compte Job-Room)."""


class SuspensionGround(StrEnum):
    """Why benefit days are suspended: letters of art. 30 al. 1 LACI."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"
    G = "g"


def who_suspends(ground: SuspensionGround, duty_towards_oce: bool | None = None) -> Office | None:
    """Who decides a suspension, and so who gets the objection.

    Source: art. 30 al. 2 LACI: the cantonal authority for let. c, d and g, and for let. e when the duty to inform was
    towards it; otherwise the fund.

    Args:
        ground: The letter that the decision names.
        duty_towards_oce: For let. e, whether the OCE was to be informed.

    Returns:
        None for let. e while it is not known who was to be informed: the decision itself says who signed it.
    """
    if ground is SuspensionGround.E:
        return None if duty_towards_oce is None else Office.OCE if duty_towards_oce else Office.FUND
    return Office.OCE if ground in {SuspensionGround.C, SuspensionGround.D, SuspensionGround.G} else Office.FUND
