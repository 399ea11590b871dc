"""What a turn of conversation needs to take in people's affairs, at hand for the turn that is being taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from base import clock
from base.quiet import USUAL, QuietHours
from casework.identification import Identifications
from casework.opening_hours import UNSET, OpeningHours
from casework.return_codes import ReturnCodes
from casework.submissions import SubmissionStore
from casework.vault import Vault


@dataclass(frozen=True)
class Desk:
    """Where submissions are taken in.

    Args:
        submissions: Keeps them.
        identifications: Keeps logins until it is known whose they are.
        vault: Keeps the identifiers that tokens stand for.
        codes: With which people come back to their case.
        login_url: The link to give to the person whose ticket it is.
        login_lasts: How long a login lasts without a message, by the channel of the conversation.
        note: What must be said wherever something is sent, in French; None when there is nothing to say.
        is_open: Whether people can log in and send files.
        kept_days: How long a conversation is kept after its last message.
        quiet: When nobody is reminded of anything.
        telegram_url: Where people find us on Telegram, with the return code that they bring, or without one to log in;
            None while that is not known, or there is no such channel.
        hours: When the helpdesk is there.
    """

    submissions: SubmissionStore
    identifications: Identifications
    vault: Vault
    codes: ReturnCodes
    login_url: Callable[[str], str]
    login_lasts: Callable[[str], timedelta]
    note: str | None = None
    is_open: bool = True
    kept_days: int = 90
    quiet: QuietHours = USUAL
    telegram_url: Callable[[str | None], str | None] = lambda _: None
    hours: OpeningHours = UNSET

    def login_expires_at(self, channel: str) -> datetime:
        """When a login ends that is used now."""
        return clock.later(clock.now(), self.login_lasts(channel))


_current: ContextVar[Desk] = ContextVar("desk")


@contextmanager
def staffed(desk: Desk) -> Iterator[None]:
    """Puts a desk at the hand of the turns taken in this block."""
    token = _current.set(desk)
    try:
        yield
    finally:
        _current.reset(token)


def desk() -> Desk:
    """The desk of the running turn.

    Raises:
        LookupError: Outside of `staffed`.
    """
    return _current.get()
