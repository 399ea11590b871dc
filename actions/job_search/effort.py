"""One job search (recherche d'emploi), as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from eservices import models
from eservices.models import ApplyChannel, Result, Workload


class Effort(BaseModel):
    """What a person has said of one application; what they did not say is None or empty.

    Args:
        apply_date: When they applied.
        company: The name of the employer.
        described: What the employer is, when it was not named: «une boulangerie».
        street: Of the employer's address, like the fields that follow.
        contact_person: To whom they spoke.
        email: Where they applied, or the token that stands for it.
        form_url: Address of the online form.
        phone: Number they called, or the token that stands for it.
        channels: How they applied.
        occupation: For which post.
        assigned_by_orp: Whether the ORP had assigned it.
        workload: Full or part time.
        results: What came of it so far.
        rejection_reason: Why they were refused.
        assumed: Fields that rest on an assumption, which the person should check.
    """

    model_config = ConfigDict(frozen=True)

    apply_date: date | None = None
    company: str | None = None
    described: str | None = None
    street: str | None = None
    house_number: str | None = None
    po_box: str | None = None
    postal_code: str | None = None
    city: str | None = None
    contact_person: str | None = None
    email: str | None = None
    form_url: str | None = None
    phone: str | None = None
    channels: tuple[ApplyChannel, ...] = ()
    occupation: str | None = None
    assigned_by_orp: bool | None = None
    workload: Workload | None = None
    results: tuple[Result, ...] = ()
    rejection_reason: str | None = None
    assumed: frozenset[str] = frozenset()

    @property
    def said(self) -> Mapping[str, Any]:
        """The fields that are known."""
        return {
            name: value
            for name in type(self).model_fields
            if name != "assumed" and (value := getattr(self, name)) not in (None, ())
        }

    def having(self, other: Effort) -> Effort:
        """This one with what is known of another; what was known here before gives way."""
        changes = dict(other.said)
        assumed = (self.assumed - set(changes)) | other.assumed
        return self.model_copy(update={**changes, "assumed": assumed})

    def completed_by(self, other: Effort) -> Effort:
        """This one with what only another says."""
        missing = {name: value for name, value in other.said.items() if name not in self.said}
        return self.model_copy(update={**missing, "assumed": self.assumed | (other.assumed & set(missing))})


PLACE = ("street", "house_number", "po_box", "postal_code", "city")
"""Fields of the employer's address."""
LONGEST: Mapping[str, int] = {
    "company": 100,
    "occupation": 100,
    "contact_person": 100,
    "rejection_reason": 250,
    "street": 60,
    "city": 100,
    "form_url": 255,
}
"""How many characters the contract takes."""


def is_too_long(effort: Effort, name: str) -> bool:
    """Whether a field was said at greater length than Job-Room takes."""
    return name in LONGEST and len(getattr(effort, name) or "") > LONGEST[name]


def missing(effort: Effort) -> tuple[str, ...]:
    """The fields that Job-Room wants and nobody has said so that it takes them, in the order in which they are asked for.

    `address` stands for street, postcode and town; `online` for an e-mail address or a form.
    """
    ways = set(effort.channels)
    said = {name for name in effort.said if not is_too_long(effort, name)}
    has_place = {"postal_code", "city"} <= said and bool(said & {"street", "po_box"})
    wanted = (
        ("company", "company" not in said),
        ("occupation", "occupation" not in said),
        ("apply_date", effort.apply_date is None or "apply_date" in effort.assumed),
        ("channels", not ways),
        ("address", bool(ways - {ApplyChannel.ELECTRONIC}) and not has_place),
        ("contact_person", bool(ways & {ApplyChannel.PERSONAL, ApplyChannel.PHONE}) and "contact_person" not in said),
        ("phone", ApplyChannel.PHONE in ways and "phone" not in said),
        ("online", ApplyChannel.ELECTRONIC in ways and not said & {"email", "form_url"}),
        ("assigned_by_orp", effort.assigned_by_orp is None),
        ("workload", effort.workload is None),
        ("results", not effort.results),
        ("rejection_reason", Result.REJECTED in effort.results and "rejection_reason" not in said),
    )
    return tuple(name for name, lacking in wanted if lacking)


def as_entered(effort: Effort) -> models.Effort:
    """A complete effort as the contract writes it.

    Raises:
        pydantic.ValidationError: When it does not fit, such as a name that is too long.
    """
    by_post = bool(set(effort.channels) - {ApplyChannel.ELECTRONIC})
    has_address = effort.postal_code is not None and effort.city is not None
    address = (
        models.Address(
            street=effort.street,
            house_number=effort.house_number,
            po_box=effort.po_box,
            postal_code=effort.postal_code or "",
            city=effort.city or "",
        )
        if has_address or by_post
        else None
    )
    return models.Effort(
        apply_date=effort.apply_date or date.min,
        company=models.Company(
            name=effort.company or "",
            address=address,
            contact_person=effort.contact_person,
            email=effort.email,
            form_url=effort.form_url,
            phone=effort.phone,
        ),
        channels=list(effort.channels),
        occupation=effort.occupation or "",
        assigned_by_orp=bool(effort.assigned_by_orp),
        workload=effort.workload or Workload.FULLTIME,
        results=list(effort.results),
        rejection_reason=effort.rejection_reason if Result.REJECTED in effort.results else None,
    )


def from_entered(entered: models.Effort) -> Effort:
    """An effort that was handed in, as it is spoken of."""
    address = entered.company.address
    return Effort(
        apply_date=entered.apply_date,
        company=entered.company.name,
        street=address.street if address else None,
        house_number=address.house_number if address else None,
        po_box=address.po_box if address else None,
        postal_code=address.postal_code if address else None,
        city=address.city if address else None,
        contact_person=entered.company.contact_person,
        email=entered.company.email,
        form_url=entered.company.form_url,
        phone=entered.company.phone,
        channels=tuple(entered.channels),
        occupation=entered.occupation,
        assigned_by_orp=entered.assigned_by_orp,
        workload=entered.workload,
        results=tuple(entered.results),
        rejection_reason=entered.rejection_reason,
    )
