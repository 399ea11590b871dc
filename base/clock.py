"""The one place that tells the time, in Europe/Zurich.

The clock can be frozen for the whole program (`CORNAVIN_CLOCK`), or for one request or test (`at`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Zurich")


class _Program:
    """The program's clock, when it stands still."""

    time: datetime | None = None


_request_time: ContextVar[datetime | None] = ContextVar("request_time", default=None)


def now() -> datetime:
    """The current time, aware, in Europe/Zurich."""
    return _request_time.get() or program_now()


def program_now() -> datetime:
    """The program's time, whatever is set for this request; aware, in Europe/Zurich. Workers go by it."""
    return _Program.time if _Program.time is not None else datetime.now(ZONE)


def today() -> date:
    """The current date in Europe/Zurich."""
    return now().date()


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


@contextmanager
def at(time: datetime | None) -> Iterator[None]:
    """Sets the clock to `time` (aware) for the code inside and what it awaits; None changes nothing."""
    token = _request_time.set(time.astimezone(ZONE) if time is not None else _request_time.get())
    try:
        yield
    finally:
        _request_time.reset(token)
