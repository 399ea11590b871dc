"""The one place that tells the time, in Europe/Zurich.

The clock can be frozen for the whole program (`CORNAVIN_CLOCK`), or for one request or test (`at`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Zurich")


class _Program:
    """The program's clock, when it stands still, and the seconds that a stopwatch showed when it was stopped."""

    time: datetime | None = None
    stopped_at = 0.0


_request_time: ContextVar[datetime | None] = ContextVar("request_time", default=None)


def now() -> datetime:
    """The current time, aware, in Europe/Zurich."""
    return _request_time.get() or program_now()


def program_now() -> datetime:
    """The program's time, whatever is set for this request; aware, in Europe/Zurich. Workers go by it."""
    return _Program.time if _Program.time is not None else datetime.now(ZONE)


def working_now() -> datetime:
    """The program's time for who works in the background; aware, in Europe/Zurich.

    It goes on while the program's clock stands still, so that waits end.
    """
    if _Program.time is None:
        return datetime.now(ZONE)
    return later(_Program.time, timedelta(seconds=monotonic() - _Program.stopped_at))


def today() -> date:
    """The current date in Europe/Zurich."""
    return now().date()


def later(moment: datetime, by: timedelta) -> datetime:
    """The moment when so much time has passed, in Europe/Zurich.

    Python's own `moment + by` moves the hands of the clock on the wall, which in the night when they are put back is an
    hour too early.

    Args:
        moment: Aware.
        by: How much time.
    """
    return (moment.astimezone(UTC) + by).astimezone(ZONE)


def is_past(moment: datetime) -> bool:
    """Whether a moment (aware) has come; compared in UTC, as on the wall an hour of autumn comes twice."""
    return moment.astimezone(UTC) <= now().astimezone(UTC)


def parse(text: str) -> datetime:
    """Reads an ISO 8601 time.

    Args:
        text: For example `2026-12-02T10:15:00+01:00`; without an offset it is taken as Europe/Zurich.

    Raises:
        ValueError: When it is not an ISO 8601 time.
    """
    value = datetime.fromisoformat(text)
    return value.replace(tzinfo=ZONE) if value.tzinfo is None else value.astimezone(ZONE)


def freeze(time: datetime | None) -> None:
    """Stops the program's clock at `time` (aware), or lets it run again with None."""
    _Program.time = time.astimezone(ZONE) if time is not None else None
    _Program.stopped_at = monotonic()


@contextmanager
def at(time: datetime | None) -> Iterator[None]:
    """Sets the clock to `time` (aware) for the code inside and what it awaits; None changes nothing."""
    token = _request_time.set(time.astimezone(ZONE) if time is not None else _request_time.get())
    try:
        yield
    finally:
        _request_time.reset(token)
