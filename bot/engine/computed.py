"""Values that an answer computes from what was asked, such as the day on which a month's job searches are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from base.wording import Translations, write_day, write_month
from law.periods import Month, benefits_lapse, job_searches_due

Asked = Mapping[str, set[str]]
Computation = Callable[[Month, Translations], Mapping[str, str]]


def _job_searches_due(month: Month, translations: Translations) -> Mapping[str, str]:
    """`{month}`, the `{fifth}` that is advised, and the `{deadline}`."""
    period = job_searches_due(month)
    return {
        "month": write_month(month.first_day, translations.locale),
        "fifth": write_day(period.safe, translations.locale),
        "deadline": write_day(period.deadline, translations.locale),
    }


def _benefits_lapse(month: Month, translations: Translations) -> Mapping[str, str]:
    """`{month}`, and the `{deadline}` until which its allowances must have been claimed."""
    period = benefits_lapse(month)
    return {
        "month": write_month(month.first_day, translations.locale),
        "safe": write_day(period.safe, translations.locale),
        "deadline": write_day(period.deadline, translations.locale),
    }


COMPUTATIONS: Mapping[str, Computation] = MappingProxyType(
    {"job_searches_due": _job_searches_due, "benefits_lapse": _benefits_lapse}
)
"""What `computes` in the metadata of a response may name; each needs the month that was asked about."""


def compute(name: str, asked: Asked, translations: Translations) -> Mapping[str, str]:
    """The values of a computation.

    Args:
        name: One of `COMPUTATIONS`.
        asked: What the message names; holds exactly one month, as ISO 8601.

    Raises:
        KeyError: When there is no such computation.
        ValueError: When there is not exactly one month.
    """
    (month,) = asked["month"]
    year, number = month.split("-")
    return COMPUTATIONS[name](Month(int(year), int(number)), translations)
