"""The hours in which nobody is disturbed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from base import clock


@dataclass(frozen=True)
class QuietHours:
    """The hours of each day in which the assistant says nothing of its own accord, in Europe/Zurich.

    Args:
        begin: From when on, usually in the evening.
        end: Until when, usually the next morning; the same time as `begin` when there are none.
    """

    begin: time = time(21)
    end: time = time(7)

    def over_at(self, moment: datetime) -> datetime:
        """The moment itself (aware), or the end of the quiet hours that it falls into; in Europe/Zurich."""
        local = moment.astimezone(clock.ZONE)
        now, is_over_night = local.time(), self.begin > self.end
        if is_over_night and now >= self.begin:
            return datetime.combine(local.date() + timedelta(days=1), self.end, tzinfo=clock.ZONE)
        is_quiet = now < self.end and (is_over_night or now >= self.begin)
        return datetime.combine(local.date(), self.end, tzinfo=clock.ZONE) if is_quiet else local


USUAL = QuietHours()
"""Those that an operator need not set."""
