"""One job search (recherche d'emploi), as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

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
