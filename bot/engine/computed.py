"""Values that an answer computes from what was asked, such as the day on which a month's job searches are due."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol

from dateutil.relativedelta import relativedelta

from base import clock
from base.plain import plain
from base.reading import length_of
from base.wording import Translations, mark, write_day, write_month
from law.periods import FollowUp, FollowUpStep, Month, Period, benefits_lapse, follow_up, job_searches_due

Asked = Mapping[str, set[str]]
"""What a message names, by kind, in ISO 8601."""
TIMES = frozenset({"day", "month", "duration"})
"""Kinds that are computed with."""


@dataclass(frozen=True)
class Question:
    """What a computation begins with.

    Args:
        asked: What the message names; exactly one of what the response is for.
        text: The message, as it was written.
        goes_on: Whether it says anew what the question before said.
    """

    asked: Asked
    text: str
    goes_on: bool = False


LONGEST_FOLLOWED = relativedelta(years=2)
"""Who registered longer ago, or says a year that is wrong, gets the steps without dates."""

_SINCE = re.compile(r"\binscri\w*|\bdepuis\b|\bdps\b|\b(?:ca|cela|va) f(?:ait|aire)\b|\bchom\w*|\b(?:au )?bout de\b")
"""Without such a word, a day is that of a meeting or a letter."""


class Computed(Protocol):
    """What an answer computes."""

    def values(self, translations: Translations) -> Mapping[str, str]:
        """What its placeholders stand for."""

    def as_due(self) -> Mapping[str, str] | None:
        """The date that it gives for the agenda, as JSON; None when it gives none."""


@dataclass(frozen=True)
class Due:
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
        return {
            "matter": self.matter,
            "month": self.month.first_day.strftime("%Y-%m"),
            "safe": self.period.safe.isoformat(),
            "deadline": self.period.deadline.isoformat(),
        }


STEPS: Mapping[FollowUp, str] = MappingProxyType(
    {
        FollowUp.DIAGNOSIS: mark("le diagnostic, votre situation vue avec vous"),
        FollowUp.MEASURES_DECIDED: mark("la décision sur les mesures (cours, stage…)"),
        FollowUp.THOROUGH_ASSESSMENT: mark("l'évaluation approfondie"),
        FollowUp.PROGRAMME: mark("le stage de requalification"),
    }
)
_PASSED, _AHEAD = mark("jusqu'au {day} : {step} (date passée)"), mark("jusqu'au {day} : {step}")
_COMING, _OVER = (
    mark("{step}, au plus tard le {day}"),
    mark("toutes les étapes sont passées ; l'ORP vous dit ce qui vient"),
)
_FIRST_MONTH, _MONTH = (
    mark("Vous êtes dans le premier mois du suivi."),
    mark("Vous êtes dans le mois {number} du suivi."),
)


@dataclass(frozen=True)
class Followed:
    """Where somebody stands in the canton's follow-up.

    Args:
        registered: The day of registration.
        today: The day that they ask on.
    """

    registered: date
    today: date

    def values(self, translations: Translations) -> Mapping[str, str]:
        """`{where}` they stand, since which day, the `{timeline}` and what is `{coming}`."""
        steps = tuple(follow_up(self.registered))
        gone = relativedelta(self.today, self.registered)
        number = gone.years * 12 + gone.months + 1
        where = translations.translate(_FIRST_MONTH if number == 1 else _MONTH).format(number=number)
        ahead = [step for step in steps if step.by >= self.today]
        return {
            "where": where,
            "registered": write_day(self.registered, translations.locale),
            "timeline": "\n".join(
                f"{place}. {_write(_AHEAD if step in ahead else _PASSED, step, translations)}"
                for place, step in enumerate(steps, 1)
            ),
            "coming": _write(_COMING, ahead[0], translations) if ahead else translations.translate(_OVER),
        }

    def as_due(self) -> None:
        """Nothing is due: these are the office's days and not the person's."""
        return


def _write(text: str, step: FollowUpStep, translations: Translations) -> str:
    return translations.translate(text).format(
        day=write_day(step.by, translations.locale), step=translations.translate(STEPS[step.step])
    )


def _of_month(matter: str, period_of: Callable[[Month], Period]) -> Callable[[Question], Due]:
    def computed(question: Question) -> Due:
        (named,) = question.asked["month"]
        year, number = named.split("-")
        month = Month(int(year), int(number))
        return Due(matter, month, period_of(month))

    return computed


def _followed(question: Question) -> Followed | None:
    """From the day, the month or the time that was named; None when it cannot be that of a registration."""
    if not question.goes_on and _SINCE.search(plain(question.text)) is None:
        return None
    asked, today = question.asked, clock.today()
    if "day" in asked:
        (named,) = asked["day"]
        registered = date.fromisoformat(named)
    elif "duration" in asked:
        (named,) = asked["duration"]
        registered = today - length_of(named)
    else:
        (named,) = asked["month"]
        registered = date.fromisoformat(f"{named}-01")
    return Followed(registered, today) if today - LONGEST_FOLLOWED <= registered <= today else None


COMPUTATIONS: Mapping[str, Callable[[Question], Computed | None]] = MappingProxyType(
    {
        "job_searches_due": _of_month("job_searches", job_searches_due),
        "benefits_lapse": _of_month("ipa", benefits_lapse),
        "follow_up": _followed,
    }
)
"""What `computes` in the metadata of a response may name."""


def compute(name: str, question: Question) -> Computed | None:
    """The result of a computation; None when what was asked cannot be computed with.

    Args:
        name: One of `COMPUTATIONS`.

    Raises:
        KeyError: When there is no such computation.
        ValueError: When more or less than one was named.
    """
    return COMPUTATIONS[name](question)
