"""When the helpdesk is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from base import clock
from law.calendar import ONE_DAY, counters_open


@dataclass(frozen=True)
class OpeningHours:
    """The hours of each day on which the counters of the canton are open, in Europe/Zurich.

    Args:
        spans: From when until when, in their order; empty when the operator has not set any, and then only the days
            are known.
    """

    spans: tuple[tuple[time, time], ...] = ()

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment, aware."""
        local = moment.astimezone(clock.ZONE)
        return counters_open(local.date()) and (
            not self.spans or any(begin <= local.time() < end for begin, end in self.spans)
        )

    def opens_at(self, moment: datetime) -> datetime:
        """The moment itself, or when somebody is there next, in Europe/Zurich; midnight where no hours are set."""
        local = moment.astimezone(clock.ZONE)
        if self.is_open(local):
            return local
        day = local.date()
        while True:
            for begin, _ in self.spans or ((time(0), time(0)),):
                opens = datetime.combine(day, begin, tzinfo=clock.ZONE)
                if counters_open(day) and opens > local:
                    return opens
            day += ONE_DAY


UNSET = OpeningHours()
"""Only the days are known."""
