"""What must be known to count a time limit."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict

from actions.tasks import TaskDraft
from law.deadlines import Act, Benefit, Delivery
from law.periods import Month

UNKNOWN: Literal["unknown"] = "unknown"
"""The person cannot tell."""
NONE: Literal["none"] = "none"
"""There was none."""


class Kind(StrEnum):
    """What the time limit is for."""

    DECISION = "decision"
    """To contest a decision."""
    RESTITUTION = "restitution"
    """To ask that a missed time limit be restored."""
    JOB_SEARCHES = "job_searches"
    IPA = "ipa"
    """To claim the allowances of a month, by the IPA and its enclosures."""
    INCAPACITY = "incapacity"
    CANTONAL_REGISTRATION = "cantonal_registration"


class Authority(StrEnum):
    """Who decided."""

    OCE = "oce"
    FUND = "fund"
    UNKNOWN = UNKNOWN


class BenefitSaid(StrEnum):
    """What the decision is about."""

    FEDERAL = "federal"
    CANTONAL = "cantonal"
    UNKNOWN = UNKNOWN


class ActSaid(StrEnum):
    """What can be filed against it."""

    OBJECTION = "opposition"
    APPEAL = "recours"
    UNKNOWN = UNKNOWN


class DeliverySaid(StrEnum):
    """How the letter came, as people know it."""

    REGISTERED = "registered"
    """Signed for, at the door or at the post office."""
    NOT_COLLECTED = "not_collected"
    """A notice was left, and nobody has fetched the letter."""
    ORDINARY = "ordinary"
    COUNTER = "counter"
    UNKNOWN = UNKNOWN


class DeadlineDraft(TaskDraft):
    """What was said so far; None is not known yet.

    Args:
        notification_date: Day on which the decision was received.
        notice_date: Day on which the post left its notice.
        month: The month of the job searches or the IPA, as `2026-10`.
        start_date: First day of the incapacity.
        entitlement_end: Last day of the federal entitlement.
        obstacle_end: Day on which what prevented the person was over.
        approximate: Whether the person gave the day only roughly.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind | None = None
    act: ActSaid | None = None
    authority: Authority | None = None
    benefit: BenefitSaid | None = None
    delivery: DeliverySaid | None = None
    notification_date: date | None = None
    notice_date: date | Literal["none", "unknown"] | None = None
    month: str | None = None
    start_date: date | None = None
    entitlement_end: date | None = None
    obstacle_end: date | None = None
    approximate: bool = False

    @property
    def attempt(self) -> date | None:
        """The day of the notice, where it is known."""
        return self.notice_date if isinstance(self.notice_date, date) else None

    @property
    def law_act(self) -> Act:
        """Without better knowledge an opposition: it has the same time limit as an appeal."""
        return Act.APPEAL if self.act is ActSaid.APPEAL else Act.OBJECTION

    @property
    def law_benefit(self) -> Benefit | None:
        return None if self.benefit in {None, BenefitSaid.UNKNOWN} else Benefit(str(self.benefit))

    @property
    def law_delivery(self) -> Delivery | None:
        if self.delivery is DeliverySaid.NOT_COLLECTED:
            return Delivery.REGISTERED
        return None if self.delivery in {None, DeliverySaid.UNKNOWN} else Delivery(str(self.delivery))

    @property
    def law_month(self) -> Month:
        """The month that was named.

        Raises:
            ValueError: When none was.
        """
        year, number = (self.month or "").split("-")
        return Month(int(year), int(number))
