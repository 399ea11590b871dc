"""Values that an answer computes from what was asked, such as the day on which a month's job searches are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from base.wording import Translations, write_day, write_month
from law.periods import Month, Period, benefits_lapse, job_searches_due

Asked = Mapping[str, set[str]]

COMPUTATIONS: Mapping[str, tuple[str, Callable[[Month], Period]]] = MappingProxyType(
    {"job_searches_due": ("job_searches", job_searches_due), "benefits_lapse": ("ipa", benefits_lapse)}
)
"""What `computes` in the metadata of a response may name, with the matter of the date in the agenda; each needs the
month that was asked about."""


@dataclass(frozen=True)
class Computed:
    """The date that an answer gives.

    Args:
        matter: What is due.
        month: Of which month.
        period: Until when.
    """

    matter: str
    month: Month
    period: Period

    def values(self, translations: Translations) -> Mapping[str, str]:
        """`{month}`, the `{safe}` date that is advised, and the `{deadline}`, in words."""
        return {
            "month": write_month(self.month.first_day, translations.locale),
            "safe": write_day(self.period.safe, translations.locale),
            "deadline": write_day(self.period.deadline, translations.locale),
        }

    def as_due(self) -> Mapping[str, str]:
        """The date as JSON, for the agenda."""
        return {
            "matter": self.matter,
            "month": self.month.first_day.strftime("%Y-%m"),
            "safe": self.period.safe.isoformat(),
            "deadline": self.period.deadline.isoformat(),
        }


def compute(name: str, asked: Asked) -> Computed:
    """The result of a computation.

    Args:
        name: One of `COMPUTATIONS`.
        asked: What the message names; holds exactly one month, as ISO 8601.

    Raises:
        KeyError: When there is no such computation.
        ValueError: When there is not exactly one month.
    """
    (named,) = asked["month"]
    year, number = named.split("-")
    month = Month(int(year), int(number))
    matter, period_of = COMPUTATIONS[name]
    return Computed(matter, month, period_of(month))
